"""Who may change and delete an entity."""

from typing import Any

from core.api.access import Scope, check
from people.models import Person
from people.permissions import department_ids, role_in
from production.models import MetadataDescriptor

SUPERVISED = ("Shot", "Asset", "Edit")


@check(scoped=True)
def is_creator(person: Person, scope: Scope) -> bool:
    """Made the entity."""
    return scope.instance.created_by == person.pk


@check(scoped=True)
def may_change_entity(person: Person, scope: Scope) -> bool:
    """Admin, manager, or its maker in the production's team; a supervisor may change the metadata of their departments."""
    role = role_in(person, scope.project_id)
    if role in ("admin", "manager") or (role is not None and scope.instance.created_by == person.pk):
        return True
    return role == "supervisor" and set(scope.body) <= {"data"} and supervises_metadata(person, scope)


def supervises_metadata(person: Person, scope: Scope) -> bool:
    """The person has no department, or all keys sent are metadata of theirs."""
    own = department_ids(person)
    if not own:
        return True
    sent: Any = scope.body.get("data") or {}
    kind = scope.instance.kind
    if kind not in SUPERVISED or not isinstance(sent, dict) or not sent:
        return False
    theirs = MetadataDescriptor.objects.order_by().filter(
        project_id=scope.project_id, entity_type=kind, departments__in=own, field_name__in=list(sent)
    )
    return set(sent) == set(theirs.values_list("field_name", flat=True))
