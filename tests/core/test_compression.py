"""Long texts are compressed for whoever asks for it; everything else goes out as it is."""

import gzip
import io
import zlib

import pytest
import zstandard
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from core.compression import Compression, chosen_encoding
from core.middleware import SafeHeaders
from tests.makers import make_department

LONG = b'{"name": "Shot"}' * 200


def answer_to(response, **headers):
    """What the middleware makes of a view's response to a request with these headers."""
    request = RequestFactory().get("/data/shots", headers={name.replace("_", "-"): value for name, value in headers.items()})
    return Compression(lambda request: response)(request)


def json_response(content=LONG, **headers):
    return HttpResponse(content, content_type="application/json", headers=headers)


def unpacked(encoding, content):
    if encoding == "gzip":
        return gzip.decompress(content)
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("", None),
        ("gzip;q=0.000", None),
    ],
)
def test_the_encoding_is_one_that_the_client_reads(accepted, chosen):
    assert chosen_encoding(accepted) == chosen


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_long_text_shrinks(encoding):
    response = answer_to(json_response(), accept_encoding=encoding)
    assert response["Content-Encoding"] == encoding
    assert response["Vary"] == "Accept-Encoding"
    assert int(response["Content-Length"]) == len(response.content) < len(LONG)
    assert unpacked(encoding, response.content) == LONG


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_every_piece_of_a_stream_can_be_read_as_soon_as_it_has_left(encoding):
    pieces = [b'{"n": 1}\n' * 100, b'{"n": 2}\n' * 100]
    stream = StreamingHttpResponse(iter(pieces), content_type="application/x-ndjson")
    response = answer_to(stream, accept_encoding=encoding)
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else zstandard.ZstdDecompressor().decompressobj()
    sent = iter(response.streaming_content)
    assert reader.decompress(next(sent)) == pieces[0]
    assert reader.decompress(next(sent)) == pieces[1]


@pytest.mark.parametrize(
    "response",
    [
        json_response(b"{}"),
        HttpResponse(LONG, content_type="image/png"),
        HttpResponse(LONG, content_type="video/mp4"),
        HttpResponse(LONG, content_type="application/json", status=206),
        HttpResponse(LONG, content_type="application/json", headers={"Content-Encoding": "br"}),
    ],
    ids=["short", "picture", "movie", "part", "compressed already"],
)
def test_what_would_not_gain_goes_out_as_it_is(response):
    before, encoding = response.content, response.headers.get("Content-Encoding")
    after = answer_to(response, accept_encoding="gzip")
    assert (after.content, after.headers.get("Content-Encoding")) == (before, encoding)


def test_who_does_not_ask_gets_the_plain_text():
    response = answer_to(json_response())
    assert (response.content, response["Vary"]) == (LONG, "Accept-Encoding")
    assert not response.has_header("Content-Encoding")


def test_a_tag_that_a_client_got_with_compressed_content_is_known_again():
    first = answer_to(json_response(ETag='"abc"'), accept_encoding="gzip")
    assert first["ETag"] == 'W/"abc"'
    asked = []

    def view(request):
        asked.append(request.headers["If-None-Match"])
        return HttpResponse(status=304, headers={"ETag": '"abc"'})

    request = RequestFactory().get("/", headers={"If-None-Match": 'W/"abc"', "Accept-Encoding": "gzip"})
    second = Compression(view)(request)
    assert (second.status_code, second["ETag"], asked) == (304, 'W/"abc"', ['"abc"'])
    assert second["Vary"] == "Accept-Encoding"


def test_what_a_view_says_of_its_variants_stays(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://pipeline.example"]
    request = RequestFactory().get("/", headers={"Origin": "https://pipeline.example"})
    response = SafeHeaders(lambda request: HttpResponse(headers={"Vary": "Accept-Encoding"}))(request)
    assert response["Vary"] == "Accept-Encoding, Origin"
    assert response["Access-Control-Allow-Origin"] == "https://pipeline.example"


def test_lists_are_compressed_through_the_whole_server(api):
    for number in range(20):
        make_department(name=f"Department of something long enough {number}")
    plain = api.get("/data/departments")
    packed = api.get("/data/departments", HTTP_ACCEPT_ENCODING="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(plain["Content-Length"]) == len(plain.content)
