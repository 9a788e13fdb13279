"""Playlists: what they list, and keeping it true."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from assets.models import Entity
from core.api.converters import is_uuid
from core.errors import REFERENCED, RowRefused
from core.signals import row_leaving
from core.transactions import whole_step
from events.emit import emit
from files.models import PreviewFile
from files.rules.removal import drop_objects
from files.storage import MOVIES
from people.models import Person
from playlists.models import Playlist
from playlists.rules.building import STORED
from tasks.models import Notification

Shot = dict[str, Any]


def owners_of(previews: Iterable[Any]) -> dict[str, str]:
    """The entity that each of these previews shows. One statement."""
    ids = {str(pk).lower() for pk in previews if is_uuid(str(pk))}
    rows = PreviewFile.objects.order_by().filter(pk__in=ids).values_list("pk", "task__entity_id") if ids else ()
    return {str(pk): str(entity_id) for pk, entity_id in rows}


def pinned(shots: list[Shot] | None) -> list[Shot] | None:
    """The entries with the ids of their previews in lower case; a preview of another entity is unpinned."""
    if not shots:
        return shots
    owners = owners_of(shot.get("preview_file_id") for shot in shots)
    kept = []
    for shot in shots:
        if "preview_file_id" in shot:
            preview_id = str(shot["preview_file_id"] or "").lower()
            entity_id = str(shot.get("entity_id") or shot.get("id") or "").lower()
            is_own = preview_id in owners and owners[preview_id] == entity_id
            shot = {**shot, "preview_file_id": preview_id if is_own else None}
        kept.append(shot)
    return kept


def reduced(shots: Any) -> list[Shot]:
    """The entries as they are stored: an entity, and the preview of it that is pinned."""
    entries = [shot for shot in shots or [] if isinstance(shot, dict) and (shot.get("entity_id") or shot.get("id"))]
    named = [
        {"entity_id": str(shot.get("entity_id") or shot["id"]), "preview_file_id": shot.get("preview_file_id")} for shot in entries
    ]
    return pinned(named) or []


def check_episode(episode_id: Any, project_id: Any) -> None:
    """A playlist's episode is one of its production. Raises RowRefused."""
    if episode_id is None:
        return
    if not Entity.objects.filter(pk=episode_id, project_id=project_id).exists():
        raise RowRefused(REFERENCED)


@whole_step()
def create_playlist(values: dict[str, Any], *, by: Person) -> Playlist:
    """Make a playlist; who makes it is its creator."""
    check_episode(values.get("episode_id"), values["project_id"])
    values = {**values, "shots": pinned(values.get("shots")), "created_by": by.pk}
    playlist = Playlist.objects.create(**values)
    tell(playlist, "new", by=by)
    return playlist


@whole_step()
def change_playlist(playlist: Playlist, values: dict[str, Any], *, by: Person) -> Playlist:
    """Change a playlist; its entries are replaced as a whole."""
    locked = lock(playlist)
    check_episode(values.get("episode_id"), locked.project_id)
    if "shots" in values:
        values = {**values, "shots": reduced(values["shots"])}
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    tell(locked, "update", by=by)
    return locked


@whole_step()
def delete_playlist(playlist: Playlist, *, by: Person) -> None:
    """Delete a playlist with its notifications, builds and share links."""
    pk, project_id = playlist.pk, playlist.project_id
    Notification.objects.filter(playlist=playlist).delete()
    for job_id in playlist.build_jobs.values_list("pk", flat=True):
        emit("build-job:delete", {"build_job_id": job_id, "playlist_id": pk}, project_id=project_id, by=by)
        drop_objects([(MOVIES, STORED)], job_id, force=True)
    row_leaving.send(Playlist, instance=playlist, by=by)
    playlist.delete()
    playlist.pk = pk
    tell(playlist, "delete", by=by)


def lock(playlist: Playlist) -> Playlist:
    """The playlist, held until the step ends: whoever changes its entries waits for the other."""
    return Playlist.objects.order_by().select_for_update(of=("self",)).get(pk=playlist.pk)


def tell(playlist: Playlist, act: str, *, by: Person) -> None:
    """Tell that a playlist was made, changed or deleted."""
    emit(f"playlist:{act}", {"playlist_id": playlist.pk}, project_id=playlist.project_id, by=by)


def latest_previews(entity_ids: Iterable[UUID], task_type_id: Any) -> dict[UUID, str]:
    """The last preview of each entity, of one task type if the playlist is about one. One statement."""
    previews = PreviewFile.objects.filter(task__entity_id__in=list(entity_ids))
    if task_type_id:
        previews = previews.filter(task__task_type_id=task_type_id)
    rows = previews.order_by("revision", "created_at").values_list("task__entity_id", "pk")
    return {entity_id: str(pk) for entity_id, pk in rows}


@whole_step()
def add_entities(playlist: Playlist, wanted: list[tuple[UUID, UUID | None]], *, by: Person) -> Playlist:
    """Add entities at the end, each with its preview or, for none or a foreign one, its latest; a couple stands there once."""
    locked = lock(playlist)
    project_id: Any = locked.project_id
    known = Entity.objects.filter(pk__in=[pk for pk, _ in wanted], project_id=project_id)
    if set(known.values_list("pk", flat=True)) != {pk for pk, _ in wanted}:
        raise RowRefused(REFERENCED)
    owners = owners_of(preview_id for _, preview_id in wanted)
    latest = latest_previews([pk for pk, _ in wanted], locked.task_type_id)
    shots = list(locked.shots or [])
    present = {(str(shot.get("entity_id")), shot.get("preview_file_id")) for shot in shots}
    for entity_id, preview_id in wanted:
        is_own = preview_id is not None and owners.get(str(preview_id)) == str(entity_id)
        chosen = str(preview_id) if is_own else latest.get(entity_id)
        if (str(entity_id), chosen) in present:
            continue
        present.add((str(entity_id), chosen))
        shots.append({"entity_id": str(entity_id), **({"preview_file_id": chosen} if chosen else {})})
        payload = {"playlist_id": locked.pk, "entity_id": entity_id, "preview_file_id": chosen}
        emit("playlist:add_entity", payload, project_id=locked.project_id, by=by)
    locked.shots = shots
    locked.save(update_fields=["shots"])
    return locked
