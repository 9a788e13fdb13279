"""Tasks: the generic routes, lists and a task in full."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ApiEvent
from tasks.models import Comment, News, Notification, Task, TimeSpent
from tests.makers import join_team, make_entity, make_person, make_project, make_shot, make_task, make_task_type

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


def body_of(answer):
    import orjson

    return orjson.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def test_a_task_is_made_for_an_entity_of_its_production(api, stage, cast):
    task_type = make_task_type(name="Layout")
    body = {"entity_id": str(stage.shot.pk), "task_type_id": str(task_type.pk), "assignees": [str(cast.user.pk)]}
    answer = api.post("/data/tasks", body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["project_id"], made["assignees"]) == ("main", str(stage.project.pk), [str(cast.user.pk)])
    assert (made["task_status_id"], made["difficulty"], made["type"]) == (None, 3, "Task")
    again = api.post("/data/tasks", body)
    assert (again.status_code, again.json()) == (400, {"message": "Task already exists."})
    assert list(ApiEvent.objects.values_list("name", flat=True)) == ["task:new"]
    assert Notification.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"task_type_id": "x"}, 400, "A valid task_type_id is required."),
        ({"entity_id": None}, 400, "A valid entity_id is required."),
        ({"assignees": "x"}, 400, "assignees must be a list."),
        ({"entity_id": MISSING}, 404, None),
        ({"task_type_id": MISSING}, 404, None),
        ({"difficulty": 9}, 400, "Task already exists."),
        ({"bogus": 1}, 400, "'bogus' is an invalid keyword argument for Task"),
        ({"project_id": MISSING}, 400, "The task and its entity must be in the same production."),
    ],
)
def test_what_makes_no_task(api, stage, change, status, message):
    body = {"entity_id": str(stage.shot.pk), "task_type_id": str(make_task_type().pk), **change}
    answer = api.post("/data/tasks", body)
    assert answer.status_code == status, answer.content
    assert message is None or answer.json()["message"] == message
    assert Task.objects.count() == 1


def test_a_type_for_another_kind_makes_no_task(api, stage):
    body = {"entity_id": str(stage.shot.pk), "task_type_id": str(stage.modeling.pk)}
    assert api.post("/data/tasks", body).json() == {"error": True, "message": "Task type of the task does not match entity type."}


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 201), ("supervisor", 403), ("user", 403), ("client", 403), ("vendor", 403)]
)
def test_only_managers_of_the_production_make_tasks(api, stage, cast, role, status):
    body = {"entity_id": str(stage.shot.pk), "task_type_id": str(make_task_type().pk)}
    assert api.by(cast.of(role)).post("/data/tasks", body).status_code == status
    assert api.by(make_person(role="manager")).post("/data/tasks", body).status_code == 403


def test_a_change_merges_metadata_and_tells_assignees(api, stage, cast):
    stage.task.data = {"a": 1, "b": 2}
    stage.task.save()
    path = f"/data/tasks/{stage.task.pk}"
    answer = api.put(path, {"data": {"b": 3}, "assignees": [str(cast.manager.pk)], "type": "Task", "project_id": MISSING})
    assert answer.status_code == 200, answer.content
    assert answer.json()["data"] == {"a": 1, "b": 3} and "assignees" not in answer.json()
    assert answer.json()["project_id"] == str(stage.project.pk)
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True)) == [
        "task:assign",
        "task:unassign",
        "task:update",
    ]
    told = Notification.objects.get()
    assert (told.notification_type, told.person_id, told.author_id) == ("assignation", cast.manager.pk, cast.admin.pk)
    assert api.put(path, {"data": {}}).json()["data"] == {}


def test_a_status_put_directly_moves_the_column_alone(api, stage):
    answer = api.put(f"/data/tasks/{stage.task.pk}", {"task_status_id": str(stage.retake.pk)})
    assert (answer.json()["task_status_id"], answer.json()["retake_count"]) == (str(stage.retake.pk), 0)
    assert News.objects.count() == 0


def test_supervisors_plan_and_nothing_more(api, stage, cast):
    supervisor, path = api.by(cast.supervisor), f"/data/tasks/{stage.task.pk}"
    assert supervisor.put(path, {"estimation": 60, "priority": 1, "due_date": "2026-03-01"}).status_code == 200
    assert supervisor.put(path, {"estimation": 60, "name": "main"}).status_code == 403
    cast.supervisor.departments.add(make_task_type(department=make_department_of(stage)).department)
    assert supervisor.put(path, {"estimation": 90}).status_code == 403
    cast.supervisor.departments.add(stage.animation.department)
    assert supervisor.put(path, {"estimation": 90}).status_code == 200
    for role in ("user", "client", "vendor"):
        assert api.by(cast.of(role)).put(path, {"estimation": 1}).status_code == 403


def make_department_of(stage):
    from tests.makers import make_department

    return make_department()


def test_a_task_stays_in_its_production(api, stage):
    foreign = make_shot(make_project())
    answer = api.put(f"/data/tasks/{stage.task.pk}", {"entity_id": str(foreign.pk)})
    assert answer.status_code == 400


def test_lists_are_narrowed_by_who_asks(api, stage, cast):
    other = make_task(make_project())
    second = make_task(stage.project, assignees=[cast.vendor])

    def seen(person):
        return {row["id"] for row in api.by(person).get("/data/tasks").json()}

    assert seen(cast.admin) == {str(t.pk) for t in (stage.task, second, other)}
    assert seen(cast.user) == {str(stage.task.pk), str(second.pk)}
    assert seen(cast.vendor) == {str(second.pk)}
    assert seen(cast.outsider) == set()


def test_clients_see_no_plans(api, stage, cast):
    stage.task.estimation, stage.task.priority = 480, 2
    stage.task.save()
    client = api.by(cast.client)
    stored = client.get("/data/tasks?relations=true").json()[0]
    single = client.get(f"/data/tasks/{stage.task.pk}").json()
    of_shot = client.get(f"/data/shots/{stage.shot.pk}/tasks?relations=true").json()[0]
    of_project = body_of(client.get(f"/data/projects/{stage.project.pk}/tasks"))[0]
    page = client.get(f"/data/projects/{stage.project.pk}/tasks?page=1").json()["data"][0]
    open_task = client.get("/data/tasks/open-tasks").json()
    full = client.get(f"/data/tasks/{stage.task.pk}/full").json()
    for row in (stored, single, of_shot, of_project, page, open_task["data"][0], full):
        assert (row["estimation"], row["priority"], row["assignees"], row["difficulty"]) == (0, 0, [], None)
    assert open_task["stats"]["total_estimation"] == 0
    assert client.get("/data/tasks/open-tasks/burndown").json()["total_estimation"] == 0
    assert full["persons"] == [] and "assigner" not in full
    assert client.get("/data/tasks/open-tasks/stats").json()[str(stage.project.pk)]["total_estimation"] == 0


def test_tasks_of_an_episode_are_those_of_its_shots(api, stage):
    episode = make_entity("Episode", stage.project)
    stage.sequence.parent = episode
    stage.sequence.save()
    make_task(stage.project, entity=stage.asset)
    assert [row["id"] for row in api.get(f"/data/tasks?episode_id={episode.pk}").json()] == [str(stage.task.pk)]
    refused = api.get("/data/tasks?episode_id=zz")
    assert (refused.status_code, refused.json()["message"]) == (400, "Invalid UUID format for episode_id: zz")
    for path in (f"episodes/{episode.pk}/shot-tasks", f"sequences/{stage.sequence.pk}/shot-tasks"):
        assert [row["id"] for row in api.get(f"/data/{path}").json()] == [str(stage.task.pk)]
    assert [row["name"] for row in api.get(f"/data/episodes/{episode.pk}/task-types").json()] == ["Animation"]


def test_a_task_in_full_holds_what_is_around_it(api, stage, cast, django_assert_max_num_queries):
    stage.task.assigner = cast.admin
    stage.task.save()
    with django_assert_max_num_queries(4):
        row = api.get(f"/data/tasks/{stage.task.pk}/full").json()
    assert (row["entity"]["name"], row["entity"]["type"], row["sequence"]["name"]) == ("SH01", "Entity", "SQ01")
    assert (row["project"]["id"], row["task_type"]["name"], row["task_status"]["short_name"]) == (
        str(stage.project.pk),
        "Animation",
        "todo",
    )
    assert (row["entity_type"]["name"], row["is_subscribed"], "episode" in row) == ("Shot", False, False)
    assert [person["id"] for person in row["persons"]] == [str(cast.user.pk)]
    assert row["assigner"]["id"] == str(cast.admin.pk) and row["assignees"] == [str(cast.user.pk)]
    assert api.by(cast.vendor).get(f"/data/tasks/{stage.task.pk}/full").status_code == 403
    assert api.get(f"/data/tasks/{MISSING}/full").status_code == 404
    assert api.get("/data/tasks/zz/full").status_code == 404


def test_a_production_s_tasks_carry_a_validator(api, stage, cast):
    path = f"/data/projects/{stage.project.pk}/tasks"
    first = api.get(path)
    assert [row["assignees"] for row in body_of(first)] == [[str(cast.user.pk)]]
    tag = first["ETag"]
    unchanged = api.get(path, HTTP_IF_NONE_MATCH=tag)
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", tag)
    api.put(f"/data/tasks/{stage.task.pk}", {"priority": 3})
    changed = api.get(path, HTTP_IF_NONE_MATCH=tag)
    assert changed.status_code == 200 and body_of(changed)[0]["priority"] == 3
    assert api.by(cast.outsider).get(path).status_code == 403
    assert api.get(f"/data/projects/{MISSING}/tasks").status_code == 404


def test_a_production_s_tasks_equal_their_generic_rows(api, stage, cast):
    stage.task.data, stage.task.estimation = {"note": 'é"\n'}, 90.5
    stage.task.save()
    whole = body_of(api.get(f"/data/projects/{stage.project.pk}/tasks"))
    assert whole == api.get("/data/tasks?relations=true").json()
    assert api.get(f"/data/projects/{stage.project.pk}/tasks?page=1").json()["data"] == whole


@pytest.mark.parametrize(
    "path", ["/data/projects/{p}/tasks", "/data/projects/{p}/tasks?page=1", "/data/tasks?relations=true&project_id={p}"]
)
def test_lists_cost_the_same_however_many_tasks_there_are(api, stage, path):
    path = path.format(p=stage.project.pk)

    def count():
        with CaptureQueriesContext(connection) as captured:
            body_of(api.get(path))
        return len(captured)

    few = count()
    for _ in range(5):
        make_task(stage.project)
    assert count() == few <= 5


def test_vendors_see_their_own_tasks_of_a_production(api, stage, cast):
    own = make_task(stage.project, assignees=[cast.vendor])
    rows = body_of(api.by(cast.vendor).get(f"/data/projects/{stage.project.pk}/tasks"))
    assert [row["id"] for row in rows] == [str(own.pk)]
    assert api.by(cast.vendor).get(f"/data/tasks/{stage.task.pk}").status_code == 403
    assert [row["id"] for row in api.by(cast.vendor).get("/data/tasks/open-tasks").json()["data"]] == [str(own.pk)]


def test_a_task_with_history_is_deleted_by_force_alone(api, stage, cast):
    api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "x"})
    TimeSpent.objects.create(task=stage.task, person=cast.user, date="2026-02-03", duration=60)
    path = f"/data/tasks/{stage.task.pk}"
    refused = api.delete(path)
    assert (refused.status_code, refused.json()) == (400, {"message": "The change conflicts with records referencing this one."})
    assert api.by(cast.user).delete(f"{path}?force=true").status_code == 403
    assert api.delete(f"{path}?force=true").status_code == 204
    assert not any(model.objects.exists() for model in (Task, Comment, News, Notification, TimeSpent))
    event = ApiEvent.objects.get(name="task:delete")
    assert event.data["entity_id"] == str(stage.shot.pk) and event.data["task_type_id"] == str(stage.animation.pk)
    assert api.delete(path).status_code == 404


def test_tasks_of_an_entity_come_with_names_and_in_their_order(api, stage, cast):
    make_task(stage.project, entity=stage.shot, task_type=make_task_type(name="a second"), name="Alpha")
    rows = api.get(f"/data/shots/{stage.shot.pk}/tasks").json()
    assert [row["name"] for row in rows] == ["Alpha", "main"]
    assert {
        key: rows[1][key] for key in ("project_name", "task_type_name", "task_status_name", "entity_type_name", "entity_name")
    } == {
        "project_name": "The Lantern",
        "task_type_name": "Animation",
        "task_status_name": "Todo",
        "entity_type_name": "Shot",
        "entity_name": "SH01",
    }
    assert "assignees" not in rows[0]
    assert api.get(f"/data/assets/{stage.shot.pk}/tasks").status_code == 404
    of_type = f"/data/entities/{stage.shot.pk}/task-types/{stage.animation.pk}/tasks"
    assert [row["id"] for row in api.get(of_type).json()] == [str(stage.task.pk)]
    assert api.by(cast.outsider).get(of_type).status_code == 403


def test_own_tasks_are_those_assigned_in_open_productions(api, stage, cast):
    artist = api.by(cast.user)
    (row,) = artist.get("/data/user/tasks").json()
    assert (row["id"], row["entity_name"], row["sequence_name"], row["episode_id"]) == (str(stage.task.pk), "SH01", "SQ01", "")
    assert (row["last_comment"], row["task_status_short_name"]) == ({}, "todo")
    api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "Go"})
    api.by(cast.client).post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "Secret"})
    (row,) = api.get(f"/data/persons/{cast.user.pk}/tasks").json()
    assert row["last_comment"]["text"] == "Go"
    assert artist.get("/data/user/done-tasks").json() == []
    api.post(stage.comment_path, {"task_status_id": str(stage.done.pk)})
    assert [row["id"] for row in artist.get("/data/user/done-tasks").json()] == [str(stage.task.pk)]
    assert artist.get("/data/user/tasks").json() == []
    assert api.by(cast.vendor).get(f"/data/persons/{cast.user.pk}/tasks").status_code == 403
    assert api.by(cast.client).get(f"/data/persons/{cast.user.pk}/done-tasks").json() == []
    assert api.get(f"/data/persons/{MISSING}/tasks").status_code == 404


def test_tasks_to_check_are_feedback_requests(api, stage, cast):
    assert api.get("/data/user/tasks-to-check").json() == []
    api.post(stage.comment_path, {"task_status_id": str(stage.wfa.pk)})
    for role in ("admin", "manager", "supervisor"):
        page = api.by(cast.of(role)).get("/data/user/tasks-to-check?page=1").json()
        assert [row["id"] for row in page["data"]] == [str(stage.task.pk)] and page["stats"]["total"] == 1
    assert api.by(cast.user).get("/data/user/tasks-to-check").json() == []
    values = api.get("/data/user/tasks-to-check/filter-values").json()
    assert values["project_ids"] == [str(stage.project.pk)] and values["person_ids"] == [str(cast.user.pk)]
    assert api.get("/data/user/tasks-to-check?page=x").json()["message"] == "Wrong value for parameter page."


def test_open_tasks_are_summed_over_all_pages(api, stage, cast):
    stage.task.estimation = 60
    stage.task.save()
    make_task(stage.project, task_status=stage.todo, estimation=30)
    answer = api.get("/data/tasks/open-tasks?limit=1").json()
    assert (len(answer["data"]), answer["is_more"], answer["page"], answer["limit"]) == (1, True, 1, 1)
    assert answer["stats"] == {
        "total": 2,
        "total_duration": 0,
        "total_estimation": 90,
        "status": [{"task_status_id": str(stage.todo.pk), "amount": 2}],
    }
    assert api.get("/data/tasks/open-tasks?page=9").json()["stats"]["total"] == 0
    assert len(api.get("/data/tasks/open-tasks?person_id=unassigned").json()["data"]) == 1
    assert len(api.get(f"/data/tasks/open-tasks?person_id={cast.user.pk},{cast.admin.pk}").json()["data"]) == 1
    assert api.get("/data/tasks/open-tasks?project_id=zz").json()["message"] == "Wrong UUID format."
    assert api.by(cast.outsider).get(f"/data/tasks/open-tasks?project_id={stage.project.pk}").status_code == 403


def test_task_dates_tell_when_people_are_busy_elsewhere(api, stage, cast):
    other = make_project()
    join_team(other, cast.user)
    make_task(other, assignees=[cast.user], start_date="2026-01-05", due_date="2026-01-09")
    make_task(other, assignees=[cast.user], start_date="2026-01-08", due_date="2026-01-12")
    stage.task.start_date, stage.task.due_date = "2026-02-02", "2026-02-06"
    stage.task.save()
    (row,) = api.by(cast.manager).get("/data/persons/task-dates").json()
    assert (row["person_id"], row["min_date"], row["max_date"]) == (str(cast.user.pk), "2026-02-02T00:00:00", "2026-02-06T00:00:00")
    assert row["busy_periods"] == [{"start_date": "2026-01-05 00:00:00", "end_date": "2026-01-12 00:00:00"}]
    assert api.by(cast.user).get("/data/persons/task-dates").status_code == 403
    assert api.get("/data/persons/task-dates?project_id=x").json()["message"] == "Invalid project_id."
