"""What makes no sense is refused on the way in, by every door, and nothing of it is stored."""

import pytest

from production.models import (
    BudgetEntry,
    MetadataDescriptor,
    Milestone,
    Project,
    ProjectTaskTypeLink,
    ProjectTemplateTaskTypeLink,
    ScheduleItem,
    TaskType,
)
from tests.makers import make_project, make_task_type
from tests.production.ground import UNKNOWN, filled
from tests.production.test_who_may import TABLE

P = "/data/projects/{project}"
T = "/data/project-templates/{template}"
BACKWARDS = "The end date can't be before the start date."
BAD_FORMAT = "One of the provided values has an invalid format."
ENTRY = {"department_id": "{department}", "start_date": "2026-01-01", "months_duration": 1, "daily_salary": 9}
DATES = {"start_date": "2026-03-02", "end_date": "2026-03-01"}
BAD_DATE = "Invalid date format for 'start_date': '2026-13-01'. Expected an ISO 8601 date or datetime."
BELOW_NOTHING = "Input should be greater than or equal to 0"
NEGATIVE = "months_duration can't be negative."
WRONG_ROLE = "Input should be 'user', 'supervisor', 'manager', 'client' or 'vendor'"
WRONG_UUID = "Wrong UUID format."
TEXT = "Input should be a valid string"

