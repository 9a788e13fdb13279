"""The previews of entities by task type and revision, as reviews show them."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F

from core.sql import AsText
from files.models import PreviewFile

Row = dict[str, Any]
PLAIN = [
    "id",
    "revision",
    "original_name",
    "extension",
    "width",
    "height",
    "duration",
    "status",
    "annotations",
    "created_at",
    "task_id",
    "position",
]
ORIGINAL = ("original_width", "original_height", "original_duration", "original_file_size")


def entity_previews(entity_ids: Collection[Any], project_id: Any = None) -> Iterator[Row]:
    """The previews of entities with their task types: task types by priority and name, then the newest revision first.

    Each row has its entity as `entity_id`. With `project_id` entities of other productions have none. One statement.
    """
    previews = PreviewFile.objects.filter(task__entity_id__in=entity_ids, task__task_type__isnull=False)
    if project_id is not None:
        previews = previews.filter(task__project_id=project_id)
    order = (F("task__task_type__priority").desc(nulls_last=True), "task__task_type__name", "-revision", "created_at", "id")
    owner = {"entity_id": AsText("task__entity_id"), "task_type_id": AsText("task__task_type_id")}
    for row in previews.order_by(*order).values(*PLAIN, "data", **owner):
        details = row.pop("data") or {}
        yield {**row, **{name: details.get(name) for name in ORIGINAL}}


def by_entity(entity_ids: Collection[Any], project_id: Any = None) -> dict[str, dict[str, list[Row]]]:
    """By entity and task type one entry per revision: the oldest preview of it, with the others as its `previews`."""
    found: dict[str, dict[str, list[Row]]] = {}
    for row in entity_previews(entity_ids, project_id):
        revisions = found.setdefault(row.pop("entity_id"), {}).setdefault(row["task_type_id"], [])
        if revisions and revisions[-1]["revision"] == row["revision"]:
            revisions[-1]["previews"].append(row)
        else:
            revisions.append({name: value for name, value in row.items() if name not in ("position", "task_type_id")})
            revisions[-1]["previews"] = []
    return found


def by_task_type(entity_id: Any) -> dict[str, list[Row]]:
    """The revisions of one entity, by task type."""
    return by_entity([entity_id]).get(str(entity_id), {})
