"""Named reads of tasks and time spents, by whom they are for and who may see them."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

OPEN = "Open"


def as_vendor(person: Any) -> Q:
    """Team links by which the person is a vendor in a production."""
    return Q(role="vendor") | Q(role=None) if person.role == "vendor" else Q(role="vendor")


def as_client(person: Any) -> Q:
    """Team links by which the person is a client in a production."""
    return Q(role="client") | Q(role=None) if person.role == "client" else Q(role="client")


def assigned_to(person_id: Any, task: str = "pk") -> Exists:
    """The task, whose id the outer query has as `task`, is assigned to the person."""
    from tasks.models import Task

    links = Task.assignees.through._base_manager
    return Exists(links.filter(task_id=OuterRef(task), person_id=person_id))


def seen_by(person: Any, *, path: str = "", open_only: bool = True) -> Q:
    """Rows of tasks in the person's productions; where they are a vendor there, only of tasks assigned to them.

    `path` leads from the row to its task, such as `task__`. Studio managers see all rows.
    """
    from production.models import Project

    if person.is_admin:
        projects = Project.objects.order_by().filter(project_status__name=OPEN)
        return Q(**{f"{path}project_id__in": projects.values("pk")}) if open_only else Q()
    links = person.team_links.order_by()
    if open_only:
        links = links.filter(project__project_status__name=OPEN)
    vendor = as_vendor(person)
    as_member = Q(**{f"{path}project_id__in": links.exclude(vendor).values("project_id")})
    task = f"{path}id" if not path else f"{path.removesuffix('__')}_id"
    return as_member | Q(assigned_to(person.pk, task), **{f"{path}project_id__in": links.filter(vendor).values("project_id")})


class TaskQuerySet(models.QuerySet):
    """Tasks, narrowed by words of the studio."""

    def assigned(self, person_id: Any) -> "TaskQuerySet":
        """Those assigned to the person. It is a join, the first of a list's many, so that the database begins with these few."""
        return self.filter(assignees=person_id)

    def visible_to(self, person: Any, *, open_only: bool = True) -> "TaskQuerySet":
        """Those of the person's productions, open ones by default; a vendor's own only. Studio managers see all productions."""
        return self.filter(seen_by(person, open_only=open_only))

    def of_own_open_productions(self, person: Any) -> "TaskQuerySet":
        """Those of open productions in whose team the person is, studio managers like anybody else."""
        links = person.team_links.order_by().filter(project__project_status__name=OPEN)
        return self.filter(project_id__in=links.values("project_id"))

    def of_episode(self, episode_id: Any) -> "TaskQuerySet":
        """Those of the shots of an episode."""
        return self.filter(entity__parent__parent_id=episode_id)


class TimeSpentQuerySet(models.QuerySet):
    """Time spents, narrowed by words of the studio."""

    def between(self, start: Any, end: Any) -> "TimeSpentQuerySet":
        """Those from one day to another, both included."""
        return self.filter(date__gte=start, date__lte=end)

    def visible_to(self, person: Any) -> "QuerySet[Any]":
        """Those on tasks of the person's productions, closed ones included; as a vendor, on tasks of theirs."""
        return self if person.is_admin else self.filter(seen_by(person, path="task__", open_only=False))
