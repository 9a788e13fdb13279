"""Posting a comment: what is stored, what the task becomes, who is told, and what it costs."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ApiEvent
from tasks.models import Comment, News, Notification, Subscription
from tests.makers import join_team, make_entity, make_person, make_task, make_task_type


def post(api, stage, status, text="", **more):
    answer = api.post(stage.comment_path, {"task_status_id": str(status.pk), "comment": text, **more})
    assert answer.status_code == 201, answer.content
    stage.task.refresh_from_db()
    return answer.json()


def names_of_events():
    return list(ApiEvent.objects.order_by("created_at", "id").values_list("name", flat=True))


def test_a_comment_answers_itself_with_its_whole_status_and_author(api, stage, cast):
    answer = post(api, stage, stage.wip, "Blocking", checklist=[{"text": "eyes", "checked": False}], links=["http://x"])
    assert (answer["text"], answer["object_id"], answer["object_type"]) == ("Blocking", str(stage.task.pk), "Task")
    assert answer["checklist"] == [{"text": "eyes", "checked": False}]
    assert (answer["links"], answer["replies"], answer["previews"], answer["attachment_files"]) == (["http://x"], [], [], [])
    assert (answer["task_status"]["short_name"], answer["task_status"]["is_wip"]) == ("wip", True)
    assert answer["person"]["email"] == cast.admin.email
    assert "password" not in answer["person"] and "departments" not in answer["person"]


def test_the_status_moves_and_dates_follow(api, stage):
    post(api, stage, stage.wip)
    assert stage.task.task_status_id == stage.wip.pk
    assert stage.task.real_start_date is not None and stage.task.end_date is None
    post(api, stage, stage.wfa)
    ended = stage.task.end_date
    assert ended is not None
    post(api, stage, stage.done)
    assert (stage.task.end_date, stage.task.done_date is not None) == (ended, True)
    post(api, stage, stage.retake)
    assert (stage.task.end_date, stage.task.done_date, stage.task.retake_count) == (None, None, 1)
    post(api, stage, stage.retake)
    assert stage.task.retake_count == 1


def test_retakes_are_capped_by_the_production_and_by_the_entity(api, stage):
    stage.project.max_retakes = 1
    stage.project.save()
    post(api, stage, stage.retake)
    body = {"task_status_id": str(stage.retake.pk)}
    refused = api.post(stage.comment_path, body)
    assert (refused.status_code, refused.json()["message"]) == (400, "No more retakes allowed on this task")
    assert Comment.objects.count() == 1
    stage.shot.data = {"max_retakes": 2}
    stage.shot.save()
    assert api.post(stage.comment_path, body).status_code == 201


def test_events_leave_in_their_order(api, stage, cast):
    post(api, stage, stage.wfa)
    assert names_of_events() == ["comment:new", "task:update", "task:status-changed", "task:to-review", "news:new"]
    event = ApiEvent.objects.get(name="task:status-changed")
    assert event.data == {
        "task_id": str(stage.task.pk),
        "new_task_status_id": str(stage.wfa.pk),
        "previous_task_status_id": str(stage.todo.pk),
        "person_id": str(cast.admin.pk),
        "project_id": str(stage.project.pk),
    }


def test_the_task_s_people_are_told_and_the_author_is_not(api, stage, cast):
    Subscription.objects.create(person=cast.supervisor, task=stage.task)
    Subscription.objects.create(person=cast.manager, entity=stage.sequence, task_type=stage.animation)
    Subscription.objects.create(person=cast.admin, task=stage.task)
    post(api, stage, stage.wip, "Hello")
    rows = Notification.objects.filter(notification_type="comment", change=True)
    assert {row.person_id for row in rows} == {cast.user.pk, cast.supervisor.pk, cast.manager.pk}
    news = News.objects.get()
    assert (news.change, news.author_id, news.task_id) == (True, cast.admin.pk, stage.task.pk)


def test_mentions_need_the_exact_name_and_a_space_or_the_end(api, stage, cast):
    ann = make_person(first_name="Ann", last_name="Lee")
    join_team(stage.project, ann)
    department = stage.animation.department
    cast.vendor.departments.add(department)
    for text, named in [
        ("@Ann Lee, hi", False),
        ("@Ann Lee:", False),
        ("hi @Ann Lee", True),
        ("hi@Ann Lee yes", True),
        ("@ann lee", False),
        ("@Ann Lee\n", True),
        ("@Ann Lee\nmore", False),
    ]:
        assert bool(post(api, stage, stage.wip, text)["mentions"]) is named, text
    answer = post(api, stage, stage.wip, "@Ann Lee and @Animation")
    assert answer["department_mentions"] == [str(department.pk)]
    told = Notification.objects.filter(comment_id=answer["id"], notification_type="mention")
    assert sorted(row.person_id for row in told) == sorted([ann.pk, cast.vendor.pk])


def test_people_outside_the_team_are_no_mentions(api, stage, cast):
    assert post(api, stage, stage.wip, f"@{cast.outsider.full_name}")["mentions"] == []


def test_hashtags_copy_the_comment_to_the_entity_s_other_tasks(api, stage, cast):
    lighting = make_task(stage.project, entity=stage.shot, task_type=make_task_type(name="Lighting"), task_status=stage.done)
    layout = make_task(stage.project, entity=stage.shot, task_type=make_task_type(name="Layout"), task_status=stage.todo)
    post(api, stage, stage.wip, "See #LIGHTING")
    copy = Comment.objects.get(object_id=lighting.pk)
    assert copy.text == "See #LIGHTING\n\n____\nFrom Animation task"
    assert (copy.task_status_id, copy.person_id) == (stage.done.pk, cast.admin.pk)
    assert not Comment.objects.filter(object_id=layout.pk).exists()
    post(api, stage, stage.wip, "#all of you")
    assert Comment.objects.filter(object_id=layout.pk).count() == 1
    assert Comment.objects.filter(object_id=stage.task.pk).count() == 2


def test_only_managers_speak_for_others_in_the_past_or_to_clients(api, stage, cast):
    more = {"person_id": str(cast.user.pk), "created_at": "2026-01-02 03:04:05", "for_client": True}
    answer = post(api.by(cast.manager), stage, stage.wip, "x", **more)
    assert (answer["person_id"], answer["created_at"], answer["for_client"]) == (str(cast.user.pk), "2026-01-02T03:04:05", True)
    answer = post(api.by(cast.user), stage, stage.wip, "x", **{**more, "person_id": str(cast.admin.pk)})
    assert (answer["person_id"], answer["for_client"]) == (str(cast.user.pk), False)
    assert not answer["created_at"].startswith("2026-01-02")


def test_of_a_comment_said_in_the_past_people_hear_now(api, stage, cast):
    before = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat()
    said = post(api, stage, stage.wip, "x", created_at="2026-01-02T00:00:00")
    (told,) = api.by(cast.user).get("/data/user/notifications").json()
    assert said["created_at"] == "2026-01-02T00:00:00"
    assert said["updated_at"] >= before and told["created_at"] >= before


def test_a_comment_of_the_past_has_the_history_read_anew(api, stage):
    post(api, stage, stage.wfa)
    post(api, stage, stage.retake, created_at="2026-01-02T00:00:00")
    assert (stage.task.task_status_id, stage.task.retake_count) == (stage.wfa.pk, 1)
    assert News.objects.order_by("created_at").first().change is False
    assert stage.task.last_comment_date > datetime(2026, 1, 3)


def test_concepts_make_no_news(api, stage, cast):
    concept = make_entity("Concept", stage.project)
    task = make_task(stage.project, entity=concept, task_status=stage.todo)
    assert api.post(f"/actions/tasks/{task.pk}/comment", {"task_status_id": str(stage.wip.pk)}).status_code == 201
    assert News.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 201), ("supervisor", 201), ("user", 201), ("client", 201), ("vendor", 403)]
)
def test_who_may_comment(api, stage, cast, role, status):
    assert api.by(cast.of(role)).post(stage.comment_path, {"task_status_id": str(stage.wip.pk)}).status_code == status


def test_outsiders_may_not_comment_and_nobody_on_what_is_not_there(api, stage, cast):
    body = {"task_status_id": str(stage.wip.pk)}
    assert api.by(cast.outsider).post(stage.comment_path, body).status_code == 403
    missing = "aaaaaaaa-0000-4000-8000-000000000000"
    assert api.post(f"/actions/tasks/{missing}/comment", body).status_code == 404
    assert api.post("/actions/tasks/zz/comment", body).status_code == 404
    for status in (missing, "zz"):
        assert api.post(stage.comment_path, {"task_status_id": status}).status_code == 404
    assert Comment.objects.count() == 0


def test_who_is_mentioned_may_answer_without_changing_the_status(api, stage, cast):
    join_team(stage.project, cast.outsider)
    artist = api.by(cast.outsider)
    same, other = {"task_status_id": str(stage.todo.pk)}, {"task_status_id": str(stage.wip.pk)}
    assert artist.post(stage.comment_path, same).status_code == 403
    post(api, stage, stage.todo, f"@{cast.outsider.full_name}")
    assert artist.post(stage.comment_path, other).status_code == 403
    assert artist.post(stage.comment_path, same).status_code == 201


def test_statuses_are_allowed_by_role_and_by_production(api, stage, cast):
    from production.models import ProjectTaskStatusLink

    stage.done.is_artist_allowed = stage.done.is_client_allowed = False
    stage.done.save()
    body = {"task_status_id": str(stage.done.pk)}
    assert api.by(cast.user).post(stage.comment_path, body).status_code == 403
    assert api.by(cast.client).post(stage.comment_path, body).status_code == 403
    assert api.by(cast.supervisor).post(stage.comment_path, body).status_code == 201
    ProjectTaskStatusLink.objects.create(project=stage.project, task_status=stage.done, is_client_allowed=True)
    assert api.by(cast.client).post(stage.comment_path, body).status_code == 201


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "task_status_id", "Field required"),
        ({"task_status_id": 3}, "task_status_id", "Input should be a valid string"),
        ({"task_status_id": "x", "comment": None}, "comment", "Input should be a valid string"),
        (
            {"task_status_id": "x", "checklist": '{"a"'},
            "checklist",
            "Value error, unexpected end of data: line 1 column 5 (char 4)",
        ),
        ({"task_status_id": "x", "links": 3}, "links", "Input should be a valid list"),
    ],
)
def test_malformed_bodies_are_told_field_by_field(api, stage, body, field, message):
    answer = api.post(stage.comment_path, body)
    assert answer.status_code == 400
    assert answer.json()["data"]["errors"] == [{"field": field, "message": message}]


def test_a_form_is_read_like_json(api, stage):
    answer = api.upload(stage.comment_path, task_status_id=str(stage.wip.pk), comment="form", checklist="", for_client="true")
    assert answer.status_code == 201
    assert (answer.json()["text"], answer.json()["checklist"], answer.json()["for_client"]) == ("form", [], True)


def costs(api, stage, status) -> int:
    """The SQL statements of posting, transactions and test-only constraint checks aside."""
    with CaptureQueriesContext(connection) as captured:
        assert api.post(stage.comment_path, {"task_status_id": str(status.pk), "comment": "Hello"}).status_code == 201
    aside = ("SAVEPOINT", "RELEASE", "PRAGMA", "SET CONSTRAINTS", "BEGIN", "COMMIT")
    return len([query for query in captured if not query["sql"].startswith(aside)])


@pytest.mark.parametrize("role", ["admin", "manager", "user"])
def test_a_comment_that_changes_the_status_costs_few_statements(api, stage, cast, role):
    for _ in range(5):
        Subscription.objects.create(person=make_person(), task=stage.task)
    person = api.by(cast.of(role))
    costs(person, stage, stage.wip)
    assert costs(person, stage, stage.wfa) <= 15
