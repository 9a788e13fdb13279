"""The sheet of a playlist: each entry with the state of its task and what was said last."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from assets.models import Entity
from assets.querysets import SHOT
from core.api.converters import is_uuid
from files.models import PreviewFile
from imports.exports.studio import entity_name, local
from people.models import Person
from playlists.models import Playlist
from tasks.listings import author_role
from tasks.models import Comment

COLUMNS = (
    *("Entity name", "Nb Frames", "Task Type", "Retake count", "Revision", "Task Status"),
    *("Last comment author", "Last comment date", "Last comment"),
)
WIDTH = 7
Cells = list[Any]


class PlaylistExport:
    """A playlist for one reader. Three statements, however many entries; a client reads what is for clients."""

    def __init__(self, playlist: Playlist, *, by: Person, role: str) -> None:
        self.playlist, self.by, self.role = playlist, by, role
        shots = [shot for shot in playlist.shots or [] if isinstance(shot, dict)]
        self.entries = [(shot.get("entity_id") or shot.get("id"), shot.get("preview_file_id")) for shot in shots]
        self.entities = self.read_entities()
        self.previews = self.read_previews()
        self.comments = self.read_comments()

    def read_entities(self) -> dict[str, Entity]:
        """The entities of the entries."""
        ids = {str(pk) for pk, _ in self.entries if is_uuid(pk)}
        found = Entity.objects.order_by().filter(pk__in=ids, project=self.playlist.project)
        return {str(entity.pk): entity for entity in found.select_related("entity_type", "parent__parent").defer("data")}

    def read_previews(self) -> dict[str, PreviewFile]:
        """The previews of the entries, each with its task."""
        ids = {str(pk) for _, pk in self.entries if is_uuid(pk)}
        found = PreviewFile.objects.order_by().filter(pk__in=ids, task__project=self.playlist.project)
        previews = found.select_related("task__task_type", "task__task_status").only(
            "revision", "task__retake_count", "task__task_type__name", "task__task_status__name"
        )
        return {str(preview.pk): preview for preview in previews}

    def read_comments(self) -> dict[Any, dict[str, Any]]:
        """The last comment on each task that no client wrote."""
        task_ids = {preview.task_id for preview in self.previews.values() if preview.task_id}
        said = Comment.objects.order_by().filter(object_id__in=task_ids)
        said = said.annotate(author_role=author_role(self.playlist.project_id)).exclude(author_role="client")
        if self.role == "client":
            said = said.filter(for_client=True)
        newest = Window(RowNumber(), partition_by="object_id", order_by=[F("created_at").desc(), F("id").desc()])
        last = said.annotate(place=newest).filter(place=1)
        names = ("object_id", "text", "created_at", "person__first_name", "person__last_name")
        return {row["object_id"]: row for row in last.values(*names)}

    @property
    def header(self) -> Cells:
        """The first line: what the playlist is."""
        project, episode = self.playlist.project, self.playlist.episode
        kind = "shots" if self.playlist.for_entity == "shot" else "assets"
        name = f"{project.name if project else ''}{f' - {episode.name}' if episode else ''} | for {kind}"
        return ["Playlist", name, self.playlist.name, self.moment(self.playlist.created_at), "", "", ""]

    def rows(self) -> Iterator[Cells]:
        """An empty line, the names of the columns, and the entries in their order."""
        yield [""] * WIDTH
        yield list(COLUMNS)
        for entity_id, preview_id in self.entries:
            entity = self.entities.get(str(entity_id).lower())
            if entity is not None:
                yield self.row(entity, self.previews.get(str(preview_id).lower()))

    def row(self, entity: Entity, preview: PreviewFile | None) -> Cells:
        """An entry; what an entry without a preview does not have is empty."""
        parent = entity.parent
        if entity.entity_type.name == SHOT and parent is not None:
            name = entity_name(parent.parent.name if parent.parent else None, parent.name, entity.name)
        else:
            name = entity.name if entity.entity_type.name == SHOT else entity_name(entity.entity_type.name, entity.name)
        cells: Cells = [name, entity.nb_frames]
        if preview is None or preview.task is None:
            return cells + [""] * (len(COLUMNS) - len(cells))
        task = preview.task
        retakes = 0 if self.role == "client" else task.retake_count
        cells += [task.task_type and task.task_type.name, retakes, preview.revision, task.task_status and task.task_status.name]
        return cells + self.said_of(task.pk)

    def said_of(self, task_id: Any) -> Cells:
        """Author, moment and text of a task's last comment."""
        last = self.comments.get(task_id)
        if last is None:
            return ["", "", ""]
        author = f"{last['person__first_name']} {last['person__last_name']}".strip()
        return [author, self.moment(last["created_at"]), last["text"]]

    def moment(self, moment: datetime) -> str:
        """A moment in the reader's time zone."""
        return f"{local(moment, self.by):%Y-%m-%dT%H:%M:%S}"
