"""Acts on tasks: creating many, assigning, priorities, deleting many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ApiEvent
from production.models import EntityType, ProjectPersonLink, ProjectTaskTypeLink
from tasks.models import Notification, Task
from tests.makers import make_asset, make_entity, make_person, make_project, make_shot, make_task, make_task_status, make_task_type

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


def creation(stage, task_type, kind="shots"):
    return f"/actions/projects/{stage.project.pk}/task-types/{task_type.pk}/{kind}/create-tasks"


def test_every_shot_without_the_task_gets_one(api, stage, cast):
    second = make_shot(stage.project, parent=stage.sequence)
    answer = api.post(creation(stage, stage.animation), [])
    assert answer.status_code == 201, answer.content
    (row,) = answer.json()
    assert (row["entity_id"], row["name"], row["assigner_id"]) == (str(second.pk), "main", str(cast.admin.pk))
    assert (row["task_status_short_name"], row["task_type_name"], row["assignees"]) == ("todo", "Animation", [])
    assert api.post(creation(stage, stage.animation), []).json() == []
    assert list(ApiEvent.objects.values_list("name", flat=True)) == ["task:new"]


def test_named_entities_must_be_of_the_kind_and_foreign_ones_are_passed_over(api, stage):
    layout = make_task_type()
    foreign = make_shot(make_project())
    assert api.post(creation(stage, layout), [str(stage.shot.pk), str(stage.asset.pk)]).status_code == 404
    assert Task.objects.filter(task_type=layout).count() == 0
    made = api.post(creation(stage, layout), [str(stage.shot.pk), str(foreign.pk)]).json()
    assert [row["entity_id"] for row in made] == [str(stage.shot.pk)]
    assert api.post(creation(stage, layout), ["x"]).json()["message"] == "Request body must only contain valid UUIDs."
    assert api.post(creation(stage, layout), "x").json()["message"] == "Request body must be a JSON array."


def test_a_sequence_in_the_query_string_narrows_everything(api, stage):
    make_shot(stage.project)
    for no_body in ({}, b""):
        made = api.post(f"{creation(stage, make_task_type())}?sequence_id={stage.sequence.pk}", no_body)
        assert made.status_code == 201, made.content
        assert [row["entity_id"] for row in made.json()] == [str(stage.shot.pk)]


def test_fifty_tasks_cost_few_statements(api, stage):
    for _ in range(50):
        make_shot(stage.project, parent=stage.sequence)
    with CaptureQueriesContext(connection) as captured:
        assert len(api.post(creation(stage, make_task_type()), []).json()) == 51
    aside = ("SAVEPOINT", "RELEASE", "PRAGMA", "SET CONSTRAINTS")
    assert len([query for query in captured if not query["sql"].startswith(aside)]) <= 15


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 201), ("supervisor", 403), ("user", 403), ("client", 403), ("vendor", 403)]
)
def test_who_creates_many(api, stage, cast, role, status):
    person = api.by(cast.of(role))
    for kind in ("shots", "assets", "edits"):
        assert person.post(creation(stage, stage.animation, kind), []).status_code == status
    concepts = 201 if role in ("manager", "supervisor", "user") else 403
    assert person.post(creation(stage, stage.animation, "concepts"), []).status_code == concepts
    assert api.by(cast.outsider).post(creation(stage, stage.animation, "concepts"), []).status_code == 403


def test_concepts_get_the_status_of_concepts(api, stage):
    neutral = make_task_status(is_default=True, for_concept=True)
    make_entity("Concept", stage.project)
    (row,) = api.post(creation(stage, make_task_type(for_entity="Concept"), "concepts"), []).json()
    assert row["task_status_id"] == str(neutral.pk)


def test_entities_of_one_type_are_named_in_any_letter_case(api, stage):
    make_asset(stage.project, kind="Prop")
    path = f"/actions/projects/{stage.project.pk}/task-types/{stage.modeling.pk}/create-tasks"
    assert [row["entity_id"] for row in api.post(f"{path}/cHARACTER", []).json()] == [str(stage.asset.pk)]
    assert api.post(f"{path}/asset", []).status_code == 404


def test_an_entity_gets_the_tasks_that_fit_it(api, stage):
    path = f"/data/entities/{stage.asset.pk}/tasks"
    assert [row["task_type_id"] for row in api.post(path).json()] == [str(stage.modeling.pk)]
    assert api.post(path, {"task_type_ids": [str(stage.modeling.pk)]}).json() == []
    refused = api.post(path, {"task_type_ids": [str(stage.animation.pk)]}).json()
    assert refused["message"] == f"Task type {stage.animation.pk} is for Shot entities, got Asset."
    rigging = make_task_type(for_entity="Asset")
    refused = api.post(path, {"task_type_ids": [str(rigging.pk)]}).json()
    assert refused["message"] == f"Task type {rigging.pk} is not enabled in project {stage.project.pk}."
    ProjectTaskTypeLink.objects.create(project=stage.project, task_type=rigging)
    character = EntityType.objects.get(name="Character")
    character.task_types.add(stage.modeling)
    refused = api.post(path, {"task_type_ids": [str(rigging.pk)]}).json()
    assert refused["message"] == f"Task type {rigging.pk} is not in the workflow of asset type {character.pk}."
    assert api.post(path, {"task_type_ids": [MISSING]}).status_code == 404


def test_an_assignee_joins_the_team_and_is_told(api, stage, cast):
    newcomer = make_person()
    answer = api.put(f"/actions/tasks/{stage.task.pk}/assign", {"person_id": str(newcomer.pk)})
    assert answer.status_code == 200, answer.content
    assert set(answer.json()["assignees"]) == {str(cast.user.pk), str(newcomer.pk)}
    assert answer.json()["assigner_id"] == str(cast.admin.pk)
    assert ProjectPersonLink.objects.filter(project=stage.project, person=newcomer).exists()
    names = list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True))
    assert names == ["task:assign", "task:update", "project:update"]
    assert Notification.objects.get().person_id == newcomer.pk


@pytest.mark.parametrize("person_id", ["zz", MISSING])
def test_nobody_is_assigned_who_is_not_there(api, stage, person_id):
    for path, body in (
        (f"/actions/tasks/{stage.task.pk}/assign", {"person_id": person_id}),
        (f"/actions/persons/{person_id}/assign", {"task_ids": [str(stage.task.pk)]}),
    ):
        answer = api.put(path, body)
        assert (answer.status_code, answer.json()) == (400, {"error": "Assignee doesn't exist in database."})


def test_bots_are_assigned_where_the_production_takes_them(api, stage):
    bot = make_person(is_bot=True)
    path, body = f"/actions/tasks/{stage.task.pk}/assign", {"person_id": str(bot.pk)}
    assert api.put(path, body).status_code == 403
    stage.project.is_bot_collaboration_enabled = True
    stage.project.save()
    assert api.put(path, body).status_code == 200


def test_artists_take_tasks_of_their_department_themselves(api, stage, cast):
    path, artist = f"/actions/tasks/{stage.task.pk}/assign", api.by(cast.user)
    assert artist.put(path, {"person_id": str(cast.user.pk)}).status_code == 403
    cast.user.departments.add(stage.animation.department)
    assert api.by(cast.user).put(path, {"person_id": str(cast.user.pk)}).status_code == 200
    assert Notification.objects.count() == 0
    assert api.by(cast.user).put(path, {"person_id": str(cast.manager.pk)}).status_code == 403


def test_many_assignments_pass_over_what_may_not_be(api, stage, cast):
    foreign = make_task(make_project())
    ids = [str(foreign.pk), str(stage.task.pk), MISSING, "zz"]
    answer = api.by(cast.manager).put(f"/actions/persons/{cast.vendor.pk}/assign", {"task_ids": ids})
    assert (answer.status_code, [row["id"] for row in answer.json()]) == (200, [str(stage.task.pk)])
    assert api.put(f"/actions/persons/{cast.vendor.pk}/assign", {"task_ids": []}).status_code == 400


def test_assignees_are_cleared(api, stage, cast):
    stage.task.assignees.add(cast.vendor)
    ids = [str(stage.task.pk), "zz"]
    answer = api.put("/actions/tasks/clear-assignation", {"task_ids": ids, "person_id": str(cast.vendor.pk)})
    assert answer.json() == [str(stage.task.pk)]
    assert list(stage.task.assignees.all()) == [cast.user]
    assert api.by(cast.client).put("/actions/tasks/clear-assignation", {"task_ids": ids}).json() == []
    own = {"task_ids": ids, "person_id": str(cast.user.pk)}
    assert api.by(cast.user).put("/actions/tasks/clear-assignation", own).json() == [str(stage.task.pk)]
    assert stage.task.assignees.count() == 0
    assert Notification.objects.count() == 0


def test_priorities_are_set_where_one_plans(api, stage, cast):
    body = {"task_ids": [str(stage.task.pk), MISSING], "priority": 2}
    assert [row["priority"] for row in api.by(cast.supervisor).put("/actions/tasks/set-priority", body).json()] == [2]
    assert api.by(cast.user).put("/actions/tasks/set-priority", body).json() == []
    refused = api.put("/actions/tasks/set-priority", {**body, "priority": -1}).json()
    assert refused["data"]["errors"] == [{"field": "priority", "message": "Input should be greater than or equal to 0"}]


def test_tasks_are_deleted_in_bulk(api, stage, cast):
    api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk)})
    path = f"/actions/projects/{stage.project.pk}/delete-tasks"
    assert api.by(cast.user).post(path, [str(stage.task.pk)]).status_code == 403
    assert api.post(path, [str(stage.task.pk), MISSING]).json() == [str(stage.task.pk), MISSING]
    assert Task.objects.count() == 0
    task = make_task(stage.project, task_type=stage.animation)
    of_type = f"/actions/projects/{stage.project.pk}/task-types/{stage.animation.pk}/delete-tasks"
    assert api.by(cast.manager).delete(of_type).status_code == 403
    assert api.delete(of_type).status_code == 204
    assert not Task.objects.filter(pk=task.pk).exists()
