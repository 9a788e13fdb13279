"""`/data/entities`: the generic routes of entities of all kinds."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.views.base import Entering, EntityViewSet
from assets.api.views.deletion import MAY_DELETE
from assets.models import Entity
from assets.permissions import may_change_entity
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, SHOT, assigned_tasks
from assets.readers import ENTITIES, ENTITY, UNTYPED
from assets.rules.announcing import kind_of, stem_of
from assets.rules.creation import check_status
from assets.rules.deletion import delete_row
from assets.rules.updating import update_entity
from core.api.access import Scope
from core.api.exceptions import refusal_for
from core.api.parsers import row_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer
from core.api.views import ResourceViewSet
from core.errors import Refusal, RowRefused
from core.projection import Row
from core.rules import create_row
from people.permissions import is_human, manages_production, may_open_entity, open_project_ids, within_own_productions

PROTECTED = ("created_by", "shotgun_id", "entities_out")


class GenericEntityViewSet(Entering, ResourceViewSet):
    """Entities of all kinds, each with the type of its own."""

    reader = ENTITY
    production = "project_id"
    entity = "id"
    protected = PROTECTED
    relations_after_update = True
    access = {
        "list": within_own_productions,
        "retrieve": may_open_entity,
        "create": manages_production,
        "update": may_change_entity,
        "destroy": MAY_DELETE,
    }

    def visible(self, queryset: Any) -> Any:
        """Entities of open productions of the person; as a vendor, those with a task of theirs."""
        if self.person.is_admin:
            return queryset
        as_vendor = self.person.team_links.filter(role="vendor")
        if self.person.role == "vendor":
            as_vendor = self.person.team_links.filter(role=None) | as_vendor
        visible = queryset.filter(project_id__in=open_project_ids(self.person))
        return visible.exclude(~assigned_tasks(self.person), project_id__in=as_vendor.values("project_id"))

    def get_object(self) -> Any:
        """The entity, with its kind at hand for the check."""
        entity = super().get_object()
        entity.kind = kind_of(entity)
        return entity

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """What lies around an entity belongs to its production."""
        self.refuse_foreign(instance or Entity(project_id=values.get("project_id")), values)

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """The production of the new entity. An unknown status is refused first."""
        scope = super().new_scope(body)
        self.authorise(scope)
        if "status" in body:
            check_status(body["status"])
        return scope

    def perform_create(self, serializer: RowSerializer) -> Any:
        """Stores the entity as made by this person."""
        values = {**serializer.columns, "created_by": self.person.pk}
        entity = Entity(**values)
        return create_row(Entity, values, relations=serializer.related, by=self.person, stem=stem_of(kind_of(entity)))

    def written_row(self, instance: Any, *, relations: bool) -> Row:
        """A new entity is answered without its real type."""
        reader = UNTYPED if self.action == "create" else ENTITY
        return reader.one(instance.pk, relations=relations)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes the entity; metadata merges."""
        entity = self.get_object()
        body = row_body(request)
        self.authorise(self.scope_of(entity, body))
        if body.get("source_id") == "null":
            body = {**body, "source_id": None}
        if "status" in body:
            check_status(body["status"])
        serializer = self.row_serializer(entity, data=body)
        serializer.is_valid(raise_exception=True)
        self.check_values(serializer.columns, entity)
        update_entity(entity.pk, serializer.columns, relations=serializer.related, by=self.person)
        return Response(self.written_row(entity, relations=True))

    def perform_destroy(self, instance: Any) -> None:
        """Deletes the row and its links."""
        delete_row(instance, by=self.person)

    def handle_exception(self, exc: Exception) -> Response:
        """What the database refuses of an update is told like any other refusal."""
        if self.action == "update" and not isinstance(exc, Refusal):
            exc = refusal_for(exc) or exc
        return super().handle_exception(Refusal(exc.message) if self.action == "update" and isinstance(exc, RowRefused) else exc)


class OwnEntitiesViewSet(EntityViewSet):
    """`/data/user/…`: what carries a task of this person in an open production."""

    kind = ASSET
    access = dict.fromkeys(("shots", "scenes", "sequences", "episodes", "assets"), is_human)

    def mine(self, kind: str, **where: Any) -> Any:
        """Entities with a task of this person."""
        rows = Entity.objects.of_kind(kind).filter(**where, project__project_status__name="Open").assigned_to(self.person)
        return json_array(ENTITIES[kind].rows(rows.order_by("name", "id")))

    def shots(self, request: Request, sequence_id: UUID) -> Any:
        """The person's shots in a sequence."""
        return self.mine(SHOT, parent_id=self.found(SEQUENCE, sequence_id).pk)

    def scenes(self, request: Request, sequence_id: UUID) -> Any:
        """The person's scenes in a sequence."""
        return self.mine(SCENE, parent_id=self.found(SEQUENCE, sequence_id).pk)

    def sequences(self, request: Request, project_id: UUID) -> Any:
        """The sequences that hold a shot of the person."""
        self.find_production(project_id)
        rows = Entity.objects.of_kind(SEQUENCE).filter(project_id=project_id, project__project_status__name="Open")
        return json_array(ENTITIES[SEQUENCE].rows(rows.with_shot_of(self.person).order_by("name", "id")))

    def episodes(self, request: Request, project_id: UUID) -> Any:
        """The episodes that hold a shot of the person."""
        self.find_production(project_id)
        rows = Entity.objects.of_kind(EPISODE).filter(project_id=project_id, project__project_status__name="Open")
        return json_array(ENTITIES[EPISODE].rows(rows.with_own_shots(self.person).order_by("name", "id")))

    def assets(self, request: Request, project_id: UUID, asset_type_id: UUID) -> Any:
        """The person's assets of one type."""
        self.find_production(project_id)
        return self.mine(ASSET, project_id=project_id, entity_type_id=asset_type_id)
