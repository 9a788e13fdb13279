"""The previews of an entity by task type and revision, as reviews show them."""

from collections.abc import Iterator
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


def entity_previews(entity_id: Any) -> Iterator[Row]:
    """The previews of an entity with their task types: task types by priority and name, then the newest revision first."""
    previews = PreviewFile.objects.filter(task__entity_id=entity_id, task__task_type__isnull=False)
    order = (F("task__task_type__priority").desc(nulls_last=True), "task__task_type__name", "-revision", "created_at", "id")
    rows = previews.order_by(*order).values(*PLAIN, "data", task_type_id=AsText("task__task_type_id"))
    for row in rows:
        details = row.pop("data") or {}
        yield {**row, **{name: details.get(name) for name in ORIGINAL}}


def by_task_type(entity_id: Any) -> dict[str, list[Row]]:
    """One entry per revision, the oldest preview of it, with the others as its `previews`; keyed by task type."""
    found: dict[str, list[Row]] = {}
    for row in entity_previews(entity_id):
        revisions = found.setdefault(row["task_type_id"], [])
        if revisions and revisions[-1]["revision"] == row["revision"]:
            revisions[-1]["previews"].append(row)
        else:
            revisions.append({name: value for name, value in row.items() if name not in ("position", "task_type_id")})
            revisions[-1]["previews"] = []
    return found
