"""What the views of every kind of entity share: entering a production, opening an entity, lists by criteria."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from assets.metadata import hidden_keys, masked
from assets.models import Entity
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, TEMPORAL, EntityQuerySet
from assets.readers import ENTITIES, ENTITY, LISTED, OPENED, UNTYPED
from core.api.access import Check, Scope
from core.api.converters import is_uuid
from core.api.filters import filterset_for
from core.api.renderers import json_array
from core.api.views import ApiViewSet
from core.errors import BAD_FORMAT, REFERENCED, NotFound, Refusal, RowRefused, WrongParameter
from core.instances import PreparedInstance
from core.projection import Projection, Row
from core.sql import Prepared
from people.permissions import role_in
from production.models import Project

CRITERIA = filterset_for(ENTITY)
BAD_CRITERION = "One of the ID sent in parameter is not properly formatted."
# Words of lists that are no criteria.
OPTIONS = ("page", "limit", "relations", "fields")
ENTITY_WITH_TYPE = PreparedInstance(Entity, "entity_type")
PRODUCTION = Prepared(lambda pk: Project.objects.order_by().filter(pk=pk).values("id"))


def is_of_kind(entity: Entity, kind: str) -> bool:
    """The entity is of that kind: `Asset`, or the name of a temporal type."""
    name = entity.entity_type.name
    return name not in TEMPORAL if kind == ASSET else name == kind


def by_criteria(queryset: EntityQuerySet, params: Any, **forced: Any) -> EntityQuerySet:
    """The entities whose columns equal what the query string says; `forced` columns are not the caller's to choose."""
    wanted = QueryDict(mutable=True)
    for name in params:
        if name not in forced and name not in OPTIONS:
            wanted.setlist(name, params.getlist(name))
    try:
        return CRITERIA(wanted, queryset=queryset.filter(**forced)).qs
    except WrongParameter:
        raise
    except Refusal as refusal:
        raise Refusal(BAD_CRITERION if refusal.message == BAD_FORMAT else refusal.message) from None


class Entering(ApiViewSet):
    """Views that enter productions."""

    @property
    def person(self) -> Any:
        """Who asks."""
        return self.request.user

    def enter(self, project_id: Any, *, known: bool = False, check: Check | None = None) -> str:
        """Asks the check about the production, and gives the person's role there. Raises NotFound where it does not exist; an
        admin learns that only where the production must be `known`."""
        role = role_in(self.person, project_id)
        given = project_id is not None and (known or not self.person.is_admin)
        if given and (role is None or self.person.is_admin):
            self.find_production(project_id)
        self.authorise(Scope(project_id=project_id), check)
        return role or ""

    def find_production(self, project_id: Any) -> None:
        """Raises NotFound where there is no such production."""
        if not is_uuid(str(project_id)) or not PRODUCTION.fetch(project_id)[1]:
            raise NotFound()

    def refuse_foreign(self, entity: Entity, values: dict[str, Any]) -> None:
        """Raises RowRefused where an entity is to lie in, come from or show what is not of its production."""
        around = {values[name] for name in ("parent_id", "source_id") if values.get(name) is not None}
        held = Entity.objects.filter(pk__in=around, project_id=entity.project_id).exclude(pk=entity.pk)
        if around and held.count() < len(around):
            raise RowRefused(REFERENCED)
        shown = values.get("preview_file_id")
        previews = apps.get_model("files", "PreviewFile").objects
        if shown is not None and not previews.filter(pk=shown, task__project_id=entity.project_id).exists():
            raise RowRefused(REFERENCED)


