"""How much the files of productions weigh."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, Sum, UUIDField
from django.db.models.functions import Coalesce

from assets.models import Entity
from files.models import AttachmentFile, PreviewFile, WorkingFile
from files.rules.purging import BATCH, in_batches, owner_of, stored_sizes
from files.storage import BUCKETS
from tasks.models import Task


def recorded_kinds(project_ids: Iterable[Any]) -> dict[str, dict[UUID, int]]:
    """Bytes of the previews, and of what is attached to comments and chats, by production, as their records say. Two statements."""
    ids = list(project_ids)
    previews = PreviewFile.objects.order_by().filter(task__project__in=ids).values_list("task__project")
    of_task, of_entity = (
        Subquery(model.objects.order_by().filter(pk=OuterRef(path)).values("project_id")[:1], output_field=UUIDField())
        for model, path in ((Task, "comment__object_id"), (Entity, "chat_message__chat__object_id"))
    )
    attachments = AttachmentFile.objects.order_by().annotate(project=Coalesce(of_task, of_entity)).filter(project__in=ids)
    return {
        "previews": dict(previews.annotate(weight=Coalesce(Sum("file_size"), 0))),
        "attachments": dict(attachments.values_list("project").annotate(weight=Coalesce(Sum("size"), 0))),
    }


def recorded_use(project_ids: Iterable[Any]) -> dict[UUID, int]:
    """Bytes of all of these by production."""
    found: dict[UUID, int] = defaultdict(int)
    for sizes in recorded_kinds(project_ids).values():
        for project_id, size in sizes.items():
            found[project_id] += size
    return found


def stored_use() -> dict[UUID | None, int]:
    """Bytes in the storage by production, counted object by object; under None whatever belongs to none."""
    found: dict[UUID | None, int] = defaultdict(int)
    for bucket in BUCKETS:
        for batch in in_batches(stored_sizes(bucket), BATCH):
            owners = {name: owner_of(bucket, name) for name, _ in batch}
            projects = projects_of([owner[1] for owner in owners.values() if owner])
            for name, size in batch:
                owner = owners[name]
                found[projects.get(owner[1]) if owner else None] += size
    return found


def projects_of(ids: list[UUID]) -> dict[UUID, UUID]:
    """The productions of the previews, working files and attachments among these ids, and of productions themselves."""
    found: dict[UUID, UUID] = {}
    files: Any
    for files in (PreviewFile, WorkingFile):
        found |= dict(files._base_manager.order_by().filter(pk__in=ids, task__isnull=False).values_list("pk", "task__project"))
    attachments = (
        AttachmentFile.objects.order_by()
        .filter(pk__in=ids)
        .annotate(subject=Coalesce(F("comment__object_id"), F("chat_message__chat__object_id")))
    )
    subjects = dict(attachments.values_list("pk", "subject"))
    owners: dict[UUID, UUID] = {}
    rows: Any
    for rows in (Task, Entity):
        owners |= dict(rows._base_manager.order_by().filter(pk__in=set(subjects.values())).values_list("pk", "project"))
    return found | {pk: owners[subject] for pk, subject in subjects.items() if subject in owners}
