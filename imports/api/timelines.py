"""The routes by which cuts come in."""

from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import loose_body
from core.api.values import is_true
from core.api.views import ApiViewSet
from core.errors import TOO_LARGE, WrongParameter
from files.api.uploaded import upload_of
from imports.rules.records import API, Origin
from imports.rules.timelines.cuts import CutImport
from imports.sheets.reading import TooLarge
from people.permissions import manages_production

TRUE, FALSE = ("true", "1", "on"), ("false", "0")


def truth_of(fields: Any, name: str) -> bool:
    """A truth value of a form or query, true where it is missing. Raises WrongParameter."""
    word = str(fields.get(name, TRUE[0])).lower()
    if word not in (*TRUE, *FALSE):
        raise WrongParameter(f"Wrong value for parameter {name}.")
    return word in TRUE


class TimelineImportViewSet(ApiViewSet):
    """`/import/otio/projects/…`: an EDL, OTIO or XML file in the part `file`; `dry_run=true` tells what would be."""

    access = {"project": manages_production, "episode": manages_production}

    def project(self, request: Request, project_id: UUID, episode_id: str | None = None) -> Any:
        """Imports a cut of a production."""
        self.authorise(Scope(project_id=project_id))
        upload = upload_of(request, missing=True)
        if upload.size > settings.MAX_TIMELINE_LENGTH:
            raise TooLarge(TOO_LARGE)
        fields = loose_body(request)
        convention = fields.get("naming_convention")
        options = {"convention": convention, "match_case": truth_of(fields, "match_case")}
        importer = CutImport(project_id, by=request.user, episode_id=episode_id, **options)
        content, dry_run = upload.read(), is_true(request.query_params.get("dry_run"))
        report = importer.run(content, upload.name, dry_run=dry_run, origin=Origin.of_bytes(API, content, upload.name))
        return Response(report.payload if dry_run else importer.answer(), status=200 if dry_run else 201)

    def episode(self, request: Request, project_id: UUID, episode_id: str) -> Any:
        """Imports a cut of an episode."""
        return self.project(request, project_id, episode_id)
