"""The routes of the event log."""

import re
from typing import Any

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.pagination import ListOptions
from core.api.parsers import NUL
from core.api.serializers import RowSerializer
from core.api.values import as_datetime, as_integer, is_true
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import WrongParameter
from core.projection import Row
from events.models import ApiEvent
from events.readers import API_EVENT, HISTORY
from events.rules.events import log_event
from people.models import Person
from people.permissions import any_person, is_admin, manages_production, manages_somewhere

MOST = 1000
FILE_EVENTS = ("preview-file:add-file", "organisation:set-thumbnail", "person:set-thumbnail", "project:set-thumbnail")
NAME_PART = re.compile(r"[a-z0-9-]+")
WRONG_DATE = "Wrong date format for before argument.Expected format: 2020-01-05T13:23:10 or 2020-01-05"


class ApiEventViewSet(ResourceViewSet):
    """`/data/events`: the rows of the log themselves. A list that is not paged ends after the newest thousand."""

    reader = API_EVENT
    access = {"list": is_admin, "retrieve": is_admin, "create": is_admin, "update": is_admin, "destroy": is_admin}

    def answer_list(self, queryset: Any, options: ListOptions) -> Any:
        """The rows as the options ask for them."""
        return super().answer_list(queryset if options.is_paged else queryset.order_by("-created_at", "-id")[:MOST], options)

    def perform_create(self, serializer: RowSerializer) -> ApiEvent:
        """Stores the event where all new ones are: at the end."""
        return log_event(serializer.columns, by=self.request.user)


class EventHistoryViewSet(ApiViewSet):
    """`/data/events/last` and `/data/events/names`: what happened in the studio, newest first."""

    access = {"last": manages_somewhere | manages_production, "names": manages_somewhere, "rooms": any_person}

    def last(self, request: Request) -> Response:
        """The latest events of the productions that the person manages; all of them for studio managers."""
        params = request.query_params
        project_id = params.get("project_id")
        if project_id is not None and not is_uuid(project_id):
            raise WrongParameter("The project_id parameter is not a valid id")
        self.authorise(Scope(project_id=project_id), manages_somewhere if project_id is None else manages_production)
        rows = readable_events(request.user, project_id)
        rows = named_events(happened_events(rows, params), params)
        limit = as_integer(params.get("limit", "100"), WrongParameter("Wrong value for parameter limit."), smallest=0)
        found = API_EVENT.rows(rows.order_by("-created_at", "-id")[: min(limit, MOST)], only=HISTORY)
        return Response([without_type(row) for row in found])

    def names(self, request: Request) -> Response:
        """The names that the log has, sorted."""
        return Response(list(ApiEvent.objects.order_by("name").values_list("name", flat=True).distinct()))

    def rooms(self, request: Request) -> Response:
        """The name of the review rooms' server."""
        return Response({"name": "Zou Review rooms"})


def without_type(row: Row) -> Row:
    """The row as the history shows it."""
    row.pop("type")
    return row


def readable_events(person: Person, project_id: str | None) -> Any:
    """The events of the production that is named, else of those that the person manages; all of them for studio managers."""
    if project_id is not None:
        return ApiEvent.objects.filter(project_id=project_id)
    if person.is_admin:
        return ApiEvent.objects.all()
    managed = person.team_links.filter(Q(role=None) | Q(role="manager"))
    return ApiEvent.objects.filter(project_id__in=managed.values("project_id"))


def happened_events(rows: Any, params: Any) -> Any:
    """Narrows events to a time and to the persons who caused them. Raises WrongParameter."""
    for name, lookup in (("after", "created_at__gt"), ("before", "created_at__lt")):
        if params.get(name):
            rows = rows.filter(**{lookup: as_datetime(params[name], WrongParameter(WRONG_DATE))})
    if cursor := params.get("cursor_event_id"):
        if not is_uuid(cursor):
            raise WrongParameter("The cursor_event_id parameter is not a valid id")
        found = ApiEvent.objects.filter(pk=cursor).first()
        if found is None:
            raise WrongParameter(f"No event found with id: {cursor}")
        rows = rows.filter(Q(created_at__lt=found.created_at) | Q(created_at=found.created_at, pk__lt=found.pk))
    if people := params.getlist("person_ids"):
        if not all(map(is_uuid, people)):
            raise WrongParameter("The person_ids parameter contains an invalid id")
        rows = rows.filter(user_id__in=people)
    return rows


def named_events(rows: Any, params: Any) -> Any:
    """Narrows events by their name, its part before the colon, or that behind it. Raises WrongParameter."""
    if is_true(params.get("only_files")):
        rows = rows.filter(name__in=FILE_EVENTS)
    if name := params.get("name"):
        rows = rows.filter(name=name) if NUL not in name else rows.none()
    for parameter, lookup, pattern in (("name_prefixes", "startswith", "{}:"), ("name_suffixes", "endswith", ":{}")):
        parts = params.getlist(parameter)
        if not all(map(NAME_PART.fullmatch, parts)):
            raise WrongParameter(f"The {parameter} parameter contains an invalid value")
        if parts:
            rows = rows.filter(any_of(f"name__{lookup}", [pattern.format(part) for part in parts]))
    return rows


def any_of(lookup: str, values: list[str]) -> Q:
    """At least one of the values fits."""
    condition = Q()
    for value in values:
        condition |= Q(**{lookup: value})
    return condition
