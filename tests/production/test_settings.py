"""What a production works with: links, their options, ranks and softwares."""

import pytest

from events.models import ApiEvent
from people.models import Software
from production.models import PreviewBackgroundFile, ProjectTaskStatusLink, ProjectTaskTypeLink, StatusAutomation
from tests.makers import make_department, make_entity_type, make_task_status, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def path(cast):
    return f"/data/projects/{cast.project.pk}"


def events():
    return list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True))


LINKED = [
    ("asset-types", "asset_type_id", make_entity_type, "EntityType"),
    ("task-status", "task_status_id", make_task_status, "TaskStatus"),
    ("status-automations", "status_automation_id", StatusAutomation.objects.create, "StatusAutomation"),
    (
        "preview-background-files",
        "preview_background_file_id",
        lambda: PreviewBackgroundFile.objects.create(name="HDR"),
        "PreviewBackgroundFile",
    ),
]


@pytest.mark.parametrize(("route", "key", "make", "model"), LINKED, ids=[case[0] for case in LINKED])
def test_a_link_is_made_once_and_taken_away(api, cast, path, route, key, make, model):
    row = make()
    for _ in range(2):
        answer = api.post(f"{path}/settings/{route}", {key: str(row.pk)})
        assert (answer.status_code, answer.json()["id"], "team" in answer.json()) == (201, str(cast.project.pk), False)
    assert events() == ["project:update"]
    assert ApiEvent.objects.get().project_id == cast.project.pk
    if route != "asset-types":
        assert [linked["id"] for linked in api.get(f"{path}/settings/{route}").json()] == [str(row.pk)]
    for _ in range(2):
        assert api.delete(f"{path}/settings/{route}/{row.pk}").status_code == 204
    unknown = api.post(f"{path}/settings/{route}", {key: UNKNOWN})
    assert (unknown.status_code, unknown.json()["message"]) == (400, f"{model} with id {UNKNOWN} not found")
    missing = api.post(f"{path}/settings/{route}", {})
    assert missing.json()["data"]["errors"] == [{"field": key, "message": "Field required"}]


@pytest.mark.parametrize(
    "route", ["asset-types", "task-status", "task-types", "status-automations", "preview-background-files", "batch"]
)
def test_settings_are_for_managers(api, cast, path, route):
    for person in (cast.supervisor, cast.user, cast.client, cast.vendor, cast.outsider):
        assert api.by(person).post(f"{path}/settings/{route}", {}).status_code == 403
    assert api.post(f"/data/projects/{UNKNOWN}/settings/{route}", {}).status_code == 404


def test_reading_links_is_for_the_team(api, cast, path, django_assert_num_queries):
    assert api.by(cast.vendor).get(f"{path}/task-types").json() == []
    assert api.by(cast.outsider).get(f"{path}/task-types").status_code == 403
    assert api.by(cast.supervisor).get(f"{path}/settings/status-automations").status_code == 403
    member = api.by(cast.user)
    with django_assert_num_queries(3):
        member.get(f"{path}/settings/task-status")


def test_a_linked_task_type_keeps_its_rank(api, cast, path):
    task_type = make_task_type()
    body = {"task_type_id": str(task_type.pk), "priority": 4, "hd_bitrate_compression": 10}
    assert api.post(f"{path}/settings/task-types", body).status_code == 201
    api.post(f"{path}/settings/task-types", {**body, "priority": 9, "ld_bitrate_compression": 2, "hd_bitrate_compression": None})
    link = ProjectTaskTypeLink.objects.get()
    assert (link.priority, link.hd_bitrate_compression, link.ld_bitrate_compression, link.is_client_visible) == (4, None, 2, True)
    assert [row["id"] for row in api.get(f"{path}/task-types").json()] == [str(task_type.pk)]
    assert api.post(f"{path}/settings/task-types", {"task_type_id": "x"}).json()["message"] == (
        "task_type_id is required and must be a valid UUID"
    )
    assert api.post(f"{path}/settings/task-types", {"task_type_id": UNKNOWN}).status_code == 400


def test_clients_may_be_allowed_a_status(api, cast, path):
    status = make_task_status()
    assert api.put(f"{path}/settings/task-status/{status.pk}", {"is_client_allowed": True}).status_code == 404
    cast.project.task_statuses.add(status)
    answer = api.put(f"{path}/settings/task-status/{status.pk}", {"is_client_allowed": False})
    assert (answer.json()["type"], answer.json()["is_client_allowed"]) == ("ProjectTaskStatusLink", False)
    assert api.put(f"{path}/settings/task-status/{status.pk}", {}).status_code == 400


