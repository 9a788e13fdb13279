"""The studio's configuration tables: names that stay apart, defaults, and what stands against a deletion."""

import pytest

from events.models import ApiEvent
from production.models import EntityType, ScheduleItem, StatusAutomation, TaskStatus, TaskType
from tests.makers import make_asset, make_entity_type, make_task_status, make_task_type


def test_no_two_task_types_share_a_name(api):
    make_task_type(name="Animation", for_entity="Shot")
    answer = api.post("/data/task-types", {"name": "ANIMATION", "for_entity": "Asset"})
    assert (answer.status_code, answer.json()["message"]) == (400, "A task type with similar name already exists")
    other = make_task_type(name="Layout")
    assert api.put(f"/data/task-types/{other.pk}", {"name": "animation"}).status_code == 400
    assert api.put(f"/data/task-types/{other.pk}", {"name": "Layout", "color": "#123456"}).status_code == 200


def test_a_task_type_in_use_is_deleted_by_force_alone(api, cast):
    task_type = make_task_type()
    path = f"/data/task-types/{task_type.pk}"
    api.post(f"/data/projects/{cast.project.pk}/settings/task-types", {"task_type_id": str(task_type.pk)})
    ScheduleItem.objects.create(project=cast.project, task_type=task_type)
    message = "Task type is attached to schedule items and projects. Re-issue the request with force=true to detach."
    assert api.delete(path).json()["message"] == message
    automation = StatusAutomation.objects.create(in_task_type=task_type)
    assert api.delete(f"{path}?force=true").json()["message"] == "The change conflicts with records referencing this one."
    assert ScheduleItem.objects.count() == 1
    automation.delete()
    assert api.delete(f"{path}?force=true").status_code == 204
    assert ScheduleItem.objects.count() == 0


def test_there_is_one_default_status_for_concepts_and_one_for_the_rest(api):
    todo = make_task_status(is_default=True)
    neutral = make_task_status(is_default=True, for_concept=True)
    made = api.post("/data/task-status", {"name": "New", "short_name": "new", "color": "#123456", "is_default": True}).json()
    assert set(TaskStatus.objects.filter(is_default=True).values_list("name", flat=True)) == {"New", neutral.name}
    api.put(f"/data/task-status/{todo.pk}", {"is_default": True})
    assert TaskStatus.objects.get(pk=made["id"]).is_default is False


def test_a_status_in_use_stays(api, cast):
    status = make_task_status()
    api.post(f"/data/projects/{cast.project.pk}/settings/task-status", {"task_status_id": str(status.pk)})
    answer = api.delete(f"/data/task-status/{status.pk}")
    assert (answer.status_code, answer.json()) == (400, {"message": "The change conflicts with records referencing this one."})


def test_entity_types_answer_their_task_types_and_are_announced_as_asset_types(api):
    task_type = make_task_type(for_entity="Asset")
    made = api.post("/data/entity-types", {"name": "Vehicle", "task_types": [str(task_type.pk)]}).json()
    assert (made["type"], made["task_types"]) == ("EntityType", [str(task_type.pk)])
    assert api.put(f"/data/entity-types/{made['id']}", {"task_types": []}).json()["task_types"] == []
    assert api.post("/data/entity-types", {"name": "vehicle"}).json()["message"] == "Entity type with this name already exists"
    names = list(ApiEvent.objects.order_by("created_at").values_list("name", "data"))
    assert names == [("asset-type:new", {"asset_type_id": made["id"]}), ("asset-type:update", {"asset_type_id": made["id"]})]


def test_an_entity_type_that_a_production_works_with_stays(api, cast):
    kind = make_entity_type()
    cast.project.asset_types.add(kind)
    assert api.delete(f"/data/entity-types/{kind.pk}").status_code == 400
    cast.project.asset_types.clear()
    assert api.delete(f"/data/entity-types/{kind.pk}").status_code == 204


