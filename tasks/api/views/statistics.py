"""What a production's tasks add up to: statistics of its episodes, and quotas."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.errors import NotFound, WrongParameter
from people.models import Person
from people.permissions import in_production, is_no_client, is_themself, role_in, supervises_production
from production.models import Project
from production.rules.formats import frames_per_second
from tasks import quotas
from tasks.api.loading import TaskRoutes, found, human, id_parameter
from tasks.episode_stats import status_sums, take_sums
from tasks.models import Task
from tasks.permissions import may_see_stats

WRONG_MODE = "count_mode must be equal to weighted, {}, feedback, or done"
WRONG_PERIOD = "Invalid month or year."
Period = tuple[date, date]


class EpisodeStatsViewSet(TaskRoutes):
    """`/data/projects/<id>/episodes/stats` and `…/retake-stats`."""

    access = {"stats": in_production & may_see_stats, "retakes": in_production & is_no_client}

    def tasks(self, project_id: UUID) -> QuerySet[Any]:
        """The production's tasks; a vendor's own. Raises NotFound, Forbidden."""
        project, person = found(Project, project_id), self.request.user
        self.authorise(Scope(project_id=project.pk, instance=project))
        tasks = Task.objects.order_by().filter(project=project)
        return tasks.assigned(person.pk) if role_in(person, project.pk) == "vendor" else tasks

    def stats(self, request: Request, project_id: UUID) -> Response:
        """How many tasks, frames and drawings each status has."""
        return Response(status_sums(self.tasks(project_id)))

    def retakes(self, request: Request, project_id: UUID) -> Response:
        """How many takes the tasks needed."""
        return Response(take_sums(self.tasks(project_id)))


class QuotaViewSet(TaskRoutes):
    """`/data/projects/<id>/quotas/…`."""

    access = {
        "of_task_type": in_production & is_no_client,
        "of_person": is_no_client & (supervises_production | is_themself),
    }

    def of_task_type(self, request: Request, project_id: UUID, task_type_id: UUID) -> Response:
        """What each person made in tasks of one type; a vendor sees what they made themselves."""
        project, person = self.project(project_id), request.user
        own = {"person_id": person.pk} if role_in(person, project.pk) == "vendor" else {}
        counting = self.counting({"project_id": project.pk, "task_type_id": task_type_id})
        return Response(quotas.quotas(counting, "person_id", frames_per_second(project.fps), **own))

    def of_person(self, request: Request, project_id: UUID, person_id: UUID) -> Response:
        """What one person made in tasks of each type."""
        project, person = found(Project, project_id), found(Person, person_id)
        self.authorise(Scope(project_id=project.pk, instance=person))
        counting = self.counting({"project_id": project.pk})
        return Response(quotas.quotas(counting, "task__task_type_id", frames_per_second(project.fps), person_id=person.pk))

    def counting(self, where: dict[str, Any]) -> quotas.Counting:
        """How the query string asks to count. Raises WrongParameter."""
        params = self.request.query_params
        # Clients know the message with its slip.
        mode = asked_mode(params, "weigtheddone")
        return quotas.Counting(mode, quotas.known_zone(self.request.user.timezone), where, id_parameter(params, "studio_id"))


class QuotaShotViewSet(TaskRoutes):
    """`/data/persons/<id>/quota-shots/…`."""

    access = dict.fromkeys(("of_day", "of_week", "of_month"), supervises_production | is_themself)

    def of_day(self, request: Request, person_id: UUID, year: str, month: str, day: str) -> Response:
        """The shots of a day."""
        return self.shots(person_id, lambda: (date(int(year), int(month), int(day)),) * 2)

    def of_week(self, request: Request, person_id: UUID, year: str, week: str) -> Response:
        """The shots of an ISO week."""
        return self.shots(person_id, lambda: week_of(int(year), int(week)))

    def of_month(self, request: Request, person_id: UUID, year: str, month: str) -> Response:
        """The shots of a month."""
        return self.shots(person_id, lambda: month_of(int(year), int(month)))

    def shots(self, person_id: UUID, period: Callable[[], Period]) -> Response:
        """The shots that the person worked on in a period, with the share of their tasks. Raises WrongParameter, Forbidden."""
        params, person = self.request.query_params, human(person_id)
        where = {"project_id": self.production_asked(person), "task_type_id": id_parameter(params, "task_type_id")}
        where = {name: value for name, value in where.items() if value is not None}
        counting = quotas.Counting(asked_mode(params, "weighteddone"), quotas.known_zone(self.request.user.timezone), where)
        try:
            first, last = period()
        except (ValueError, OverflowError):
            raise WrongParameter(WRONG_PERIOD) from None
        return Response(quotas.quota_shots(counting, person.pk, first, last))

    def production_asked(self, person: Person) -> UUID | None:
        """The production of the query string, once the check let the reader near the person there. Raises NotFound, Forbidden."""
        project_id = self.request.query_params.get("project_id") or None
        if project_id is not None and not (is_uuid(project_id) and Project.objects.filter(pk=project_id).exists()):
            raise NotFound()
        self.authorise(Scope(project_id=project_id, instance=person))
        return UUID(project_id) if project_id else None


def asked_mode(params: Any, second: str) -> str:
    """The mode of counting that a query string asks for. Raises WrongParameter, with the word for the second mode."""
    mode: str = params.get("count_mode", "weighted")
    if mode not in quotas.DATES:
        raise WrongParameter(WRONG_MODE.format(second))
    return mode


def week_of(year: int, week: int) -> Period:
    """The days of an ISO week."""
    first = date.fromisocalendar(year, week, 1)
    return first, first + timedelta(days=6)


def month_of(year: int, month: int) -> Period:
    """The days of a month."""
    first = date(year, month, 1)
    return first, first.replace(day=monthrange(year, month)[1])
