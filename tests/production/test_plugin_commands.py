"""The commands for plugins: what they install, refuse and remove, and that folder and row stay in step."""

import io
import json
import ssl
import stat
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from events.models import ApiEvent
from production.models import Plugin
from production.plugins import packages
from tests.people.certificates import make_key

pytestmark = pytest.mark.django_db
MANIFEST = """
id = "open-tasks"
name = "Open tasks"
description = "Counts"
version = "{version}"
maintainer = "Ada Light <ada@studio.example.com>"
website = "https://studio.example.com"
license = "mit"
frontend_project_enabled = true
icon = "list"
added_by_others = 3
"""


def run(name, *arguments):
    output = io.StringIO()
    call_command(name, *map(str, arguments), stdout=output)
    return output.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    return str(refusal.value)


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.PLUGIN_FOLDER = tmp_path / "plugins"
    return settings.PLUGIN_FOLDER


@pytest.fixture
def source(tmp_path):
    return make_source(tmp_path / "source")


def make_source(folder, version="1.0.0", **more):
    folder.mkdir(exist_ok=True)
    (folder / "manifest.toml").write_text(MANIFEST.format(version=version))
    for name, content in {"note.txt": f"of {version}", **more}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member, content in members:
            file.writestr(member, content)
    return path


def version_of_row():
    return Plugin.objects.values_list("version", flat=True).get()


def left(home):
    """What stands in the folder, beside the commands' lock."""
    return sorted(path.name for path in home.iterdir() if path.name != ".lock") if home.exists() else []


def events():
    return list(ApiEvent.objects.filter(name__startswith="plugin:").order_by("created_at").values_list("name", flat=True))


# Installing


def test_a_folder_is_installed_with_its_row(home, source):
    (source / ".git").mkdir()
    (source / ".git" / "config").write_text("secret")
    assert "Open tasks 1.0.0 (open-tasks) is installed." in run("install_plugin", source)
    assert left(home) == ["open-tasks"]
    assert sorted(path.name for path in (home / "open-tasks").iterdir()) == ["manifest.toml", "note.txt"]
    row = Plugin.objects.values().get()
    told = {name: row[name] for name in row if name not in ("id", "created_at", "updated_at")}
    assert told == {
        "plugin_id": "open-tasks",
        "name": "Open tasks",
        "description": "Counts",
        "version": "1.0.0",
        "maintainer_name": "Ada Light",
        "maintainer_email": "ada@studio.example.com",
        "website": "https://studio.example.com",
        "license": "MIT",
        "revision": None,
        "frontend_project_enabled": True,
        "frontend_studio_enabled": False,
        "icon": "list",
    }
    event = ApiEvent.objects.get()
    assert (event.name, event.data) == ("plugin:new", {"plugin_id": str(row["id"])})


@pytest.mark.parametrize("top", ["", "open-tasks-1.0.0/"], ids=["plain", "in one folder"])
def test_a_zip_file_is_installed(home, tmp_path, top):
    members = [(f"{top}manifest.toml", MANIFEST.format(version="1.0.0")), (f"{top}frontend/dist/index.html", "page")]
    run("install_plugin", zipped(tmp_path / "a.zip", members))
    assert (home / "open-tasks" / "frontend" / "dist" / "index.html").read_text() == "page"
    assert version_of_row() == "1.0.0"


def test_a_newer_version_takes_the_place_of_an_older_one_and_force_of_any(home, tmp_path, source):
    run("install_plugin", source)
    make_source(source, "1.10.0", **{"new.txt": "new"})
    (source / "note.txt").unlink()
    run("install_plugin", source)
    assert (version_of_row(), sorted(path.name for path in (home / "open-tasks").iterdir())) == (
        "1.10.0",
        ["manifest.toml", "new.txt"],
    )
    make_source(source, "1.9.0")
    for version in ("1.10.0", "1.9.0"):
        make_source(source, version)
        assert f"Open tasks 1.10.0 is installed already: --force puts {version}" in refused("install_plugin", source)
    assert not (home / "open-tasks" / "note.txt").exists()
    run("install_plugin", source, "--force")
    assert (version_of_row(), (home / "open-tasks" / "note.txt").read_text()) == ("1.9.0", "of 1.9.0")
    assert events() == ["plugin:new", "plugin:update", "plugin:update"]
    assert left(home) == ["open-tasks"]


def test_a_folder_that_stands_there_already_gets_its_row(home):
    home.mkdir()
    make_source(home / "open-tasks")
    run("install_plugin", home / "open-tasks")
    assert (version_of_row(), left(home)) == ("1.0.0", ["open-tasks"])
    make_source(home / "other")
    assert refused("install_plugin", home / "other") == "The folder of open-tasks must have its id as its name."


