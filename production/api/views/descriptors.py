"""The routes of metadata columns."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import row_body, typed_body
from core.api.renderers import json_array
from core.api.views import ResourceViewSet
from core.errors import Forbidden, NotFound, WrongParameter
from people.models import Person
from people.permissions import (
    department_ids,
    in_production,
    is_admin,
    manages_production,
    manages_somewhere,
    role_in,
    within_own_productions,
)
from production import readers
from production.api import bodies
from production.api.views.base import ProductionViewSet
from production.models import MetadataDescriptor, ProjectPersonLink
from production.permissions import shapes_columns
from production.rules import descriptors as rules
from production.rules import shared_columns


def visible_descriptors(person: Person) -> Any:
    """The columns of one's open productions, as one's role in each may see them."""
    columns = MetadataDescriptor.objects.order_by()
    if person.is_admin:
        return columns
    links = ProjectPersonLink.objects.order_by().filter(project=OuterRef("project"), person=person)
    same = Q(role__isnull=True) if person.role in ("client", "vendor") else Q(pk__isnull=True)

    def where(role: str) -> Exists:
        return Exists(links.filter(Q(role=role) | (same if person.role == role else Q(pk__isnull=True))))

    own = columns.filter(project__project_status__name="Open").filter(Exists(links))
    own = own.filter(~where("client") | Q(for_client=True))
    chosen = MetadataDescriptor.departments.through.objects.filter(metadatadescriptor=OuterRef("pk"))
    shared = chosen.filter(department__in=person.departments.values("pk"))
    return own.filter(~where("vendor") | ~Exists(chosen) | Exists(shared))


class MetadataDescriptorViewSet(ResourceViewSet):
    """`/data/metadata-descriptors`: rows as they are; the routes of a production move values along."""

    reader = readers.METADATA_DESCRIPTOR
    access = {**dict.fromkeys(("retrieve", "create", "update", "destroy"), is_admin), "list": within_own_productions}
    relations_after_update = True

    def visible(self, queryset: Any) -> Any:
        """Those of one's open productions."""
        return visible_descriptors(self.request.user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Without a query string, the departments come along."""
        if not request.query_params:
            return json_array(self.reader.rows(self.get_queryset(), relations=True))
        return super().list(request, *args, **kwargs)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A kind of values that there is not is refused in words of its own."""
        refuse_kind(row_body(request))
        return super().create(request, *args, **kwargs)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Likewise."""
        self.get_object()
        refuse_kind(row_body(request))
        return super().update(request, *args, **kwargs)


def refuse_kind(body: dict[str, Any]) -> None:
    """Raises WrongParameter for an unknown kind of values."""
    kind = body.get("data_type")
    if "data_type" in body and (not isinstance(kind, str) or kind not in rules.DATA_TYPES):
        raise WrongParameter("Invalid data_type")


class ProjectDescriptorViewSet(ProductionViewSet):
    """`/data/projects/<id>/metadata-descriptors`."""

    access = {
        "list": in_production,
        "retrieve": in_production,
        "create": shapes_columns,
        "update": shapes_columns,
        "destroy": shapes_columns,
        "reorder": manages_production,
    }

    def columns(self, project_id: UUID) -> Any:
        """The production's columns that the caller's role there sees."""
        person = self.request.user
        role = role_in(person, project_id)
        return MetadataDescriptor.objects.filter(project_id=project_id).visible_as(
            role, department_ids(person) if role == "vendor" else ()
        )

    def list(self, request: Request, project_id: UUID) -> Any:
        """All that the caller sees, in order."""
        self.enter(project_id, known=False)
        return json_array(readers.METADATA_DESCRIPTOR.rows(self.columns(project_id).in_order(), relations=True))

    def retrieve(self, request: Request, project_id: UUID, pk: UUID) -> Response:
        """One, unless it is kept from the caller's role."""
        self.enter(project_id)
        if not self.columns(project_id).filter(pk=pk).exists():
            self.one(project_id, pk)
            raise Forbidden()
        return self.answer(pk)

    def one(self, project_id: UUID, pk: UUID) -> MetadataDescriptor:
        """A column of the production. Raises NotFound."""
        found = MetadataDescriptor.objects.filter(pk=pk, project_id=project_id).prefetch_related("departments").first()
        if found is None:
            raise NotFound()
        return found

    def answer(self, pk: Any, status: int = 200) -> Response:
        """A column with its departments."""
        return Response(readers.METADATA_DESCRIPTOR.one(pk), status=status)

    def shaped(self, project_id: UUID, pk: UUID, departments: Iterable[Any] = ()) -> MetadataDescriptor:
        """A column that the caller may shape as it is and as it is to be. Raises NotFound, Forbidden."""
        column = self.one(project_id, pk)
        concerned = {str(row.pk) for row in column.departments.all()} | {str(pk).lower() for pk in departments}
        self.authorise(Scope(project_id=project_id, body={"departments": list(concerned)}))
        return column

    def create(self, request: Request, project_id: UUID) -> Response:
        """A new column."""
        body = typed_body(request, bodies.NewDescriptor)
        project = self.project(project_id, {"departments": [pk.lower() for pk in body.departments]})
        column: Any = body.model_dump()
        return self.answer(rules.create_descriptor(project, column, by=request.user).pk, status=201)

    def update(self, request: Request, project_id: UUID, pk: UUID) -> Response:
        """What the column is to be."""
        body = typed_body(request, bodies.DescriptorChange)
        column = self.shaped(project_id, pk, body.departments)
        rules.update_descriptor(column, **body.model_dump(), by=request.user)
        return self.answer(pk)

    def destroy(self, request: Request, project_id: UUID, pk: UUID) -> Response:
        """One column less, and none of its values left."""
        rules.delete_descriptor(self.shaped(project_id, pk), by=request.user)
        return Response(status=204)

    def reorder(self, request: Request, project_id: UUID) -> Response:
        """The order of the columns of one kind."""
        project = self.project(project_id)
        body = typed_body(request, bodies.DescriptorOrder)
        ids = rules.reorder_descriptors(project, entity_type=body.entity_type, ids=body.descriptor_ids)
        return Response(readers.METADATA_DESCRIPTOR.some(ids))


class SharedDescriptorViewSet(ProductionViewSet):
    """`/data/metadata-descriptors/all-projects`: one column in all open productions that the caller manages."""

    access = dict.fromkeys(("create", "update", "destroy", "reorder"), manages_somewhere)

    def create(self, request: Request) -> Response:
        """The column, wherever its key is free."""
        column: Any = typed_body(request, bodies.NewDescriptor).model_dump()
        ids = shared_columns.create_everywhere(column, by=request.user)
        return Response(readers.METADATA_DESCRIPTOR.some(ids), status=201)

    def update(self, request: Request, field_name: str) -> Response:
        """What the column is to be, wherever it is."""
        body = typed_body(request, bodies.SharedColumnChange).model_dump()
        ids = shared_columns.update_everywhere(field_name, body.pop("entity_type"), body, by=request.user)
        return Response(readers.METADATA_DESCRIPTOR.some(ids))

    def destroy(self, request: Request, field_name: str) -> Response:
        """The ids of the columns that are gone."""
        entity_type = request.query_params.get("entity_type", "")
        return Response(shared_columns.delete_everywhere(field_name, entity_type, by=request.user))

    def reorder(self, request: Request) -> Response:
        """The order of the columns of one kind, production by production."""
        body = typed_body(request, bodies.SharedColumnOrder)
        ids = shared_columns.reorder_everywhere(body.entity_type, body.field_order, by=request.user)
        return Response(readers.METADATA_DESCRIPTOR.some(ids))
