"""Rows per role: who may do what to comments, news, notifications, todo lists and tasks of a production, in tables."""

from collections import Counter

import orjson
import pytest
from django.db import transaction

from production.models import ProjectTaskStatusLink
from tasks.models import Comment, Notification, Subscription
from tests.makers import join_team, make_person, make_task
from tests.tasks.conftest import Stage

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor", "outsider")
MISSING = "aaaaaaaa-0000-4000-8000-000000000000"
# Method, path, body, and the status for each role in the order above. The comment is the manager's and not for clients; the artist
# is assigned to the task, the vendor is not.
TABLE = [
    ("get", "/data/tasks/{task}/comments", None, (200, 200, 200, 200, 200, 403, 403)),
    ("get", "/data/tasks/{task}/comments/{comment}", None, (200, 200, 200, 200, 403, 403, 403)),
    ("get", "/data/comments/{comment}", None, (200, 200, 200, 200, 403, 403, 403)),
    ("get", "/data/comments", None, (200, 403, 403, 403, 403, 403, 403)),
    ("get", "/data/projects/{project}/comments", None, (200, 200, 200, 200, 403, 403, 403)),
    ("post", "/actions/tasks/{task}/comment", {"task_status_id": "{wip}"}, (201, 201, 201, 201, 201, 403, 403)),
    (
        "post",
        "/actions/tasks/{task}/batch-comment",
        {"comments": [{"task_status_id": "{wip}", "text": "x"}]},
        (201, 201, 201, 201, 201, 403, 403),
    ),
    ("post", "/actions/projects/{project}/tasks/copy-client-comments", {"task_ids": ["{task}"]}, (201, 201, *[403] * 5)),
    ("put", "/data/comments/{comment}", {"text": "mine"}, (200, 200, 403, 403, 403, 403, 403)),
    ("put", "/data/comments/{comment}", {"for_client": True}, (200, 200, 403, 403, 403, 403, 403)),
    ("put", "/data/comments/{comment}", {"pinned": True}, (200, 200, 200, 403, 403, 403, 403)),
    ("put", "/data/comments/{comment}", {"checklist": []}, (200, 200, 200, 200, 403, 403, 403)),
    ("put", "/data/comments/{comment}", {"replies": []}, (200, 200, 403, 403, 403, 403, 403)),
    ("delete", "/data/comments/{comment}", None, (204, 204, 403, 403, 403, 403, 403)),
    ("delete", "/data/tasks/{task}/comments/{comment}", None, (204, 204, 403, 403, 403, 403, 403)),
    ("post", "/data/tasks/{task}/comments/{comment}/ack", None, (200, 200, 200, 200, 403, 403, 403)),
    ("post", "/data/tasks/{task}/comments/{comment}/reply", {"text": "x"}, (200, 200, 200, 200, 403, 403, 403)),
    ("post", "/actions/tasks/{task}/comments/{comment}/move", {"target_task_id": "{sibling}"}, (200, 200, *[403] * 5)),
    ("post", "/actions/tasks/{task}/comments/{comment}/add-preview", {}, (201, 201, 201, 201, 201, 403, 403)),
    ("get", "/data/projects/{project}/news", None, (200, 200, 200, 200, 403, 200, 403)),
    ("get", "/data/projects/{project}/news/{news}", None, (200, 200, 200, 200, 200, 403, 403)),
    ("get", "/data/entities/{shot}/news", None, (200, 200, 200, 200, 200, 403, 403)),
    ("get", "/data/projects/news", None, (200,) * 7),
    ("get", "/data/news", None, (200, *[403] * 6)),
    ("get", "/data/user/notifications", None, (200,) * 7),
    ("get", "/data/user/notifications/{notification}", None, (404, 404, 404, 200, 404, 404, 404)),
    ("put", "/data/user/notifications/{notification}", {"read": True}, (404, 404, 404, 200, 404, 404, 404)),
    ("get", "/data/projects/{project}/notifications", None, (200, *[403] * 6)),
    ("get", "/data/notifications", None, (200, *[403] * 6)),
    ("get", "/data/projects/{project}/subscriptions", None, (200, *[403] * 6)),
    ("post", "/actions/user/tasks/{task}/subscribe", None, (201, 201, 201, 201, 201, 403, 403)),
    ("delete", "/actions/user/tasks/{task}/unsubscribe", None, (204,) * 7),
    ("get", "/data/tasks/{task}", None, (200, 200, 200, 200, 200, 403, 403)),
    ("get", "/data/tasks/{task}/full", None, (200, 200, 200, 200, 200, 403, 403)),
    ("put", "/data/tasks/{task}", {"priority": 1}, (200, 200, 200, 403, 403, 403, 403)),
    ("put", "/data/tasks/{task}", {"name": "other"}, (200, 200, 403, 403, 403, 403, 403)),
    ("delete", "/data/tasks/{task}?force=true", None, (204, 204, 403, 403, 403, 403, 403)),
    ("get", "/data/projects/{project}/tasks", None, (200, 200, 200, 200, 200, 200, 403)),
    ("get", "/data/tasks/open-tasks?project_id={project}", None, (200, 200, 200, 200, 200, 200, 403)),
    ("get", "/data/user/tasks", None, (200,) * 7),
    ("get", "/data/user/tasks-to-check", None, (200,) * 7),
    ("get", "/data/persons/{user}/tasks", None, (200, 200, 200, 200, 200, 403, 200)),
    ("get", "/data/persons/{user}/done-tasks", None, (200, 200, 200, 200, 200, 403, 200)),
]


