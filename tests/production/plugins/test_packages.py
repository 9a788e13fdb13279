"""Plugins that come as zip files, from the disk or from an https server."""

import ssl
import stat
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from production.plugins import packages
from tests.people.certificates import make_key
from tests.production.plugins.folders import GOOD, left, refused, run, version_of_row, zipped

pytestmark = pytest.mark.django_db
NAMES = ["../out.txt", "a/../../out.txt", "/out.txt", "a\\..\\out.txt", "c:out.txt", "a//b", "./a", "a\nb", "x" * 300, "a/./b"]


@pytest.mark.parametrize("name", NAMES)
def test_members_that_lead_out_of_the_folder_are_refused(home, tmp_path, name):
    assert "is no name for a file of a plugin" in refused("install_plugin", zipped(tmp_path / "a.zip", [GOOD, (name, "x")]))
    assert left(home) == []
    assert not list(tmp_path.rglob("out.txt"))


def test_links_in_zip_files_are_refused(home, tmp_path):
    link = zipfile.ZipInfo("out")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "is a link, encrypted" in refused("install_plugin", zipped(tmp_path / "a.zip", [GOOD, (link, "/etc/passwd")]))
    assert left(home) == []


def test_members_made_to_burst_are_refused(home, tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "MOST_BYTES", 1024**2)
    bomb = zipped(tmp_path / "a.zip", [GOOD, ("zeros", bytes(1024**2 + 1))])
    assert "or 1 MiB" in refused("install_plugin", bomb)
    # One that lies about its size is read no further than it says, and its checksum is then wrong.
    lying = bomb.read_bytes().replace((1024**2 + 1).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    bomb.write_bytes(lying)
    assert "or damaged" in refused("install_plugin", bomb)
    monkeypatch.setattr(packages, "MOST_FILES", 3)
    assert "more than 3 files" in refused("install_plugin", zipped(bomb, [GOOD, *((f"{n}", "") for n in range(3))]))
    assert left(home) == []


def test_folders_beyond_the_limit_are_refused(home, source, monkeypatch):
    monkeypatch.setattr(packages, "MOST_BYTES", 10)
    assert "The plugin is larger than" in refused("install_plugin", source)
    assert left(home) == []


def test_what_is_no_zip_twice_the_same_or_both_file_and_folder_is_refused(home, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    assert "is no zip file" in refused("install_plugin", tmp_path / "a.zip")
    assert "one file twice" in refused("install_plugin", zipped(tmp_path / "b.zip", [GOOD, ("A", ""), ("a", "")]))
    assert "can't be unpacked" in refused("install_plugin", zipped(tmp_path / "c.zip", [GOOD, ("a", ""), ("a/b", "")]))
    assert "There is no manifest.toml" in refused("install_plugin", zipped(tmp_path / "d.zip", [("x/note.txt", "")]))
    assert left(home) == []


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An https server on the loopback interface: what it answers by path, or where it sends on to."""
    answers: dict[str, bytes | str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = answers.get(self.path)
            self.send_response(404 if found is None else 302 if isinstance(found, str) else 200)
            if isinstance(found, str):
                self.send_header("Location", found)
            self.end_headers()
            self.wfile.write(found if isinstance(found, bytes) else b"")

        def log_message(self, *args):
            pass

    key, certificate = make_key(tmp_path, "site")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    yield f"https://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


def test_a_zip_file_is_fetched_by_https(home, tmp_path, site):
    base, answers = site
    answers["/a.zip"] = zipped(tmp_path / "a.zip", [GOOD]).read_bytes()
    answers["/latest"] = f"{base}/a.zip"
    run("install_plugin", f"{base}/latest")
    assert (version_of_row(), left(home)) == ("1.0.0", ["open-tasks"])


def test_what_can_not_be_fetched_safely_is_refused(home, tmp_path, site, monkeypatch):
    base, answers = site
    answers |= {"/plain": base.replace("https", "http") + "/a.zip", "/file": "file:///etc/passwd", "/page": b"<html>"}
    assert "by https:// alone" in refused("install_plugin", f"{base}/plain")
    assert "by https:// alone" in refused("install_plugin", base.replace("https", "http"))
    assert "by https:// alone" in refused("install_plugin", "file:///etc/passwd")
    assert "can't be fetched" in refused("install_plugin", f"{base}/file")
    assert "can't be fetched: 404" in refused("install_plugin", f"{base}/nothing")
    assert "is no zip file" in refused("install_plugin", f"{base}/page")
    monkeypatch.setattr(packages, "MOST_BYTES_FETCHED", 3)
    assert "is larger than" in refused("install_plugin", f"{base}/page")
    assert left(home) == []
