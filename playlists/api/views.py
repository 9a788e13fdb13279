"""The routes of playlists."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from assets.querysets import EPISODE
from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.pagination import ListOptions, number
from core.api.parsers import refuse_nul, typed_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer, serializer_for
from core.api.values import as_uuid, is_true
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import Forbidden, NotFound, WrongParameter
from core.projection import Row
from core.sql import Prepared
from people.permissions import (
    in_production,
    is_admin,
    is_no_vendor,
    is_no_vendor_anywhere,
    manages_production,
    role_in,
    supervises_production,
)
from playlists.api.bodies import NewEntries, NewEntry, Notice, Selection
from playlists.models import Playlist
from playlists.permissions import changes_playlist, refuse_foreign_work, sees_playlist
from playlists.readers import FIRST_PREVIEW, LISTED, PLAYLIST, SHORT_BUILD
from playlists.review import reviewed
from playlists.rules.notices import notify_clients
from playlists.rules.playlists import add_entities, change_playlist, create_playlist, delete_playlist
from playlists.temporary import chosen_tasks, temporary_entries
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
        "notify": manages_production,
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

    def authorised(self, pk: UUID) -> Playlist:
        """The playlist, once this person may do to it what they ask. Raises NotFound, Forbidden."""
        self.kwargs["pk"] = str(pk)
        playlist: Playlist = self.get_object()
        self.authorise(self.scope_of(playlist))
        return playlist

    def notify(self, request: Request, pk: UUID) -> Response:
        """Tells the clients of the production that the playlist is ready."""
        playlist = self.authorised(pk)
        body = typed_body(request, Notice)
        notify_clients(playlist, studio_id=body.studio_id, department_id=body.department_id, by=request.user)
        return Response({"status": "success"})

    def add(self, pk: UUID, entries: Any) -> Response:
        """Adds entities once this person may; only then their body is read."""
        playlist = self.authorised(pk)
        wanted = [(entry.entity_id, entry.preview_file_id) for entry in entries()]
        add_entities(playlist, wanted, by=self.request.user)
        return Response(PLAYLIST.one(pk, relations=False))


class ProjectPlaylistViewSet(ApiViewSet):
    """`/data/projects/<id>/playlists`."""

    access = {
        **dict.fromkeys(("list", "of_episode"), in_production & is_no_vendor),
        "all": is_admin,
        "retrieve": sees_playlist,
        "temporary": in_production,
    }

    def enter(self, project_id: UUID) -> None:
        """Lets the person into the production. Raises Forbidden, or NotFound where there is none."""
        try:
            self.authorise(Scope(project_id=project_id))
        except Forbidden:
            existing(project_id)
            raise

    def list(self, request: Request, project_id: UUID) -> Any:
        """A page of the production's playlists."""
        self.enter(project_id)
        if request.query_params.get("task_type_id"):
            return self.page(existing(project_id), Playlist.objects.filter(project_id=project_id))
        as_client = role_in(request.user, project_id) == "client"
        names, values = page_statement(as_client, self.order(), self.start()).fetch(project_id)
        if not values:
            existing(project_id)
        return json_array(listed(dict(zip(names, row, strict=True))) for row in values)

    def of_episode(self, request: Request, project_id: UUID, episode_id: str) -> Any:
        """A page of those of an episode, or of none: `main` and `all` tell apart what is for all episodes."""
        self.enter(project_id)
        playlists = Playlist.objects.filter(project_id=existing(project_id))
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
        rows = playlists.order_by(self.order(), "id")[self.start() : self.start() + PAGE]
        return json_array(map(listed, rows.values(*LISTED, first=FIRST_PREVIEW)))

    def order(self) -> str:
        """The column to sort by, dates backwards; by default the last changed come first."""
        by = self.request.query_params.get("sort_by")
        if by not in PLAYLIST.columns or by == "shots":
            by = "updated_at"
        return f"-{by}" if by in NEWEST_FIRST else by

    def start(self) -> int:
        """How many playlists come before the page that is asked for."""
        return (max(1, number(self.request.query_params, "page", 1)) - 1) * PAGE

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
        return Response({**row, "build_jobs": jobs, "shots": reviewed(playlist.shots, project_id)})

    def temporary(self, request: Request, project_id: UUID) -> Response:
        """A playlist of tasks and entities that is stored nowhere. A vendor needs a task of each of the entities."""
        self.enter(project_id)
        body = typed_body(request, Selection)
        tasks = chosen_tasks(existing(project_id), body.task_ids, body.entity_ids)
        refuse_foreign_work(request.user, project_id, {row["entity_id"] for row in tasks})
        return Response(temporary_entries(project_id, tasks, ordered=is_true(request.query_params.get("sort"))))


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


@lru_cache(64)
def page_statement(as_client: bool, order: str, start: int) -> Prepared:
    """The statement that reads a page of a production's playlists; the pages that clients ask for most are kept."""
    own = {"for_client": True} if as_client else {}

    def of_project(project_id: Any) -> Any:
        playlists = Playlist.objects.filter(project_id=project_id, **own).order_by(order, "id")
        return playlists.values(*LISTED, first=FIRST_PREVIEW)[start : start + PAGE]

    return Prepared(of_project)


def listed(row: Row) -> Row:
    """A playlist as lists show it: its first preview in place of its entries."""
    first = row.pop("first")
    shown = {**row, "type": "Playlist", "for_entity": row["for_entity"] or "shot"}
    return {**shown, "first_preview_file_id": first} if first else shown
