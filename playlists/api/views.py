"""The routes of playlists."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from assets.querysets import EPISODE
from core.api.access import Scope, check
from core.api.converters import is_uuid
from core.api.pagination import ListOptions, number
from core.api.parsers import refuse_nul, typed_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer, serializer_for
from core.api.values import as_uuid
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import NotFound, WrongParameter
from core.projection import Row
from people.permissions import (
    in_production,
    is_admin,
    is_no_vendor,
    is_no_vendor_anywhere,
    manages_production,
    role_in,
    supervises_production,
)
from playlists.api.bodies import NewEntries, NewEntry
from playlists.models import Playlist
from playlists.readers import LISTED, PLAYLIST, SHORT_BUILD
from playlists.review import reviewed
from playlists.rules.playlists import add_entities, change_playlist, create_playlist, delete_playlist
from production.models import Project
from tasks.querysets import as_client, as_vendor

PAGE = 20
BAD_ENTITY = "for_entity must be one of shot, asset, sequence, edit, episode"
NEWEST_FIRST = ("created_at", "updated_at")


class PlaylistInput(serializer_for(Playlist, protected=("created_by",))):  # type: ignore[misc]
    """What may be written of a playlist."""

    def to_internal_value(self, data: dict[str, Any]) -> dict[str, Any]:
        """The values by column. A creation takes `all` and `main` for no episode, and no task type for a malformed one."""
        kinds = [code for code, _ in self.Meta.columns["for_entity"].choices or []]
        if data.get("for_entity") is not None and data["for_entity"] not in kinds:
            raise WrongParameter(BAD_ENTITY)
        data = dict(data)
        if self.instance is None:
            if data.get("episode_id") in ("all", "main"):
                data["episode_id"] = None
            if not is_uuid(data.get("task_type_id")):
                data.pop("task_type_id", None)
        elif isinstance(data.get("shots"), list):
            data["shots"] = [shot for shot in data["shots"] if isinstance(shot, dict)]
        return super().to_internal_value(data)


@check(scoped=True)
def sees_playlist(person: Any, scope: Scope) -> bool:
    """Member, no vendor; a client only where the playlist is for clients."""
    found = role_in(person, scope.project_id)
    if found in (None, "vendor"):
        return False
    playlist = scope.instance
    for_client = playlist["for_client"] if isinstance(playlist, dict) else playlist.for_client
    return found != "client" or bool(for_client)


@check(scoped=True)
def made_playlist(person: Any, scope: Scope) -> bool:
    """Supervisor of the production who made the playlist, or whose playlist nobody knows who made it."""
    is_own = scope.instance.created_by in (None, person.pk)
    return is_own and role_in(person, scope.project_id) == "supervisor"


changes_playlist = manages_production | made_playlist


class PlaylistViewSet(ResourceViewSet):
    """`/data/playlists`, and adding to one."""

    reader = PLAYLIST
    row_serializer = PlaylistInput
    production = "project_id"
    access = {
        "list": is_no_vendor_anywhere,
        "retrieve": sees_playlist,
        "create": supervises_production,
        "update": changes_playlist,
        "destroy": changes_playlist,
        "add_entity": changes_playlist,
        "add_entities": changes_playlist,
    }

    def visible(self, queryset: Any) -> Any:
        """Those of the person's productions, other than as a vendor; as a client, those for clients."""
        person = self.request.user
        if person.is_admin:
            return queryset
        links = person.team_links.order_by().exclude(as_vendor(person))
        client = as_client(person)
        return queryset.filter(
            Q(project_id__in=links.exclude(client).values("project_id"))
            | Q(project_id__in=links.filter(client).values("project_id"), for_client=True)
        )

    def perform_create(self, serializer: RowSerializer) -> Playlist:
        """Makes the playlist."""
        return create_playlist(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> Playlist:
        """Changes it."""
        return change_playlist(serializer.instance, serializer.columns, by=self.request.user)

    def perform_destroy(self, instance: Playlist) -> None:
        """Deletes it."""
        delete_playlist(instance, by=self.request.user)

    def add_entity(self, request: Request, pk: UUID) -> Response:
        """Adds one entity."""
        return self.add(pk, lambda: [typed_body(request, NewEntry)])

    def add_entities(self, request: Request, pk: UUID) -> Response:
        """Adds several."""
        return self.add(pk, lambda: typed_body(request, NewEntries).entities)

    def add(self, pk: UUID, entries: Any) -> Response:
        """Adds entities once this person may; only then their body is read."""
        self.kwargs["pk"] = str(pk)
        playlist = self.get_object()
        self.authorise(self.scope_of(playlist))
        wanted = [(entry.entity_id, entry.preview_file_id) for entry in entries()]
        add_entities(playlist, wanted, by=self.request.user)
        return Response(PLAYLIST.one(pk, relations=False))


class ProjectPlaylistViewSet(ApiViewSet):
    """`/data/projects/<id>/playlists`."""

    access = {
        **dict.fromkeys(("list", "of_episode"), in_production & is_no_vendor),
        "all": is_admin,
        "retrieve": sees_playlist,
    }

    def list(self, request: Request, project_id: UUID) -> Any:
        """A page of the production's playlists."""
        self.authorise(Scope(project_id=existing(project_id)))
        return self.page(project_id, Playlist.objects.filter(project_id=project_id))

    def of_episode(self, request: Request, project_id: UUID, episode_id: str) -> Any:
        """A page of those of an episode, or of none: `main` and `all` tell apart what is for all episodes."""
        self.authorise(Scope(project_id=existing(project_id)))
        playlists = Playlist.objects.filter(project_id=project_id)
        if episode_id in ("main", "all"):
            playlists = playlists.filter(Q(is_for_all=True) if episode_id == "all" else ~Q(is_for_all=True), episode=None)
        else:
            playlists = playlists.filter(episode_id=episode_of(episode_id))
        for_entity = request.query_params.get("for_entity")
        refuse_nul(for_entity)
        if for_entity:
            playlists = playlists.filter(for_entity=for_entity)
        return self.page(project_id, playlists)

    def page(self, project_id: UUID, playlists: QuerySet[Playlist]) -> Any:
        """Twenty of the playlists, in the order asked for."""
        params = self.request.query_params
        if role_in(self.request.user, project_id) == "client":
            playlists = playlists.filter(for_client=True)
        if params.get("task_type_id"):
            playlists = playlists.filter(task_type_id=as_uuid(params["task_type_id"], WrongParameter("Invalid task_type_id.")))
        by = params.get("sort_by")
        if by not in PLAYLIST.columns or by == "shots":
            by = "updated_at"
        start = (max(1, number(params, "page", 1)) - 1) * PAGE
        rows = playlists.order_by(f"-{by}" if by in NEWEST_FIRST else by, "id")[start : start + PAGE].values(*LISTED)
        return json_array(map(listed, rows))

    def all(self, request: Request, project_id: UUID) -> Any:
        """The whole playlists of the production, or one page of them."""
        playlists = Playlist.objects.filter(project_id=existing(project_id)).order_by("-updated_at", "id")
        options = ListOptions.of(request.query_params)
        if options.page < 1:
            return json_array(PLAYLIST.rows(playlists, relations=True))
        rows = PLAYLIST.rows(options.slice(playlists), relations=True)
        return Response(options.envelope(list(rows), playlists.count()))

    def retrieve(self, request: Request, project_id: UUID, pk: UUID) -> Response:
        """A playlist with the previews of its entities."""
        playlist = Playlist.objects.filter(pk=pk, project_id=project_id).first()
        if playlist is None:
            raise NotFound()
        self.authorise(Scope(project_id=project_id, instance=playlist))
        jobs = list(playlist.build_jobs.order_by("-created_at").values(*SHORT_BUILD))
        row = PLAYLIST.one(pk, relations=False)
        return Response({**row, "build_jobs": jobs, "shots": reviewed(playlist.shots)})


def existing(project_id: UUID) -> UUID:
    """The id of a production that there is. Raises NotFound."""
    if not Project.objects.filter(pk=project_id).exists():
        raise NotFound()
    return project_id


def episode_of(episode_id: str) -> UUID:
    """The id of an episode that there is; one of another production has no playlists here. Raises NotFound."""
    pk = as_uuid(episode_id, NotFound())
    if not Entity.objects.filter(pk=pk, entity_type__name=EPISODE).exists():
        raise NotFound()
    return pk


def listed(row: Row) -> Row:
    """A playlist as lists show it: its first preview in place of its entries."""
    shots = row.pop("shots") or []
    first = shots[0].get("preview_file_id") if shots else None
    shown = {**row, "type": "Playlist", "for_entity": row["for_entity"] or "shot"}
    return {**shown, "first_preview_file_id": first} if first else shown
