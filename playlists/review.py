"""A playlist as a review session shows it: each entry with the previews of its entity."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from core.api.converters import is_uuid
from core.sql import AsText
from files.models import PreviewFile

Row = dict[str, Any]
SHOWN = ("extension", "revision", "width", "height", "duration", "status", "task_id")
PLAIN = ("id", *SHOWN, "created_at")


def previews_of(entity_ids: Iterable[str], project_id: Any) -> dict[str, dict[str, list[Row]]]:
    """The previews of a production's entities by entity and task type, the newest revision first. One statement.

    Of each revision the preview that stands first represents it and has the others as its `previews`. Statuses are
    capitalised, as reviews have them.
    """
    previews = PreviewFile.objects.filter(
        task__entity_id__in=list(entity_ids), task__project_id=project_id, task__task_type__isnull=False
    )
    order = (F("task__task_type__priority").desc(nulls_last=True), "task__task_type__name", "-revision", "position", "created_at")
    owner = {"entity": AsText("task__entity_id"), "task_type": AsText("task__task_type_id")}
    found: dict[str, dict[str, list[Row]]] = {}
    for row in previews.order_by(*order).values(*PLAIN, **owner):
        kinds = found.setdefault(row.pop("entity"), {})
        revisions = kinds.setdefault(row.pop("task_type"), [])
        row["status"] = row["status"].capitalize()
        if revisions and revisions[-1]["revision"] == row["revision"]:
            revisions[-1]["previews"].append(row)
        else:
            revisions.append({**row, "previews": []})
    return found


def pinned_preview(kinds: dict[str, list[Row]], preview_id: Any) -> Row | None:
    """The preview that an entry pins, wherever it stands within its revision, with the others of that revision."""
    for revision in (revision for revisions in kinds.values() for revision in revisions):
        whole = [revision, *revision["previews"]]
        for preview in whole:
            if str(preview["id"]) == str(preview_id):
                others = [{k: v for k, v in other.items() if k != "previews"} for other in whole if other is not preview]
                return {**preview, "previews": others}
    return None


def reviewed(shots: list[Row] | None, project_id: Any) -> list[Row]:
    """The entries with the previews of their entities, as far as these are of the playlist's production."""
    entries = [{**shot, "id": shot.get("id") or shot.get("entity_id")} for shot in shots or []]
    found = previews_of({entry["id"].lower() for entry in entries if is_uuid(entry["id"])}, project_id)
    rows = []
    for entry in entries:
        kinds = found.get(str(entry["id"]).lower(), {})
        preview = pinned_preview(kinds, entry.pop("preview_file_id", None))
        row = {**entry, "entity_id": entry["id"], "preview_files": kinds or []}
        if preview is not None:
            row["preview_file_id"] = preview["id"]
            row |= {f"preview_file_{name}": preview[name] for name in (*SHOWN, "previews")}
        rows.append(row)
    return rows