class EntityViewSet(Entering):
    """Routes about one kind of entity."""

    kind: ClassVar[str]

    def open(self, entity_id: Any, *, kind: str | None = None) -> Entity:
        """The entity of the path, once the check has let the person in. Raises NotFound, Forbidden."""
        entity: Entity | None = ENTITY_WITH_TYPE.fetch(entity_id)
        if entity is None or not is_of_kind(entity, kind or self.kind):
            raise NotFound()
        self.authorise(Scope(project_id=entity.project_id, entity_id=entity.pk, instance=entity))
        return entity

    def open_any(self, entity_id: Any) -> Entity:
        """The entity of the path, of whatever kind, once the check has let the person in. Raises NotFound, Forbidden."""
        entity: Entity | None = ENTITY_WITH_TYPE.fetch(entity_id)
        if entity is None:
            raise NotFound()
        self.authorise(Scope(project_id=entity.project_id, entity_id=entity.pk, instance=entity))
        return entity

    def found(self, kind: str, entity_id: Any) -> Entity:
        """An entity of another kind that a list is about. Raises NotFound."""
        entity = Entity.objects.of_kind(kind).filter(pk=self.path_id(entity_id)).first()
        if entity is None:
            raise NotFound()
        return entity

    def episode_of(self, episode_id: Any) -> Entity:
        """The episode of that id. Raises NotFound."""
        return self.found(EPISODE, episode_id)

    def path_id(self, value: Any) -> UUID:
        """An id that came as a text. Raises NotFound where it is none."""
        if not is_uuid(str(value)):
            raise NotFound()
        return UUID(str(value))

    def role_everywhere(self) -> str:
        """The role that counts in lists over several productions: the one that sees least of all that the person has."""
        if self.person.is_admin:
            return "admin"
        roles = {role or self.person.role for role in self.person.team_links.values_list("role", flat=True)}
        return next((role for role in ("vendor", "client") if role in roles), self.person.role)

    def entities(self) -> EntityQuerySet:
        """All entities of this kind, unordered."""
        return Entity.objects.order_by().of_kind(self.kind)

    def own(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """For a vendor those with a task of theirs; whoever asks with `assigned_to` gets theirs alone as well."""
        if role == "vendor" or "assigned_to" in self.request.query_params:
            return rows.assigned_to(self.person)
        return rows

    def answer(
        self, rows: EntityQuerySet, role: str, project_id: Any = None, *, reader: Projection | None = None, relations: bool = False
    ) -> Any:
        """The rows as a list, without the metadata that a vendor may not see."""
        if role == "vendor" and self.kind in (SEQUENCE, EPISODE):
            reader = UNTYPED
        found: Iterable[Row] = (reader or ENTITIES[self.kind]).rows(rows, relations=relations)
        if role == "vendor":
            found = masked(found, hidden_keys(self.person, self.kind, project_id))
        return json_array(found)

    def answer_for(self, rows: EntityQuerySet, project_id: Any, **how: Any) -> Any:
        """The rows of a production whose door the person has passed, as a list."""
        return self.answer(rows, role_in(self.person, project_id) or "", project_id, **how)

    def answer_criteria(self, **forced: Any) -> Any:
        """A list by the criteria of the query string, within one production."""
        project_id = forced.get("project_id") or self.request.query_params.get("project_id")
        role = self.enter(project_id)
        rows = by_criteria(self.entities(), self.without_type(), **forced)
        return self.answer(self.listed(rows, role), role, project_id, reader=LISTED[self.kind])

    def without_type(self) -> QueryDict:
        """The query string; the type of a temporal kind is not the caller's to choose."""
        params: QueryDict = self.request.query_params.copy()
        params.pop("entity_type_id", None)
        return params

    def listed(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """The kind's own narrowing and order of lists."""
        return self.own(rows, role).order_by("name", "id")

    def answer_production(self, project_id: UUID) -> Any:
        """All entities of this kind in a production, by name."""
        role = self.enter(project_id, known=True)
        rows = self.entities().filter(project_id=project_id)
        return self.answer(self.scoped(rows, role).order_by("name", "id"), role, project_id)

    def scoped(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """What a vendor sees of a production's list."""
        return rows.assigned_to(self.person) if role == "vendor" else rows

    def answer_one(self, entity: Entity) -> Response:
        """A single entity with the names of what holds it."""
        row = OPENED[self.kind].one(entity.pk, relations=False)
        if self.kind == SCENE and row["sequence_id"] is None:
            raise NotFound()
        if row.get("episode_id", "") is None:
            del row["episode_id"], row["episode_name"]
        return Response(row)

    def made(self, project_id: UUID, make: Callable[..., Entity], **values: Any) -> Response:
        """Enters the production, makes the entity, answers it."""
        self.enter(project_id, known=True)
        entity = make(project_id, by=self.person, **values)
        return Response(ENTITIES[self.kind].one(entity.pk, relations=False), status=201)


def relations_wanted(request: Request) -> bool:
    """The query string asks for relation lists."""
    return request.query_params.get("relations", "").lower() == "true"
