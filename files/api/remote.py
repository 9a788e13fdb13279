"""Movies that lie in an S3 server: the client is sent there, or gets a part at once while a local copy is made."""

import threading
from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import close_old_connections
from django.http import FileResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from files import storage
from files.api.serving import BLOCK, NAMELESS, RANGE
from files.storage import MOVIES

ADDRESS_SECONDS = 3600
# Local copies that are made at a time.
FILLS = threading.BoundedSemaphore(4)


def is_remote() -> bool:
    """Movies lie in an S3 server."""
    return not isinstance(storage.storage_of(MOVIES), FileSystemStorage)


def answer_from_afar(request: Any, pk: Any, prefixes: tuple[str, ...], *, filename: str = "") -> HttpResponseBase | None:
    """The movie as the S3 server gives it; None where the movie lies here, or a local copy has to be waited for."""
    if not is_remote():
        return None
    prefix = next((prefix for prefix in prefixes if storage.is_stored(MOVIES, prefix, pk)), None)
    if prefix is None:
        return None
    if settings.FS_S3_REDIRECT:
        response: HttpResponseBase = HttpResponseRedirect(signed_address(prefix, pk, filename))
        response["Cache-Control"] = "no-store"
        return response
    wanted = request.headers.get("Range", "").replace(" ", "")
    if request.method != "GET" or not RANGE.fullmatch(wanted) or storage.cached_copy(MOVIES, prefix, pk).is_file():
        return None
    return part(prefix, pk, wanted)


def signed_address(prefix: str, pk: Any, filename: str) -> str:
    """An address in the S3 server that opens one movie to its bearer for an hour."""
    place: Any = storage.storage_of(MOVIES)
    wanted = {
        "Bucket": place.bucket_name,
        "Key": storage.key(prefix, pk),
        "ResponseContentType": "video/mp4",
        "ResponseContentDisposition": content_disposition_header(bool(filename), filename) or NAMELESS,
    }
    address: str = place.connection.meta.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=ADDRESS_SECONDS)
    return address


def part(prefix: str, pk: Any, wanted: str) -> HttpResponseBase | None:
    """The part of a movie that a client asked for, block by block; the whole of it is fetched meanwhile."""
    place: Any = storage.storage_of(MOVIES)
    try:
        found = place.connection.meta.client.get_object(Bucket=place.bucket_name, Key=storage.key(prefix, pk), Range=wanted)
    except ClientError:
        return None  # no such part: the local copy's own rules say how that is answered
    if "ContentRange" not in found:
        return None
    fill(prefix, pk)
    response = FileResponse(found["Body"], status=206, content_type="video/mp4")
    response.block_size = BLOCK
    response["Content-Length"] = str(found["ContentLength"])
    response["Content-Range"] = found["ContentRange"]
    response["Content-Disposition"] = NAMELESS
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"max-age={settings.CLIENT_CACHE_MAX_AGE}, private"
    return response


def fill(prefix: str, pk: Any) -> None:
    """Fetch the local copy of a movie beside everything else, unless enough of them are being fetched."""
    if not FILLS.acquire(blocking=False):
        return

    def fetch() -> None:
        try:
            storage.local_file(MOVIES, prefix, pk)
        finally:
            FILLS.release()
            close_old_connections()

    threading.Thread(target=fetch, name="fill", daemon=True).start()
