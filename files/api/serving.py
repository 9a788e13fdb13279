"""Answering with a stored file: validators, caching, ranges, and headers under which nothing uploaded ever runs."""

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

from core.api.exceptions import answer, with_status
from core.errors import NotFound, Refusal

BLOCK = 256 * 1024
SAFE_INLINE = frozenset(f"image/{kind}" for kind in ("jpeg", "png", "gif", "webp", "bmp", "avif"))
NAMELESS = 'inline; filename=""'
BAD_RANGE = "The server cannot provide the requested range."
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
Span = tuple[int, int]


class FilePart:
    """The bytes of a file from `start` to `end`, in blocks."""

    def __init__(self, path: Path, start: int, end: int) -> None:
        self.file = path.open("rb")
        self.file.seek(start)
        self.left = end - start + 1

    def read(self, size: int) -> bytes:
        """At most so many of the bytes that are left."""
        block = self.file.read(min(size, self.left))
        self.left -= len(block)
        return block

    def close(self) -> None:
        """Lets go of the file."""
        self.file.close()


def is_unchanged(headers: Any, etag: str, modified: float) -> bool:
    """The client has this very version already."""
    if tags := headers.get("If-None-Match"):
        return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = parse_http_date_safe(headers.get("If-Modified-Since") or "")
    return since is not None and int(modified) <= since


def asked_span(headers: Any, size: int, etag: str, modified: float) -> Span | None:
    """The one range asked for, or None for the whole file. Raises ValueError for what can't be given."""
    wanted, condition = headers.get("Range"), headers.get("If-Range")
    if not wanted or (condition and condition != etag and parse_http_date_safe(condition) != int(modified)):
        return None
    match = RANGE.fullmatch(wanted.replace(" ", ""))
    if match is None or not (match[1] or match[2]):
        raise ValueError(wanted)
    start, end = int(match[1] or -1), int(match[2] or size - 1)
    if start < 0:  # the last bytes
        start, end = max(0, size - end), size - 1
        if not int(match[2]):
            raise ValueError(wanted)
    if start >= size or end < start:
        raise ValueError(wanted)
    return start, min(end, size - 1)


def stamp(stat: os.stat_result, modified: datetime, *, public: bool = False) -> tuple[dict[str, str], str, float]:
    """The headers by which clients keep a file, its tag, and its date in seconds. `modified` is the record's date."""
    etag, date = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"', modified.replace(tzinfo=UTC).timestamp()
    age = settings.CLIENT_CACHE_MAX_AGE
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(date),
        "Cache-Control": f"public, max-age={age}" if public else f"max-age={age}, private",
        "Expires": http_date(time.time() + age),
        "Accept-Ranges": "bytes",
        "Content-Disposition": NAMELESS,
        "X-Content-Type-Options": "nosniff",
    }
    return headers, etag, date


def serve_file(
    request: Any,
    path: Path | None,
    *,
    content_type: str,
    modified: datetime,
    filename: str = "",
    as_attachment: bool = False,
    public: bool = False,
) -> HttpResponseBase:
    """The file as an answer. `modified` is the record's date; `public` lets shared caches keep it. Raises NotFound."""
    if path is None:
        raise NotFound()
    try:
        stat = path.stat()
    except OSError:
        raise NotFound() from None
    headers, etag, date = stamp(stat, modified, public=public)
    headers["Content-Disposition"] = content_disposition_header(as_attachment, filename) or NAMELESS
    if is_unchanged(request.headers, etag, date):
        return HttpResponse(status=304, headers=headers)
    if settings.MEDIA_ACCEL_PREFIX and path.is_relative_to(settings.PREVIEW_FOLDER):
        inner = quote(f"{settings.MEDIA_ACCEL_PREFIX}/{path.relative_to(settings.PREVIEW_FOLDER)}")
        return HttpResponse(b"", headers={**headers, "Content-Type": content_type, "X-Accel-Redirect": inner})
    try:
        span = asked_span(request.headers, stat.st_size, etag, date)
    except ValueError:
        refused = answer(with_status(Refusal(BAD_RANGE), 416))
        refused["Content-Range"] = f"bytes */{stat.st_size}"
        return refused
    return body_of(request, path, span, stat.st_size, {**headers, "Content-Type": content_type})


def body_of(request: Any, path: Path, span: Span | None, size: int, headers: dict[str, str]) -> HttpResponseBase:
    """The bytes, or for HEAD only what there is to say of them."""
    start, end = span or (0, size - 1)
    headers["Content-Length"] = str(end - start + 1)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(b"", status=status, headers=headers)
    kind = headers.pop("Content-Type")
    response = FileResponse(FilePart(path, start, end), status=status, content_type=kind, headers=headers)
    response.block_size = BLOCK
    return response