def test_asset_types_leave_out_the_temporal_ones(api, cast, django_assert_num_queries):
    shot, character, prop = (EntityType.objects.get_or_create(name=name)[0] for name in ("Shot", "Character", "Prop"))
    with django_assert_num_queries(2):
        rows = api.get("/data/asset-types").json()
    assert {row["name"] for row in rows} == {"Character", "Prop"}
    assert {row["type"] for row in rows} == {"AssetType"} and rows[0]["task_types"] == []
    make_asset(cast.project, kind="Prop")
    make_asset(cast.project, kind="Prop")
    assert [row["name"] for row in api.get(f"/data/asset-types?project_id={cast.project.pk}").json()] == ["Prop"]
    assert api.get(f"/data/asset-types/{character.pk}").json()["name"] == "Character"
    assert api.get(f"/data/asset-types/{shot.pk}").status_code == 404
    assert api.get("/data/asset-types/abc").status_code == 404
    assert prop


def test_an_automation_in_use_stays(api, cast):
    automation = StatusAutomation.objects.create()
    cast.project.status_automations.add(automation)
    answer = api.delete(f"/data/status-automations/{automation.pk}")
    assert (answer.status_code, answer.json()) == (400, {"message": "This automation is used in a project."})
    refused = api.post("/data/status-automations", {"out_field_type": "zz"})
    assert (refused.status_code, StatusAutomation.objects.count()) == (400, 1)


def test_custom_actions_have_a_name(api, cast):
    assert api.post("/data/custom-actions", {"url": "x"}).json()["message"] == ("The 'name' field is required and cannot be None.")
    made = api.post("/data/custom-actions", {"name": "Farm"}).json()
    answer = api.put(f"/data/custom-actions/{made['id']}", {"name": None})
    assert answer.json()["message"] == "The 'name' field cannot be set to None."
    assert api.by(cast.vendor).get("/data/custom-actions").status_code == 403
    assert api.by(cast.client).get("/data/custom-actions").status_code == 200


def test_there_is_one_default_background(api, cast):
    first = api.post("/data/preview-background-files", {"name": "HDR", "is_default": True}).json()
    second = api.post("/data/preview-background-files", {"name": "Night", "is_default": True}).json()
    assert {row["name"] for row in api.get("/data/preview-background-files").json() if row["is_default"]} == {"Night"}
    taken = api.post("/data/preview-background-files", {"name": "HDR"}).json()["message"]
    assert taken == "A preview background file with similar name already exists"
    cast.project.preview_background_files.add(first["id"])
    assert api.delete(f"/data/preview-background-files/{first['id']}").status_code == 400
    assert api.delete(f"/data/preview-background-files/{second['id']}").status_code == 204


def test_task_types_are_ranked_in_the_order_sent(api, cast):
    first, second = make_task_type(), make_task_type()
    unknown = "aaaaaaaa-0000-4000-8000-000000000000"
    answer = api.post("/actions/task-types/reorder", {"task_type_ids": [str(second.pk), unknown, str(first.pk)]})
    assert [(row["id"], row["priority"]) for row in answer.json()] == [(str(second.pk), 1), (str(first.pk), 3)]
    assert not ApiEvent.objects.exists()
    wrong = api.post("/actions/task-types/reorder", {"task_type_ids": 3}).json()["message"]
    assert wrong == "Request body must be a JSON object with a 'task_type_ids' list."
    assert api.by(cast.manager).post("/actions/task-types/reorder", {"task_type_ids": []}).status_code == 403


@pytest.mark.parametrize("name", ["plugins", "budgets", "budget-entries", "search-filters", "search-filter-groups"])
def test_these_tables_are_for_studio_managers(api, cast, name):
    assert api.get(f"/data/{name}").status_code == 200
    assert api.by(cast.manager).get(f"/data/{name}").status_code == 403


def test_task_types_have_no_room_for_wrong_columns(api):
    assert api.post("/data/task-types", {"name": "x" * 41}).status_code == 400
    assert api.post("/data/task-types", {"type": "TaskType", "name": "x"}).json()["message"] == (
        "'type' is an invalid keyword argument for TaskType"
    )
    assert not TaskType.objects.exists()
