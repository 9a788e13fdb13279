"""What views of things within one production share."""

from typing import Any
from uuid import UUID

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.views import ApiViewSet
from core.errors import Forbidden, NotFound, WrongParameter
from production.models import Project

WRONG_ID = "Wrong UUID format."


class ProductionViewSet(ApiViewSet):
    """A view of what belongs to one production, which its path names."""

    def enter(self, project_id: UUID, *, known: bool = True) -> None:
        """Asks the action's check about a production that is only read.

        Raises NotFound for an unknown one; to studio managers, whose check needs no team, only where `known` asks for it.
        """
        try:
            self.authorise(Scope(project_id=project_id))
        except Forbidden:
            if not Project.objects.filter(pk=project_id).exists():
                raise NotFound() from None
            raise
        if known and self.request.user.is_admin and not Project.objects.filter(pk=project_id).exists():
            raise NotFound()

    def project(self, project_id: Any, body: dict[str, Any] | None = None) -> Project:
        """The production, once the action's check holds there. Raises NotFound, Forbidden."""
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise NotFound()
        self.authorise(Scope(project_id=project.pk, body=body or {}))
        return project


def path_id(value: str) -> UUID:
    """An id of a path whose malformed forms are told so. Raises WrongParameter."""
    if not is_uuid(value):
        raise WrongParameter(WRONG_ID)
    return UUID(value)
