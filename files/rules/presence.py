"""Whether the storage has what the records promise."""

from collections.abc import Iterator
from typing import Any

from core.sql import CHUNK
from files.models import AttachmentFile, PreviewFile
from files.names import is_movie, is_picture
from files.rules.purging import AVATARS, stored_sizes
from files.storage import BUCKETS, FILES, MOVIES, PICTURES, key

OF_PICTURES = tuple((PICTURES, prefix) for prefix in ("original", "previews", "thumbnails", "thumbnails-square"))
Place = tuple[str, str]


def promised(extension: Any, data: Any) -> tuple[Place, ...]:
    """The objects that a ready preview has."""
    if is_movie(extension):
        known = data.get("movie_prefixes") if isinstance(data, dict) else None
        prefixes = known if isinstance(known, list) and known else ("previews", "lowdef")
        return (*((MOVIES, prefix) for prefix in prefixes), *OF_PICTURES, (PICTURES, "tiles"))
    return OF_PICTURES if is_picture(extension) else ((FILES, "previews"),)


def missing_objects(project_id: Any = None) -> Iterator[tuple[str, str, Any]]:
    """What records promise and the storage has not: bucket, prefix and id. It reads the whole list of each bucket once."""
    stored = {f"{bucket}/{name}" for bucket in BUCKETS for name, _ in stored_sizes(bucket)}
    previews = PreviewFile.objects.order_by("created_at", "pk").filter(status="ready", original_name__isnull=False)
    if project_id is not None:
        previews = previews.filter(task__project=project_id)
    for pk, extension, data in previews.values_list("pk", "extension", "data").iterator(chunk_size=CHUNK):
        yield from absent(stored, promised(extension, data), pk)
    if project_id is not None:
        return
    attachments = AttachmentFile.objects.order_by("created_at", "pk").values_list("pk", flat=True)
    for pk in attachments.iterator(chunk_size=CHUNK):
        yield from absent(stored, ((FILES, "attachments"),), pk)
    for model in AVATARS:
        for pk in model._base_manager.filter(has_avatar=True).order_by("pk").values_list("pk", flat=True):
            yield from absent(stored, ((PICTURES, "thumbnails"),), pk)


def absent(stored: set[str], places: tuple[Place, ...], pk: Any) -> Iterator[tuple[str, str, Any]]:
    """Those of a row's objects that are not stored."""
    for bucket, prefix in places:
        if f"{bucket}/{key(prefix, pk)}" not in stored:
            yield bucket, prefix, pk
