"""What the rules of productions tell."""

from typing import Any

from events.emit import emit
from production.models import Project


def announce_settings(project: Project, *, by: Any) -> None:
    """Tell that a production's team, links or schedule changed."""
    emit("project:update", {"project_id": project.pk}, project_id=project.pk, by=by)
