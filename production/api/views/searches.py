"""The routes of kept searches."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import Body, typed_body
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import NotFound
from people.permissions import is_admin, is_human
from production import readers
from production.api import bodies
from production.context import kept_searches
from production.models import SearchFilter, SearchFilterGroup
from production.rules import searches as rules

ADMIN_TABLE = dict.fromkeys(("list", "retrieve", "create", "update", "destroy"), is_admin)
OWN = dict.fromkeys(("list", "retrieve", "create", "update", "destroy"), is_human)


class SearchFilterViewSet(ResourceViewSet):
    """`/data/search-filters`: rows as they are."""

    reader = readers.SEARCH_FILTER
    access = ADMIN_TABLE


class SearchFilterGroupViewSet(ResourceViewSet):
    """`/data/search-filter-groups`: rows as they are."""

    reader = readers.SEARCH_FILTER_GROUP
    access = ADMIN_TABLE


def sent(request: Request, kind: type[Body]) -> dict[str, Any]:
    """The fields that a body names."""
    return typed_body(request, kind).model_dump(exclude_unset=True)


class OwnSearchViewSet(ApiViewSet):
    """`/data/user/filters`."""

    access = OWN

    def list(self, request: Request) -> Response:
        """One's own and the shared ones, by list and production."""
        return Response(kept_searches(readers.SEARCH_FILTER, request.user))

    def create(self, request: Request) -> Response:
        """One more."""
        values = typed_body(request, bodies.NewSearch).model_dump()
        values["search_query"] = values.pop("query")
        search = rules.keep_search(values, by=request.user)
        return Response(readers.SEARCH_FILTER.one(search.pk), status=201)

    def update(self, request: Request, pk: UUID) -> Response:
        """What changes of it."""
        rules.change_search(pk, sent(request, bodies.SearchChange), by=request.user)
        return Response(readers.SEARCH_FILTER.one(pk))

    def destroy(self, request: Request, pk: UUID) -> Response:
        """One less."""
        rules.drop(SearchFilter, pk, by=request.user)
        return Response(status=204)


class OwnSearchGroupViewSet(ApiViewSet):
    """`/data/user/filter-groups`."""

    access = OWN

    def list(self, request: Request) -> Response:
        """One's own and the shared ones, by list and production, newest first."""
        return Response(kept_searches(readers.SEARCH_FILTER_GROUP, request.user, newest_first=True))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One of one's own; studio managers read all."""
        own = SearchFilterGroup.objects.filter(pk=pk)
        if not (own if request.user.is_admin else own.filter(person=request.user)).exists():
            raise NotFound()
        return Response(readers.SEARCH_FILTER_GROUP.one(pk))

    def create(self, request: Request) -> Response:
        """One more."""
        group = rules.make_group(typed_body(request, bodies.NewSearchGroup).model_dump(), by=request.user)
        return Response(readers.SEARCH_FILTER_GROUP.one(group.pk), status=201)

    def update(self, request: Request, pk: UUID) -> Response:
        """What changes of it."""
        rules.change_group(pk, sent(request, bodies.SearchGroupChange), by=request.user)
        return Response(readers.SEARCH_FILTER_GROUP.one(pk))

    def destroy(self, request: Request, pk: UUID) -> Response:
        """One less, with its searches."""
        rules.drop(SearchFilterGroup, pk, by=request.user)
        return Response(status=204)
