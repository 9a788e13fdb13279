"""Playlists that are only looked at: tasks and entities with their previews, stored nowhere."""

from collections.abc import Sequence
from uuid import UUID

from assets.models import Entity
from assets.querysets import EDIT, SEQUENCE, SHOT, TEMPORAL
from core.errors import NotFound
from core.projection import Row
from files.revisions import by_entity
from tasks.models import Task

COLUMNS = {
    "id": "pk",
    "task_type_id": "task_type_id",
    "entity_id": "entity_id",
    "name": "entity__name",
    "kind": "entity__entity_type__name",
    "kind_id": "entity__entity_type_id",
    "parent_id": "entity__parent_id",
    "parent_name": "entity__parent__name",
}
SHOWN = ("id", "extension", "width", "height", "duration", "revision", "status")
ORDER = ("episode_name", "sequence_name", "asset_type_name", "name")


def chosen_tasks(project_id: UUID, task_ids: Sequence[UUID], entity_ids: Sequence[UUID]) -> list[Row]:
    """The tasks, then of each entity the one that was talked about last among those with a preview, each task once.

    Three statements. Raises NotFound for a task that the production has not, and for an entity of another one.
    """
    if entity_ids and Entity.objects.filter(pk__in=entity_ids).exclude(project_id=project_id).exists():
        raise NotFound()
    tasks = Task.objects.order_by().filter(project_id=project_id, entity__isnull=False)
    found = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in tasks.filter(pk__in=task_ids).values_list(*COLUMNS.values())}
    if not found.keys() >= set(task_ids):
        raise NotFound()
    shown = tasks.filter(entity__in=entity_ids, last_preview_file_id__isnull=False)
    talked = shown.order_by("last_comment_date", "created_at").values_list(*COLUMNS.values())
    last = {row[2]: dict(zip(COLUMNS, row, strict=True)) for row in talked}
    rows = [found[pk] for pk in task_ids] + [last[pk] for pk in entity_ids if pk in last]
    return list({row["id"]: row for row in rows}.values())


def temporary_entries(project_id: UUID, tasks: Sequence[Row], *, ordered: bool) -> list[Row]:
    """The entries of a playlist of these tasks, in their order or sorted by where their entities are. One statement."""
    previews = by_entity({row["entity_id"] for row in tasks}, project_id) if tasks else {}
    entries = [entry_of(row, previews.get(str(row["entity_id"]), {})) for row in tasks]
    return sorted(entries, key=lambda entry: [str(entry[name]).lower() for name in ORDER]) if ordered else entries


def entry_of(task: Row, kinds: dict[str, list[Row]]) -> Row:
    """One entry: where its entity is, the preview of the task's type or else of the first that has one, and all of them."""
    entry = {"id": task["entity_id"], "name": task["name"], "preview_file_task_id": task["id"], **place_of(task)}
    revisions: list[Row] = kinds.get(str(task["task_type_id"])) or next(iter(kinds.values()), [])
    if revisions:
        preview = revisions[0]
        entry |= {"preview_file_id" if name == "id" else f"preview_file_{name}": preview[name] for name in SHOWN}
        entry |= {"preview_file_annotations": preview["annotations"] or [], "preview_file_previews": preview["previews"]}
    return {**entry, "preview_files": kinds}


def place_of(task: Row) -> Row:
    """Where an entity is; empty texts stand for what it has none of."""
    kind, parent = task["kind"], {"id": task["parent_id"] or "", "name": task["parent_name"] or ""}
    nothing = {"id": "", "name": ""}
    sequence = parent if kind == SHOT else nothing
    episode = parent if kind in (SEQUENCE, EDIT) else nothing
    asset_type = nothing if kind in TEMPORAL else {"id": task["kind_id"], "name": kind}
    return {
        "parent_name": parent["name"] if kind in TEMPORAL else kind,
        "episode_id": episode["id"],
        "episode_name": episode["name"],
        "sequence_id": sequence["id"],
        "sequence_name": sequence["name"],
        "asset_type_id": asset_type["id"],
        "asset_type_name": asset_type["name"],
    }
