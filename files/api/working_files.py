"""The routes of working files."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import loose_body, refuse_nul, typed_body
from core.api.renderers import json_array
from core.api.values import as_uuid, is_true
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import NotFound, WrongParameter
from core.projection import Row
from files import storage
from files.api.bodies import NewWorkingFile, PathToGuess, WorkingFileComment, WorkingFilePath
from files.api.found import project_of, task_of
from files.api.inputs import WorkingFileInput, check_production
from files.api.serving import serve_file
from files.api.uploaded import upload_of
from files.models import OutputFile, WorkingFile
from files.permissions import acts_on_its_task, team_rows
from files.readers import OUTPUT_FILE, WORKING_FILE
from files.rules.guessing import guesses
from files.rules.removal import remove_working_file
from files.rules.working_files import (
    comment_working_file,
    create_working_file,
    store_working_file,
    touch_working_file,
    working_file_path,
)
from files.storage import FILES
from people.permissions import in_production, is_admin, is_no_vendor_anywhere, may_open_entity
from production.models import Project


class WorkingFileViewSet(ResourceViewSet):
    """`/data/working-files`, and what is done to one."""

    reader = WORKING_FILE
    row_serializer = WorkingFileInput
    production = "task__project_id"
    entity = "task__entity_id"
    malformed_is_missing = True
    access = {
        "list": is_no_vendor_anywhere,
        "retrieve": may_open_entity,
        "create": is_admin,
        "update": acts_on_its_task,
        "destroy": is_admin,
        "comment": acts_on_its_task,
        "touch": acts_on_its_task,
        "store": may_open_entity,
        "fetch": may_open_entity,
    }

    def visible(self, queryset: Any) -> Any:
        """Those of the person's productions, closed ones too."""
        return team_rows(self.request.user, queryset, "task__project_id", open_only=False)

    def readable_row(self, pk: UUID, relations: bool) -> Row:
        """With its outputs, even where they are declined."""
        return super().readable_row(pk, True)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """A file stays in its production."""
        if instance is not None:
            check_production(values, instance.scope_project_id)

    def perform_destroy(self, instance: WorkingFile) -> None:
        """Deletes the file; its outputs stay."""
        remove_working_file(instance, by=self.request.user)

    def authorised(self, pk: UUID) -> WorkingFile:
        """The working file of the path, once this person may do to it what they ask. Raises NotFound, Forbidden."""
        self.kwargs["pk"] = str(pk)
        working_file = self.get_object()
        self.authorise(self.scope_of(working_file))
        return working_file

    def comment(self, request: Request, pk: UUID) -> Response:
        """Says something about the file."""
        working_file = self.authorised(pk)
        comment_working_file(working_file, typed_body(request, WorkingFileComment).comment)
        return Response(WORKING_FILE.one(pk, relations=False))

    def touch(self, request: Request, pk: UUID) -> Response:
        """Notes that the file was worked on."""
        touch_working_file(self.authorised(pk))
        return Response(WORKING_FILE.one(pk, relations=False))

    def store(self, request: Request, pk: UUID) -> Response:
        """Stores the file itself."""
        store_working_file(self.authorised(pk), upload_of(request, missing=True))
        return Response(WORKING_FILE.one(pk), status=201)

    def fetch(self, request: Request, pk: UUID) -> Any:
        """The file itself."""
        working_file = self.authorised(pk)
        path = storage.local_file(FILES, "working", pk)
        if path is None:
            raise MissingBinary(f"Working file not found for: {pk}")
        kind = "application/octet-stream"
        return serve_file(request, path, content_type=kind, modified=working_file.updated_at, public=True)


class MissingBinary(NotFound):
    """There is a record, but no file was ever stored for it."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message


class TaskFilesViewSet(ApiViewSet):
    """The working files of a task."""

    access = dict.fromkeys(("list", "last", "path", "create"), may_open_entity)

    def authorised(self, task_id: UUID) -> Any:
        """The task of the path, once this person may open it. Raises NotFound, Forbidden."""
        task = task_of(task_id)
        self.authorise(Scope(project_id=task.project_id, entity_id=task.entity_id, instance=task))
        return task

    def list(self, request: Request, task_id: UUID) -> Any:
        """All, the newest revision first."""
        files = WorkingFile.objects.filter(task=self.authorised(task_id), revision__gte=0)
        return json_array(WORKING_FILE.rows(files.order_by("-revision", "created_at")))

    def last(self, request: Request, task_id: UUID) -> Response:
        """The newest revision of each name."""
        files = WorkingFile.objects.filter(task=self.authorised(task_id)).order_by("revision", "created_at")
        return Response({row["name"]: row for row in WORKING_FILE.rows(files) if row["name"] is not None})

    def path(self, request: Request, task_id: UUID) -> Response:
        """Where a file would lie."""
        body = typed_body(request, WorkingFilePath)
        values = body.model_dump(exclude={"comment", "sep"})
        task = self.authorised(task_id)
        return Response(working_file_path(task, **values, separator=body.sep, received=loose_body(request)))

    def create(self, request: Request, task_id: UUID) -> Response:
        """A new revision."""
        body = typed_body(request, NewWorkingFile)
        values = body.model_dump(exclude={"description", "sep"})
        task = self.authorised(task_id)
        made = create_working_file(task, **values, separator=body.sep, by=request.user)
        return Response(WORKING_FILE.one(made.pk, relations=False), status=201)


class AnyFileViewSet(ApiViewSet):
    """`/data/files/<id>`: a working file or an output file."""

    access = {"retrieve": may_open_entity}

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Whichever there is."""
        for model, reader, owner in ((WorkingFile, WORKING_FILE, "task"), (OutputFile, OUTPUT_FILE, "entity")):
            entity = "task__entity_id" if owner == "task" else "entity_id"
            for project_id, entity_id in model._base_manager.filter(pk=pk).values_list(f"{owner}__project_id", entity)[:1]:
                self.authorise(Scope(project_id=project_id, entity_id=entity_id))
                return Response(reader.one(pk))
        raise NotFound()


class GuessViewSet(ApiViewSet):
    """`/data/entities/guess-from-path`: what a path is about."""

    access = {"guess": in_production}

    def guess(self, request: Request) -> Response:
        """What each template of the production's file tree makes of the path."""
        body = typed_body(request, PathToGuess)
        project = Project.objects.filter(pk=as_uuid(body.project_id, NotFound())).first()
        if project is None:
            raise NotFound()
        self.authorise(Scope(project_id=project.pk))
        return Response(guesses(project, body.file_path, body.sep))


class EntityWorkingFilesViewSet(ApiViewSet):
    """The working files of an entity."""

    access = {"list": may_open_entity}

    def list(self, request: Request, entity_id: UUID) -> Any:
        """All, the newest revision first; of one task or one name if asked."""
        self.authorise(Scope(project_id=project_of(entity_id), entity_id=entity_id))
        params = request.query_params
        refuse_nul(params.get("name"))
        files = WorkingFile.objects.filter(entity_id=entity_id).order_by("-revision", "created_at")
        if params.get("task_id"):
            files = files.filter(task_id=as_uuid(params["task_id"], WrongParameter("Invalid task_id.")))
        if params.get("name"):
            files = files.filter(name=params["name"])
        return json_array(WORKING_FILE.rows(files, relations=is_true(params.get("relations"))))
