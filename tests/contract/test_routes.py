"""The routes are the contract: what the server answers is held against the list of the API's routes, both ways."""

import os
import re
from pathlib import Path

import pytest
from django.urls import resolve

from core.api.routes import api_routes

HERE = Path(__file__).parent
RECORD = bool(os.environ.get("RECORD"))


def lines(name: str) -> list[str]:
    """The lines of a file beside this one, without comments."""
    return [line for line in (HERE / name).read_text().splitlines() if line and not line.startswith("#")]


def answered() -> set[str]:
    """The server's routes with the names of their parameters taken out."""
    return {re.sub(r"\{\w+\}", "{}", f"{route.method}\t{route.path}") for route in api_routes()}


def test_the_server_answers_nothing_that_the_api_does_not_know():
    ours = {line.rsplit("\t", 1)[0] for line in lines("own_routes.tsv")}
    unknown = answered() - set(lines("api_routes.tsv")) - ours
    assert not unknown, f"neither routes of the API nor declared as ours: {sorted(unknown)}"


def test_what_the_server_leaves_unanswered_is_known():
    """`unanswered_routes.tsv` names them; a route that gets its answer leaves the file (RECORD=1 writes it anew)."""
    missing = sorted(set(lines("api_routes.tsv")) - answered())
    if RECORD:
        (HERE / "unanswered_routes.tsv").write_text("".join(f"{line}\n" for line in missing))
    assert missing == lines("unanswered_routes.tsv")


SAMPLES = {
    "date": "2026-02-03",
    "month_date": "2026-02",
    "year": "2026",
    "month": "2",
    "week": "6",
    "day": "3",
    "extension": "pdf",
    "preview_file_name": "x.png",
}


@pytest.mark.parametrize("route", api_routes(), ids=str)
def test_no_route_hides_another(route):
    """Asking for a route's own path reaches its own view, whatever other routes could take a word for an id."""
    pk = "aaaaaaaa-0000-4000-8000-000000000000"
    path = re.sub(r"\{(\w+)\}", lambda m: SAMPLES.get(m[1], pk), route.path)
    found = resolve(path)
    assert (found.func.cls, found.func.actions[route.method.lower()]) == (route.view, route.action)


def test_every_route_declares_who_may():
    undeclared = [f"{route} ({route.view.__name__}.{route.action})" for route in api_routes() if route.check is None]
    assert not undeclared
