"""The routes of days off."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope, check
from core.api.renderers import json_array
from core.api.serializers import RowSerializer
from core.api.values import as_date
from core.api.views import ResourceViewSet
from core.errors import Forbidden, NotFound, RowRefused, WrongParameter
from core.projection import Projection, Row
from people import readers
from people.models import DayOff, Person
from people.permissions import any_person, in_production, is_admin, is_no_client, is_no_vendor, is_themself, role_in
from people.rules import days_off as rules
from people.rules.persons import person_of

WRONG = "Invalid date format."
Period = tuple[date, date]


def year_of(year: str) -> Period:
    """The days of a year. Raises WrongParameter."""
    return month_of(year, "1")[0], month_of(year, "12")[1]


def month_of(year: str, month: str) -> Period:
    """The days of a month. Raises WrongParameter."""
    try:
        first = date(int(year), int(month), 1)
    except (ValueError, OverflowError):
        raise WrongParameter(WRONG) from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def week_of(year: str, week: str) -> Period:
    """The days of an ISO week. Raises WrongParameter."""
    try:
        first = date.fromisocalendar(int(year), int(week), 1)
        return first, first + timedelta(days=6)
    except (ValueError, OverflowError):
        raise WrongParameter(WRONG) from None


def within(days_off: Any, period: Period | None) -> Any:
    """The periods off that touch a period."""
    return days_off.filter(date__lte=period[1], end_date__gte=period[0]) if period else days_off


def merged(viewer: Person, days_off: Any) -> Iterable[Row]:
    """Those of these periods off that the viewer may know of, with the reason where they may know that too."""
    managed = Q(person__in=rules.people_managed_by(viewer).values("pk"))
    yield from readers.DAY_OFF.rows(days_off.filter(managed))
    if not viewer.is_admin:
        supervised = days_off.filter(person__in=rules.people_supervised_by(viewer).values("pk")).exclude(managed)
        yield from readers.DAY_OFF_WITHOUT_REASON.rows(supervised)


@check(scoped=True)
def knows_days_off(person: Person, scope: Scope) -> bool:
    """The person themself, studio managers, and who manages or supervises them in a production."""
    return rules.knows_reason(person, scope.instance["id"]) is not None


class DayOffViewSet(ResourceViewSet):
    """`/data/day-offs`, and the days off of people and productions."""

    reader = readers.DAY_OFF
    access = {
        "list": is_admin,
        "retrieve": knows_days_off,
        "create": is_themself | is_admin,
        "update": is_themself | is_admin,
        "destroy": is_themself | is_admin,
        **dict.fromkeys(("of_person", "of_person_on"), knows_days_off),
        "of_everybody": any_person,
        "of_production": in_production & is_no_client & is_no_vendor,
    }

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """It is about the person who will be off. Raises RowRefused for a body without person or end."""
        for name in ("person_id", "date", "end_date"):
            if name not in body:
                raise RowRefused(f"'{name}'")
        return Scope(instance={"id": str(body["person_id"]).lower()}, body=body)

    def scope_of(self, instance: DayOff, body: dict[str, Any] | None = None) -> Scope:
        """It is about the person who is off. Raises Forbidden when somebody would move it to another person."""
        moved = str((body or {}).get("person_id", instance.person_id)).lower()
        if moved != str(instance.person_id) and not self.request.user.is_admin:
            raise Forbidden()
        return Scope(instance={"id": instance.person_id}, body=body or {})

    def perform_create(self, serializer: RowSerializer) -> DayOff:
        """Enters the period."""
        if any(serializer.columns.get(name) is None for name in ("person_id", "date", "end_date")):
            raise RowRefused("A required field is missing.")
        return rules.enter_day_off(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> DayOff:
        """Changes the period."""
        return rules.change_day_off(serializer.instance, serializer.columns, by=self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A period off, without its reason for a supervisor."""
        instance = self.get_object()
        return Response(self.form_for(instance.person_id).one(instance.pk))

    def form_for(self, person_id: Any) -> Projection:
        """What the caller may know of a person's days off. Raises Forbidden."""
        self.authorise(Scope(instance={"id": person_id}))
        knows = rules.knows_reason(self.request.user, person_id)
        return readers.DAY_OFF if knows else readers.DAY_OFF_WITHOUT_REASON

    def of_person(
        self, request: Request, person_id: UUID, year: str | None = None, month: str | None = None, week: str | None = None
    ) -> Any:
        """A person's periods off, all or those that touch a year, month or week."""
        person = person_of(person_id, human=True)
        form = self.form_for(person.pk)
        period = week_of(year, week) if week else month_of(year, month) if month else year_of(year) if year else None
        return json_array(form.rows(within(DayOff.objects.filter(person=person), period)))

    def of_person_on(self, request: Request, person_id: UUID, day: str) -> Response:
        """The period off that covers a day, or an empty object."""
        person = person_of(person_id, human=True)
        form = self.form_for(person.pk)
        when = as_date(day, WrongParameter(WRONG))
        found = within(DayOff.objects.filter(person=person), (when, when))
        return Response(next(form.rows(found[:1]), {}))

    def of_everybody(self, request: Request, year: str, month: str | None = None) -> Any:
        """The periods off of a year or month, of all people whom the caller may know of."""
        period = month_of(year, month) if month else year_of(year)
        return json_array(merged(request.user, within(DayOff.objects.order_by(), period)))

    def of_production(self, request: Request, project_id: UUID) -> Response:
        """The periods off of a production's team by person, with the reason for its managers and one's own."""
        if not apps.get_model("production", "Project").objects.filter(pk=project_id).exists():
            raise NotFound()
        self.authorise(Scope(project_id=project_id))
        team = DayOff.objects.filter(person__team_links__project_id=project_id).order_by("date", "id")
        known_by: set[str | None] = {"admin", "manager"}
        knows_all = role_in(request.user, project_id) in known_by
        found: dict[str, list[Row]] = {}
        for row in readers.DAY_OFF.rows(within(team, asked_period(request.query_params))):
            if not knows_all and row["person_id"] != str(request.user.pk):
                del row["description"]
            found.setdefault(row["person_id"], []).append(row)
        return Response(found)


def asked_period(params: Any) -> Period | None:
    """The period of the query string: both days, or none. Raises WrongParameter."""
    start, end = params.get("start_date"), params.get("end_date")
    if not start and not end:
        return None
    refusal = WrongParameter(f"Wrong date format for {start} and/or {end}")
    return as_date(start, refusal) if start else date.min, as_date(end, refusal) if end else date.max
