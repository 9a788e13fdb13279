"""Who may list, read, create, change and delete through the generic routes: route × role × status, in one place.

Everybody here is in the team of one open production, except the outsider.
"""

import pytest

from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from tests.cast import ROLES
from tests.rows import Rows

EVERYBODY = ("admin", "manager", "supervisor", "user", "client", "vendor")
NO_VENDOR = EVERYBODY[:-1]
LISTS = {
    EVERYBODY: [
        "departments",
        "task-types",
        "task-status",
        "entity-types",
        "project-status",
        "organisations",
        "studios",
        "softwares",
        "output-types",
        "file-status",
        "preview-background-files",
        "persons",
        "projects",
        "metadata-descriptors",
        "preview-files",
        "entities",
        "tasks",
    ],
    NO_VENDOR: ["custom-actions", "status-automations", "playlists", "working-files", "output-files"],
    ("admin", "manager"): ["project-templates"],
    ("admin",): [
        "production-schedule-versions",
        "production-schedule-version-task-links",
        "hardware-items",
        "salary-scales",
        "budgets",
        "budget-entries",
        "milestones",
        "schedule-items",
        "day-offs",
        "time-spents",
        "news",
        "notifications",
        "subscriptions",
        "search-filters",
        "search-filter-groups",
        "events",
        "plugins",
        "chats",
        "chat-messages",
        "comments",
        "attachment-files",
        "entity-links",
        "asset-instances",
    ],
}
# Models of which a production's people may make rows themselves; of all others only the studio manager may.
MADE_IN_PRODUCTIONS = {
    "milestones",
    "schedule-items",
    "entities",
    "production-schedule-versions",
    "production-schedule-version-task-links",
    "playlists",
    "day-offs",
    "tasks",
}
# Writes whose own rules let more people in, or answer before asking who it is; their rooms' tests hold them.
ELSEWHERE = {("persons", "put"), ("asset-instances", "put"), ("projects", "delete")}
RESOURCES = {
    r.path.removeprefix("/data/"): r.view
    for r in api_routes()
    if r.action == "list" and issubclass(r.view, ResourceViewSet) and r.path.startswith("/data/") and "{" not in r.path
}
TABLE = [(name, roles) for roles, names in LISTS.items() for name in names]


def test_the_table_speaks_of_every_resource():
    assert set(RESOURCES) - {"asset-types"} <= {name for name, _ in TABLE}


@pytest.mark.parametrize(
    ("name", "allowed"), [pair for pair in TABLE if pair[0] in RESOURCES], ids=lambda value: value if isinstance(value, str) else ""
)
def test_who_may_list(api, cast, name, allowed):
    Rows(project=cast.project, person=cast.user).row(RESOURCES[name].reader.model)
    found = {role: api.by(cast.of(role)).get(f"/data/{name}").status_code for role in ROLES}
    assert found == {role: 200 if role in allowed else 403 for role in ROLES}


@pytest.mark.parametrize("name", sorted(set(RESOURCES) - MADE_IN_PRODUCTIONS - {"asset-types"}))
def test_only_the_studio_manager_makes_changes_and_deletes(api, cast, name):
    model = RESOURCES[name].reader.model
    row = Rows(project=cast.project, person=cast.admin).row(model)
    made = {r.method for r in api_routes() if r.view is RESOURCES[name]}
    before = model._default_manager.count()
    for role in ("user", "client", "vendor"):
        somebody = api.by(cast.of(role))
        if "POST" in made:
            assert somebody.post(f"/data/{name}", {"name": "mine"}).status_code == 403, role
        for method in ("put", "delete"):
            if method.upper() in made and (name, method) not in ELSEWHERE:
                assert somebody.request(method, f"/data/{name}/{row.pk}", {"name": "mine"}).status_code == 403, (role, method)
    assert model._default_manager.count() == before


@pytest.mark.parametrize(
    "name",
    sorted(
        set(RESOURCES)
        & {"entities", "tasks", "preview-files", "playlists", "projects", "metadata-descriptors", "working-files", "output-files"}
    ),
)
def test_who_is_in_no_team_lists_nothing_of_it(api, cast, name):
    model = RESOURCES[name].reader.model
    Rows(project=cast.project, person=cast.user).row(model)
    answer = api.by(cast.outsider).get(f"/data/{name}")
    assert (answer.status_code, answer.json()) == (200, [])
