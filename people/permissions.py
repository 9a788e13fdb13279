"""The vocabulary of permission: facts about a person that views declare per action (see `core.api.access`).

A person's *role* in a production is the one on their team link, else their own; an admin stays admin everywhere. Facts about
a production hold for admins and for members of its team alone: a role gives nothing where one is not a member.
"""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from core.api.access import Check, Scope, check
from core.api.converters import is_uuid
from core.sql import Prepared
from people.models import Person


def role_in(person: Person, project_id: Any) -> str | None:
    """The person's role in a production, or None outside its team. One statement per production and request."""
    if person.is_admin:
        return "admin"
    if not isinstance(project_id, UUID):
        if not is_uuid(project_id):
            return None
        project_id = UUID(project_id)
    known = person.__dict__.setdefault("_roles", {})
    if project_id not in known:
        links = TEAM_ROLE.fetch(person.pk, project_id)[1]
        known[project_id] = (links[0][0] or person.role) if links else None
    return known[project_id]


def team_role(person_id: Any, project_id: Any) -> "QuerySet[Any]":
    """The role on a team link."""
    links: Any = Person._meta.get_field("team_links").related_model._default_manager.order_by()
    return links.filter(person_id=person_id, project_id=project_id).values_list("role")


TEAM_ROLE = Prepared(team_role)


def role(person: Person, scope: Scope) -> str:
    """The role that counts here: that in the production at hand, else the person's own."""
    in_project = role_in(person, scope.project_id) if scope.project_id else None
    return in_project or person.role


def department_ids(person: Person) -> set[UUID]:
    """The person's departments. One statement per request."""
    known = person.__dict__.get("_department_ids")
    if known is None:
        known = person.__dict__["_department_ids"] = set(person.departments.values_list("id", flat=True))
    return known


def open_project_ids(person: Person) -> "QuerySet[Any]":
    """The open productions in whose team the person is, as a subquery."""
    links = person.team_links.filter(project__project_status__name="Open")
    return links.values("project_id")


def team_project_ids(person: Person) -> "QuerySet[Any]":
    """All productions in whose team the person is, as a subquery."""
    return person.team_links.values("project_id")


def works_on(person: Person, entity_id: Any) -> bool:
    """A task of the entity is assigned to the person."""
    task = apps.get_model("tasks", "Task")
    return task.objects.filter(entity_id=entity_id, assignees=person).exists()


any_person = Check("anyone signed in", lambda person, scope: True)
# Lists whose rows are narrowed to the person's productions, and acts on many rows of which each is judged on its own.
within_own_productions = Check(
    "anyone, within their productions",
    lambda person, scope: True,
    meaning="Anyone signed in; they get what they may see in productions of theirs, and a production that they name must be one",
)
row_by_row = Check(
    "decided row by row",
    lambda person, scope: True,
    meaning="Anyone signed in; rows that they may not touch are passed over",
)


@check()
def is_admin(person: Person, scope: Scope) -> bool:
    """A studio manager."""
    return person.is_admin


@check()
def manages_somewhere(person: Person, scope: Scope) -> bool:
    """Admin, or production manager by their own role."""
    return person.role in ("admin", "manager")


@check()
def supervises_somewhere(person: Person, scope: Scope) -> bool:
    """Admin, manager or supervisor by their own role."""
    return person.role in ("admin", "manager", "supervisor")


@check()
def is_human(person: Person, scope: Scope) -> bool:
    """Not a bot."""
    return not person.is_bot


@check()
def is_no_vendor_anywhere(person: Person, scope: Scope) -> bool:
    """Their own role is not vendor."""
    return person.role != "vendor"


@check(scoped=True)
def in_production(person: Person, scope: Scope) -> bool:
    """Admin, or member of the production's team."""
    return role_in(person, scope.project_id) is not None


@check(scoped=True)
def manages_production(person: Person, scope: Scope) -> bool:
    """Admin, or manager in the production's team."""
    return role_in(person, scope.project_id) in ("admin", "manager")


@check(scoped=True)
def supervises_production(person: Person, scope: Scope) -> bool:
    """Admin, manager or supervisor in the production's team."""
    return role_in(person, scope.project_id) in ("admin", "manager", "supervisor")


@check(scoped=True)
def is_no_vendor(person: Person, scope: Scope) -> bool:
    """Not a vendor here."""
    return role(person, scope) != "vendor"


@check(scoped=True)
def is_no_client(person: Person, scope: Scope) -> bool:
    """Not a client here."""
    return role(person, scope) != "client"


@check(scoped=True)
def may_open_entity(person: Person, scope: Scope) -> bool:
    """Member of the production; a vendor needs a task of the entity."""
    found = role_in(person, scope.project_id)
    return found is not None and (found != "vendor" or works_on(person, scope.entity_id))


@check(scoped=True)
def is_themself(person: Person, scope: Scope) -> bool:
    """The person whom the act is about."""
    return scope.instance is not None and str(getattr(scope.instance, "pk", None) or scope.instance["id"]) == str(person.pk)


@check(scoped=True)
def may_meet(person: Person, scope: Scope) -> bool:
    """No client, or a client who shares an open production with the person whom the act is about."""
    if person.role != "client":
        return True
    teams = Person.objects.filter(team_links__project_id__in=open_project_ids(person))
    return teams.filter(pk=scope.instance["id"]).exists()


def supervises_task_type(person: Person, project_id: Any, department_id: Any) -> bool:
    """Manages the production, or supervises it with no department, or with the task type's department."""
    found = role_in(person, project_id)
    if found in ("admin", "manager"):
        return True
    if found != "supervisor":
        return False
    own = department_ids(person)
    return not own or (department_id is not None and UUID(str(department_id)) in own)
