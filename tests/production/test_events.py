"""Every event that this room tells: name, payload and the production that it is stored with, route by route."""

import pytest
from django.db import transaction

from events.models import ApiEvent
from production.models import Project, ProjectStatus
from tests.makers import make_entity_type, make_task_status, make_task_type
from tests.production.ground import filled

P = "/data/projects/{project}"
S = f"{P}/settings"
T = "/data/project-templates/{template}"
ENTRY = {"department_id": "{department}", "start_date": "2026-01-01", "months_duration": 1, "daily_salary": 9}
SETTINGS = [("project:update", ["project_id"], True)]
TEMPLATE = [("project-template:update", ["project_template_id"], False)]


def told(stem, act, *, here=True, **more):
    """The one event of a row: with the production in its payload where it is stored with one."""
    key = f"{stem.replace('-', '_')}_id"
    return [(f"{stem}:{act}", sorted([key, *more.get("keys", ()), *(["project_id"] if here else [])]), here)]


def column(act):
    return told("metadata-descriptor", act)


def entry(act):
    return told("budget-entry", act, keys=["budget_id"])


def generic(path, stem, body, *, here=False, row=None, change=None):
    """Creation, change and deletion by the generic routes; `row` is one that can go."""
    made = ("post", path, body, told(stem, "new", here=here))
    if row is None:
        return [made]
    one = f"{path}/{{{row}}}"
    return [
        made,
        ("put", one, change or {}, told(stem, "update", here=here)),
        ("delete", one, None, told(stem, "delete", here=here)),
    ]


TABLE = [
    ("put", P, {"code": "x"}, [("project:update", ["project_id"], False)]),
    ("post", "/data/projects", {"name": "Second"}, [("project:new", ["project_id"], False)]),
    (
        "post",
        "/data/projects",
        {"name": "Show", "production_type": "tvshow"},
        [("episode:new", ["episode_id", "project_id"], True), ("project:new", ["project_id"], False)],
    ),
    ("post", f"{P}/team", {"person_id": "{newcomer}"}, SETTINGS),
    ("post", f"{P}/team", {"person_id": "{member}"}, []),
    ("post", f"{P}/team", {"person_id": "{member}", "role": "manager"}, SETTINGS),
    ("put", f"{P}/team/{{member}}", {"role": None}, SETTINGS),
    ("delete", f"{P}/team/{{newcomer}}", None, SETTINGS),
    ("post", f"{S}/asset-types", {"asset_type_id": "{asset_type}"}, SETTINGS),
    ("delete", f"{S}/asset-types/{{asset_type}}", None, SETTINGS),
    ("post", f"{S}/task-types", {"task_type_id": "{task_type}"}, SETTINGS),
    ("delete", f"{S}/task-types/{{task_type}}", None, SETTINGS),
    ("post", f"{S}/task-status", {"task_status_id": "{status}"}, []),
    ("post", f"{S}/task-status", {"task_status_id": "{other_status}"}, SETTINGS),
    ("put", f"{S}/task-status/{{status}}", {"is_client_allowed": True}, SETTINGS),
    ("delete", f"{S}/task-status/{{status}}", None, SETTINGS),
    ("post", f"{S}/batch", {"task_types": [{"task_type_id": "{other_type}"}], "asset_type_ids": ["{asset_type}"]}, SETTINGS),
    ("post", f"{S}/status-automations", {"status_automation_id": "{automation}"}, SETTINGS),
    ("delete", f"{S}/status-automations/{{automation}}", None, SETTINGS),
    ("post", f"{S}/preview-background-files", {"preview_background_file_id": "{background}"}, SETTINGS),
    ("delete", f"{S}/preview-background-files/{{background}}", None, SETTINGS),
    ("post", "/data/task-type-links", {"project_id": "{project}", "task_type_id": "{task_type}"}, SETTINGS),
    ("post", "/data/task-status-links", {"project_id": "{project}", "task_status_id": "{status}"}, SETTINGS),
    ("post", "/actions/projects/{project}/task-type-links/reorder", {"task_type_ids": ["{task_type}"]}, SETTINGS),
    ("post", "/actions/projects/{project}/task-status-links/reorder", {"task_status_ids": ["{status}"]}, SETTINGS),
    ("post", "/actions/task-types/reorder", {"task_type_ids": ["{task_type}"]}, []),
    ("post", f"{P}/task-types/{{task_type}}/softwares", {"software_id": "{software}"}, []),
    ("delete", f"{P}/task-types/{{task_type}}/softwares/{{software}}", None, SETTINGS),
    ("post", f"{P}/metadata-descriptors", {"name": "Lens"}, column("new")),
    ("put", f"{P}/metadata-descriptors/{{descriptor}}", {"name": "Tone"}, column("update")),
    ("delete", f"{P}/metadata-descriptors/{{descriptor}}", None, column("delete")),
    ("post", f"{P}/metadata-descriptors/reorder", {"entity_type": "Shot", "descriptor_ids": ["{descriptor}"]}, []),
    ("post", "/data/metadata-descriptors/all-projects", {"name": "Lens"}, column("new")),
    ("put", "/data/metadata-descriptors/all-projects/mood", {"entity_type": "Shot"}, column("update")),
    ("delete", "/data/metadata-descriptors/all-projects/mood?entity_type=Shot", None, column("delete")),
    ("get", f"{P}/schedule-items/task-types", None, told("schedule-item", "new")),
    ("post", f"{P}/budgets", {"name": "A"}, told("budget", "create")),
    ("put", f"{P}/budgets/{{budget}}", {"name": "A"}, told("budget", "update")),
    ("delete", f"{P}/budgets/{{budget}}", None, told("budget", "delete")),
    ("post", f"{P}/budgets/{{budget}}/entries", ENTRY, entry("create")),
    ("put", f"{P}/budgets/{{budget}}/entries/{{entry}}", ENTRY, entry("update")),
    ("delete", f"{P}/budgets/{{budget}}/entries/{{entry}}", None, entry("delete")),
    ("post", "/data/project-templates", {"name": "A"}, told("project-template", "new", here=False)),
    ("post", "/data/project-templates/from-project/{project}", {"name": "A"}, told("project-template", "new", here=False)),
    ("put", T, {"fps": "30"}, TEMPLATE),
    ("delete", T, None, told("project-template", "delete", here=False)),
    ("post", f"{T}/task-types", {"task_type_id": "{task_type}"}, TEMPLATE),
    ("delete", f"{T}/task-types/{{task_type}}", None, TEMPLATE),
    ("post", f"{T}/task-statuses", {"task_status_id": "{status}"}, TEMPLATE),
    ("post", f"{T}/asset-types", {"asset_type_id": "{asset_type}"}, TEMPLATE),
    ("post", f"{T}/status-automations", {"status_automation_id": "{automation}"}, TEMPLATE),
    ("post", f"{T}/preview-background-files", {"preview_background_file_id": "{background}"}, TEMPLATE),
    ("put", f"{T}/metadata-descriptors", [], TEMPLATE),
    ("put", f"{T}/default-preview-background-file", {"default_preview_background_file_id": None}, TEMPLATE),
    (
        "post",
        "/actions/project-templates/{template}/task-types/reorder",
        {"task_type_ids": ["{task_type}", "{other_type}"]},
        TEMPLATE * 2,
    ),
    ("post", f"{P}/apply-template/{{template}}", {}, SETTINGS),
    ("post", "/data/user/filters", {"name": "A", "query": "x"}, []),
    ("post", "/data/user/filter-groups", {"name": "A"}, []),
    *generic("/data/milestones", "milestone", {"project_id": "{project}", "name": "Lock"}, here=True, row="milestone"),
    *generic("/data/schedule-items", "schedule-item", {"project_id": "{project}"}, here=True, row="item"),
    *generic("/data/budgets", "budget", {"project_id": "{project}", "name": "A"}, here=True),
    *generic("/data/budget-entries", "budget-entry", {**ENTRY, "budget_id": "{budget}"}, row="entry"),
    *generic(
        "/data/production-schedule-versions", "production-schedule-version", {"project_id": "{project}", "name": "A"}, here=True
    ),
    *generic(
        "/data/metadata-descriptors",
        "metadata-descriptor",
        {"project_id": "{project}", "entity_type": "Shot", "name": "Lens", "field_name": "lens"},
        here=True,
        row="descriptor",
    ),
    *generic("/data/task-types", "task-type", {"name": "Matte"}),
    *generic("/data/task-status", "task-status", {"name": "Hold", "short_name": "hold", "color": "#123"}),
    *generic("/data/entity-types", "asset-type", {"name": "Vehicle"}, row="asset_type"),
    *generic("/data/project-status", "project-status", {"name": "Paused", "color": "#123"}),
    *generic("/data/status-automations", "status-automation", {}, row="automation"),
    *generic("/data/custom-actions", "custom-action", {"name": "Open"}),
    *generic("/data/preview-background-files", "preview-background-file", {"name": "Sky"}, row="background"),
    *generic("/data/search-filters", "search-filter", {"list_type": "todo"}, row="search"),
    *generic("/data/search-filter-groups", "search-filter-group", {"list_type": "todo"}, row="group"),
]


