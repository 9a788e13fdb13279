"""Facts about a person and a task, a comment or time spent, beside those of `people.permissions`."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from core.api.access import Scope, check
from people.models import Person
from people.permissions import department_ids, role_in, supervises_task_type
from production.models import ProjectTaskStatusLink, TaskStatus
from tasks.models import Comment, Task
from tasks.querysets import as_client, assigned_to

# What a supervisor may plan; any other key makes the change a manager's.
SUPERVISED = {"priority", "start_date", "due_date", "estimation", "difficulty", "data"}
MANAGERS: tuple[str | None, ...] = ("admin", "manager")


def client_projects(person: Person) -> set[str]:
    """The productions in which the person is a client. One statement per request."""
    if person.is_admin:
        return set()
    known: set[str] | None = person.__dict__.get("_client_projects")
    if known is None:
        links = person.team_links.order_by().filter(as_client(person)).values_list("project_id", flat=True)
        known = person.__dict__["_client_projects"] = {str(project_id) for project_id in links}
    return known


def is_assigned(person: Person, task: Any) -> bool:
    """The task is assigned to the person. One statement per task and request."""
    known = person.__dict__.setdefault("_assigned", {})
    if task.pk not in known:
        known[task.pk] = Task.objects.order_by().filter(assigned_to(person.pk), pk=task.pk).exists()
    return bool(known[task.pk])


def supervises_task(person: Person, task: Task) -> bool:
    """Manages the task's production, or supervises the department of its type there."""
    return supervises_task_type(person, task.project_id, task.task_type.department_id if task.task_type else None)


@check(scoped=True)
def acts_on_task(person: Person, scope: Scope) -> bool:
    """Manager or client of the production, assigned to the task, supervisor of its department, or maker of its entity."""
    return may_act_on(person, scope.instance)


def may_act_on(person: Person, task: Task) -> bool:
    """The fact of `acts_on_task` for a task at hand."""
    found = role_in(person, task.project_id)
    if found is None or found in ("admin", "manager", "client"):
        return found is not None
    if task.entity is not None and task.entity.created_by == person.pk:
        return True
    return supervises_task(person, task) or is_assigned(person, task)


def is_mentioned(person: Person, task: Task) -> bool:
    """Member, no vendor, and named, personally or through a department, in a comment or a reply of the task."""
    if role_in(person, task.project_id) in (None, "vendor"):
        return False
    departments = department_ids(person)
    comments = Comment.objects.order_by().filter(object_id=task.pk)
    if comments.filter(Q(mentions=person) | Q(department_mentions__in=departments)).exists():
        return True
    named = {str(person.pk), *map(str, departments)}
    replied = comments.exclude(replies=[]).exclude(replies=None).values_list("replies", flat=True)
    return any(
        named & {*(reply.get("mentions") or ()), *(reply.get("department_mentions") or ())}
        for replies in replied
        for reply in replies or ()
    )


@check(scoped=True)
def comments_on_task(person: Person, scope: Scope) -> bool:
    """May act on the task; who is merely mentioned there may comment without changing its status."""
    task: Task = scope.instance
    status: TaskStatus = scope.body["task_status"]
    if not may_act_on(person, task) and not (task.task_status_id == status.pk and is_mentioned(person, task)):
        return False
    return may_set_status(person, status, task.project_id)


def may_set_status(person: Person, status: TaskStatus, project_id: Any) -> bool:
    """The status is allowed for the person's role in the production; the production may overrule it for clients."""
    found = role_in(person, project_id)
    if found == "user":
        return bool(status.is_artist_allowed)
    if found != "client":
        return True
    links = ProjectTaskStatusLink.objects.order_by().filter(project_id=project_id, task_status=status)
    own = links.values_list("is_client_allowed", flat=True).first()
    return bool(status.is_client_allowed if own is None else own)


@check(scoped=True)
def edits_task(person: Person, scope: Scope) -> bool:
    """Manages the production; a supervisor of the department may change what planning needs, and nothing beside it."""
    if role_in(person, scope.project_id) in MANAGERS:
        return True
    return scope.body.keys() <= SUPERVISED and supervises_task(person, scope.instance)


def may_assign(person: Person, task: Task, assignee: Person) -> bool:
    """Manages; or supervises the department and shares one with the assignee; or takes a task of an own department."""
    found = role_in(person, task.project_id)
    if found is None or found in MANAGERS:
        return found is not None
    own = department_ids(person)
    department = task.task_type.department_id if task.task_type else None
    if found == "supervisor" and (not own or (department in own and bool(own & department_ids(assignee)))):
        return True
    return assignee.pk == person.pk and department in own


def may_unassign(person: Person, task: Task, person_id: Any) -> bool:
    """Manages or supervises the department; or gives an own task back."""
    if supervises_task(person, task):
        return True
    return role_in(person, task.project_id) is not None and str(person_id) == str(person.pk) and is_assigned(person, task)


def may_log_time(person: Person, task: Task, assignee_id: Any) -> bool:
    """Time is logged for assignees only: by themselves, or by who manages the production."""
    if not Task.objects.order_by().filter(assigned_to(assignee_id), pk=task.pk).exists():
        return False
    return UUID(str(assignee_id)) == person.pk or role_in(person, task.project_id) in MANAGERS


@check(scoped=True)
def logs_time(person: Person, scope: Scope) -> bool:
    """The assigned person whose time it is, or who manages the production."""
    task, assignee = scope.instance, scope.body["person_id"]
    return task is not None and may_log_time(person, task, assignee)


@check(scoped=True)
def wrote_it(person: Person, scope: Scope) -> bool:
    """The author of the comment or reply."""
    author = scope.instance.get("person_id") if isinstance(scope.instance, dict) else scope.instance.person_id
    return str(author) == str(person.pk)


def has_department_of(person: Person, task: Task) -> bool:
    """Supervisor with no department or with the task type's."""
    return role_in(person, task.project_id) == "supervisor" and supervises_task(person, task)


@check(scoped=True)
def may_see_stats(person: Person, scope: Scope) -> bool:
    """No client of the production, unless it shows its statistics to clients."""
    return role_in(person, scope.project_id) != "client" or scope.instance.is_client_stats_visible is not False
