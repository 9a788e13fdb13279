"""Routers of the rooms' route tables, and the one table that they make up."""

from functools import cached_property
from typing import Any

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern
from rest_framework.routers import Route, SimpleRouter

from core.api.routes import patterns

ANYTHING, HERE = object(), object()


class ResourceRouter(SimpleRouter):
    """The five generic routes of each registered resource. Words come before ids: register special paths first."""

    include_root_view = False
    routes = [
        Route("{prefix}", {"get": "list", "post": "create"}, "{basename}-list", False, {"suffix": "List"}),
        Route(
            "{prefix}/{lookup}",
            {"get": "retrieve", "put": "update", "delete": "destroy"},
            "{basename}-detail",
            True,
            {"suffix": "Instance"},
        ),
    ]

    def __init__(self) -> None:
        super().__init__(trailing_slash=False, use_regex_path=False)
        self._lookup_value_converter = "str"


class RouteTable(URLResolver):
    """The routes of several rooms as one table, in which an address is looked up part by part.

    Trying hundreds of patterns one after the other takes longer than many a view. The first of the routes that fit counts, as
    everywhere; a part of a route stands for one part of an address.
    """

    def __init__(self, rooms: list[Any]) -> None:
        super().__init__(RoutePattern(""), rooms)

    @cached_property
    def index(self) -> dict[Any, Any]:
        """The routes by their first part, then by their second, and so on."""
        index: dict[Any, Any] = {}
        for order, (route, pattern) in enumerate(patterns(self.url_patterns)):
            node = index
            for part in route.split("/"):
                node = node.setdefault(ANYTHING if "<" in part else part, {})
            node.setdefault(HERE, []).append((order, pattern))
        return index

    def fitting(self, path: str) -> list[URLPattern]:
        """The routes that have the address's words where it has them, in their order."""
        nodes = [self.index]
        for part in path.split("/"):
            nodes = [node[key] for node in nodes for key in (part, ANYTHING) if key in node]
        return [
            pattern for _, pattern in sorted((found for node in nodes for found in node.get(HERE, ())), key=lambda pair: pair[0])
        ]

    def resolve(self, path: str) -> ResolverMatch:  # type: ignore[override]
        """The route of an address. Raises Resolver404."""
        for pattern in self.fitting(path):
            match = pattern.resolve(path)
            if match is not None:
                return match
        raise Resolver404({"path": path, "tried": []})