@pytest.fixture
def named(rows):
    more = {"other_type": make_task_type(), "other_status": make_task_status(), "other_kind": make_entity_type()}
    return {**rows, **{name: str(row.pk) for name, row in more.items()}}


def stored(project_id):
    """What was told since the log was emptied, in order: name, keys of the payload, whether it is stored with a production."""
    found = []
    for event in ApiEvent.objects.order_by("created_at"):
        assert event.project_id is None or str(event.project_id) == event.data["project_id"]
        found.append((event.name, sorted(event.data), event.project_id is not None))
    return found


def test_what_is_told(api, cast, named):
    wrong = {}
    for method, path, body, expected in TABLE:
        with transaction.atomic():
            ApiEvent.objects.all().delete()
            answer = api.request(method, path.format(**named), filled(body, named))
            found = stored(named["project"])
            authors = set(ApiEvent.objects.values_list("user_id", flat=True))
            transaction.set_rollback(True)
        if answer.status_code >= 300 or found != expected or authors - {cast.admin.pk}:
            wrong[method, path] = (answer.status_code, found)
    assert wrong == {}


def test_a_deletion_is_told_with_what_went_before_it(api, cast):
    project = Project.objects.create(name="Over", project_status=ProjectStatus.objects.create(name="Closed", color="#000000"))
    account = api.post(f"/data/projects/{project.pk}/preview-account").json()["id"]
    ApiEvent.objects.all().delete()
    assert api.delete(f"/data/projects/{project.pk}?force=true").status_code == 204
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", "data", "project_id")) == [
        ("person:delete", {"person_id": account}, None),
        ("project:delete", {"project_id": str(project.pk)}, None),
    ]