def filled(value, names):
    """The value with names in braces replaced by what they mean."""
    if isinstance(value, str):
        return value.format(**names) if "{" in value else value
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    return {key: filled(item, names) for key, item in value.items()} if isinstance(value, dict) else value


def rows_of(answer):
    """The rows of a list, also of one that streams."""
    return orjson.loads(b"".join(answer.streaming_content)) if answer.streaming else answer.json()


@pytest.fixture
def names(api, stage: Stage, cast):
    sibling = make_task(stage.project, entity=stage.shot, task_status=stage.todo)
    body = {"task_status_id": str(stage.wip.pk), "comment": "inner"}
    said = api.by(cast.manager).post(stage.comment_path, body).json()["id"]
    comment = Comment.objects.get(pk=said)
    return {
        "task": stage.task.pk,
        "sibling": sibling.pk,
        "project": stage.project.pk,
        "shot": stage.shot.pk,
        "wip": str(stage.wip.pk),
        "user": cast.user.pk,
        "comment": comment.pk,
        "news": comment.news.get().pk,
        "notification": Notification.objects.get(person=cast.user).pk,
    }


@pytest.mark.parametrize(("method", "path", "body", "expected"), TABLE, ids=[f"{row[0]} {row[1]} {row[2]}" for row in TABLE])
def test_each_role_may_do_what_the_table_says(api, cast, names, method, path, body, expected):
    found = []
    for role in ROLES:
        with transaction.atomic():
            answer = api.by(cast.of(role)).request(method, path.format(**names), filled(body, names))
            transaction.set_rollback(True)
        found.append(answer.status_code)
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, expected, strict=True))


# What is wrong with a comment, the code, and the field or the message that says so.
WRONG = [
    ({}, 400, "task_status_id"),
    ({"task_status_id": 3}, 400, "task_status_id"),
    ({"comment": None}, 400, "comment"),
    ({"checklist": "["}, 400, "checklist"),
    ({"checklist": ["eyes"]}, 400, "checklist.0"),
    ({"links": "{"}, 400, "links"),
    ({"links": [{}]}, 400, "links.0"),
    ({"for_client": "perhaps"}, 400, "for_client"),
    ({"task_status_id": "zz"}, 404, None),
    ({"task_status_id": MISSING}, 404, None),
    ({"person_id": MISSING}, 404, None),
]


@pytest.mark.parametrize(("wrong", "status", "field"), WRONG)
def test_a_wrong_comment_is_refused_with_its_reason(api, stage, wrong, status, field):
    body = {"task_status_id": str(stage.wip.pk), "comment": "x", **wrong} if wrong else {"comment": "x"}
    answer = api.post(stage.comment_path, body)
    assert answer.status_code == status, answer.content
    if field:
        (error,) = answer.json()["data"]["errors"]
        assert error["field"] == field and error["message"]
        assert answer.json()["message"] == "Validation error."
    assert not Comment.objects.exists()


def test_a_wrong_body_is_told_before_a_refusal_and_a_missing_task_is_missing(api, stage, cast):
    stranger = api.by(cast.outsider)
    assert stranger.post(stage.comment_path, {}).status_code == 400
    body = {"task_status_id": str(stage.wip.pk)}
    assert stranger.post(stage.comment_path, body).status_code == 403
    for task in (MISSING, "zz"):
        assert api.post(f"/actions/tasks/{task}/comment", body).status_code == 404


def test_only_managers_speak_in_another_s_name_in_the_past_or_to_clients(api, stage, cast):
    body = {
        "task_status_id": str(stage.wip.pk),
        "person_id": str(cast.client.pk),
        "created_at": "2020-01-01 10:00:00",
        "for_client": True,
    }
    for role, spoken in (("manager", True), ("supervisor", False), ("user", False), ("client", False)):
        said = api.by(cast.of(role)).post(stage.comment_path, body).json()
        found = (said["person_id"] == str(cast.client.pk), said["created_at"] == "2020-01-01T10:00:00", said["for_client"])
        assert found == (spoken or role == "client", spoken, spoken), role
    said = api.post(stage.comment_path, {**body, "created_at": "yesterday"}).json()
    assert not said["created_at"].startswith("2020")


