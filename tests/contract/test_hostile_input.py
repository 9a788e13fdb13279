"""Every route is thrown bodies, ids and queries that make no sense: it answers below 500, in JSON, and stores nothing odd."""

import re
from uuid import uuid4
from zlib import crc32

import orjson
import pytest
from django.apps import apps

from core.api.routes import ApiRoute, api_routes
from core.api.views import ResourceViewSet
from tests.cast import Cast, gather
from tests.client import ApiClient
from tests.rows import Rows

ROUTES = [route for route in api_routes() if route.path != "/auth/logout"]
LONG = "x" * 70_000
BODIES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"3",
    b'"text"',
    b"{",
    b"\xff\xfe\x00",
    b"[" * 3000,
    b'{"name": "\\u0000"}',
    b"[1, null, {}]",
    b'["x"]',
]
VALUES = [
    None,
    True,
    -1,
    10**40,
    1.5,
    "",
    "x",
    "\x00",
    LONG,
    [],
    ["x"],
    [None],
    {},
    {"id": 3},
    "0001-01-01T00:00:00+14:00",
    "2026-13-45",
    str(uuid4()),
]
IDS = ["abc", "%00", "x" * 300, "..%2f..%2fetc", "00000000-0000-0000-0000-000000000000", "%F0%9F%92%A9", "-1"]
QUERIES = [
    "id=%00",
    "page=99999999999999999999",
    "page=1.5",
    "page=1&limit=0",
    "limit=-9999999999999999999999&page=1",
    "fields=%00",
    "relations=[",
    "name=[",
    "name=%00",
    "page=-5",
]
NAMES = {
    "person": "people.Person",
    "project": "production.Project",
    "entity": "assets.Entity",
    "task_type": "production.TaskType",
    "task": "tasks.Task",
}


def model_of(parameter: str, route: ApiRoute):
    """The model that a path parameter most likely names."""
    if parameter == "pk":
        return route.view.reader.model if issubclass(route.view, ResourceViewSet) else None
    stem = re.sub(r"_id$", "", parameter)
    if stem in NAMES:
        return apps.get_model(NAMES[stem])
    if stem in ("shot", "asset", "sequence", "episode", "scene", "edit", "concept"):
        return apps.get_model("assets.Entity")
    wanted = stem.replace("_", "")
    return next((model for model in apps.get_models() if model.__name__.lower() == wanted), None)


def real(route: ApiRoute, rows: Rows) -> str:
    """The route's path with the ids of rows that exist."""

    def fill(match):
        model = model_of(match[1], route)
        return str(rows.row(model).pk) if model is not None else "2026-02-03" if "date" in match[1] else str(uuid4())

    return re.sub(r"\{(\w+)\}", fill, route.path)


def assert_sane(answer, sent) -> None:
    """No defect, and every refusal is JSON with words."""
    assert answer.status_code < 500, (sent, answer.content[:300])
    if answer.status_code >= 400 and answer.status_code != 416:
        payload = orjson.loads(answer.content)
        assert payload.get("message") or payload.get("msg") or payload.get("error") or "login" in payload, (sent, payload)


def columns_of(route: ApiRoute) -> dict[str, str]:
    """The names that the route's body or query may hold, each with the kind of its column."""
    if not issubclass(route.view, ResourceViewSet):
        return {}
    reader = route.view.reader
    return {name: type(column).__name__ for name, column in reader.columns.items()} | dict.fromkeys(reader.relations, "relation")


def dealt(route: ApiRoute, values: list) -> list[tuple[str, object]]:
    """Every kind of column gets every value, and every column some; another route about the same model deals otherwise."""
    kinds: dict[str, list[str]] = {}
    for name, kind in columns_of(route).items():
        kinds.setdefault(kind, []).append(name)
    first = crc32(str(route).encode())
    return [
        (names[(first + number) % len(names)], values[number % len(values)])
        for names in kinds.values()
        for number in range(max(len(values), len(names)))
    ]


@pytest.fixture(scope="module")
def gathered(kept) -> Cast:
    """The people."""
    return gather()


@pytest.fixture(scope="module")
def rows(gathered) -> Rows:
    """A row of every model that a route is about."""
    rows = Rows(project=gathered.project, person=gathered.user)
    for route in ROUTES:
        real(route, rows)
    return rows


@pytest.fixture
def api(gathered, rows, db) -> ApiClient:
    """A studio manager."""
    return ApiClient(gathered.admin)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method != "GET"], ids=str)
def test_bodies_that_make_no_sense(api, rows, route):
    path = real(route, rows)
    for body in BODIES:
        assert_sane(api.request(route.method.lower(), path, body), body[:40])
    for kind in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "", "application/json; charset=latin-9"):
        assert_sane(api.client.generic(route.method, path, b"\xe9=1&x", kind, **api.headers), kind)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method in ("POST", "PUT")], ids=str)
def test_values_that_make_no_sense(api, rows, route):
    path = real(route, rows)
    names = list(columns_of(route)) or ["name", "project_id", "task_status_id", "comment", "data", "person_id", "email", "password"]
    for value in VALUES:
        body = dict.fromkeys(names, value)
        try:
            sent = orjson.dumps(body)
        except TypeError:  # a number beyond 64 bits
            sent = ("{%s}" % ", ".join(f'"{name}": {value}' for name in names)).encode()
        assert_sane(api.request(route.method.lower(), path, sent), value if value != LONG else "long")
    for name, value in dealt(route, [value for value in VALUES if value != 10**40]):
        assert_sane(api.request(route.method.lower(), path, {name: value}), (name, value if value != LONG else "long"))
    if issubclass(route.view, ResourceViewSet):
        prefix = re.sub(r"/\{pk\}$", "", route.path)
        if any(r.method == "GET" and r.path == prefix for r in ROUTES):
            assert api.get(prefix).status_code < 500


@pytest.mark.parametrize("route", [r for r in ROUTES if "{" in r.path], ids=str)
def test_ids_that_make_no_sense(api, route):
    for value in IDS:
        path = re.sub(r"\{\w+\}", value, route.path)
        answer = api.request(route.method.lower(), path, {} if route.method != "GET" else None)
        assert_sane(answer, value)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "GET"], ids=str)
def test_queries_that_make_no_sense(api, rows, route):
    path = real(route, rows)
    for query in [*QUERIES, *(f"{name}={value}" for name, value in dealt(route, ["", "x", "[", "[1,null]", "%00", "1e400"]))]:
        answer = api.get(f"{path}?{query}")
        if not answer.streaming:
            assert_sane(answer, query)


def test_a_body_beyond_the_limit_is_refused(api, settings):
    settings.MAX_JSON_LENGTH = 1000
    answer = api.post("/data/departments", {"name": "x" * 2000})
    assert (answer.status_code, answer.json()["error"]) == (413, True)
