"""Requests and answers over real sockets: what is long flows, and what nobody waits for ends."""

import json
import threading
import time
from contextlib import closing

import pytest

from config.bridge import BLOCK, Bridge
from tests.bridge import Answering


class Pieces:
    """A stream of so many pieces that knows whether it was closed."""

    streaming = True

    def __init__(self, count: int, size: int = BLOCK) -> None:
        self.left, self.piece, self.made, self.closed = count, b"x" * size, 0, threading.Event()

    def __iter__(self):
        while self.left:
            self.left -= 1
            self.made += 1
            yield self.piece

    def close(self) -> None:
        self.closed.set()


class Whole(list):
    """An answer of one piece."""

    streaming = False


@pytest.fixture
def serve():
    """Serves a WSGI application through the bridge; the server ends with the test."""
    running = []

    def start(application, threads: int = 2) -> Answering:
        running.append(Answering(Bridge(application, threads=threads)))
        return running[-1]

    yield start
    for server in running:
        server.stop()


def answering(*pieces: bytes, status: str = "200 OK", headers=()):
    def application(environ, start_response):
        start_response(status, list(headers))
        return Whole(pieces)

    return application


def echo(environ, start_response):
    """What came: the length of the body and the variables."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    read = 0
    while read < length and (piece := environ["wsgi.input"].read(min(BLOCK, length - read))):
        read += len(piece)
    shown = {name: value for name, value in environ.items() if isinstance(value, str)}
    content = json.dumps({**shown, "read": read}).encode()
    start_response("200 OK", [("Content-Length", str(len(content)))])
    return Whole([content])


def test_a_short_body_and_the_request_arrive_whole(serve):
    with closing(serve(echo).connect()) as client:
        client.request(
            "POST", "/a%C3%A9/b?c=d%20e", body=b"12345", headers={"Content-Type": "text/plain", "X_Fake": "1", "X-True": "2"}
        )
        seen = json.loads(client.getresponse().read())
    assert seen["read"] == 5
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"].encode("latin-1").decode(), seen["QUERY_STRING"]) == (
        "POST",
        "/aé/b",
        "c=d%20e",
    )
    assert (seen["CONTENT_TYPE"], seen["HTTP_X_TRUE"]) == ("text/plain", "2")
    assert "HTTP_X_FAKE" not in seen


def test_a_body_without_a_length_is_read_to_its_end(serve):
    with closing(serve(echo).connect()) as client:
        client.request("POST", "/", body=iter([b"a" * 100_000, b"b" * 100_000]), encode_chunked=True)
        assert json.loads(client.getresponse().read())["read"] == 200_000


def test_a_client_that_asks_first_is_told_to_go_on(serve):
    with serve(echo).plain() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\nExpect: 100-continue\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 100")
        line.sendall(b"x" * 200_000)
        assert line.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")])
def test_an_answer_without_a_body_leaves_the_connection_in_order(serve, method, status):
    headers = [("Content-Length", "5")] if method == "HEAD" else []
    content = b"12345" if method == "HEAD" else b""
    with closing(serve(answering(content, status=status, headers=headers)).connect()) as client:
        for _ in range(2):
            client.request(method, "/")
            answer = client.getresponse()
            assert (answer.status, answer.read()) == (int(status[:3]), b"")
        assert method != "HEAD" or answer.headers["Content-Length"] == "5"


def test_a_stream_arrives_whole_and_is_closed(serve):
    pieces = Pieces(40)

    def application(environ, start_response):
        start_response("200 OK", [])
        return pieces

    with closing(serve(application).connect()) as client:
        client.request("GET", "/")
        assert len(client.getresponse().read()) == 40 * BLOCK
    assert pieces.closed.wait(2)


def test_a_stream_waits_for_its_reader_and_ends_with_them(serve):
    pieces = Pieces(10_000)

    def application(environ, start_response):
        start_response("200 OK", [])
        return pieces

    with serve(application).plain() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        line.recv(1000)
        made = settled(lambda: pieces.made)
        assert made < 100
    assert pieces.closed.wait(5)
    assert pieces.made < made + 100


def test_a_file_is_sent_without_holding_a_thread(serve, tmp_path):
    path = tmp_path / "movie"
    path.write_bytes(b"m" * 40 * BLOCK)
    opened = []

    def application(environ, start_response):
        if environ["PATH_INFO"] == "/movie":
            start_response("200 OK", [("Content-Length", str(40 * BLOCK))])
            opened.append(path.open("rb"))
            return environ["wsgi.file_wrapper"](opened[-1])
        return answering(b"here", headers=[("Content-Length", "4")])(environ, start_response)

    server = serve(application, threads=1)
    with server.plain() as stalled, closing(server.connect()) as client:
        stalled.sendall(b"GET /movie HTTP/1.1\r\nHost: x\r\n\r\n")
        stalled.recv(1000)
        client.request("GET", "/")
        assert client.getresponse().read() == b"here"
        client.request("GET", "/movie")
        assert len(client.getresponse().read()) == 40 * BLOCK
    settled(lambda: opened[0].closed)
    assert len(opened) == 2
    assert all(file.closed for file in opened)


def test_an_upload_that_breaks_off_is_no_body(serve):
    failures = []

    def application(environ, start_response):
        try:
            environ["wsgi.input"].read(1_000_000)
        except OSError as failure:
            failures.append(failure)
        start_response("400 Bad Request", [])
        return Whole([b""])

    with serve(application).plain() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 70_000)
    assert settled(lambda: len(failures)) == 1


def settled(value, patience: float = 5):
    """The value once it has stayed the same, and is not nothing, for a moment."""
    deadline, last, since = time.monotonic() + patience, value(), time.monotonic()
    while time.monotonic() < deadline and (not last or time.monotonic() - since < 0.2):
        time.sleep(0.02)
        if (now := value()) != last:
            last, since = now, time.monotonic()
    return last
