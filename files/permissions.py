"""Facts about a person that the files room asks about, beside those of `people.permissions`."""

from typing import Any

from django.db.models import QuerySet

from core.api.access import Scope, check
from people.models import Person
from people.permissions import may_open_entity, role_in, supervises_task_type
from tasks.models import Task
from tasks.permissions import may_act_on
from tasks.querysets import as_vendor, assigned_to


def task_id_of(instance: Any) -> Any:
    """The task that a row is, or belongs to."""
    if isinstance(instance, Task):
        return instance.pk
    return instance["task_id"] if isinstance(instance, dict) else instance.task_id


def is_assigned(person: Person, task_id: Any) -> bool:
    """The task is assigned to the person."""
    return Task.objects.order_by().filter(assigned_to(person.pk), pk=task_id).exists()


def supervises_task(person: Person, project_id: Any, task_id: Any) -> bool:
    """Manages the production, or supervises the department of the task's type there."""
    if role_in(person, project_id) not in ("admin", "manager", "supervisor"):
        return False
    department = Task.objects.order_by().filter(pk=task_id).values_list("task_type__department_id", flat=True).first()
    return supervises_task_type(person, project_id, department)


@check(scoped=True)
def acts_on_its_task(person: Person, scope: Scope) -> bool:
    """May act on the task that the preview or working file belongs to."""
    task = Task.objects.order_by().select_related("task_type", "entity").filter(pk=task_id_of(scope.instance)).first()
    return may_act_on(person, task) if task else person.is_admin


@check(scoped=True)
def may_read_preview(person: Person, scope: Scope) -> bool:
    """Member of the production; a vendor needs to be assigned to the preview's task."""
    found = role_in(person, scope.project_id)
    return found is not None and (found != "vendor" or is_assigned(person, task_id_of(scope.instance)))


@check(scoped=True)
def may_change_preview(person: Person, scope: Scope) -> bool:
    """Member who manages the production, is assigned to the task, or supervises its department."""
    if role_in(person, scope.project_id) is None:
        return False
    task_id = task_id_of(scope.instance)
    return supervises_task(person, scope.project_id, task_id) or is_assigned(person, task_id)


@check(scoped=True)
def may_annotate(person: Person, scope: Scope) -> bool:
    """Manager or client of the production, or supervisor of the task's department; not the artists."""
    found = role_in(person, scope.project_id)
    return found == "client" or supervises_task(person, scope.project_id, task_id_of(scope.instance))


@check(scoped=True)
def may_change_output(person: Person, scope: Scope) -> bool:
    """Manages the production, or has a task on the entity that the output is for."""
    found = role_in(person, scope.project_id)
    if found in ("admin", "manager"):
        return True
    output = scope.instance
    entity_id = output.temporal_entity_id or output.entity_id
    return found is not None and Task.objects.filter(entity_id=entity_id, assignees=person).exists()


@check(scoped=True)
def may_open_owner(person: Person, scope: Scope) -> bool:
    """Member of the production; a vendor needs a task of the entity, or of the shot or scene in which its instance is."""
    place = Scope(project_id=scope.project_id, entity_id=scope.instance and scope.instance.pk)
    return may_open_entity(person, scope) or may_open_entity(person, place)


def team_rows(person: Person, queryset: "QuerySet[Any]", path: str, *, open_only: bool) -> "QuerySet[Any]":
    """Rows of the productions in whose team the person is, other than as a vendor; `path` leads to the production."""
    if person.is_admin:
        return queryset
    links = person.team_links.order_by().exclude(as_vendor(person))
    if open_only:
        links = links.filter(project__project_status__name="Open")
    return queryset.filter(**{f"{path}__in": links.values("project_id")})
