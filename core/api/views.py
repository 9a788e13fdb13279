"""The base of every view: access declared per action, and the five generic routes of a model."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F
from django.http import HttpResponse
from rest_framework import viewsets
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Check, Scope, public
from core.api.converters import is_uuid
from core.api.filters import ResourceFilterSet, filterset_for
from core.api.pagination import NEWEST_FIRST, ListOptions
from core.api.parsers import row_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer, serializer_for
from core.api.values import is_true
from core.errors import BAD_FORMAT, Forbidden, NotFound, Refusal, RowRefused, WrongParameter
from core.instances import PreparedInstance
from core.projection import Projection, Row
from core.rules import create_row, delete_row, event_stem, update_row

MALFORMED = "Malformed ID."


@cache
def object_statement(model: type[models.Model], scope: tuple[tuple[str, Any], ...]) -> PreparedInstance:
    """The statement that finds a row with the ids of its scope."""
    return PreparedInstance(model, further=lambda: dict(scope))


class ApiViewSet(viewsets.GenericViewSet):
    """A view whose every action declares in `access` who may do it. An action that declares nothing is refused.

    `acts_on_get` names the actions that do something though they are asked for by GET: HEAD, which may not, is refused for them.
    """

    access: ClassVar[dict[str, Check]] = {}
    acts_on_get: ClassVar[tuple[str, ...]] = ()
    http_method_names = ["get", "post", "put", "delete", "head", "options"]
    default_response_headers: ClassVar[dict[str, str]] = {}
    authorised = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """An unknown method is told so before anybody is asked who they are."""
        if self.action is None or (request.method == "HEAD" and self.action in self.acts_on_get):
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        if "%00" in request.META.get("QUERY_STRING", ""):  # no column takes the character, whatever reads it
            raise Refusal(BAD_FORMAT)

    def perform_authentication(self, request: Request) -> None:
        """Left to the access check: doors for everybody ask for no token, so they must not mind a bad one."""

    def declared_check(self) -> Check | None:
        """The check of the action at hand."""
        return public if self.action == "metadata" else self.access.get(self.action)

    def authorise(self, scope: Scope, check: Check | None = None) -> None:
        """Asks the action's check about what the act turned out to be about. Raises Forbidden."""
        declared = check or self.declared_check()
        if declared is None:
            raise Forbidden()
        declared.insist(self.request.user, scope)
        self.authorised = True

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """An answer to an act whose scoped check was never asked would be a hole: it fails loudly instead."""
        declared = self.declared_check()
        if declared is not None and declared.scoped and not self.authorised and response.status_code < 400:
            raise AssertionError(f"{type(self).__name__}.{self.action} answered without asking {declared}")
        return super().finalize_response(request, response, *args, **kwargs)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The methods of the route, for anybody."""
        allowed = ", ".join(sorted({*self.allowed_methods, "OPTIONS"}))
        return HttpResponse(b"", content_type="text/html; charset=utf-8", headers={"Allow": allowed})


class ResourceViewSet(ApiViewSet, viewsets.ModelViewSet):
    """The generic routes of a model: list, read, create, update, delete.

    `reader` says what clients see, `access` who may; `production` and `entity` are the paths from a row to the production
    and the entity that its scoped checks ask about. `protected` columns are left alone by updates, `ignored` ones by
    creations too. `stem` is the model's part of event names.
    """

    reader: ClassVar[Projection]
    production: ClassVar[str | None] = None
    entity: ClassVar[str | None] = None
    protected: ClassVar[tuple[str, ...]] = ()
    ignored: ClassVar[tuple[str, ...]] = ()
    stem: ClassVar[str] = ""
    malformed_is_missing: ClassVar[bool] = False
    relations_after_update: ClassVar[bool] = False
    row_serializer: ClassVar[type[RowSerializer]]
    filterset_class: ClassVar[type[ResourceFilterSet] | None] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        reader = cls.__dict__.get("reader")
        if reader is None:
            return
        model = reader.model
        cls.queryset = model._default_manager.all()
        cls.stem = cls.__dict__.get("stem") or event_stem(model)
        if cls.__dict__.get("filterset_class") is None:
            cls.filterset_class = filterset_for(reader)
        if "row_serializer" not in cls.__dict__:
            writable = tuple(name for name in reader.relations if name in {f.name for f in model._meta.many_to_many})
            cls.row_serializer = serializer_for(model, relations=writable, protected=cls.protected, ignored=cls.ignored)

    # What rooms change

    def get_queryset(self) -> Any:
        """The rows that this person may see at all."""
        return self.visible(self.reader.model._default_manager.order_by())

    def visible(self, queryset: Any) -> Any:
        """Narrows a list to what this person may see; by default whoever may list sees all."""
        return queryset

    def get_reader(self) -> Projection:
        """The projection that suits this person."""
        return self.reader

    def present(self, rows: Iterable[Row]) -> Iterable[Row]:
        """A last change to rows on their way out, such as blanking for clients."""
        return rows

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """What a creation is about. A body without the production that its check needs is refused."""
        if self.production == "project_id":
            if "project_id" not in body:
                raise RowRefused("'project_id'")
            return Scope(project_id=body["project_id"], body=body)
        return Scope(body=body)

    def perform_create(self, serializer: RowSerializer) -> Any:
        """Stores the new row through its rule; returns it."""
        return create_row(self.reader.model, serializer.columns, relations=serializer.related, by=self.request.user, stem=self.stem)

    def perform_update(self, serializer: RowSerializer) -> Any:
        """Changes the row through its rule; returns it."""
        return update_row(
            serializer.instance, serializer.columns, relations=serializer.related, by=self.request.user, stem=self.stem
        )

    def perform_destroy(self, instance: Any) -> None:
        """Deletes the row through its rule."""
        delete_row(instance, by=self.request.user, stem=self.stem)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """The room's own conditions on the values of a new row, or of the change of `instance`. Raises a refusal."""

    # The five routes

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """All rows, or one page of them."""
        options = ListOptions.of(request.query_params)
        return self.answer_list(self.filter_queryset(self.get_queryset()), options)

    def answer_list(self, queryset: Any, options: ListOptions) -> Any:
        """The rows of a queryset as the options ask for them."""
        reader = self.get_reader()
        if not options.is_paged:
            return json_array(self.present(reader.rows(queryset, relations=options.relations, only=options.only)))
        total = queryset.count()
        page = options.slice(queryset.order_by(*NEWEST_FIRST))
        rows = reader.shape(reader.query(page, relations=options.relations, only=options.only))
        return Response(options.envelope(list(self.present(rows)), total))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """One row, with its relation lists unless they are declined."""
        relations = is_true(request.query_params.get("relations", "true"))
        row = self.readable_row(self.row_id(), relations)
        return Response(next(iter(self.present([row]))))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new row, answered with its relation lists."""
        body = row_body(request)
        self.authorise(self.new_scope(body))
        serializer = self.row_serializer(data=body, context={"supplied": self.supplied_columns()})
        serializer.is_valid(raise_exception=True)
        self.check_values(serializer.validated_data)
        instance = self.perform_create(serializer)
        return Response(self.written_row(instance, relations=True), status=201)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The given columns of a row; the answer has no relation lists."""
        instance = self.get_object()
        body = row_body(request)
        self.authorise(self.scope_of(instance, body))
        serializer = self.row_serializer(instance, data=body)
        serializer.is_valid(raise_exception=True)
        self.check_values(serializer.validated_data, instance)
        instance = self.perform_update(serializer)
        return Response(self.written_row(instance, relations=self.relations_after_update))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Removes a row that nothing refers to."""
        instance = self.get_object()
        self.authorise(self.scope_of(instance))
        self.perform_destroy(instance)
        return Response(status=204)

    # How they find what they are about

    def supplied_columns(self) -> tuple[str, ...]:
        """Required columns that the room fills in itself on creation."""
        return ()

    def row_id(self) -> UUID:
        """The id in the path. Raises WrongParameter when it is none."""
        given = self.kwargs["pk"]
        if not is_uuid(given):
            is_read = self.request.method in SAFE_METHODS
            raise NotFound() if self.malformed_is_missing and is_read else WrongParameter(MALFORMED)
        return UUID(given)

    def scope_paths(self) -> dict[str, Any]:
        """Expressions for what a row's checks ask about, read in the row's own statement."""
        paths = {"scope_project_id": self.production, "scope_entity_id": self.entity}
        return {name: F(path) for name, path in paths.items() if path}

    def get_object(self) -> Any:
        """The row of the path, with the ids of its scope. Raises NotFound."""
        found = object_statement(self.reader.model, tuple(self.scope_paths().items())).fetch(self.row_id())
        if found is None:
            raise NotFound()
        return found

    def scope_of(self, instance: Any, body: dict[str, Any] | None = None) -> Scope:
        """What an act on a row of `get_object` is about."""
        project_id, entity_id = (getattr(instance, f"scope_{part}_id", None) for part in ("project", "entity"))
        return Scope(project_id=project_id, entity_id=entity_id, instance=instance, body=body or {})

    def readable_row(self, pk: UUID, relations: bool) -> Row:
        """The row's fields, once the action's check has let this person read it. Raises NotFound, Forbidden."""
        reader = self.get_reader()
        paths = {f"_{name}": path for name, path in self.scope_paths().items()}
        row = reader.by_id(pk, relations=relations, **paths)
        if row is None:
            raise NotFound()
        project_id, entity_id = row.pop("scope_project_id", None), row.pop("scope_entity_id", None)
        self.authorise(Scope(project_id=project_id, entity_id=entity_id, instance=row))
        return row

    def written_row(self, instance: Any, *, relations: bool) -> Row:
        """A row just written, as clients see it."""
        return next(iter(self.present([self.get_reader().one(instance.pk, relations=relations)])))
