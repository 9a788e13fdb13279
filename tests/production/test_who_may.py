"""Who may do what with a production: route × role × status, for every route of this room that is not a generic one.

`promoted` is an artist who manages this production, `demoted` a manager who is an artist in it, `outsider` is in no team.
"""

import pytest
from django.db import transaction

from core.api.access import public
from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from tests.cast import ROLES
from tests.production.ground import filled

TEAM = {*ROLES, "promoted", "demoted"}
EVERYBODY = {*TEAM, "outsider"}
ADMIN = {"admin"}
MANAGERS = {"admin", "manager", "promoted"}
SUPERVISORS = {*MANAGERS, "supervisor"}
NO_CLIENT = TEAM - {"client"}
NO_VENDOR = TEAM - {"vendor"}
STAFF = TEAM - {"client", "vendor"}
MANAGERS_OF_THE_STUDIO = {"admin", "manager", "demoted"}

P = "/data/projects/{project}"
S = f"{P}/settings"
D = "/data/metadata-descriptors/all-projects"
T = "/data/project-templates/{template}"
ENTRY = {"department_id": "{department}", "start_date": "2026-01-01", "months_duration": 1, "daily_salary": 9}
COLUMN = {"entity_type": "Shot", "name": "Lens"}

TABLE = [
    ("get", "/data/projects/open", None, 200, EVERYBODY),
    ("get", "/data/projects/all", None, 200, EVERYBODY),
    ("get", P, None, 200, TEAM),
    ("put", P, {"code": "TL"}, 200, MANAGERS),
    ("get", f"{P}/team", None, 200, TEAM),
    ("post", f"{P}/team", {"person_id": "{newcomer}"}, 201, MANAGERS),
    ("put", f"{P}/team/{{member}}", {"role": "supervisor"}, 200, MANAGERS),
    ("delete", f"{P}/team/{{member}}", None, 204, MANAGERS),
    ("get", f"{P}/preview-account", None, 200, MANAGERS),
    ("post", f"{P}/preview-account", {}, 201, MANAGERS),
    ("put", f"{P}/preview-account", {"is_open": True}, 404, MANAGERS),
    ("delete", f"{P}/preview-account", None, 204, MANAGERS),
    ("post", f"{S}/asset-types", {"asset_type_id": "{asset_type}"}, 201, MANAGERS),
    ("delete", f"{S}/asset-types/{{asset_type}}", None, 204, MANAGERS),
    ("get", f"{P}/task-types", None, 200, TEAM),
    ("post", f"{S}/task-types", {"task_type_id": "{task_type}"}, 201, MANAGERS),
    ("delete", f"{S}/task-types/{{task_type}}", None, 204, MANAGERS),
    ("get", f"{S}/task-status", None, 200, TEAM),
    ("post", f"{S}/task-status", {"task_status_id": "{status}"}, 201, MANAGERS),
    ("put", f"{S}/task-status/{{status}}", {"is_client_allowed": True}, 200, MANAGERS),
    ("delete", f"{S}/task-status/{{status}}", None, 204, MANAGERS),
    ("post", f"{S}/batch", {}, 200, MANAGERS),
    ("get", f"{S}/status-automations", None, 200, MANAGERS),
    ("post", f"{S}/status-automations", {"status_automation_id": "{automation}"}, 201, MANAGERS),
    ("delete", f"{S}/status-automations/{{automation}}", None, 204, MANAGERS),
    ("get", f"{S}/preview-background-files", None, 200, TEAM),
    ("post", f"{S}/preview-background-files", {"preview_background_file_id": "{background}"}, 201, MANAGERS),
    ("delete", f"{S}/preview-background-files/{{background}}", None, 204, MANAGERS),
    ("post", "/data/task-type-links", {"project_id": "{project}", "task_type_id": "{task_type}"}, 201, MANAGERS),
    ("post", "/data/task-status-links", {"project_id": "{project}", "task_status_id": "{status}"}, 201, MANAGERS),
    ("post", "/actions/projects/{project}/task-type-links/reorder", {"task_type_ids": []}, 200, MANAGERS),
    ("post", "/actions/projects/{project}/task-status-links/reorder", {"task_status_ids": []}, 200, MANAGERS),
    ("post", "/actions/task-types/reorder", {"task_type_ids": []}, 200, ADMIN),
    ("get", f"{P}/task-type-softwares", None, 200, TEAM),
    ("post", f"{P}/task-types/{{task_type}}/softwares", {"software_id": "{software}"}, 201, SUPERVISORS),
    ("delete", f"{P}/task-types/{{task_type}}/softwares/{{software}}", None, 204, SUPERVISORS),
    ("get", f"{P}/metadata-descriptors", None, 200, TEAM),
    ("post", f"{P}/metadata-descriptors", {"name": "Lens"}, 201, MANAGERS),
    ("post", f"{P}/metadata-descriptors", {"name": "Lens", "departments": ["{department}"]}, 201, SUPERVISORS),
    ("get", f"{P}/metadata-descriptors/{{descriptor}}", None, 200, TEAM - {"client"}),
    ("put", f"{P}/metadata-descriptors/{{descriptor}}", {"name": "Tone"}, 200, MANAGERS),
    ("delete", f"{P}/metadata-descriptors/{{descriptor}}", None, 204, MANAGERS),
    ("post", f"{P}/metadata-descriptors/reorder", {"entity_type": "Shot", "descriptor_ids": ["{descriptor}"]}, 200, MANAGERS),
    ("post", D, COLUMN, 201, MANAGERS_OF_THE_STUDIO),
    ("put", f"{D}/mood", {"entity_type": "Shot"}, 200, MANAGERS_OF_THE_STUDIO),
    ("delete", f"{D}/mood?entity_type=Shot", None, 200, MANAGERS_OF_THE_STUDIO),
    ("post", f"/actions{D[5:]}/reorder", {"entity_type": "Shot", "field_order": ["mood"]}, 200, MANAGERS_OF_THE_STUDIO),
    ("get", f"{P}/milestones", None, 200, NO_CLIENT),
    ("get", f"{P}/schedule-items", None, 200, STAFF),
    ("get", f"{P}/schedule-items/task-types", None, 200, NO_VENDOR),
    *(
        ("get", f"{P}/schedule-items/{{task_type}}/{kind}", None, 200, NO_VENDOR)
        for kind in ("asset-types", "episodes", "sequences", "edits")
    ),
    ("get", f"{P}/budgets", None, 200, MANAGERS),
    ("post", f"{P}/budgets", {"name": "First"}, 200, MANAGERS),
    ("get", f"{P}/budgets/{{budget}}", None, 200, MANAGERS),
    ("put", f"{P}/budgets/{{budget}}", {"name": "Other"}, 200, MANAGERS),
    ("delete", f"{P}/budgets/{{budget}}", None, 204, MANAGERS),
    ("get", f"{P}/budgets/{{budget}}/entries", None, 200, MANAGERS),
    ("post", f"{P}/budgets/{{budget}}/entries", ENTRY, 200, MANAGERS),
    ("get", f"{P}/budgets/{{budget}}/entries/{{entry}}", None, 200, MANAGERS),
    ("put", f"{P}/budgets/{{budget}}/entries/{{entry}}", ENTRY, 200, MANAGERS),
    ("delete", f"{P}/budgets/{{budget}}/entries/{{entry}}", None, 204, MANAGERS),
    ("post", "/data/project-templates/from-project/{project}", {"name": "Of it"}, 201, ADMIN),
    ("post", f"{P}/apply-template/{{template}}", {}, 200, ADMIN),
    ("put", f"{T}/metadata-descriptors", [], 200, ADMIN),
    ("put", f"{T}/default-preview-background-file", {"default_preview_background_file_id": None}, 200, ADMIN),
    *(
        case
        for name, key, row in (
            ("task-types", "task_type_id", "{task_type}"),
            ("task-statuses", "task_status_id", "{status}"),
            ("asset-types", "asset_type_id", "{asset_type}"),
            ("status-automations", "status_automation_id", "{automation}"),
            ("preview-background-files", "preview_background_file_id", "{background}"),
        )
        for case in (
            ("get", f"{T}/{name}", None, 200, MANAGERS_OF_THE_STUDIO),
            ("post", f"{T}/{name}", {key: row}, 201, ADMIN),
            ("delete", f"{T}/{name}/{row}", None, 204, ADMIN),
        )
    ),
    ("post", "/actions/project-templates/{template}/task-types/reorder", {"task_type_ids": []}, 200, ADMIN),
    ("post", "/actions/project-templates/{template}/task-statuses/reorder", {"task_status_ids": []}, 200, ADMIN),
    ("get", "/data/user/context", None, 200, EVERYBODY),
    ("get", "/data/user/projects/open", None, 200, EVERYBODY),
    ("get", "/data/user/filters", None, 200, EVERYBODY),
    ("post", "/data/user/filters", {"name": "Mine", "query": "x"}, 201, EVERYBODY),
    ("get", "/data/user/filter-groups", None, 200, EVERYBODY),
    ("post", "/data/user/filter-groups", {"name": "Mine"}, 201, EVERYBODY),
]
# What belongs to one person is not there for anybody else, studio managers aside.
OWN = [
    ("put", "/data/user/filters/{search}", {"name": "Other"}, 200),
    ("delete", "/data/user/filters/{search}", None, 204),
    ("get", "/data/user/filter-groups/{group}", None, 200),
    ("put", "/data/user/filter-groups/{group}", {"name": "Other"}, 200),
    ("delete", "/data/user/filter-groups/{group}", None, 204),
]


