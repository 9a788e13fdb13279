"""A playlist as its share links show it: to people without an account, and nothing beyond it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from assets.models import Entity
from assets.querysets import SHOT, TEMPORAL
from core.api.converters import is_uuid
from core.projection import Row
from core.sql import AsText
from files.models import PreviewFile
from playlists.contents import pinned_previews
from playlists.models import Playlist
from playlists.readers import PLAYLIST, SHORT_BUILD
from playlists.review import PLAIN, SHOWN
from production.models import Project, ProjectTaskStatusLink, ProjectTaskTypeLink

TASK_TYPE = ("id", "name", "color", "for_entity")
TASK_STATUS = ("id", "name", "short_name", "color", "is_client_allowed", "is_default", "for_concept")
AROUND = {
    "entity": AsText("task__entity_id"),
    **{f"kind_{name}": F(f"task__task_type__{name}") for name in TASK_TYPE},
    "status_color": F("task__task_status__color"),
}


def shared_playlist(playlist: Playlist) -> Row:
    """The playlist with its entries, in five statements."""
    project: Any = playlist.project
    jobs = list(playlist.build_jobs.order_by("-created_at").values(*SHORT_BUILD))
    row = PLAYLIST.one(playlist.pk, relations=False)
    named = {"project_name": project.name, "project_fps": project.fps}
    return {**row, "build_jobs": jobs, "shots": shared_entries(playlist), **named}


def shared_entries(playlist: Playlist) -> list[Row]:
    """Each entry with its entity's name and the preview that it pins; of other productions nothing is told."""
    entities = [str(shot.get("entity_id") or shot.get("id") or "").lower() for shot in playlist.shots or []]
    previews, names = entry_previews(playlist), names_of(playlist, entities)
    rows = []
    for entity_id, shot in zip(entities, playlist.shots or [], strict=True):
        row: Row = {"id": entity_id, "entity_id": entity_id, "preview_files": {}}
        row |= previews.get((entity_id, str(shot.get("preview_file_id") or "").lower()), {})
        rows.append(row | names.get(entity_id, {"name": "", "parent_name": ""}))
    return rows


def names_of(playlist: Playlist, entity_ids: Iterable[str]) -> dict[str, Row]:
    """The names of the production's entities, and of what they stand in. One statement."""
    project_id: Any = playlist.project_id
    known = Entity.objects.order_by().filter(project_id=project_id, pk__in=set(filter(is_uuid, entity_ids)))
    is_wide = bool(playlist.is_for_all) and playlist.episode_id is None
    names = {}
    for pk, name, kind, parent, grandparent in known.values_list(
        "pk", "name", "entity_type__name", "parent__name", "parent__parent__name"
    ):
        if kind not in TEMPORAL:
            parent = kind
        elif is_wide and kind == SHOT and grandparent:
            parent = f"{grandparent} / {parent}"
        names[str(pk)] = {"name": name, "parent_name": parent or ""}
    return names


def entry_previews(playlist: Playlist) -> dict[tuple[str, str], Row]:
    """What entries tell of the previews that they pin, by entity and preview. Two statements."""
    pinned = pinned_previews(playlist)
    previews = PreviewFile.objects.filter(task__in={row["task_id"] for row in pinned})
    revisions: dict[tuple[Any, Any], list[Row]] = {}
    for row in previews.order_by("position", "created_at", "id").values(*PLAIN, "annotations", **AROUND):
        row["status"] = row["status"].capitalize()
        revisions.setdefault((row["task_id"], row["revision"]), []).append(row)
    return {
        (row["entity_id"], str(row["id"])): entry_preview(row["id"], revisions[(row["task_id"], row["revision"])]) for row in pinned
    }


def entry_preview(preview_id: Any, revision: list[Row]) -> Row:
    """One pinned preview among those of its revision."""
    preview = next(row for row in revision if row["id"] == preview_id)
    others = [{name: row[name] for name in (*PLAIN, "annotations")} for row in revision if row is not preview]
    return {
        "preview_file_id": preview_id,
        **{f"preview_file_{name}": preview[name] for name in (*SHOWN, "annotations")},
        "preview_file_previews": others,
        "preview_file_task_type": {name: preview[f"kind_{name}"] for name in TASK_TYPE},
        "preview_file_task_type_name": preview["kind_name"],
        "task_status_color": preview["status_color"],
    }


def shared_context(project: Project) -> Row:
    """What a page needs to show a playlist of the production: its format, task types and statuses; nobody of its team."""
    types = ProjectTaskTypeLink.objects.filter(project=project).order_by("priority", "task_type__name")
    statuses = ProjectTaskStatusLink.objects.filter(project=project).order_by("priority", "task_status__name")
    own = [f"task_status__{name}" for name in TASK_STATUS]
    shown = [
        {name.removeprefix("task_status__"): row[name] for name in own}
        | ({} if row["is_client_allowed"] is None else {"is_client_allowed": row["is_client_allowed"]})
        for row in statuses.values(*own, "is_client_allowed")
    ]
    return {
        "project": {**{name: getattr(project, name) for name in ("id", "name", "fps", "ratio", "resolution")}, "team": []},
        "task_types": [
            {name: row[f"task_type__{name}"] for name in TASK_TYPE} for row in types.values(*(f"task_type__{n}" for n in TASK_TYPE))
        ],
        "task_statuses": shown,
    }
