"""Pictures and movies have threads and slots of their own."""

import json
import threading

import pytest

from config.media import Media, is_media
from files import quick
from tests.bridge import Answering

PATH = "/movies/originals/preview-files/x.mp4"


class Slow:
    """A WSGI application that answers when it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        self.begun.set()
        self.go.wait(20)
        start_response("200 OK", [("Content-Type", "video/mp4")])
        return [b"movie"]


@pytest.fixture
def serve():
    """Starts a server of an application, and stops it."""
    servers = []

    def start(application):
        servers.append(Answering(application))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def ask(server, path=PATH):
    line = server.connect()
    line.request("GET", path)
    return line


def test_whoever_finds_no_slot_in_time_is_told_to_come_back(serve, settings):
    settings.MEDIA_MAX_CONCURRENT_REQUESTS, settings.MEDIA_SLOT_WAIT_TIMEOUT = 1, 0.05
    slow = Slow()
    server = serve(Media(slow, threads=4))
    first = ask(server)
    assert slow.begun.wait(20)
    refused = ask(server).getresponse()
    assert (refused.status, refused.headers["Retry-After"], refused.headers["Cache-Control"]) == (503, "5", "no-store")
    assert json.loads(refused.read()) == {"error": True, "message": "Too many media requests, retry later."}
    slow.go.set()
    assert first.getresponse().read() == b"movie"
    assert ask(server).getresponse().status == 200


def test_without_a_limit_nobody_waits_for_a_slot(serve):
    slow = Slow()
    server = serve(Media(slow, threads=2))
    lines = [ask(server) for _ in range(2)]
    slow.go.set()
    assert [line.getresponse().status for line in lines] == [200, 200]


def test_what_the_short_way_answers_is_sent_as_it_is(serve, monkeypatch):
    found = quick.Answer(200, [(b"content-type", b"image/png"), (b"content-length", b"3")], b"png")
    monkeypatch.setattr(quick, "answer", lambda asked: found if asked.prefix == "thumbnails" else None)
    slow = Slow()
    slow.go.set()
    server = serve(Media(slow, threads=2))
    address = "/pictures/{}/preview-files/aaaaaaaa-0000-4000-8000-000000000000.png"
    short = ask(server, address.format("thumbnails")).getresponse()
    assert (short.status, short.headers["Content-Type"], short.read()) == (200, "image/png", b"png")
    assert not slow.begun.is_set()
    assert ask(server, address.format("previews")).getresponse().read() == b"movie"


@pytest.mark.parametrize(
    ("method", "path", "own"),
    [
        ("GET", "/pictures/x", True),
        ("HEAD", "/api/movies/x", True),
        ("POST", "/pictures/x", False),
        ("GET", "/data/pictures/x", False),
        ("GET", "/picture", False),
    ],
)
def test_reading_media_is_told_from_the_rest(method, path, own):
    assert is_media({"method": method, "path": path}) is own
