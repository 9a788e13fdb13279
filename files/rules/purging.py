"""Clearing the storage of files that no row stands for any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

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


def stored_objects(bucket: str) -> Iterator[tuple[str, datetime]]:
    """Every object of a bucket with the moment of its last writing."""
    storage: Any = storage_of(bucket)
    if isinstance(storage, FolderStorage):
        yield from storage.keys()
        return
    for item in storage.bucket.objects.all():
        yield item.key, timezone.make_naive(item.last_modified, timezone.get_default_timezone())


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
    known = {model: set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True)) for model in kinds}
    for prefix, pk in objects:
        if not any(pk in known[model] for model in OWNERS[bucket][prefix]):
            yield prefix, pk


def purge(*, older_than: timedelta, dry_run: bool = False) -> Iterator[str]:
    """Remove objects without a row that were written longer ago than `older_than`; their names. Safe to run at any time."""
    limit = now() - older_than
    for bucket in BUCKETS:
        old = (owner_of(bucket, name) for name, written in stored_objects(bucket) if written < limit)
        found = (owner for owner in old if owner)
        while batch := list(islice(found, BATCH)):
            for prefix, pk in without_row(bucket, batch):
                if not dry_run:
                    storage_of(bucket).delete(key(prefix, pk))
                    cached_copy(bucket, prefix, pk).unlink(missing_ok=True)
                yield f"{bucket}/{key(prefix, pk)}"
