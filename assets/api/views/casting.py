"""The routes of casting: who stands in what, and of the links themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import CastAssetSchema, CastingEntrySchema
from assets.api.views.base import ENTITY_WITH_TYPE, Entering, EntityViewSet, is_of_kind
from assets.casting import by_entity, by_shot, cast_in_assets, cast_in_shots, casting_of, dated, link_rows
from assets.models import Entity, EntityLink
from assets.querysets import ASSET, SEQUENCE, SHOT, TEMPORAL
from assets.readers import ENTITY_LINK
from assets.rules.castings import cast_asset, castable, remove_link, replace_casting, replace_castings
from core.api.converters import is_uuid
from core.api.pagination import ListOptions, number
from core.api.parsers import Unreadable, is_json, loose_body, typed_body
from core.api.renderers import json_array
from core.api.values import as_datetime, as_integer
from core.api.views import ResourceViewSet
from core.errors import NOT_JSON, Forbidden, NotFound, Refusal, WrongBody, WrongParameter
from people.permissions import in_production, is_admin, is_no_vendor, manages_production, may_open_entity
from production.models import EntityType

READ = in_production & is_no_vendor
NO_ARRAY = "Request body must be a JSON array"
NO_CASTINGS = "Request body must be a JSON object mapping entity ids to casting arrays"


def json_body(request: Request) -> Any:
    """The JSON value sent. Raises Unreadable for another kind of content."""
    if not is_json(request):
        raise Unreadable(NOT_JSON, 415)
    return request.data


def entries_of(body: list[Any]) -> list[dict[str, Any]]:
    """The complete entries of a casting. Raises WrongParameter where one can't be read."""
    entries = []
    for entry in body:
        if not isinstance(entry, dict):
            raise WrongParameter("A casting entry must be a JSON object.")
        if "asset_id" not in entry or "nb_occurences" not in entry:
            continue
        label = entry.get("label") or ""
        if not is_uuid(entry["asset_id"]) or not isinstance(label, str) or len(label) > 80:
            raise WrongParameter("One of the casting entries has an invalid format.")
        count = as_integer(entry["nb_occurences"], WrongParameter("nb_occurences must be an integer."), 0)
        entries.append({"asset_id": entry["asset_id"], "nb_occurences": count, "label": label})
    return entries


