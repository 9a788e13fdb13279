"""The routes of output files."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import AssetInstance
from core.api.access import Scope
from core.api.parsers import loose_body, refuse_nul, typed_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer
from core.api.values import as_uuid
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import NotFound, WrongParameter
from files.api.bodies import NewOutputFile, OutputFilePath, OutputName
from files.api.found import project_of
from files.api.inputs import OutputFileInput, check_production
from files.models import OutputFile, OutputType
from files.permissions import may_change_output, may_open_owner, team_rows
from files.readers import OUTPUT_FILE, OUTPUT_TYPE
from files.rules.output_files import (
    Owner,
    change_output_file,
    create_output_file,
    entity_owner,
    instance_owner,
    last_revisions,
    next_output_revision,
    output_file_path,
    output_type_of,
    task_type_of,
)
from files.rules.removal import remove_output_file
from people.permissions import is_admin, is_no_vendor_anywhere, manages_production, may_open_entity

ID_FILTERS = ("output_type_id", "task_type_id", "file_status_id", "temporal_entity_id")
NEWEST = ("-revision", "created_at")


def narrowed(request: Request, outputs: QuerySet[OutputFile]) -> QuerySet[OutputFile]:
    """The outputs that the query string asks for; an empty value asks for nothing. Raises WrongParameter."""
    for name in (*ID_FILTERS, "representation", "name"):
        value: Any = request.query_params.get(name)
        refuse_nul(value)
        if value:
            if name in ID_FILTERS:
                value = as_uuid(value, WrongParameter(f"Invalid {name}."))
            outputs = outputs.filter(**{name: value})
    return outputs


class OutputFileViewSet(ResourceViewSet):
    """`/data/output-files`."""

    reader = OUTPUT_FILE
    row_serializer = OutputFileInput
    production = "entity__project_id"
    entity = "entity_id"
    malformed_is_missing = True
    access = {
        "list": is_no_vendor_anywhere,
        "retrieve": may_open_entity,
        "create": is_admin,
        "update": may_change_output,
        "destroy": is_admin,
    }

    def visible(self, queryset: Any) -> Any:
        """Those of the person's open productions."""
        return team_rows(self.request.user, queryset, "entity__project_id", open_only=True)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """A file stays in its production."""
        if instance is not None:
            check_production(values, instance.scope_project_id)

    def perform_create(self, serializer: RowSerializer) -> OutputFile:
        """Stores the row as it was sent."""
        return change_output_file(OutputFile(), serializer.columns, act="new", by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> OutputFile:
        """Changes columns."""
        return change_output_file(serializer.instance, serializer.columns, act="update", by=self.request.user)

    def perform_destroy(self, instance: OutputFile) -> None:
        """Deletes the file."""
        remove_output_file(instance, by=self.request.user)


class OwnerOutputsViewSet(ApiViewSet):
    """The outputs of an entity, or of an instance within a shot or scene: both have the same routes."""

    access = dict.fromkeys(("list", "last", "types", "of_type", "path", "create", "next_revision"), may_open_owner)

    def owner(self, path: dict[str, UUID]) -> Owner:
        """Whose outputs the path is about, once this person may deal with them. Raises NotFound, Forbidden."""
        if "instance_id" in path:
            owner = instance_owner(path["instance_id"], path["temporal_entity_id"])
        else:
            owner = entity_owner(path["entity_id"])
        self.authorise(Scope(project_id=owner.entity.project_id, entity_id=owner.entity.pk, instance=owner.temporal_entity))
        return owner

    def list(self, request: Request, **path: UUID) -> Any:
        """All of an entity's own."""
        outputs = narrowed(request, self.owner(path).outputs())
        return json_array(OUTPUT_FILE.rows(outputs.order_by(*NEWEST)))

    def last(self, request: Request, **path: UUID) -> Any:
        """The newest revision of each series and representation."""
        ids = last_revisions(narrowed(request, self.owner(path).outputs()))
        return json_array(OUTPUT_FILE.rows(OutputFile.objects.filter(pk__in=ids).order_by(*NEWEST)))

    def types(self, request: Request, **path: UUID) -> Any:
        """The kinds of output that there are."""
        owner = self.owner(path)
        outputs = owner.outputs() if owner.instance else OutputFile.objects.filter(entity=owner.entity)
        kinds = OutputType.objects.filter(pk__in=outputs.order_by().values("output_type_id"))
        return json_array(OUTPUT_TYPE.rows(kinds.order_by("name")))

    def of_type(self, request: Request, output_type_id: UUID, **path: UUID) -> Any:
        """Those of one kind."""
        owner, kind = self.owner(path), output_type_of(output_type_id)
        outputs = owner.outputs().filter(output_type=kind)
        representation = request.query_params.get("representation")
        refuse_nul(representation)
        if representation:
            outputs = outputs.filter(representation=representation)
        return json_array(OUTPUT_FILE.rows(outputs.order_by(*NEWEST)))

    def path(self, request: Request, **path: UUID) -> Response:
        """Where an output would lie."""
        body = typed_body(request, OutputFilePath)
        return Response(output_file_path(self.owner(path), **body.model_dump(exclude={"extension"}), received=loose_body(request)))

    def create(self, request: Request, **path: UUID) -> Response:
        """A new output."""
        body = typed_body(request, NewOutputFile)
        made, names = create_output_file(self.owner(path), body, by=request.user)
        return Response({**OUTPUT_FILE.one(made.pk, relations=False), **names}, status=201)

    def next_revision(self, request: Request, **path: UUID) -> Response:
        """The revision that a new output would have."""
        body = typed_body(request, OutputName)
        owner = self.owner(path)
        output_type_of(body.output_type_id)
        task_type_of(body.task_type_id)
        return Response({"next_revision": next_output_revision(owner, **body.model_dump())})


class OutputListsViewSet(ApiViewSet):
    """Outputs of a whole production, or of an instance wherever it appears."""

    access = {"of_project": manages_production, "of_instance": may_open_entity}

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """The outputs of a production's entities, the newest first."""
        self.authorise(Scope(project_id=project_id))
        outputs = OutputFile.objects.filter(entity__project_id=project_id, asset_instance=None, temporal_entity=None)
        return json_array(OUTPUT_FILE.rows(narrowed(request, outputs).order_by("-created_at")))

    def of_instance(self, request: Request, instance_id: UUID) -> Any:
        """The outputs of an instance, the newest revision first."""
        asset_id = AssetInstance.objects.filter(pk=instance_id).values_list("asset_id", flat=True).first()
        if asset_id is None:
            raise NotFound()
        self.authorise(Scope(project_id=project_of(asset_id), entity_id=asset_id))
        outputs = narrowed(request, OutputFile.objects.filter(asset_instance_id=instance_id))
        return json_array(OUTPUT_FILE.rows(outputs.order_by(*NEWEST)))
