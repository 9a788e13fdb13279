"""Clearing the storage of files that no row stands for any more."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from core.models import now
from files.models import AttachmentFile, PreviewFile, WorkingFile
from files.storage import BUCKETS, FILES, MOVIES, PICTURES, FolderStorage, cached_copy, key, storage_of
from people.models import Organisation, Person
from production.models import PreviewBackgroundFile, Project

AVATARS = (Person, Project, Organisation)
# Whose id an object's name ends with; objects of other names are nobody's to remove here.
OWNERS: dict[str, dict[str, tuple[Any, ...]]] = {
    PICTURES: {
        "thumbnails-square": (PreviewFile,),
        "thumbnails": (PreviewFile, AttachmentFile, PreviewBackgroundFile, *AVATARS),
        "original": (PreviewFile,),
        "previews": (PreviewFile,),
        "tiles": (PreviewFile,),
        "preview-backgrounds": (PreviewBackgroundFile,),
    },
    MOVIES: dict.fromkeys(("previews", "lowdef", "source"), (PreviewFile,)),
    FILES: {"previews": (PreviewFile,), "working": (WorkingFile,), "attachments": (AttachmentFile,)},
}
BATCH = 500


@dataclass
class Stored:
    """An object of a storage: its key, the moment of its last writing, its size in bytes."""

    name: str
    written: datetime
    size: int


def stored_objects(bucket: str) -> Iterator[Stored]:
    """Every object of a bucket."""
    storage: Any = storage_of(bucket)
    if isinstance(storage, FolderStorage):
        for name, written, size in storage.objects():
            yield Stored(name, written, size)
        return
    for item in storage.bucket.objects.all():
        yield Stored(item.key, timezone.make_naive(item.last_modified, timezone.get_default_timezone()), item.size)


def stored_sizes(bucket: str) -> Iterator[tuple[str, int]]:
    """The keys of a bucket with their sizes in bytes."""
    return ((item.name, item.size) for item in stored_objects(bucket))


def in_batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def owner_of(bucket: str, name: str) -> tuple[str, UUID] | None:
    """The prefix and the id in an object's name, or None for a name that is not ours."""
    try:
        pk = UUID(name[-36:])
    except ValueError:
        return None
    prefix = name[:-37]
    return (prefix, pk) if prefix in OWNERS[bucket] and name == key(prefix, pk) else None


def without_row(bucket: str, objects: list[tuple[str, UUID]]) -> Iterator[tuple[str, UUID]]:
    """Those of the objects whose row is gone. One statement per kind of row."""
    ids = [pk for _, pk in objects]
    kinds = {model for prefix, _ in objects for model in OWNERS[bucket][prefix]}
    known = {model: set(rows_of(model).filter(pk__in=ids).values_list("pk", flat=True)) for model in kinds}
    for prefix, pk in objects:
        if not any(pk in known[model] for model in OWNERS[bucket][prefix]):
            yield prefix, pk


def rows_of(model: Any) -> Any:
    """The rows that keep their files: of those with a picture of themselves the ones that still show it."""
    rows = model._base_manager.order_by()
    return rows.filter(has_avatar=True) if model in AVATARS else rows


def purge(*, older_than: timedelta, dry_run: bool = False) -> Iterator[tuple[str, int]]:
    """Remove objects without a row that were written longer ago than `older_than`; their names and sizes.

    Safe to run at any time, as long as that is longer than an upload takes.
    """
    limit = now() - older_than
    for bucket in BUCKETS:
        old = ((owner_of(bucket, item.name), item.size) for item in stored_objects(bucket) if item.written < limit)
        for batch in in_batches((found for found in old if found[0]), BATCH):
            sizes: dict[Any, int] = dict(batch)
            for prefix, pk in chain(without_row(bucket, list(sizes)), sources_done_with(bucket, list(sizes))):
                if not dry_run:
                    storage_of(bucket).delete(key(prefix, pk))
                    cached_copy(bucket, prefix, pk).unlink(missing_ok=True)
                yield f"{bucket}/{key(prefix, pk)}", sizes[prefix, pk]


def sources_done_with(bucket: str, objects: list[tuple[str, UUID]]) -> Iterator[tuple[str, UUID]]:
    """Uploaded movies whose preview is ready and does not serve them: a kill came between its end and their removal."""
    ids = [pk for prefix, pk in objects if (bucket, prefix) == (MOVIES, "source")]
    ready = PreviewFile.objects.order_by().filter(pk__in=ids, status="ready").values_list("pk", "data") if ids else ()
    for pk, data in ready:
        prefixes = data.get("movie_prefixes") if isinstance(data, dict) else None
        if isinstance(prefixes, list) and prefixes and "source" not in prefixes:
            yield "source", pk


def sweep(*, older_than: timedelta, dry_run: bool = False) -> Iterator[tuple[str, int]]:
    """Remove what a kill left of uploads and work on files, and copies that nobody read since; the names and sizes of what goes."""
    limit = (now() - older_than).timestamp()
    places: list[tuple[Path, tuple[str, ...]]] = [(Path(settings.TMP_DIR), ("work-*", "fetch-*", "*.upload*", "cache-*"))]
    places += [(Path(store.location), (".partial-*",)) for store in map(storage_of, BUCKETS) if isinstance(store, FolderStorage)]
    for folder, patterns in places:
        for path in sorted(found for pattern in patterns for found in folder.rglob(pattern)):
            with suppress(FileNotFoundError):
                stat = path.stat()
                # A copy has the date of what it is a copy of.
                if (max(stat.st_mtime, stat.st_atime) if path.name.startswith("cache-") else stat.st_mtime) >= limit:
                    continue
                if not dry_run:
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
                yield f"{folder.name}/{path.relative_to(folder)}", stat.st_size