REFUSED = [
    # dates and durations
    ("post", "/data/projects", {"name": "A", **DATES}, BACKWARDS),
    ("put", P, DATES, BACKWARDS),
    ("put", P, {"man_days": -1}, "man_days can't be negative."),
    (
        "put",
        P,
        {"start_date": "2026-13-01"},
        BAD_DATE,
    ),
    ("post", "/data/schedule-items", {"project_id": "{project}", **DATES}, BACKWARDS),
    ("put", "/data/schedule-items/{item}", DATES, BACKWARDS),
    ("put", "/data/schedule-items/{item}", {"man_days": -3}, "man_days can't be negative."),
    ("post", "/data/milestones", {"project_id": "{project}", "name": "M", "date": "soon"}, BAD_FORMAT),
    ("post", "/data/milestones", {"project_id": "{project}", "name": "M" * 41}, BAD_FORMAT),
    ("post", "/data/milestones", {"name": "M"}, "'project_id'"),
    (
        "post",
        "/data/budget-entries",
        {**ENTRY, "budget_id": "{budget}", "months_duration": -1},
        NEGATIVE,
    ),
    ("put", "/data/budget-entries/{entry}", {"months_duration": -1}, NEGATIVE),
    ("post", f"{P}/budgets/{{budget}}/entries", {**ENTRY, "months_duration": -1}, BELOW_NOTHING),
    (
        "put",
        f"{P}/budgets/{{budget}}/entries/{{entry}}",
        {**ENTRY, "months_duration": -1},
        BELOW_NOTHING,
    ),
    ("put", f"{P}/budgets/{{budget}}/entries/{{entry}}", {"department_id": "{department}"}, "Field required"),
    ("post", f"{P}/budgets/{{budget}}/entries", {**ENTRY, "position": "boss"}, "Input should be 'supervisor', 'lead' or 'artist'"),
    (
        "put",
        f"{P}/budgets/{{budget}}/entries/{{entry}}",
        {**ENTRY, "exceptions": {"2026-01": "much"}},
        "Wrong amount for 2026-01.",
    ),
    ("post", f"{P}/budgets", {"name": "A", "currency": "EURO"}, "String should have at most 3 characters"),
    ("post", f"{P}/budgets", {"name": ""}, "String should have at least 1 character"),
    ("get", f"{P}/budgets/abc", None, WRONG_UUID),
    ("get", "/data/projects/abc/budgets", None, WRONG_UUID),
    ("get", f"{P}/budgets/{{budget}}/entries/abc", None, WRONG_UUID),
    ("get", f"{P}/schedule-items/abc/episodes", None, WRONG_UUID),
    ("get", f"{P}/schedule-items/{{task_type}}/episodes?episode_id=abc", None, WRONG_UUID),
    # colours
    *(
        (method, path, {**more, "color": color}, BAD_FORMAT)
        for color in ("red", "#12", "#12345", "#gggggg", "123456", 7)
        for method, path, more in (
            ("post", "/data/task-types", {"name": "A"}),
            ("put", "/data/task-types/{task_type}", {}),
            ("post", "/data/task-status", {"name": "A", "short_name": "a"}),
            ("put", "/data/task-status/{status}", {}),
            ("post", "/data/project-status", {"name": "A"}),
            ("post", "/data/departments", {"name": "A"}),
            ("put", "/data/departments/{department}", {}),
            ("post", "/data/studios", {"name": "A"}),
        )
    ),
    # roles and codes
    (
        "post",
        f"{P}/team",
        {"person_id": "{newcomer}", "role": "admin"},
        WRONG_ROLE,
    ),
    ("put", f"{P}/team/{{member}}", {"role": "boss"}, WRONG_ROLE),
    ("post", f"{P}/team", {"person_id": UNKNOWN}, f"Person with id {UNKNOWN} not found"),
    ("post", f"{P}/team", {"person_id": ""}, "String should have at least 1 character"),
    ("put", f"{P}/team/{{newcomer}}", {"role": "user"}, "Person is not a member of the project team"),
    (
        "post",
        "/data/task-status-links",
        {"project_id": "{project}", "task_status_id": "{status}", "roles_for_board": ["boss"]},
        "Wrong value for parameter roles_for_board.",
    ),
    ("post", f"{T}/task-statuses", {"task_status_id": "{status}", "roles_for_board": ["boss"]}, "Input should be"),
    ("post", "/data/status-automations", {"out_field_type": "zz"}, BAD_FORMAT),
    ("post", "/data/projects", {"name": "A", "production_style": "zz"}, "Invalid production_style"),
    ("post", "/data/project-templates", {"name": "A", "production_style": "zz"}, "Invalid production_style"),
    ("put", P, {"resolution": "zzz"}, "Invalid resolution zzz. Expected format: '1920x1080' or 'x1080'."),
    ("put", P, {"hd_bitrate_compression": 500}, "Invalid bitrate 500. Expected an integer number of Mbit/s between 1 and 28."),
    (
        "put",
        P,
        {"hd_bitrate_compression": 5, "ld_bitrate_compression": 6},
        "The low definition bitrate (6) cannot exceed the high definition one (5).",
    ),
    # ids
    ("post", f"{P}/settings/task-types", {"task_type_id": "abc"}, "task_type_id is required and must be a valid UUID"),
    ("post", f"{P}/settings/task-types", {"task_type_id": UNKNOWN}, f"TaskType with id {UNKNOWN} not found"),
    ("post", f"{P}/settings/asset-types", {"asset_type_id": 3}, TEXT),
    ("post", f"{P}/settings/batch", {"task_types": "abc"}, "Input should be a valid list"),
    ("post", "/data/task-type-links", {"project_id": "{project}"}, "Missing required parameter: task_type_id"),
    (
        "post",
        "/data/task-type-links",
        {"project_id": "{project}", "task_type_id": "{task_type}", "priority": "high"},
        "Wrong value for parameter priority.",
    ),
    (
        "post",
        "/data/task-status-links",
        {"project_id": "{project}", "task_status_id": ""},
        "task_status_id is required and must be a valid UUID",
    ),
    *(
        ("post", path, body, f"Request body must be a JSON object with a '{key}' list.")
        for path, key in (
            ("/actions/projects/{project}/task-type-links/reorder", "task_type_ids"),
            ("/actions/projects/{project}/task-status-links/reorder", "task_status_ids"),
            ("/actions/task-types/reorder", "task_type_ids"),
        )
        for body in ({}, {key: "abc"})
    ),
    (
        "post",
        f"{P}/metadata-descriptors/reorder",
        {"entity_type": "Shot", "descriptor_ids": [UNKNOWN]},
        f"Descriptor {UNKNOWN} not found for project {{project}} and entity type Shot",
    ),
    (
        "post",
        "/actions/project-templates/{template}/task-types/reorder",
        {"task_type_ids": ["{task_type}", UNKNOWN]},
        f"Task type {UNKNOWN} does not exist",
    ),
    (
        "post",
        "/actions/project-templates/{template}/task-statuses/reorder",
        {"task_status_ids": ["abc"]},
        "task_status_id is required and must be a valid UUID",
    ),
    *(
        ("post", path, body, "Validation error.")
        for path, key in (
            ("/actions/project-templates/{template}/task-types/reorder", "task_type_ids"),
            ("/actions/project-templates/{template}/task-statuses/reorder", "task_status_ids"),
            (f"{T}/task-types", "task_type_id"),
            (f"{T}/task-statuses", "task_status_id"),
            (f"{T}/asset-types", "asset_type_id"),
            (f"{T}/status-automations", "status_automation_id"),
            (f"{T}/preview-background-files", "preview_background_file_id"),
            ("/data/project-templates/from-project/{project}", "name"),
        )
        for body in ({}, {key: ""}, {key: 3}, [])
    ),
    (
        "post",
        f"{P}/metadata-descriptors/reorder",
        {"entity_type": "zz", "descriptor_ids": ["{descriptor}"]},
        "Wrong entity type. Please select Asset, Shot, Sequence, Episode, Edit, Project, or Task.",
    ),
    ("get", f"{P}/day-offs?start_date=foo", None, "Wrong date format for foo and/or None"),
    ("get", "/data/production-schedule-version-task-links?project_id=abc", None, "Invalid project_id."),
    ("post", "/data/production-schedule-version-task-links", {"production_schedule_version_id": UNKNOWN}, "'task_id'"),
    ("post", f"{P}/task-types/{{task_type}}/softwares", {"software_id": "x"}, "task_type_id and software_id must be valid UUIDs."),
    (
        "post",
        f"{P}/task-types/{UNKNOWN}/softwares",
        {"software_id": "{software}"},
        "The task type is not a task type of the project.",
    ),
    ("post", f"{P}/metadata-descriptors", {"name": "x" * 121}, "Metadata descriptor name is too long."),
    ("post", f"{P}/metadata-descriptors", {"name": "A", "choices": None}, "Input should be a valid list"),
    ("put", f"{P}/metadata-descriptors/{{descriptor}}", {"name": ""}, "Name cannot be empty."),
    ("post", "/data/metadata-descriptors/all-projects", {"name": "A", "entity_type": "Task"}, "Wrong entity type."),
    ("put", f"{T}/default-preview-background-file", {"default_preview_background_file_id": UNKNOWN}, "not linked to this template"),
]


