"""Without a token, every route that is not declared public answers 401, whatever else is wrong with the request."""

from uuid import uuid4

import pytest
from django.test import Client

from core.api.routes import api_routes

ROUTES = api_routes()


def filled(path: str, value: str = "") -> str:
    """The path with an unknown id, or the given text, for each of its parameters."""
    while "{" in path:
        start, end = path.index("{"), path.index("}")
        path = path[:start] + (value or str(uuid4())) + path[end + 1 :]
    return path


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in ROUTES if r.check is not None and not r.check.public], ids=str)
def test_a_token_is_asked_for(route):
    answer = getattr(Client(), route.method.lower())(filled(route.path))
    if answer.status_code == 404:  # a parameter that is no id, such as a date or a file name
        answer = getattr(Client(), route.method.lower())(filled(route.path, "2026-02-03"))
    assert answer.status_code in (401, 404), answer.content
    if answer.status_code == 401:
        assert answer.json()["msg"].startswith("Missing JWT")


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted({r.path for r in ROUTES}))
def test_an_unknown_method_is_told_so_before_anything_else(path):
    answer = Client().patch(filled(path))
    assert answer.status_code in (404, 405)
    assert answer.json()["error"] is True
