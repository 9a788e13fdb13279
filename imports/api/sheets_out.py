"""The routes by which sheets go out."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request

from assets.querysets import ASSET, EDIT, SHOT
from core.api.access import Scope, check
from core.api.converters import is_uuid
from core.api.views import ApiViewSet
from core.errors import NotFound, WrongParameter
from imports.api.answers import WITH_CHARSET, csv_answer
from imports.exports import studio
from imports.exports.casting import CastingExport
from imports.exports.entities import EntityExport, Question
from imports.exports.playlists import PlaylistExport
from imports.sheets.writing import file_name
from people.models import Person
from people.permissions import in_production, is_no_vendor, manages_somewhere, role_in
from playlists.models import Playlist
from production.models import Project

BAD_ID = "Invalid UUID format for {name}: {value}"


@check(scoped=True)
def reviews_playlist(person: Person, scope: Scope) -> bool:
    """Manages or supervises the playlist's production; a client where the playlist is for clients."""
    found = role_in(person, scope.project_id)
    return found in ("admin", "manager", "supervisor") or (found == "client" and bool(scope.instance.for_client))


class StudioSheetViewSet(ApiViewSet):
    """`/export/csv/….csv`: sheets of the whole studio."""

    access = dict.fromkeys(("persons", "projects", "task_types", "tasks", "time_spents"), manages_somewhere)

    def persons(self, request: Request) -> Any:
        """People, in the form that the import reads."""
        return csv_answer(studio.PEOPLE, studio.people(), file_name("people export"), WITH_CHARSET)

    def projects(self, request: Request) -> Any:
        """Productions and their statuses."""
        return csv_answer(("Name", "Status"), studio.productions(request.user), file_name("export"), WITH_CHARSET)

    def task_types(self, request: Request) -> Any:
        """Task types by department."""
        return csv_answer(("Department", "Name"), studio.task_types(), file_name("export"), WITH_CHARSET)

    def tasks(self, request: Request) -> Any:
        """Tasks of open productions."""
        return csv_answer(studio.TASKS, studio.tasks(request.user), file_name("tasks export"), WITH_CHARSET)

    def time_spents(self, request: Request) -> Any:
        """Time spent on open productions."""
        name = file_name(studio.today_of(request.user), "open projects time spents export")
        return csv_answer(studio.TIME_SPENTS, studio.time_spents(request.user), name, WITH_CHARSET)


class ProductionSheetViewSet(ApiViewSet):
    """`/export/csv/projects/<id>/….csv`: sheets of a production."""

    access = dict.fromkeys(("assets", "shots", "edits", "casting"), in_production & is_no_vendor)

    def open(self, project_id: UUID) -> Project:
        """The production, once the person may read it. Raises NotFound, Forbidden."""
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise NotFound()
        self.authorise(Scope(project_id=project.pk))
        return project

    def id_asked(self, name: str, *words: str) -> str | None:
        """An id of the query string, or one of some words. Raises WrongParameter."""
        value = self.request.query_params.get(name)
        if value and value not in words and not is_uuid(value):
            raise WrongParameter(BAD_ID.format(name=name, value=value[:200]))
        return value or None

    def answer(self, project_id: UUID, kind: str, name: str, **asked: Any) -> Any:
        """The sheet of one kind of entity."""
        project, person = self.open(project_id), self.request.user
        question = Question(person, role_in(person, project.pk) or "", **asked)
        export = EntityExport(project, kind, question)
        return csv_answer(export.header, export.rows(), file_name(project.name, name))

    @property
    def asked(self) -> dict[str, Any]:
        """What the query string narrows a sheet to."""
        return {
            "entity_id": self.id_asked("id"),
            "episode_id": self.id_asked("episode_id", "main", "all"),
            "only_own": "assigned_to" in self.request.query_params,
        }

    def assets(self, request: Request, project_id: UUID) -> Any:
        """Assets with metadata, statuses and assignees."""
        return self.answer(project_id, ASSET, "assets", **self.asked)

    def shots(self, request: Request, project_id: UUID) -> Any:
        """Shots with frames, metadata, statuses and assignees."""
        return self.answer(project_id, SHOT, "shots", **self.asked)

    def edits(self, request: Request, project_id: UUID) -> Any:
        """Edits with metadata, statuses and assignees."""
        return self.answer(project_id, EDIT, "edits")

    def casting(self, request: Request, project_id: UUID) -> Any:
        """Castings, in the form that the import reads."""
        project = self.open(project_id)
        of_shots = request.query_params.get("is_shot_casting", "").lower() == "true"
        export = CastingExport(project, episode_id=self.id_asked("episode_id", "main", "all"), of_shots=of_shots)
        return csv_answer(export.header, export.rows(), file_name(project.name, "casting"))


class PlaylistSheetViewSet(ApiViewSet):
    """`/export/csv/playlists/<id>`."""

    access = {"playlist": reviews_playlist}

    def playlist(self, request: Request, playlist_id: UUID) -> Any:
        """A playlist with the state of its tasks and the last comments."""
        playlist = Playlist.objects.select_related("project", "episode").filter(pk=playlist_id).first()
        if playlist is None:
            raise NotFound()
        self.authorise(Scope(project_id=playlist.project_id, instance=playlist))
        export = PlaylistExport(playlist, by=request.user, role=role_in(request.user, playlist.project_id) or "")
        project_name = playlist.project.name if playlist.project else ""
        return csv_answer(export.header, export.rows(), file_name(project_name, "playlist", playlist.name))
