"""What every generic list and item costs in SQL statements: recorded in one file, and the same however many rows there are."""

import json
import os
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from tests.rows import Rows

RECORD_FILE = Path(__file__).parent / "query_counts.json"
LISTS = [
    r
    for r in api_routes()
    if r.action == "list" and r.method == "GET" and issubclass(r.view, ResourceViewSet) and "{" not in r.path
]


def statements(api, path: str) -> int:
    """How many SQL statements a GET costs. The first request warms what a process keeps."""
    api.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = api.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200, answer.content
    return len(captured)


# Of these, a second row that refers to the same others is refused by a unique constraint.
SINGLE = {"/data/entity-links", "/data/production-schedule-version-task-links", "/data/salary-scales"}


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_a_list_costs_what_is_recorded(api, cast, route):
    rows = Rows(project=cast.project, person=cast.user)
    row = rows.row(route.view.reader.model)
    found = {
        "list": statements(api, route.path),
        "list with relations": statements(api, f"{route.path}?relations=true"),
        "page": statements(api, f"{route.path}?page=1"),
    }
    item = next((r for r in api_routes() if r.view is route.view and r.action == "retrieve"), None)
    if item is not None and (answer := api.get(f"{route.path}/{row.pk}")).status_code == 200:
        assert answer.json()["id"] == str(row.pk)
        found["item"] = statements(api, f"{route.path}/{row.pk}")
    try:
        for _ in range(3):
            rows.make(type(row))
    except IntegrityError:  # of some models there can only be one plain row
        assert route.path in SINGLE
    else:
        assert statements(api, f"{route.path}?relations=true") == found["list with relations"]
    recorded = json.loads(RECORD_FILE.read_text()) if RECORD_FILE.exists() else {}
    if os.environ.get("RECORD"):
        RECORD_FILE.write_text(json.dumps({**recorded, route.path: found}, indent=1, sort_keys=True) + "\n")
        return
    assert found == recorded.get(route.path)


# What answers more than a plain row, and so may cost more.
DEARER = {
    "/data/projects": {"item": 5},  # with descriptors, the options of its links, its first episode
    "/data/salary-scales": {"list": 4, "list with relations": 4, "page": 4},  # sees to it that every department has its nine rows
}


def test_no_list_costs_more_than_two_statements_and_no_item_more_than_three():
    recorded = json.loads(RECORD_FILE.read_text())
    allowed = {"list": 2, "list with relations": 2, "page": 3, "item": 3}
    dear = {path: costs for path, costs in recorded.items() if any(costs[k] > (allowed | DEARER.get(path, {}))[k] for k in costs)}
    assert not dear