def test_many_settings_at_once(api, cast, path, django_assert_max_num_queries):
    types, statuses = [make_task_type() for _ in range(3)], [make_task_status() for _ in range(2)]
    old, kind = make_task_type(), make_entity_type()
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=old)
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=types[0], priority=1)
    body = {
        "task_types": [{"task_type_id": str(t.pk), "priority": n} for n, t in enumerate(types, 5)] + [{"task_type_id": UNKNOWN}],
        "task_status_ids": [str(s.pk) for s in statuses],
        "asset_type_ids": [str(kind.pk), "x"],
        "replace_task_types": True,
    }
    with django_assert_max_num_queries(22):
        assert api.post(f"{path}/settings/batch", body).status_code == 200
    assert dict(cast.project.task_type_links.values_list("task_type_id", "priority")) == {t.pk: n for n, t in enumerate(types, 5)}
    assert (cast.project.task_statuses.count(), cast.project.asset_types.count()) == (2, 1)
    assert events() == ["project:update"]


def test_a_task_type_link_gets_a_rank(api, cast):
    task_type = make_task_type()
    body = {"project_id": str(cast.project.pk), "task_type_id": str(task_type.pk)}
    assert api.post("/data/task-type-links", body).json()["priority"] == 1
    assert api.post("/data/task-type-links", {**body, "priority": "5"}).json()["priority"] == 5
    assert ProjectTaskTypeLink.objects.count() == 1
    assert api.post("/data/task-type-links", {"project_id": body["project_id"]}).json()["message"] == (
        "Missing required parameter: task_type_id"
    )
    assert api.post("/data/task-type-links", {**body, "priority": "x"}).json()["message"] == "Wrong value for parameter priority."
    assert api.post("/data/task-type-links", {**body, "task_type_id": "x"}).json()["message"] == (
        "task_type_id is required and must be a valid UUID"
    )
    assert api.by(cast.user).post("/data/task-type-links", body).status_code == 403


def test_a_task_status_link_gets_roles(api, cast):
    status = make_task_status()
    body = {"project_id": str(cast.project.pk), "task_status_id": str(status.pk), "roles_for_board": ["client"]}
    assert api.post("/data/task-status-links", body).json()["roles_for_board"] == ["client"]
    assert api.post("/data/task-status-links", {**body, "roles_for_board": None}).json()["roles_for_board"] == []
    assert api.post("/data/task-status-links", {**body, "roles_for_board": ["king"]}).status_code == 400
    assert ProjectTaskStatusLink.objects.get().roles_for_board == []


def test_links_are_ranked_in_the_order_sent(api, cast):
    first, second = make_task_type(), make_task_type()
    for task_type in (first, second):
        ProjectTaskTypeLink.objects.create(project=cast.project, task_type=task_type)
    path = f"/actions/projects/{cast.project.pk}/task-type-links/reorder"
    answer = api.post(path, {"task_type_ids": [str(second.pk), UNKNOWN, str(first.pk)]})
    assert [(row["task_type_id"], row["priority"]) for row in answer.json()] == [(str(second.pk), 1), (str(first.pk), 3)]
    assert events() == ["project:update"]
    assert api.post(path, {}).json()["message"] == "Request body must be a JSON object with a 'task_type_ids' list."
    assert api.post(path.replace("type", "status"), {"task_status_ids": []}).json() == []
    assert api.by(cast.supervisor).post(path, {"task_type_ids": []}).status_code == 403


def test_softwares_of_a_task_type(api, cast, path):
    department = make_department()
    task_type = make_task_type(department=department)
    software = Software.objects.create(name="Blender", short_name="BLD", file_extension="blend")
    route = f"{path}/task-types/{task_type.pk}/softwares"
    body = {"software_id": str(software.pk)}
    assert api.post(route, body).json()["message"] == "The task type is not a task type of the project."
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=task_type)
    expected = {"project_id": str(cast.project.pk), "task_type_id": str(task_type.pk), **body}
    for _ in range(2):
        answer = api.by(cast.supervisor).post(route, body)
        assert (answer.status_code, answer.json()) == (201, expected)
    assert events() == ["project:update"]
    assert api.by(cast.client).get(f"{path}/task-type-softwares").json() == [expected]
    cast.supervisor.departments.add(make_department())
    assert api.by(cast.supervisor).post(route, body).status_code == 403
    assert api.post(route, {"software_id": UNKNOWN}).status_code == 404
    malformed = "task_type_id and software_id must be valid UUIDs."
    assert api.post(route, {"software_id": "x"}).json()["message"] == malformed
    assert api.post(f"{path}/task-types/x/softwares", body).json()["message"] == malformed
    for one in (f"{route}/x", f"{path}/task-types/x/softwares/{software.pk}"):
        assert (api.delete(one).status_code, api.delete(one).json()["message"]) == (400, malformed)
    Software.objects.update(archived=True)
    assert api.post(route, body).json()["message"] == "The software is archived."
    told = ApiEvent.objects.filter(name="project:update").count()
    assert [api.delete(f"{route}/{software.pk}").status_code for _ in range(2)] == [204, 204]
    assert ApiEvent.objects.filter(name="project:update").count() == told + 1
    assert api.get(f"/data/projects/{UNKNOWN}/task-type-softwares").json() == []