def test_statuses_are_for_whom_they_are_allowed(api, stage, cast):
    stage.done.is_artist_allowed = stage.done.is_client_allowed = False
    stage.done.save()
    body = {"task_status_id": str(stage.done.pk)}
    for role, status in (("supervisor", 201), ("user", 403), ("client", 403)):
        assert api.by(cast.of(role)).post(stage.comment_path, body).status_code == status, role
    ProjectTaskStatusLink.objects.create(project=stage.project, task_status=stage.done, is_client_allowed=True)
    assert api.by(cast.client).post(stage.comment_path, body).status_code == 201


def test_who_is_mentioned_may_speak_without_moving_the_task(api, stage, cast):
    artist = make_person(role="user", first_name="Ann", last_name="Lee")
    join_team(stage.project, artist)
    same, other = ({"task_status_id": str(status.pk)} for status in (stage.wip, stage.done))
    assert api.by(artist).post(stage.comment_path, same).status_code == 403
    api.post(stage.comment_path, {**same, "comment": "what about @Ann Lee"})
    assert api.by(artist).post(stage.comment_path, other).status_code == 403
    assert api.by(artist).post(stage.comment_path, same).status_code == 201
    assert (
        api.by(artist).post(f"/actions/tasks/{stage.task.pk}/batch-comment", {"comments": [{**same, "text": "x"}]}).status_code
        == 403
    )


def test_the_role_in_the_production_counts(api, stage, cast):
    lead = make_person(role="user")
    join_team(stage.project, lead, role="manager")
    said = api.by(lead).post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "for_client": True}).json()
    assert said["for_client"] is True
    guest = make_person(role="manager")
    join_team(stage.project, guest, role="client")
    assert [row["id"] for row in api.by(guest).get(f"/data/tasks/{stage.task.pk}/comments").json()] == [said["id"]]
    assert api.by(guest).put(f"/data/comments/{said['id']}", {"text": "mine"}).status_code == 403


def test_an_assigned_vendor_works_on_that_task_alone(api, stage, cast):
    other = make_task(stage.project, task_status=stage.todo)
    stage.task.assignees.add(cast.vendor)
    vendor = api.by(cast.vendor)
    body = {"task_status_id": str(stage.wip.pk), "comment": "x"}
    api.post(f"/actions/tasks/{other.pk}/comment", body)
    assert vendor.post(stage.comment_path, body).status_code == 201
    assert vendor.post(f"/actions/tasks/{other.pk}/comment", body).status_code == 403
    own = {str(stage.task.pk)}
    assert {row["task_id"] for row in vendor.get(f"/data/projects/{stage.project.pk}/news").json()["data"]} == own
    assert {row["task_id"] for row in vendor.get("/data/projects/news").json()["data"]} == own
    for path in ("/data/tasks", f"/data/projects/{stage.project.pk}/tasks", "/data/user/tasks"):
        assert {row["id"] for row in rows_of(vendor.get(path))} == own, path
    assert {row["id"] for row in vendor.get("/data/tasks/open-tasks").json()["data"]} == own


def test_clients_see_no_plans_by_any_list(api, stage, cast):
    stage.task.estimation, stage.task.duration = 480, 60
    stage.task.save()
    client, pk = api.by(cast.client), stage.task.pk
    rows = [client.get(f"/data/tasks/{pk}").json(), client.get(f"/data/tasks/{pk}/full").json()]
    for path in ("/data/tasks", f"/data/projects/{stage.project.pk}/tasks", f"/data/shots/{stage.shot.pk}/tasks"):
        rows += rows_of(client.get(path))
    rows += client.get("/data/tasks/open-tasks").json()["data"]
    assert Counter(row["id"] for row in rows) == {str(pk): 6}
    assert {(row["estimation"], row["duration"], row["due_date"]) for row in rows} == {(0, 0, None)}
    stats = client.get("/data/tasks/open-tasks").json()["stats"]
    assert (stats["total_estimation"], stats["total_duration"]) == (0, 0)
    assert client.get("/data/tasks/open-tasks/burndown").json()["total_estimation"] == 0


def test_the_inbox_keeps_words_from_whom_they_are_not_for(api, stage, cast):
    Subscription.objects.create(person=cast.client, task=stage.task)
    body = {"task_status_id": str(stage.wip.pk)}
    api.by(cast.manager).post(stage.comment_path, {**body, "comment": "inner"})
    api.by(cast.manager).post(stage.comment_path, {**body, "comment": "for you", "for_client": True})
    second = make_person(role="client")
    join_team(stage.project, second)
    api.by(second).post(stage.comment_path, {**body, "comment": "from a client"})
    texts = {
        role: sorted(row["comment_text"] for row in api.by(cast.of(role)).get("/data/user/notifications").json())
        for role in ("client", "user")
    }
    assert texts == {"client": ["", "for you", "from a client"], "user": ["", "for you", "inner"]}