def test_nonsense_is_refused(api, rows):
    wrong = {}
    for method, path, body, message in REFUSED:
        answer = api.request(method, path.format(**rows), filled(body, rows))
        said = answer.content.decode()
        if answer.status_code != 400 or message.format(**rows) not in said:
            wrong[method, path, str(body)] = (answer.status_code, said)
    assert wrong == {}
    assert (Project.objects.count(), Milestone.objects.count(), BudgetEntry.objects.count()) == (1, 1, 1)
    assert (ScheduleItem.objects.count(), TaskType.objects.count(), MetadataDescriptor.objects.count()) == (1, 1, 1)
    assert not ProjectTemplateTaskTypeLink.objects.exists()


BODIES = (b"", b"null", b"[]", b'"text"', b"7", b"{", b'{"name": "a\\u0000b"}', b'{"name": {"a": 1}}', b'{"name": [1]}')


def test_no_body_makes_a_write_of_this_room_fail(api, rows):
    failed = []
    for method, path, *_ in TABLE:
        if method in ("post", "put"):
            for body in BODIES:
                status = api.request(method, path.format(**rows), body).status_code
                if status >= 500:
                    failed.append((method, path, body, status))
    assert failed == []


def test_orders_touch_nothing_but_what_is_linked(api, cast, rows):
    linked, foreign = make_task_type(), make_task_type()
    other = make_project()
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=linked, priority=7)
    ProjectTaskTypeLink.objects.create(project=other, task_type=foreign, priority=7)
    body = {"task_type_ids": [str(foreign.pk), UNKNOWN, "nonsense", rows["task_type"]]}
    answer = api.post(f"/actions/projects/{cast.project.pk}/task-type-links/reorder", body)
    assert [(row["task_type_id"], row["priority"]) for row in answer.json()] == [(rows["task_type"], 4)]
    left = ProjectTaskTypeLink.objects.exclude(task_type_id=rows["task_type"])
    assert set(left.values_list("task_type_id", "priority")) == {(linked.pk, 7), (foreign.pk, 7)}


