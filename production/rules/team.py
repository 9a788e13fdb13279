"""Who works on a production, and in which role there."""

from typing import Any

from core.api.converters import is_uuid
from core.errors import WrongParameter
from core.transactions import whole_step
from people.models import Person
from production.models import Project, ProjectPersonLink
from production.rules.announcements import announce_settings

NO_MEMBER = "Person is not a member of the project team"
CLIENT_FOR_EVER = "A preview account keeps its client role"
OWN_PROJECT_ONLY = "A preview account can only belong to its own project"


@whole_step()
def join_team(project: Project, person_id: str, *, role: str | None = None, by: Person) -> None:
    """Take a person into the team; a role given replaces the one they have there. Raises WrongParameter."""
    person = Person.objects.filter(pk=person_id).first() if is_uuid(person_id) else None
    if person is None:
        raise WrongParameter(f"Person with id {person_id} not found")
    if person.preview_project_id is not None:
        raise WrongParameter(OWN_PROJECT_ONLY if person.preview_project_id != project.pk else CLIENT_FOR_EVER)
    link, is_new = ProjectPersonLink.objects.get_or_create(project=project, person=person, defaults={"role": role})
    if not is_new and role is not None:
        link.role = role
        link.save(update_fields=["role"])
    if is_new or role is not None:
        announce_settings(project, by=by)


@whole_step()
def give_role(project: Project, person_id: Any, *, role: str | None, by: Person) -> None:
    """Set a member's role in the production, or give them back their own. Raises WrongParameter."""
    links = ProjectPersonLink.objects.filter(project=project, person_id=person_id)
    link = links.select_related("person").first() if is_uuid(str(person_id)) else None
    if link is None:
        raise WrongParameter(NO_MEMBER)
    if link.person.preview_project_id is not None:
        raise WrongParameter(CLIENT_FOR_EVER)
    link.role = role
    link.save(update_fields=["role"])
    announce_settings(project, by=by)


@whole_step()
def leave_team(project: Project, person_id: Any, *, by: Person) -> None:
    """Take a person out of the team; their assignments stay."""
    ProjectPersonLink.objects.filter(project=project, person_id=person_id).delete()
    announce_settings(project, by=by)
