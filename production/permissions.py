"""Facts about a person that the rows of this room decide."""

from typing import Any

from core.api.access import Check, Scope, check
from people.models import Person
from people.permissions import department_ids, role_in, supervises_task_type


@check(scoped=True)
def supervises_its_task_type(person: Person, scope: Scope) -> bool:
    """Manages the production of the row, or supervises there with no department or that of the row's task type."""
    task_type = getattr(scope.instance, "task_type", None)
    return supervises_task_type(person, scope.project_id, task_type and task_type.department_id)


@check(scoped=True)
def shapes_columns(person: Person, scope: Scope) -> bool:
    """Manages the production; or supervises it, when all their departments are among those of the column."""
    found = role_in(person, scope.project_id)
    if found in ("admin", "manager"):
        return True
    departments = {str(pk) for pk in scope.body.get("departments", [])}
    return found == "supervisor" and bool(departments) and {str(pk) for pk in department_ids(person)} <= departments


def holds_once_known(person: Any, scope: Scope) -> bool:
    """A studio manager."""
    return bool(person.is_admin)


# Where the state of the row is told before the caller's right is asked.
is_admin_once_known = Check("is_admin, asked once the row is known", holds_once_known, scoped=True)
