"""Who may do what: every route, asked by everybody, is held against `permissions.tsv`.

A line of the table is a method, a path, what is answered to whom, and the body sent. `201 MANAGERS artist; 404 TEAM` reads: 201
to the audience MANAGERS and to the artist, 404 to the rest of the team; whoever is not named gets 403, without a token 401.
`tests/contract/company.py` says who the audiences are. Names in braces are rows: in a path those that its parameters name, in a
body any of the company's. A body that starts with `@` is an uploaded file.
"""

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.api.access import Scope
from core.api.routes import api_routes
from tests.client import ApiClient
from tests.contract.company import AUDIENCES, Company, make_company, name_of, pick
from tests.files.studio import png

TABLE_FILE = Path(__file__).parent / "permissions.tsv"
RECORD = bool(os.environ.get("RECORD"))
HEADER = [line for line in TABLE_FILE.read_text().splitlines() if line.startswith("#")]
LINES = [line.split("\t") for line in TABLE_FILE.read_text().splitlines() if line and not line.startswith("#")]
# Values of parameters that are no ids, and those that depend on the word before them.
SAMPLES = {
    "date": "2026-02-03",
    "year": "2026",
    "month": "2",
    "week": "6",
    "day": "3",
    "extension": "pdf",
    "file_name": "a.png",
    "field_name": "mood",
    "plugin_id": "none",
    "path": "index.html",
    "entity_type": "shot",
    "temporal_entity_id": "{shot}",
    "item_id": "{softwares}",
    "confirm/token": "none",
    "presence-logs/month": "2026-02",
    "day-offs/day": "2026-02-10",
    "hardware-items/item_id": "{hardware}",
    **{f"{kind}s/entity_id": f"{{{kind}}}" for kind in ("shot", "edit", "concept")},
}
FILES = {
    "@picture": ("a.png", png()),
    "@panorama": ("a.hdr", b"#?RADIANCE\n"),
    "@people": ("a.csv", b"First Name,Last Name,Email\nNew,Comer,new.comer@studio.example\n"),
    "@assets": ("a.csv", b"Type,Name\nCharacter,New\n"),
    "@shots": ("a.csv", b"Sequence,Name\nSQ,New\n"),
    "@edits": ("a.csv", b"Name\nNew\n"),
    "@casting": ("a.csv", b"Parent,Name,Asset Type,Asset,Occurences\n,,,,\n"),
    "@estimations": ("a.csv", b"Parent,Entity,Assignee,Estimation\n,,,\n"),
}
PARAMETER = re.compile(r"\{(\w+)\}")


