"""The route table as the server has it: what answers each method and path, and who may."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from core.api.access import Check

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class ApiRoute:
    """One method of one path: the viewset and its action, and the check that the action declares."""

    method: str
    path: str
    view: Any
    action: str

    @property
    def check(self) -> Check | None:
        """Who may, or None where the view declares nothing (and so refuses)."""
        return self.view.access.get(self.action)

    @property
    def place(self) -> str:
        """The file and line of the action."""
        function = inspect.unwrap(getattr(self.view, self.action))
        source = Path(inspect.getsourcefile(function) or "")
        shown = source.relative_to(settings.BASE_DIR) if source.is_relative_to(settings.BASE_DIR) else source
        return f"{shown}:{inspect.getsourcelines(function)[1]}"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def patterns(entries: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern below a list of URL entries, with its whole path."""
    for entry in entries:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, path)
        else:
            yield path, entry


def api_routes() -> list[ApiRoute]:
    """Every route of the API, ordered by path and method; parameters are written as `{name}`."""
    routes: dict[tuple[str, str], ApiRoute] = {}
    for path, pattern in patterns(get_resolver().url_patterns):
        actions = getattr(pattern.callback, "actions", None)
        view = getattr(pattern.callback, "cls", None)
        if view is None or not actions or not hasattr(view, "access"):
            continue
        shown = "/" + PARAMETER.sub(r"{\1}", path)
        for method, action in actions.items():
            if method != "head":
                routes.setdefault((shown, method.upper()), ApiRoute(method.upper(), shown, view, action))
    return [routes[key] for key in sorted(routes)]
