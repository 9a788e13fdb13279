"""The routes of assets, of their types and of their sharing."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import NewAssetSchema, SetSharedAssetsSchema
from assets.api.views.base import EntityViewSet, by_criteria
from assets.api.views.boards import BoardRoutes
from assets.api.views.deletion import MAY_DELETE, DeletionRoutes
from assets.models import Entity, EntityLink
from assets.querysets import ASSET, SHOT, TEMPORAL, EntityQuerySet
from assets.readers import ASSET_TYPE, ENTITIES
from assets.rules.creation import create_asset
from assets.rules.sharing import share_assets
from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.filters import UuidFilter, filterset_for
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.errors import NotFound, WrongParameter
from people.permissions import (
    any_person,
    in_production,
    is_human,
    manages_production,
    may_open_entity,
    team_project_ids,
    within_own_productions,
)
from production.models import EntityType


def refuse_malformed(value: Any) -> None:
    """Raises WrongParameter where an id of the path is none."""
    if not is_uuid(str(value)):
        raise WrongParameter(f"Invalid UUID value: {value}")


class AssetViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/assets` and the assets of a production."""

    kind = ASSET
    access = {
        "list": within_own_productions,
        "with_tasks": within_own_productions,
        "of_production": in_production,
        "of_type": in_production,
        "retrieve": may_open_entity,
        "destroy": MAY_DELETE,
        "make": manages_production,
        "cast": may_open_entity,
        "shared_used": in_production,
    }

    def list(self, request: Request) -> Any:
        """Assets by criteria: of a production, of an episode, or of all productions that the person works on."""
        params = request.query_params
        if "project_id" in params:
            return self.chosen(params["project_id"])
        if "episode_id" in params:
            project_id = self.episode_of(params["episode_id"]).project_id
            return self.chosen(project_id, project_id=project_id)
        rows = by_criteria(self.entities(), self.without("episode_id"))
        if not self.person.is_admin:
            rows = rows.filter(project_id__in=team_project_ids(self.person))
        role = self.role_everywhere()
        return self.answer(self.own(rows, role), role)

    def chosen(self, production: Any, /, **forced: Any) -> Any:
        """A production's assets by criteria, `forced` ones of the path; those of an episode are its own and those cast in it."""
        role = self.enter(production, check=in_production)
        for value in forced.values():
            refuse_malformed(value)
        rows = by_criteria(self.entities(), self.without("episode_id"), **forced)
        if episode_id := self.request.query_params.get("episode_id"):
            rows = rows.of_episode(self.episode_of(episode_id).pk)
        return self.answer(self.own(rows, role), role, production)

    def without(self, *names: str) -> Any:
        """The query string without some names."""
        params = self.request.query_params.copy()
        for name in names:
            params.pop(name, None)
        return params

    def of_production(self, request: Request, project_id: str) -> Any:
        """The assets of a production."""
        return self.chosen(project_id, project_id=project_id)

    def of_type(self, request: Request, project_id: str, asset_type_id: str) -> Any:
        """The assets of one type in a production."""
        return self.chosen(project_id, project_id=project_id, entity_type_id=asset_type_id)

    def retrieve(self, request: Request, asset_id: UUID) -> Response:
        """An asset with its tasks and the episodes that it is cast in."""
        asset = self.open(asset_id)
        row = ENTITIES[ASSET].one(asset.pk)
        names = {"asset_type_id": str(asset.entity_type_id), "asset_type_name": asset.entity_type.name}
        del row["source_id"], row["nb_frames"]
        return Response({**row, "project_name": asset.project.name, **names, **self.board_row(asset)})

    def make(self, request: Request, project_id: UUID, asset_type_id: UUID) -> Response:
        """Makes an asset of a type."""
        body = typed_body(request, NewAssetSchema)
        return self.made(project_id, lambda pk, **values: create_asset(pk, asset_type_id, **values), **body.model_dump())

    def cast(self, request: Request, asset_id: UUID) -> Any:
        """The assets cast in an asset."""
        return json_array(ENTITIES[ASSET].rows(self.entities().cast_in(self.open(asset_id).pk)))

    def shared_used(self, request: Request, project_id: UUID, episode_id: str = "all") -> Any:
        """Shared assets of other productions that shots of this one, or of one episode of it, are cast with."""
        self.enter(project_id)
        links = EntityLink.objects.order_by().filter(
            entity_in__project_id=project_id, entity_in__entity_type__name=SHOT, entity_in__parent__isnull=False
        )
        if episode_id not in ("main", "all"):
            links = links.filter(entity_in__parent__parent_id=self.path_id(episode_id))
        rows = self.entities().live().filter(is_shared=True, pk__in=links.values("entity_out_id"))
        return json_array(ENTITIES[ASSET].rows(rows.exclude(project_id=project_id)))


