"""Acts about productions, their settings, templates, plans and budgets."""

from production.models import ProjectStatus
from tests.events.acts.form import act
from tests.makers import join_team, make_project

P = "/data/projects/{project}"
S = f"{P}/settings"
T = "/data/project-templates/{template}"
ENTRY = {"department_id": "{department}", "start_date": "2026-01-01", "months_duration": 1, "daily_salary": 9}
SETTINGS = ["project:update project_id"]
TEMPLATE = ["project-template:update project_template_id @studio"]


def column(verb):
    return [f"metadata-descriptor:{verb} metadata_descriptor_id"]


def entry(verb):
    return [f"budget-entry:{verb} budget_id budget_entry_id"]


TABLE = [
    ("put", P, {"code": "x"}, SETTINGS),
    ("post", "/data/projects", {"name": "Second", "team": ["{user}"]}, ["project:new project_id @other"]),
    (
        "post",
        "/data/projects",
        {"name": "Show", "production_type": "tvshow"},
        ["episode:new episode_id project_id @other", "project:new project_id @other"],
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
    ("get", f"{P}/schedule-items/task-types", None, ["schedule-item:new schedule_item_id"] * 3),
    ("post", f"{P}/budgets", {"name": "A"}, ["budget:create budget_id"]),
    ("put", f"{P}/budgets/{{budget}}", {"name": "A"}, ["budget:update budget_id"]),
    ("delete", f"{P}/budgets/{{budget}}", None, ["budget:delete budget_id"]),
    ("post", f"{P}/budgets/{{budget}}/entries", ENTRY, entry("create")),
    ("put", f"{P}/budgets/{{budget}}/entries/{{entry}}", ENTRY, entry("update")),
    ("delete", f"{P}/budgets/{{budget}}/entries/{{entry}}", None, entry("delete")),
    ("post", "/data/project-templates", {"name": "A"}, ["project-template:new project_template_id @studio"]),
    ("post", "/data/project-templates/from-project/{project}", {"name": "A"}, ["project-template:new project_template_id @studio"]),
    ("put", T, {"fps": "30"}, TEMPLATE),
    ("delete", T, None, ["project-template:delete project_template_id @studio"]),
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
]


def over(g):
    """A production that is closed; its artist alone and the studio's managers see it."""
    g.name(closed=make_project(project_status=ProjectStatus.objects.get_or_create(name="Closed", color="#000000")[0]))
    join_team(g.closed, g.user)


ACTS = [
    *(act(f"{method} {path}", *told, body=body) for method, path, body, told in TABLE),
    act("delete /data/projects/{closed}?force=true", "project:delete project_id @managers", first=over),
]