def filled(value: Any, ids: dict[str, str]) -> Any:
    """A body with the ids of rows in place of their names."""
    if isinstance(value, dict):
        return {filled(key, ids): filled(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    return PARAMETER.sub(lambda m: ids.get(m[1], m[0]), value) if isinstance(value, str) else value


def address(method: str, path: str, company: Company) -> str:
    """The path with the ids of rows; what shall be deleted is a row of its own."""

    route, mark, query = path.partition("?")

    def row(match: re.Match[str]) -> str:
        before = route[: match.start()].rstrip("/").split("/")[-1]
        sample = SAMPLES.get(f"{before}/{match[1]}", SAMPLES.get(match[1]))
        if sample:
            return filled(sample, company.ids)
        name = before if match[1] in ("pk", "linked_id") else match[1].removesuffix("_id")
        last = method == "DELETE" and match.end() == len(route) and name in company.spare
        known = company.spare if last else company.ids
        return known[name]

    return PARAMETER.sub(row, route) + mark + filled(query, company.ids)


def answers_of(line: list[str]) -> dict[str, int]:
    """What everybody is answered, by a line of the table."""
    expected = dict.fromkeys(AUDIENCES["ANYBODY"], 403) | {"anonymous": 401}
    for clause in reversed(line[2].split("; ")):
        status, *words = clause.split()
        expected |= dict.fromkeys(pick(" ".join(words)), int(status))
    return expected


@pytest.fixture(scope="module")
def company(kept) -> Company:
    """Everybody and everything, stored once."""
    return make_company()


@pytest.fixture(scope="module")
def clients(company) -> dict[str, ApiClient]:
    """Everybody's way in."""
    return {**{name: ApiClient(person) for name, person in company.people.items()}, "anonymous": ApiClient(None)}


@pytest.fixture(autouse=True)
def rolled_back(clients, db):
    """What a test does to the company goes with the test."""


def ask(client: ApiClient, method: str, path: str, body: str, company: Company) -> int:
    """The status of one request; what it did is taken back."""
    with transaction.atomic():
        if body.startswith("@"):
            answer = client.upload(path, file=SimpleUploadedFile(*FILES[body]))
        else:
            sent = filled(orjson.loads(body), company.ids) if body else None
            answer = client.request(method.lower(), path, sent)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer.status_code


recorded: dict[int, str] = {}


@pytest.mark.parametrize("number", range(len(LINES)), ids=lambda n: " ".join(LINES[n][:2]))
def test_everybody_is_answered_as_the_table_says(company, clients, number):
    method, path, _, *body = line = LINES[number]
    where = address(method, path, company)
    found = {name: ask(client, method, where, body[0] if body else "", company) for name, client in clients.items()}
    assert max(found.values()) < 500, found
    if RECORD:
        recorded[number] = described(found)
        return
    expected = answers_of(line)
    wrong = {name: f"{found[name]}, not {expected[name]}" for name in found if found[name] != expected[name]}
    assert not wrong, f"the table says {line[2]}; found {described(found)}"


def described(found: dict[str, int]) -> str:
    """What was found, in the words of the table."""
    groups: dict[int, set[str]] = defaultdict(set)
    for name, status in found.items():
        if status != (401 if name == "anonymous" else 403):
            groups[status].add(name)
    return "; ".join(f"{status} {name_of(people)}" for status, people in sorted(groups.items()))


def test_the_table_speaks_of_every_route():
    told = {(method, path.partition("?")[0]) for method, path, *_ in LINES}
    routes = {(route.method, route.path) for route in api_routes()}
    missing = [f"{method}\t{path}\t200 AUDIENCE" for method, path in sorted(routes - told)]
    assert not missing, "lines to add to permissions.tsv, with who may by the specification:\n" + "\n".join(missing)
    assert not told - routes, f"the server has no such routes (any more): {sorted(told - routes)}"


# Routes that ask for more than the check that their view declares.
FURTHER = {
    "POST /actions/tasks/{task_id}/comments/{comment_id}/move": "a manager's comment stays in productions of theirs",
    "GET /auth/refresh-token": "an access token is refused before anybody asks whose it is",
}


def test_checks_say_what_the_table_says(company):
    """What a view declares tells the truth: whom it lets in without looking at rows, the table knows to be let in."""
    answers: dict[tuple[str, str], list[dict[str, int]]] = defaultdict(list)
    for line in LINES:
        answers[line[0], line[1].partition("?")[0]].append(answers_of(line))
    wrong = []
    for route in api_routes():
        check = route.check
        if check is None or check.scoped or str(route) in FURTHER:
            continue
        allowed = AUDIENCES["ANYBODY"] if check.public else {n for n, p in company.people.items() if check(p, Scope())}
        refusals = (401,) if check.public else (401, 403)
        told = answers[route.method, route.path]
        entering = {name for line in told for name, status in line.items() if status not in refusals}
        if allowed != entering:
            wrong.append(f"{route} declares {check}, which holds for {name_of(allowed)}, but {name_of(entering)} come in")
    assert not wrong


def test_the_table_is_recorded():
    """RECORD=1 writes what is answered into the table; read the difference before it is kept."""
    if RECORD:
        lines = ["\t".join([*line[:2], recorded.get(n, line[2]), *line[3:]]) for n, line in enumerate(LINES)]
        TABLE_FILE.write_text("\n".join([*HEADER, *lines]) + "\n")