class SharingViewSet(EntityViewSet):
    """`/actions/…/assets/share`."""

    kind = ASSET
    access = {"share": manages_production, "share_of_production": manages_production, "share_of_type": manages_production}

    def share(self, request: Request) -> Any:
        """Shares assets of any productions that the person manages, or ends it."""
        body = typed_body(request, SetSharedAssetsSchema)
        wanted = set(body.asset_ids or ())
        rows = self.entities().filter(pk__in=wanted)
        projects = dict(rows.values_list("pk", "project_id"))
        if len(projects) < len(wanted):
            raise NotFound()
        for project_id in set(projects.values()):
            self.authorise(Scope(project_id=project_id))
        self.authorised = True
        return self.shared(rows, body.is_shared)

    def share_of_production(self, request: Request, project_id: UUID) -> Any:
        """Shares some or all assets of a production, or ends it."""
        body = typed_body(request, SetSharedAssetsSchema)
        self.enter(project_id)
        rows = self.entities().filter(project_id=project_id)
        return self.shared(rows.filter(pk__in=body.asset_ids) if body.asset_ids else rows, body.is_shared)

    def share_of_type(self, request: Request, project_id: UUID, asset_type_id: UUID) -> Any:
        """Shares all assets of one type in a production, or ends it."""
        body = typed_body(request, SetSharedAssetsSchema)
        self.enter(project_id)
        return self.shared(self.entities().filter(project_id=project_id, entity_type_id=asset_type_id), body.is_shared)

    def shared(self, rows: EntityQuerySet, is_shared: bool) -> Any:
        """The assets as they are now."""
        return json_array(ENTITIES[ASSET].rows(Entity.objects.order_by().filter(pk__in=share_assets(rows, is_shared=is_shared))))


TYPE_CRITERIA = filterset_for(ASSET_TYPE, project_id=UuidFilter(field_name="entities__project_id"))


class AssetTypeViewSet(EntityViewSet):
    """`/data/asset-types`: the entity types that are types of assets."""

    kind = ASSET
    access = {
        "list": any_person,
        "retrieve": any_person,
        "of_production": in_production,
        "of_shot": in_production,
        "mine": is_human,
    }

    def types(self) -> "QuerySet[EntityType]":
        """All of them."""
        return EntityType.objects.order_by().exclude(name__in=TEMPORAL)

    def list(self, request: Request) -> Any:
        """Types of assets by criteria, with their workflows."""
        rows = TYPE_CRITERIA(request.query_params, queryset=self.types()).qs
        return json_array(ASSET_TYPE.rows(rows.distinct(), relations=True))

    def retrieve(self, request: Request, asset_type_id: str) -> Response:
        """One type of assets with its workflow."""
        if not is_uuid(asset_type_id) or not self.types().filter(pk=asset_type_id).exists():
            raise NotFound()
        return Response(ASSET_TYPE.one(asset_type_id))

    def of_production(self, request: Request, project_id: str) -> Any:
        """The types of a production's assets."""
        self.enter(project_id)
        refuse_malformed(project_id)
        return self.types_of(Entity.objects.filter(project_id=project_id))

    def of_shot(self, request: Request, shot_id: UUID) -> Any:
        """The types of the assets cast in a shot."""
        return self.types_of(Entity.objects.cast_in(self.open(shot_id, kind=SHOT).pk))

    def mine(self, request: Request, project_id: UUID) -> Any:
        """The types of the assets with a task of this person."""
        return self.types_of(Entity.objects.filter(project_id=project_id).assigned_to(request.user))

    def types_of(self, assets: EntityQuerySet) -> Any:
        """The types of these entities, each once."""
        return json_array(ASSET_TYPE.rows(self.types().filter(pk__in=assets.order_by().values("entity_type_id"))))
