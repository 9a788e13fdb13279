"""A row named in a path or a body belongs beside the others named there, or the request is refused.

Every line of the permission table that names two rows of productions is asked again, each time with one of them taken from
another production. Even studio managers, who may touch both, are refused, or the foreign row is passed over.
"""

from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from assets.models import Entity
from production.models import Project
from tasks.models import Comment, Task
from tests.client import ApiClient
from tests.contract.company import SINGULARS, Company, make_company
from tests.contract.marked import furnish
from tests.contract.test_permissions import FILES, LINES, address, filled

ALIASES = {"task": "tasks", "sibling": "tasks", "asset_task": "tasks", "concept_task": "tasks", "instance": "asset-instances"}


class Noting(dict):
    """Ids that remember which of them were asked for."""

    def __init__(self, ids: dict[str, str], changed: dict[str, str]) -> None:
        super().__init__(ids | changed)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict does."""
        self.asked.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def company(kept) -> Company:
    """The company of the permission table."""
    return make_company()


@pytest.fixture(scope="module")
def foreign(company) -> dict[str, str]:
    """Rows of the other production, by the names of the table."""
    rows = furnish(Project.objects.get(name="Elsewhere"), "Foreign", company.people["manager_elsewhere"])
    aliases = {word: rows[segment] for word, segment in {**SINGULARS, **ALIASES}.items() if segment in rows}
    return rows | aliases | {"projects": rows["project"], "entities": rows["entity"], "files": rows["working-files"]}


@pytest.fixture(scope="module")
def clients(company) -> dict[str, ApiClient]:
    """A studio manager, and a manager of the one production alone."""
    return {name: ApiClient(company.people[name]) for name in ("admin", "manager")}


def prepared(line: list[str], company: Company, changed: dict[str, str]) -> tuple[str, Any, set[str]]:
    """The address and the body with some ids exchanged, and the names of all rows that they hold."""
    ids, spare = Noting(company.ids, changed), Noting(company.spare, {n: v for n, v in changed.items() if n in company.spare})
    path = address(line[0], line[1], Company(ids=ids, spare=spare))
    body = line[3] if len(line) > 3 else ""
    sent = filled(orjson.loads(body), ids) if body and not body.startswith("@") else body
    return path, sent, ids.asked | spare.asked


# Lists of rows of which foreign ones are passed over, and what studio managers, who may touch both productions, may join.
PASSED_OVER = {
    "POST /actions/projects/{project_id}/delete-entities",
    "POST /actions/projects/{project_id}/delete-tasks",
    "POST /actions/projects/{project_id}/move-concepts",
    "POST /actions/projects/{project_id}/tasks/comment-many",
    "POST /actions/projects/{project_id}/tasks/copy-client-comments",
    "POST /data/projects/{project_id}/playlists/temp",
    "GET /data/projects/{project_id}/episodes/{episode_id}/assets/shared-used",
    "GET /data/projects/{project_id}/episodes/{episode_id}/playlists",
    "GET /data/projects/{project_id}/episodes/{episode_id}/sequences/all/casting",
}
JOINED_BY_ADMINS = {
    "POST /actions/projects/{project_id}/tasks/comment-many": "each comment is judged in its task's production",
    "POST /data/entity-links": "assets of other productions may be cast",
    "PUT /data/projects/{project_id}/entities/casting/assets/{asset_id}": "as above",
    "POST /data/scenes/{scene_id}/asset-instances": "as above",
    "POST /data/assets/{asset_id}/asset-asset-instances": "as above",
    "POST /data/shots/{shot_id}/asset-instances": "as above",
}


def state() -> list[Any]:
    """The other production's tasks, comments and entities."""
    tasks = Task.objects.filter(project__name="Elsewhere").order_by("pk")
    entities = Entity.objects.filter(project__name="Elsewhere").order_by("pk")
    return [list(tasks.values()), list(entities.values()), Comment.objects.filter(object_id__in=tasks.values("pk")).count()]


def ask(client: ApiClient, method: str, path: str, sent: Any) -> int:
    """The status of a request whose effects are taken back; 0 for success that left the other production as it was."""
    before = state()
    with transaction.atomic():
        if isinstance(sent, str) and sent:
            answer = client.upload(path, file=SimpleUploadedFile(*FILES[sent]))
        else:
            answer = client.request(method.lower(), path, sent or None)
        unchanged = state() == before
        transaction.set_rollback(True)
    return 0 if answer.status_code < 400 and unchanged else answer.status_code


def named_rows(line: list[str], company: Company, foreign: dict[str, str]) -> set[str]:
    """The rows of a production that a line of the table names, beside each other."""
    found = prepared(line, company, {})[2] & foreign.keys()
    return found if len(found) > 1 else set()


@pytest.mark.parametrize("line", [line for line in LINES if line[0] != "GET" or line[1].count("{") > 1], ids=" ".join)
def test_rows_of_two_productions_do_not_mix(company, foreign, clients, db, line):
    route, mixed = f"{line[0]} {line[1].partition('?')[0]}", []
    for name in named_rows(line, company, foreign):
        path, sent, _ = prepared(line, company, {name: foreign[name]})
        for role, client in clients.items():
            if role == "admin" and route in JOINED_BY_ADMINS:
                continue
            status = ask(client, line[0], path, sent)
            if status < 400 and not (status == 0 and route in PASSED_OVER):
                mixed.append((role, name, status))
    assert not mixed


# What is a production's own, by the names of columns that lead to it.
OWNED = ("project_id", "task_id", "entity_id", "parent_id", "source_id", "asset_id", "scene_id", "target_asset_id", "budget_id")
REST = ("preview_file_id", "last_preview_file_id", "playlist_id", "episode_id", "object_id", "temporal_entity_id", "comment_id")
TARGETS = {"parent": "sequence", "source": "scene", "target_asset": "asset", "temporal_entity": "shot", "object": "sequence"}
TARGETS |= {"preview_file": "preview", "last_preview_file": "preview", "playlist": "playlists"}


@pytest.mark.parametrize("line", [x for x in LINES if x[0] == "PUT" and x[1].endswith("/{pk}")], ids=lambda line: line[1])
def test_no_column_leads_into_another_production(company, foreign, clients, db, line):
    led = []
    for column in (*OWNED, *REST):
        name = column.removesuffix("_id")
        pk = foreign[TARGETS.get(name, name)]
        path, _, _ = prepared(line[:3], company, {})
        with transaction.atomic():
            answer = clients["manager"].put(path, {column: pk})
            if answer.status_code < 400 and answer.json().get(column) == pk:
                led.append(column)
            transaction.set_rollback(True)
    assert not led