def test_what_fails_at_the_very_end_leaves_all_as_it_was(home, source, monkeypatch):
    run("install_plugin", source)
    make_source(source, "2.0.0")

    def fail(*args, **kwargs):
        raise RuntimeError("no space left")

    monkeypatch.setattr("production.rules.plugins.update_row", fail)
    with pytest.raises(RuntimeError):
        run("install_plugin", source)
    assert (home / "open-tasks" / "note.txt").read_text() == "of 1.0.0"
    assert (version_of_row(), left(home), events()) == ("1.0.0", ["open-tasks"], ["plugin:new"])


def test_what_a_kill_left_is_put_in_order(home, source):
    run("install_plugin", source)
    (home / "open-tasks").rename(home / ".former-open-tasks")
    (home / ".new-abc").mkdir()
    (home / ".former-gone").mkdir()
    assert "is installed already" in refused("install_plugin", source)
    assert (home / "open-tasks" / "note.txt").read_text() == "of 1.0.0"
    assert left(home) == ["open-tasks"]


FAULTS = {
    'id = "../x"': "id: must be letters, digits, - and _ alone",
    'id = "a\\nb"': "id: must be letters, digits, - and _ alone",
    f'id = "{"x" * 81}"': "id: String should have at most 80 characters",
    'name = ""': "name: String should have at least 1 character",
    'name = "a\\u0000b"': "name: must not hold control characters",
    'version = "1.0"': "version: must be a semantic version such as 1.0.0",
    "version = 1.0": "version: Input should be a valid string",
    'maintainer = "Ada <nowhere>"': "maintainer: must be like Name <name@studio.example>",
    'maintainer = "<ada@studio.example.com>"': "maintainer: must be like Name <name@studio.example>",
    'website = "javascript:alert(1)"': "website: must be an address such as https://studio.example",
    'license = "Mine"': "license: must be an SPDX name such as MIT or GPL-3.0-only",
    'frontend_project_enabled = "yes"': "frontend_project_enabled: Input should be a valid boolean",
}


@pytest.mark.parametrize(("line", "words"), FAULTS.items(), ids=FAULTS)
def test_a_fault_of_the_manifest_is_named(home, source, line, words):
    key = line.split(" ")[0]
    lines = [line if old.startswith(f"{key} ") else old for old in MANIFEST.format(version="1.0.0").splitlines()]
    (source / "manifest.toml").write_text("\n".join(lines))
    assert words in refused("install_plugin", source)
    assert (left(home), Plugin.objects.count()) == ([], 0)


def test_all_faults_are_named_at_once(source):
    (source / "manifest.toml").write_text('name = "x"\nversion = "1"\n')
    words = refused("install_plugin", source)
    assert all(f"{name}: " in words for name in ("id", "version", "maintainer", "license"))


def test_code_that_can_not_be_loaded_is_not_installed(home, source):
    (source / "urls.py").write_text("import nothing_of_that_name\n")
    assert "urls.py fails: ModuleNotFoundError" in refused("install_plugin", source)
    assert (left(home), Plugin.objects.count()) == ([], 0)


def test_ids_that_differ_by_case_alone_are_refused(home, source):
    run("install_plugin", source)
    (source / "manifest.toml").write_text(MANIFEST.format(version="2.0.0").replace("open-tasks", "Open-Tasks"))
    assert "whose id is the same but for the case" in refused("install_plugin", source)
    assert left(home) == ["open-tasks"]


def test_nothing_and_links_are_refused(home, tmp_path, source):
    assert "neither a folder nor a zip file" in refused("install_plugin", tmp_path / "nothing")
    (source / "out").symlink_to("/etc/passwd")
    assert "is a link, or no plain file" in refused("install_plugin", source)
    (source / "out").unlink()
    (source / "out").symlink_to("/etc")
    assert "is a link, or no plain file" in refused("install_plugin", source)
    assert left(home) == []


# Zip files

GOOD = ("manifest.toml", MANIFEST.format(version="1.0.0"))
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


# Fetching


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


# Removing and listing


def test_a_plugin_is_removed_with_its_row(home, source):
    run("install_plugin", source)
    assert "open-tasks is removed." in run("uninstall_plugin", "open-tasks")
    assert (left(home), Plugin.objects.count(), events()) == ([], 0, ["plugin:new", "plugin:delete"])
    assert refused("uninstall_plugin", "open-tasks") == "There is no plugin open-tasks."


@pytest.mark.parametrize("name", ["..", ".", "../source", "", ".lock", "/etc"])
def test_nothing_but_plugins_is_removed(home, source, name):
    run("install_plugin", source)
    assert refused("uninstall_plugin", name) == f"There is no plugin {name}."
    assert (source / "note.txt").exists() and left(home) == ["open-tasks"]


