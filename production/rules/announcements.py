"""What the rules of productions and templates tell."""

from typing import Any

from events.emit import emit
from production.models import Project, ProjectTemplate


def announce_settings(project: Project, *, by: Any) -> None:
    """Tell that a production's team, links or schedule changed."""
    emit("project:update", {"project_id": project.pk}, project_id=project.pk, by=by)


def announce_template(template: ProjectTemplate, act: str = "update", *, by: Any) -> None:
    """Tell that a template was made, changed or deleted."""
    emit(f"project-template:{act}", {"project_template_id": template.pk}, by=by)


def announce_owner(owner: Project | ProjectTemplate, *, by: Any) -> None:
    """Tell that the production or the template whose links changed is another one now."""
    if isinstance(owner, ProjectTemplate):
        announce_template(owner, by=by)
    else:
        announce_settings(owner, by=by)
