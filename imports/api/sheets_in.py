"""The routes by which sheets come in."""

from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from core.api.access import Scope, check
from core.api.converters import is_uuid
from core.api.renderers import json_array
from core.api.values import is_true
from core.api.views import ApiViewSet
from core.errors import TOO_LARGE, NotFound, WrongParameter
from files.api.uploaded import upload_of
from imports.rules.records import API, Origin
from imports.rules.sheets.assets import AssetSheet
from imports.rules.sheets.base import SheetImport
from imports.rules.sheets.casting import CastingSheet
from imports.rules.sheets.edits import EditSheet
from imports.rules.sheets.estimations import EstimationSheet
from imports.rules.sheets.persons import PersonSheet
from imports.rules.sheets.shots import ShotSheet
from imports.sheets.reading import TooLarge
from people.models import Person
from people.permissions import is_admin, manages_production, supervises_task_type
from production.models import Project, TaskType

WHOLE_PRODUCTION = ("main", "all")


@check(scoped=True)
def plans_task_type(person: Person, scope: Scope) -> bool:
    """Manages the production, or supervises it with no department or with that of the task type."""
    return supervises_task_type(person, scope.project_id, scope.instance.department_id)


class SheetImportViewSet(ApiViewSet):
    """`/import/csv/…`: a CSV file in the part `file`. `update=true` changes what is there; `dry_run=true` tells what would be."""

    access = {
        "persons": is_admin,
        **dict.fromkeys(("assets", "shots", "edits", "casting"), manages_production),
        **dict.fromkeys(("estimations", "estimations_of_episode"), plans_task_type),
    }

    @property
    def acting(self) -> dict[str, Any]:
        """Who imports, and whether what is there may change."""
        return {"by": self.request.user, "update": is_true(self.request.query_params.get("update"))}

    def answer(self, importer: SheetImport) -> Any:
        """Imports the uploaded file; answers the rows of its lines, or the report of a dry run."""
        upload = upload_of(self.request, missing=True)
        if upload.size > settings.MAX_CSV_LENGTH:
            raise TooLarge(TOO_LARGE)
        dry_run = is_true(self.request.query_params.get("dry_run"))
        content = upload.read()
        report = importer.run(content, dry_run=dry_run, origin=Origin.of_bytes(API, content, upload.name))
        return Response(report.payload) if dry_run else json_array(importer.rows(), status=201)  # type: ignore[arg-type]

    def answer_production(self, kind: Any, project_id: UUID) -> Any:
        """Imports a sheet of a production, once the person may. Raises NotFound, Forbidden."""
        if not Project.objects.filter(pk=project_id).exists():
            raise NotFound()
        self.authorise(Scope(project_id=project_id))
        return self.answer(kind(project_id, **self.acting))

    def persons(self, request: Request) -> Any:
        """People."""
        return self.answer(PersonSheet(**self.acting))

    def assets(self, request: Request, project_id: UUID) -> Any:
        """The assets of a production, with their tasks."""
        return self.answer_production(AssetSheet, project_id)

    def shots(self, request: Request, project_id: UUID) -> Any:
        """The shots of a production, with their sequences, episodes and tasks."""
        return self.answer_production(ShotSheet, project_id)

    def edits(self, request: Request, project_id: UUID) -> Any:
        """The edits of a production, with their tasks."""
        return self.answer_production(EditSheet, project_id)

    def casting(self, request: Request, project_id: UUID) -> Any:
        """Which assets are cast where."""
        return self.answer_production(CastingSheet, project_id)

    def estimations(self, request: Request, project_id: UUID, task_type_id: UUID, episode_id: Any = None) -> Any:
        """Estimations, dates and metadata of the tasks of one type."""
        task_type = TaskType.objects.filter(pk=task_type_id).first()
        if task_type is None:
            raise NotFound()
        self.authorise(Scope(project_id=project_id, instance=task_type))
        return self.answer(EstimationSheet(project_id, task_type, episode_id=episode_id, **self.acting))

    def estimations_of_episode(self, request: Request, project_id: UUID, episode_id: str, task_type_id: UUID) -> Any:
        """The same for one episode; `main` and `all` are the whole production."""
        if episode_id not in WHOLE_PRODUCTION and not is_uuid(episode_id):
            raise WrongParameter(f"Invalid UUID value: {episode_id}")
        chosen = None if episode_id in WHOLE_PRODUCTION else UUID(episode_id)
        if chosen and Entity.objects.filter(pk=chosen).exclude(project_id=project_id).exists():
            raise NotFound()
        return self.estimations(request, project_id, task_type_id, chosen)