def test_what_is_half_there_can_be_removed(home, source):
    run("install_plugin", source)
    Plugin.objects.all().delete()
    run("uninstall_plugin", "open-tasks")
    assert left(home) == []
    Plugin.objects.create(plugin_id="row", name="Row", version="1", maintainer_name="x", license="MIT")
    run("uninstall_plugin", "row")
    assert not Plugin.objects.exists()


def test_a_removal_that_fails_leaves_all_as_it_was(home, source, monkeypatch):
    run("install_plugin", source)

    def fail(*args, **kwargs):
        raise RuntimeError("no space left")

    monkeypatch.setattr("production.rules.plugins.delete_row", fail)
    with pytest.raises(RuntimeError):
        run("uninstall_plugin", "open-tasks")
    assert (version_of_row(), (home / "open-tasks" / "note.txt").read_text()) == ("1.0.0", "of 1.0.0")


@pytest.fixture
def several(home, source):
    """One that is whole, one without a folder, one without a row, one that is broken, one that was changed by hand."""
    run("install_plugin", source)
    Plugin.objects.create(plugin_id="row", name="Row", version="1", maintainer_name="Bob", license="GPL-3.0-only")
    for plugin_id in ("folder", "changed"):
        make_source(home / plugin_id)
        text = MANIFEST.format(version="1.0.0").replace("open-tasks", plugin_id)
        (home / plugin_id / "manifest.toml").write_text(text)
    run("install_plugin", home / "changed")
    Plugin.objects.filter(plugin_id="changed").update(version="0.9.0")
    (home / "broken").mkdir()


def test_the_list_says_what_does_not_fit(several, home):
    listed = json.loads(run("list_plugins", "--format", "json"))
    assert {row["plugin_id"]: row["state"] for row in listed} == {
        "broken": f"broken: There is no manifest.toml in {home / 'broken'}.",
        "changed": "row and folder differ",
        "folder": "no row",
        "open-tasks": "installed",
        "row": "no folder",
    }
    lines = run("list_plugins").splitlines()
    assert lines[0].split() == ["plugin_id", "name", "version", "maintainer_name", "license", "state"]
    assert lines[4].split("  ")[0] == "open-tasks" and lines[4].endswith("installed")
    assert "ada@studio.example.com" in run("list_plugins", "--verbose")


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("plugin_id", "OPEN", ["open-tasks"]),
        ("name", "row", ["row"]),
        ("maintainer", "bob", ["row"]),
        ("license", "mit", ["changed", "folder", "open-tasks"]),
    ],
)
def test_the_list_is_narrowed(several, field, value, found):
    listed = json.loads(run("list_plugins", "--format", "json", "--filter-field", field, "--filter-value", value))
    assert [row["plugin_id"] for row in listed] == found


def test_an_empty_list_says_so():
    assert run("list_plugins") == "No plugins found matching the criteria.\n"
    assert run("list_plugins", "--format", "json") == "[]\n"
    assert "go together" in refused("list_plugins", "--filter-field", "name")


# Making


@pytest.mark.parametrize("more", [(), ("--frontend",)])
def test_a_plugin_to_begin_with_can_be_packed_and_installed(home, tmp_path, more):
    run("create_plugin", tmp_path, "--id", "mine", "--name", 'The "mine"', "--website", "https://a.example", *more)
    run("package_plugin", tmp_path / "mine", "--output", tmp_path / "mine.zip")
    assert "is there already" in refused("package_plugin", tmp_path / "mine", "--output", tmp_path / "mine.zip")
    run("package_plugin", tmp_path / "mine", "--output", tmp_path / "mine.zip", "--force")
    run("install_plugin", tmp_path / "mine.zip")
    row = Plugin.objects.get()
    assert (row.plugin_id, row.name, row.version, row.frontend_studio_enabled) == ("mine", 'The "mine"', "0.1.0", bool(more))
    assert (home / "mine" / "frontend" / "dist" / "index.html").exists() == bool(more)


def test_what_would_be_no_plugin_is_not_made(tmp_path, source):
    assert "license: must be an SPDX name" in refused("create_plugin", tmp_path, "--id", "mine", "--license", "Mine")
    assert not (tmp_path / "mine").exists()
    assert "id: must be letters" in refused("create_plugin", tmp_path, "--id", "../mine")
    run("create_plugin", tmp_path, "--id", "mine")
    assert "is there already" in refused("create_plugin", tmp_path, "--id", "mine")
    (source / "handlers.py").write_text("event_map = 3\n")
    assert "handlers.py must have event_map" in refused("package_plugin", source, "--output", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
