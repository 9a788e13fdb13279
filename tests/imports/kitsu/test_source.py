"""A source that is busy, cuts the connection, sends half a file or forgets who asks."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from imports.kitsu.source import Source, SourceFailed, Unreadable

CUT, HALF = "cut", "half"


class Handler(BaseHTTPRequestHandler):
    """Answers by the script of its server: a status, `CUT` for none at all, `HALF` for a file that ends too early."""

    def do_GET(self):
        self.server.asked.append(self.path)
        said = self.server.script.pop(0) if self.server.script else 200
        if said == CUT:
            self.close_connection = True
            return
        body = b"A whole file" if self.path == "/file" else json.dumps([{"id": "1"}]).encode()
        self.send_response(200 if said == HALF else said)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:5] if said == HALF else body)
        self.close_connection = True

    def do_POST(self):
        self.server.asked.append(self.path)
        body = json.dumps({"access_token": f"token{len(self.server.asked)}"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Nothing is printed."""


@contextmanager
def answering(*script):
    """A server of this machine that answers so, then as it should; and what it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.script, server.asked = list(script), []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def source_at(address, **more):
    return Source(address, "a@studio.example", "secret", pause=0, **more)


@pytest.mark.parametrize("script", [(502, 503, 504), (429,), (CUT,), (CUT, 502, CUT)], ids=str)
def test_a_busy_or_broken_source_is_asked_again(script):
    with answering(*script) as (address, asked):
        assert source_at(address).get("/data/rows") == [{"id": "1"}]
    assert asked == ["/data/rows"] * (len(script) + 1)


@pytest.mark.parametrize(("script", "status"), [((502,) * 9, 502), ((CUT,) * 9, 0)])
def test_a_source_that_stays_away_is_given_up(script, status):
    with answering(*script) as (address, asked), pytest.raises(Unreadable) as caught:
        source_at(address).get("/data/rows")
    assert (caught.value.status, len(asked)) == (status, 4)


def test_a_refusal_is_not_asked_again():
    with answering(403) as (address, asked), pytest.raises(Unreadable):
        source_at(address).get("/data/rows")
    assert len(asked) == 1


def test_a_token_that_ended_is_asked_for_anew_once():
    with answering(401) as (address, asked):
        assert source_at(address).get("/data/rows") == [{"id": "1"}]
    assert asked == ["/data/rows", "/auth/login", "/data/rows"]
    with answering(401, 401) as (address, asked), pytest.raises(SourceFailed, match="refuses the token"):
        source_at(address).get("/data/rows")
    assert asked.count("/auth/login") == 1


def test_a_given_token_that_ended_is_told():
    with answering(401) as (address, asked), pytest.raises(SourceFailed, match="refuses the token"):
        Source(address, token="abc", pause=0).get("/data/rows")  # noqa: S106
    assert len(asked) == 1


@pytest.mark.parametrize("script", [(HALF,), (500,), (502, HALF)], ids=str)
def test_a_file_that_did_not_come_whole_is_fetched_again(script, tmp_path):
    with answering(*script) as (address, asked):
        assert source_at(address).download("/file", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"A whole file"
    assert len(asked) == len(script) + 1


def test_a_file_that_never_comes_whole_is_told_and_one_that_is_not_there_is_none(tmp_path):
    with answering(*(HALF,) * 9) as (address, _), pytest.raises(Unreadable):
        source_at(address).download("/file", tmp_path / "file")
    with answering(404) as (address, _):
        assert not source_at(address).download("/file", tmp_path / "file")
