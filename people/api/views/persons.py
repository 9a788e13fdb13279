"""The routes of persons."""

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.pagination import ListOptions
from core.api.parsers import row_body
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import BAD_FORMAT, RowRefused
from core.projection import Projection, Row
from people import readers
from people.api.filters import FILTERS_FOR_ALL, FILTERS_FOR_MANAGERS
from people.models import Person
from people.permissions import any_person, is_admin, is_themself, may_meet, open_project_ids
from people.rules import persons as rules
from people.rules.values import checked_values


class PersonViewSet(ResourceViewSet):
    """`/data/persons`: each role sees its form of a person, and may search by what that form shows."""

    reader = readers.PERSON
    filterset_class = FILTERS_FOR_ALL
    ignored = rules.NEVER
    access = {
        "list": any_person,
        "retrieve": may_meet,
        "create": is_admin,
        "update": is_themself | is_admin,
        "destroy": is_admin,
    }

    def visible(self, queryset: Any) -> Any:
        """Preview accounts are nobody; clients see the people of their open productions."""
        queryset = queryset.filter(preview_project=None)
        if self.request.user.role == "client":
            teams = Person.objects.filter(team_links__project_id__in=open_project_ids(self.request.user))
            return queryset.filter(pk__in=teams.values("pk"))
        return queryset

    def filter_queryset(self, queryset: Any) -> Any:
        """Nobody may search by what they may not see."""
        self.filterset_class = FILTERS_FOR_MANAGERS if self.request.user.is_admin else FILTERS_FOR_ALL
        return super().filter_queryset(queryset)

    def get_reader(self) -> Projection:
        """The form that suits who asks; what one has written oneself is answered in full."""
        person = self.request.user
        if self.action in ("create", "update"):
            return readers.PERSON
        if self.action == "retrieve":
            return readers.single_form(person)
        if person.is_admin and is_true(self.request.query_params.get("with_pass_hash")):
            return readers.PERSON_WITH_PASSWORD
        return readers.list_form(person)

    def present(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The minimal form always has its departments, empty where they were not asked for."""
        if self.get_reader() is not readers.PERSON_MINIMAL:
            return rows
        only = ListOptions.of(self.request.query_params).only
        if only is not None and "departments" not in only:
            return rows
        return ({"departments": [], **row} for row in rows)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Takes a person on; a bot's token is in the answer."""
        body = checked_values(row_body(request))
        password = rules.new_password_of(body.pop("password", None))
        serializer = self.row_serializer(data=body, context={"supplied": ("password",)})
        serializer.is_valid(raise_exception=True)
        departments = serializer.related.get("departments", [])
        person, token = rules.create_person(serializer.columns, departments=departments, password=password, by=request.user)
        return Response(self.with_token(person, token), status=201)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes a person; a new token is in the answer where one was asked for."""
        person = self.get_object()
        sent = row_body(request)
        self.authorise(Scope(instance=person, body=sent))
        body = checked_values(rules.writable_by(person, writable(sent), by=request.user), person)
        serializer = self.row_serializer(person, data=body)
        serializer.is_valid(raise_exception=True)
        departments = serializer.related.get("departments")
        person, token = rules.update_person(person, serializer.columns, departments=departments, by=request.user)
        return Response(self.with_token(person, token))

    def perform_destroy(self, instance: Any) -> None:
        """Dismisses a person; `force=true` takes along what they did."""
        force = is_true(self.request.query_params.get("force"))
        rules.delete_person(instance, force=force, by=self.request.user)

    def with_token(self, person: Person, token: str | None) -> Row:
        """The person as written, with the token that was made for them."""
        row = readers.PERSON.one(person.pk)
        return row if token is None else {**row, "access_token": token}


def writable(body: dict[str, Any]) -> dict[str, Any]:
    """A body without what no request changes. Raises RowRefused for departments that are no list."""
    if isinstance(body.get("departments"), str):
        raise RowRefused(BAD_FORMAT)
    return {name: value for name, value in body.items() if name not in rules.NEVER}