class CastingViewSet(EntityViewSet):
    """Castings of a production's entities."""

    kind = ASSET
    access = {
        "of_entity": READ,
        "of_sequence": READ,
        "of_sequences": READ,
        "of_episode": READ,
        "of_production": READ,
        "of_type": READ,
        "of_asset": may_open_entity,
        "cast_in": may_open_entity,
        "replace": manages_production,
        "replace_many": manages_production,
        "replace_of_asset": manages_production,
        "cast_many": manages_production,
    }

    def of_entity(self, request: Request, project_id: UUID, entity_id: UUID) -> Any:
        """The casting of one entity."""
        self.enter(project_id)
        return json_array(casting_of(self.belonging(project_id, [entity_id])[0].pk))

    def belonging(self, project_id: UUID, entity_ids: Iterable[Any], *, kind: str | None = None) -> list[Entity]:
        """Entities named in the request. Raises NotFound where there is none, Forbidden where it is another production's."""
        wanted = {UUID(str(pk)) for pk in entity_ids}
        if len(wanted) == 1:
            alone = ENTITY_WITH_TYPE.fetch(*wanted)
            found = [alone] if alone is not None and (kind is None or is_of_kind(alone, kind)) else []
        else:
            rows = Entity.objects.of_kind(kind) if kind else Entity.objects.all()
            found = list(rows.filter(pk__in=wanted))
        if len(found) < len(wanted):
            raise NotFound()
        if any(entity.project_id != project_id for entity in found):
            raise Forbidden()
        return found

    def of_sequence(self, request: Request, project_id: UUID, sequence_id: UUID) -> Response:
        """The castings of a sequence's shots."""
        self.enter(project_id)
        self.belonging(project_id, [sequence_id], kind=SEQUENCE)
        return Response(by_shot(sequence_id))

    def of_sequences(self, request: Request, project_id: UUID) -> Response:
        """The castings of all shots of a production."""
        self.enter(project_id)
        links = EntityLink.objects.filter(entity_in__project_id=project_id, entity_in__entity_type__name=SHOT)
        return Response(by_entity(links.filter(entity_in__parent__isnull=False)))

    def of_episode(self, request: Request, project_id: UUID, episode_id: str) -> Response:
        """The castings of all shots of an episode."""
        self.enter(project_id)
        if not is_uuid(episode_id):
            return Response({})
        links = EntityLink.objects.filter(entity_in__project_id=project_id, entity_in__entity_type__name=SHOT)
        return Response(by_entity(links.filter(entity_in__parent__parent_id=episode_id)))

    def of_production(self, request: Request, project_id: UUID) -> Response:
        """The castings of everything in a production."""
        self.enter(project_id)
        return Response(by_entity(EntityLink.objects.filter(entity_in__project_id=project_id), without=("sequence_name",)))

    def of_type(self, request: Request, project_id: UUID, asset_type_id: UUID) -> Response:
        """The castings of the assets of one type."""
        self.enter(project_id)
        if not EntityType.objects.exclude(name__in=TEMPORAL).filter(pk=asset_type_id).exists():
            raise NotFound()
        links = EntityLink.objects.filter(entity_in__project_id=project_id, entity_in__entity_type_id=asset_type_id)
        return Response(by_entity(links, without=("sequence_name", "is_shared", "project_id")))

    def of_asset(self, request: Request, asset_id: UUID) -> Any:
        """The casting of one asset."""
        return json_array(casting_of(self.open(asset_id).pk))

    def cast_in(self, request: Request, asset_id: UUID) -> Response:
        """The shots, then the assets, that an asset is cast in."""
        asset = self.open(asset_id)
        return Response([*cast_in_shots(asset.pk), *cast_in_assets(asset.pk)])

    def replace(self, request: Request, project_id: UUID, entity_id: UUID) -> Response:
        """Replaces the casting of one entity; answers what was sent."""
        body = json_body(request)
        if not isinstance(body, list):
            raise Refusal(NO_ARRAY)
        self.enter(project_id)
        self.belonging(project_id, [entity_id])
        replace_casting(entity_id, entries_of(body), by=self.person)
        return Response(body)

    def replace_many(self, request: Request, project_id: UUID) -> Response:
        """Replaces the casting of several entities; answers what was sent."""
        body = json_body(request)
        if not isinstance(body, dict) or not all(isinstance(entries, list) for entries in body.values()):
            raise Refusal(NO_CASTINGS)
        self.enter(project_id)
        self.belonging(project_id, [self.path_id(pk) for pk in body])
        replace_castings({self.path_id(pk): entries_of(entries) for pk, entries in body.items()}, by=self.person)
        return Response(body)

    def replace_of_asset(self, request: Request, asset_id: UUID) -> Response:
        """Replaces the casting of an asset."""
        entries = self.checked_entries(loose_body(request))
        asset = self.open(asset_id)
        replace_casting(asset.pk, entries, by=self.person)
        return Response(entries)

    def checked_entries(self, body: Any) -> list[dict[str, Any]]:
        """The entries of a checked casting. Raises WrongParameter, WrongBody with every faulty field."""
        if not isinstance(body, list):
            raise WrongParameter(NO_ARRAY + ".")
        faults: list[dict[str, str]] = []
        entries = []
        for place, entry in enumerate(body):
            try:
                entries.append(CastingEntrySchema.model_validate(entry).model_dump(mode="json"))
            except ValueError as failure:
                errors = failure.errors()  # type: ignore[attr-defined]
                faults += [{"field": ".".join(map(str, (place, *e["loc"]))), "message": e["msg"]} for e in errors]
        if faults:
            raise WrongBody(faults)
        return entries

    def cast_many(self, request: Request, project_id: UUID, asset_id: UUID) -> Response:
        """Casts one asset in several entities, or takes it out of them."""
        body = typed_body(request, CastAssetSchema)
        self.enter(project_id)
        asset = castable(project_id, self.person).of_kind(ASSET).filter(pk=asset_id).first()
        if asset is None:
            raise NotFound()
        self.belonging(project_id, body.entity_ids)
        cast_asset(asset, body.entity_ids, nb_occurences=body.nb_occurences, label=body.label, by=self.person)
        return Response({str(pk): casting_of(pk) for pk in dict.fromkeys(body.entity_ids)})


class EntityLinkViewSet(Entering, ResourceViewSet):
    """`/data/entity-links`, and the links of a production."""

    reader = ENTITY_LINK
    access = {
        **dict.fromkeys(("list", "retrieve", "create", "update", "destroy"), is_admin),
        "of_production": manages_production,
        "remove": manages_production,
    }

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """The links of a production, oldest first: all or so many, a page, or those after a moment."""
        self.enter(project_id, known=True)
        links = EntityLink.objects.filter(entity_in__project_id=project_id).order_by("created_at", "id")
        params = request.query_params
        options = ListOptions.of(params)
        if options.page > 0:
            rows = ENTITY_LINK.shape(ENTITY_LINK.query(options.slice(links)))
            return Response(options.envelope(list(rows), links.count()))
        limit = number(params, "limit", 0)
        if "cursor_created_at" in params:
            return self.after(links, as_datetime(params["cursor_created_at"], WrongParameter("Wrong date format.")), limit or 100)
        rows = map(dated, link_rows(links[:limit] if limit > 0 else links))
        return Response([{name: value for name, value in row.items() if name != "updated_at"} for row in rows])

    def after(self, links: Any, moment: datetime, limit: int) -> Response:
        """The links made after a moment."""
        newer = links.filter(created_at__gt=moment)[: max(limit, 0)]
        return Response({"data": [dated(row) for row in link_rows(newer)], "total": links.count(), "limit": limit})

    def remove(self, request: Request, project_id: UUID, link_id: UUID) -> Response:
        """Takes one asset out of one entity."""
        self.enter(project_id, known=True)
        link = EntityLink.objects.select_related("entity_in").filter(pk=link_id).first()
        if link is None:
            raise NotFound()
        if link.entity_in.project_id != project_id:
            raise Forbidden()
        row = ENTITY_LINK.one(link.pk)
        remove_link(link, by=request.user)
        return Response(row)
