"""Compression of what is text, when the client asks for it. Pictures and movies go out as they are."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import zstandard
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

SMALLEST = 1024
LEVEL = 1
COMPRESSIBLE = re.compile(
    r"text/(?!event-stream)|application/(json|x-ndjson|javascript|xml|vnd\.oai\.openapi|[\w.-]+\+(json|xml))|image/svg", re.I
)


class Compressor(Protocol):
    """What zlib's and zstandard's compression objects have in common here."""

    def compress(self, piece: bytes, /) -> bytes:
        """As much of the compressed stream as is ready."""

    def flush(self, mode: int = ..., /) -> bytes:
        """The rest of it, up to the end of a block or of the stream."""


def gzip_stream() -> tuple[Compressor, int, int]:
    """A gzip compressor, with its modes of flushing a block and of ending the stream."""
    return zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16), zlib.Z_SYNC_FLUSH, zlib.Z_FINISH


def zstd_stream() -> tuple[Compressor, int, int]:
    """A zstd compressor, with its modes of flushing a block and of ending the stream."""
    compressor = zstandard.ZstdCompressor(level=LEVEL).compressobj()
    return compressor, zstandard.COMPRESSOBJ_FLUSH_BLOCK, zstandard.COMPRESSOBJ_FLUSH_FINISH


ENCODINGS: dict[str, Callable[[], tuple[Any, int, int]]] = {"zstd": zstd_stream, "gzip": gzip_stream}


def chosen_encoding(accepted: str) -> str | None:
    """The best encoding that an Accept-Encoding header allows, or None for none of ours."""
    allowed = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        quality = parameters.strip().removeprefix("q=") if parameters else "1"
        allowed[name.strip()] = quality not in ("0", "0.0", "0.00", "0.000")
    return next((name for name in ENCODINGS if allowed.get(name)), None)


def compressed(content: bytes, encoding: str) -> bytes:
    """The whole content in one piece."""
    compressor, _, finish = ENCODINGS[encoding]()
    return compressor.compress(content) + compressor.flush(finish)


def compressed_stream(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces, each readable by the client as soon as it has left."""
    compressor, flush_block, finish = ENCODINGS[encoding]()
    for piece in pieces:
        yield compressor.compress(piece) + compressor.flush(flush_block)
    yield compressor.flush(finish)


def weak(etag: str) -> str:
    """The tag in its weak form: the same content, perhaps in other bytes."""
    return etag if etag.startswith("W/") else f"W/{etag}"


class Compression:
    """Compresses long texts with zstd or gzip. Validators become weak, and are compared as such."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Asks the view with the tags that it gave, then compresses its answer."""
        wanted = request.META.get("HTTP_IF_NONE_MATCH")
        if wanted:
            request.META["HTTP_IF_NONE_MATCH"] = wanted.replace("W/", "")
        response = self.get_response(request)
        if response.status_code == 304:
            patch_vary_headers(response, ["Accept-Encoding"])
            if wanted and "W/" in wanted and response.has_header("ETag"):
                response["ETag"] = weak(response["ETag"])
        elif self.is_compressible(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            encoding = chosen_encoding(request.headers.get("Accept-Encoding", ""))
            if encoding and request.method != "HEAD":
                self.compress(response, encoding)
        return response

    @staticmethod
    def is_compressible(response: HttpResponseBase) -> bool:
        """A whole text that is not compressed already."""
        if response.status_code in (204, 206) or response.has_header("Content-Encoding"):
            return False
        return COMPRESSIBLE.match(response.headers.get("Content-Type", "")) is not None

    @staticmethod
    def compress(response: HttpResponseBase, encoding: str) -> None:
        """Replaces the answer's content by its compressed form, unless it is too short to gain."""
        if isinstance(response, StreamingHttpResponse):
            if response.is_async or int(response.headers.get("Content-Length") or SMALLEST) < SMALLEST:
                return
            response.streaming_content = compressed_stream(response.streaming_content, encoding)  # type: ignore[arg-type]
            del response["Content-Length"]
        elif isinstance(response, HttpResponse):
            if len(response.content) < SMALLEST:
                return
            response.content = compressed(response.content, encoding)
            response["Content-Length"] = str(len(response.content))
        response["Content-Encoding"] = encoding
        if response.has_header("ETag"):
            response["ETag"] = weak(response["ETag"])
