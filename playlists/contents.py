"""What the entries of a playlist lead to: the previews that they pin, and everything of their revisions."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from core.api.converters import is_uuid
from core.projection import Row
from core.sql import AsText
from files.models import PreviewFile
from files.rules.naming import SUBJECT

COLUMNS = ("id", "task_id", "revision", "position", "extension", "status", "original_name")
Pair = tuple[str, str]


def pinned_pairs(shots: Any) -> list[Pair]:
    """The entity and the preview of each entry that pins one, in their order, both in lower case."""
    pairs = []
    for shot in shots or []:
        entity_id, preview_id = (str(shot.get(name) or "").lower() for name in ("entity_id", "preview_file_id"))
        entity_id = entity_id or str(shot.get("id") or "").lower()
        if is_uuid(entity_id) and is_uuid(preview_id):
            pairs.append((entity_id, preview_id))
    return pairs


def pinned_previews(playlist: Any) -> list[Row]:
    """The preview that each entry pins, in the order of the entries. One statement.

    A preview counts only for its own entity, and only in its own production: an entry opens no door to anything else.
    """
    pairs = pinned_pairs(playlist.shots)
    previews = PreviewFile.objects.order_by().filter(
        pk__in={preview_id for _, preview_id in pairs}, task__project_id=playlist.project_id
    )
    rows = previews.values(*COLUMNS, entity_id=AsText("task__entity_id"), task_type_id=F("task__task_type_id"))
    found = {(row["entity_id"], str(row["id"])): row for row in rows} if pairs else {}
    return [found[pair] for pair in pairs if pair in found]


def whole_revisions(pinned: Iterable[Row]) -> list[list[tuple[Row, tuple[Any, ...]]]]:
    """For each pinned preview all previews of its revision in their order, each with what its download is named after.

    One statement, however many there are.
    """
    pinned = list(pinned)
    previews = PreviewFile.objects.filter(task__in={row["task_id"] for row in pinned})
    named = {f"subject_{number}": F(path) for number, path in enumerate(SUBJECT)}
    found: dict[tuple[Any, Any], list[tuple[Row, tuple[Any, ...]]]] = {}
    for row in previews.order_by("position", "created_at", "id").values(*COLUMNS, **named):
        subject = tuple(row.pop(name) for name in named)
        found.setdefault((row["task_id"], row["revision"]), []).append((row, subject))
    return [found[(row["task_id"], row["revision"])] for row in pinned]


def shown_task_ids(playlist: Any) -> list[Any]:
    """The tasks of the pinned previews, in the order of the entries. One statement."""
    return list(dict.fromkeys(row["task_id"] for row in pinned_previews(playlist)))


def shows(playlist: Any, project_id: Any, entity_id: Any, task_id: Any, revision: Any) -> bool:
    """The playlist pins a preview of this revision of the task, which is the entity's in the production. One statement."""
    if project_id is None or project_id != playlist.project_id:
        return False
    siblings = PreviewFile.objects.order_by().filter(task_id=task_id, revision=revision).values_list("pk", flat=True)
    return not {(str(entity_id), str(pk)) for pk in siblings}.isdisjoint(pinned_pairs(playlist.shots))
