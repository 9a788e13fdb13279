"""What previews tell: how many the studio has, and how long the shots are."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.views import ApiViewSet
from core.errors import NotFound, WrongParameter
from files.models import PreviewFile
from files.rules.frames import measure_shots
from people.permissions import is_admin, manages_production
from production.models import Project
from tasks.models import Comment

COUNTED = {"mp4": "video", "png": "picture", "obj": "model"}


class StatisticsViewSet(ApiViewSet):
    """`/stats`."""

    access = {"list": is_admin}

    def list(self, request: Request) -> Response:
        """How many previews of each kind and how many comments the studio has."""
        found = PreviewFile.objects.order_by().filter(extension__in=COUNTED).values_list("extension")
        counts = dict(found.annotate(count=Count("pk")))
        answer = {f"number_of_{kind}_previews": counts.get(extension, 0) for extension, kind in COUNTED.items()}
        return Response({**answer, "number_of_comments": Comment.objects.count()})


class ShotLengthViewSet(ApiViewSet):
    """`/actions/projects/<id>/task-types/<id>/set-shot-nb-frames`."""

    access = {"measure": manages_production}

    def measure(self, request: Request, project_id: str, task_type_id: str) -> Response:
        """Gives shots the number of frames of their latest previews."""
        if not is_uuid(project_id) or not is_uuid(task_type_id):
            raise WrongParameter("Invalid project or task type id")
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise NotFound()
        self.authorise(Scope(project_id=project.pk))
        shots = measure_shots(project, UUID(task_type_id), self.episode())
        return Response([{"id": shot.pk, "nb_frames": shot.nb_frames} for shot in shots])

    def episode(self) -> Any:
        """The episode that the query string names. Raises WrongParameter."""
        given = self.request.query_params.get("episode_id")
        if given and not is_uuid(given):
            raise WrongParameter("Invalid episode id")
        return UUID(given) if given else None