@pytest.fixture
def clients(api, anonymous, people):
    return {**{name: api.by(person) for name, person in people.items()}, "anonymous": anonymous}


def statuses(clients, method, path, body):
    """What everybody is answered, each as if nobody had asked before."""
    found = {}
    for name, somebody in clients.items():
        with transaction.atomic():
            found[name] = somebody.request(method, path, body).status_code
            transaction.set_rollback(True)
    return found


def test_who_may(clients, rows):
    wrong = {}
    for method, path, body, status, allowed in TABLE:
        found = statuses(clients, method, path.format(**rows), filled(body, rows))
        expected = {name: status if name in allowed else 401 if name == "anonymous" else 403 for name in clients}
        if found != expected:
            wrong[method, path] = {name: found[name] for name in clients if found[name] != expected[name]}
    assert wrong == {}


def test_what_is_ones_own(clients, rows):
    for method, path, body, status in OWN:
        expected = {name: status if name in ("user", "admin") else 401 if name == "anonymous" else 404 for name in clients}
        assert statuses(clients, method, path.format(**rows), body) == expected, (method, path)


def test_the_table_speaks_of_every_route_of_this_room():
    def shape(path):
        return tuple("*" if part.startswith("{") or part == "mood" else part for part in path.partition("?")[0].split("/"))

    generic = {"list", "create", "retrieve", "update", "destroy"}
    routes = {
        (route.method.lower(), shape(route.path))
        for route in api_routes()
        if route.view.__module__.startswith("production.")
        and route.view.access.get(route.action) is not public
        and not (issubclass(route.view, ResourceViewSet) and route.action in generic)
    }
    told = {(method, shape(path)) for method, path, *_ in (*TABLE, *OWN)}
    assert routes - told == set()