def test_a_foreign_column_is_not_ordered(api, cast, rows):
    other = make_project()
    foreign = MetadataDescriptor.objects.create(project=other, entity_type="Shot", name="F", field_name="f")
    body = {"entity_type": "Shot", "descriptor_ids": [rows["descriptor"], str(foreign.pk)]}
    assert api.post(f"/data/projects/{cast.project.pk}/metadata-descriptors/reorder", body).status_code == 400
    assert set(MetadataDescriptor.objects.values_list("position", flat=True)) == {None}


def test_what_belongs_to_another_production_is_not_found_here(api, cast, rows):
    other = f"/data/projects/{make_project().pk}"
    for method, path, body in (
        ("get", f"{other}/budgets/{{budget}}", None),
        ("put", f"{other}/budgets/{{budget}}", {"name": "Mine"}),
        ("delete", f"{other}/budgets/{{budget}}", None),
        ("get", f"{other}/budgets/{{budget}}/entries", None),
        ("delete", f"{other}/budgets/{{budget}}/entries/{{entry}}", None),
        ("get", f"{other}/metadata-descriptors/{{descriptor}}", None),
        ("put", f"{other}/metadata-descriptors/{{descriptor}}", {"name": "Mine"}),
        ("delete", f"{other}/metadata-descriptors/{{descriptor}}", None),
        ("put", f"{other}/settings/task-status/{{status}}", {"is_client_allowed": True}),
    ):
        assert api.request(method, path.format(**rows), body).status_code == 404, (method, path)


def test_one_date_is_held_against_the_stored_other(api, rows):
    for path in ("/data/projects/{project}", "/data/schedule-items/{item}"):
        path = path.format(**rows)
        assert api.put(path, {"start_date": "2026-03-02", "end_date": "2026-03-02"}).status_code == 200
        assert api.put(path, {"end_date": "2026-03-01"}).json()["message"] == BACKWARDS
        assert api.put(path, {"start_date": None}).status_code == 200
        assert api.put(path, {"end_date": "2026-03-01"}).status_code == 200


def test_what_an_older_import_left_behind_stays_readable(api, rows):
    Project.objects.filter(pk=rows["project"]).update(start_date="2026-03-02", end_date="2026-03-01")
    TaskType.objects.filter(pk=rows["task_type"]).update(color="red")
    assert api.get(f"/data/projects/{rows['project']}").status_code == 200
    assert api.put(f"/data/projects/{rows['project']}", {"code": "X"}).status_code == 200
    assert [row["color"] for row in api.get("/data/task-types").json()] == ["red"]
    assert api.put(f"/data/task-types/{rows['task_type']}", {"name": "B"}).status_code == 200
    assert api.get("/data/user/context").status_code == 200


@pytest.mark.parametrize("color", ["#abc", "#ABCDEF", "#22d160"])
def test_colours_of_these_forms_are_kept(api, color):
    assert api.post("/data/task-types", {"name": "A", "color": color}).json()["color"] == color
