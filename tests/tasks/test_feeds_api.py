"""News, notifications, subscriptions and what versions of the schedule plan."""

import pytest
from django.db import connection

from production.models import ProductionScheduleVersion
from tasks.counted_news import PRESENT, TRIGGERS, after_migrations, of_postgresql, of_sqlite
from tasks.models import Comment, CountedNews, News, Notification, Subscription, Task
from tests.makers import make_person, make_project, make_task, make_task_type

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def said(api, stage):
    """Two comments: one that changes the status, and one that does not."""
    for _ in range(2):
        api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "words"})


def test_a_production_s_news_are_a_page_with_its_counts(api, stage, cast, said, django_assert_max_num_queries):
    path = f"/data/projects/{stage.project.pk}/news"
    with django_assert_max_num_queries(10):
        page = api.get(f"{path}?limit=1").json()
    assert {key: page[key] for key in ("total", "nb_pages", "limit", "offset", "page", "stats")} == {
        "total": 2,
        "nb_pages": 2,
        "limit": 1,
        "offset": 0,
        "page": 1,
        "stats": {str(stage.wip.pk): 1},
    }
    item = page["data"][0]
    assert (item["type"], item["full_entity_name"], item["episode_id"]) == ("News", "SQ01 / SH01", None)
    assert (item["task_status_id"], item["person"]["id"]) == (str(stage.wip.pk), str(cast.admin.pk))
    single = api.get(f"{path}/{item['id']}")
    assert single.json() == item
    for role, many, one in (("client", 403, 200), ("vendor", 200, 403), ("user", 200, 200)):
        assert api.by(cast.of(role)).get(path).status_code == many
        assert api.by(cast.of(role)).get(f"{path}/{item['id']}").status_code == one
    assert api.by(cast.vendor).get(path).json()["total"] == 0
    assert api.get(f"{path}/{MISSING}").status_code == 404


def counted(api, stage, query=""):
    """The counts of a page of a production's news."""
    page = api.get(f"/data/projects/{stage.project.pk}/news{query}").json()
    return page["total"], page["stats"]


def test_counts_of_news_follow_whatever_is_written(api, stage, said):
    everything = "?after=2000-01-01"  # counted by looking at the news themselves

    def check(total, **stats):
        found = counted(api, stage)
        assert found == counted(api, stage, everything)
        assert found == (total, {str(getattr(stage, name).pk): number for name, number in stats.items()})

    check(2, wip=1)
    moving = News.objects.get(change=True)
    assert api.put(f"/data/comments/{moving.comment_id}", {"task_status_id": str(stage.done.pk)}).status_code == 200
    check(2, done=1)
    last = News.objects.get(change=False)
    assert api.put(f"/data/news/{last.pk}", {"change": True}).status_code == 200
    check(2, wip=1, done=1)
    sibling = make_task(stage.project, entity=stage.shot, task_status=stage.todo)
    path = f"/actions/tasks/{stage.task.pk}/comments/{moving.comment_id}/move"
    assert api.post(path, {"target_task_id": str(sibling.pk)}).status_code == 200
    check(2, wip=1, done=1)
    assert api.delete(f"/data/comments/{last.comment_id}").status_code == 204
    check(1, done=1)
    other = make_project(name="Other")
    Task.objects.filter(pk=sibling.pk).update(project=other)
    check(0)
    assert api.get(f"/data/projects/{other.pk}/news").json()["total"] == 1
    assert api.delete(f"/data/tasks/{sibling.pk}?force=true").status_code == 204
    assert not CountedNews.objects.exists()


def test_news_are_counted_though_they_come_before_what_they_are_about(api, stage, cast):
    task = Task(project=stage.project, entity=stage.shot, task_type=make_task_type(), task_status=stage.todo, name="early")
    comment = Comment(object_id=task.pk, object_type="Task", person=cast.user, task_status=stage.wip)
    News.objects.create(task_id=task.pk, comment_id=comment.pk, author=cast.user, change=True)
    comment.save(force_insert=True)
    task.save(force_insert=True)
    assert counted(api, stage) == (1, {str(stage.wip.pk): 1})
    later = Comment(object_id=task.pk, object_type="Task", person=cast.user, task_status=stage.done)
    News.objects.create(task_id=task.pk, comment_id=later.pk, author=cast.user, change=True)
    later.save(force_insert=True)
    assert counted(api, stage) == (2, {str(stage.wip.pk): 1, str(stage.done.pk): 1})


def test_news_written_while_their_counting_was_lost_are_caught_up(api, stage, said):
    with connection.cursor() as cursor:
        table = " ON news" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER counted2_news_changed{table}")
    News.objects.update(change=True)
    assert counted(api, stage) == (2, {str(stage.wip.pk): 1})
    after_migrations(connection.alias)
    assert counted(api, stage) == (2, {str(stage.wip.pk): 2})
    News.objects.update(change=False)
    assert counted(api, stage) == (2, {})


def test_the_triggers_of_an_earlier_version_give_way(db):
    create = of_postgresql if connection.vendor == "postgresql" else of_sqlite
    with connection.cursor() as cursor:
        for statement in create("counted1_news_gone", "AFTER DELETE ON news", "", "DELETE FROM counted_news"):
            cursor.execute(statement)
        after_migrations(connection.alias)
        cursor.execute(PRESENT[connection.vendor])
        assert {name for (name,) in cursor.fetchall()} == set(TRIGGERS)


def test_long_pages_of_news_read_like_short_ones(api, stage, said, monkeypatch):
    path = f"/data/projects/{stage.project.pk}/news"
    short = api.get(path).json()
    monkeypatch.setattr("tasks.newsfeed.KEPT", 1)
    assert api.get(path).json() == short and len(short["data"]) == 2


@pytest.mark.parametrize(
    "query", ["page=0", "limit=0", "page=99", "only_preview=true", "after=2030-01-01", "before=2020-01-01T10:00:00"]
)
def test_odd_pages_of_news_are_pages(api, stage, said, query):
    answer = api.get(f"/data/projects/{stage.project.pk}/news?{query}")
    assert answer.status_code == 200 and isinstance(answer.json()["data"], list)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("page=x", "Wrong value for parameter page."),
        ("only_preview=maybe", "Wrong value for parameter only_preview."),
        ("task_type_id=zz", "Wrong UUID format."),
        ("before=zz", "Wrong date format for before argument.Expected format: 2020-01-05T13:23:10 or 2020-01-05"),
    ],
)
def test_wrong_questions_about_news_are_told(api, stage, query, message):
    answer = api.get(f"/data/projects/{stage.project.pk}/news?{query}")
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_the_news_of_all_productions_are_those_of_one_s_own(api, stage, cast, said):
    assert api.by(cast.user).get("/data/projects/news").json()["total"] == 2
    assert api.by(cast.outsider).get("/data/projects/news").json()["total"] == 0
    other = make_project()
    assert api.by(cast.user).get(f"/data/projects/news?project_id={other.pk}").json()["total"] == 2
    of_entity = api.get(f"/data/entities/{stage.shot.pk}/news").json()
    assert (of_entity["total"], of_entity["limit"], "stats" in of_entity) == (2, 2000, False)


def test_the_counts_of_the_news_of_all_productions_are_those_of_who_asks(api, stage, cast, said):
    elsewhere = make_task(make_project(), task_type=stage.animation, task_status=stage.todo)
    api.post(f"/actions/tasks/{elsewhere.pk}/comment", {"task_status_id": str(stage.done.pk), "comment": "words"})
    one, both = {str(stage.wip.pk): 1}, {str(stage.wip.pk): 1, str(stage.done.pk): 1}
    here = f"project_id={stage.project.pk}"
    for role, query, expected in (
        ("admin", "", (3, both)),
        ("admin", here, (2, one)),
        ("user", "", (2, one)),
        ("user", f"project_id={elsewhere.project_id}", (2, one)),
        ("vendor", "", (0, {})),
    ):
        for further in ("", "after=2000-01-01"):  # with a filter the news themselves are counted
            page = api.by(cast.of(role)).get(f"/data/projects/news?{query}&{further}").json()
            assert (page["total"], page["stats"]) == expected, (role, query, further)


def test_counting_the_news_of_all_productions_joins_nothing(api, stage, said, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as statements:
        assert api.get("/data/projects/news?limit=1").json()["total"] == 2
    (count,) = [query["sql"] for query in statements.captured_queries if "COUNT(*)" in query["sql"].upper()]
    assert "counted_news" in count and '"comment"' not in count


def test_notifications_tell_what_they_are_about(api, stage, cast, said, django_assert_max_num_queries):
    artist = api.by(cast.user)
    with django_assert_max_num_queries(2):
        rows = artist.get("/data/user/notifications").json()
    assert [row["change"] for row in rows] == [False, True]
    row = rows[0]
    assert (row["type"], row["notification_type"], row["comment_text"], row["read"]) == ("Notification", "comment", "words", False)
    assert (row["full_entity_name"], row["project_id"], row["reply_text"]) == ("SQ01 / SH01", str(stage.project.pk), "")
    path = f"/data/user/notifications/{row['id']}"
    assert artist.get(path).json() == row
    assert api.get(path).status_code == api.put(path, {"read": True}).status_code == 404
    assert artist.put(path, {"read": True}).json()["read"] is True
    assert artist.put(path, {}).status_code == 400
    assert len(artist.get("/data/user/notifications?read=false").json()) == 1
    assert artist.post("/actions/user/notifications/mark-all-as-read").json() == {"success": True}
    assert not Notification.objects.filter(person=cast.user, read=False).exists()
    refused = artist.get("/data/user/notifications?task_type_id=zz").json()
    assert refused["message"] == "Invalid UUID format for task_type_id: zz"
    assert artist.get("/data/user/notifications?watching=true").json() == []


def test_a_notification_names_the_preview_that_came_with_the_comment(api, stage, cast, said):
    (comment, *_) = api.by(cast.user).get(f"/data/tasks/{stage.task.pk}/comments").json()
    made = api.post(f"/actions/tasks/{stage.task.pk}/comments/{comment['id']}/add-preview", {}).json()
    named = {row["comment_id"]: row["preview_file_id"] for row in api.by(cast.user).get("/data/user/notifications").json()}
    assert named == {**dict.fromkeys(named), comment["id"]: made["id"]} and len(named) == 2


def test_artists_are_not_told_the_words_of_clients(api, stage, cast):
    api.by(cast.client).post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "secret"})
    (row,) = api.by(cast.user).get("/data/user/notifications").json()
    assert row["comment_text"] == ""


def test_tasks_are_followed_and_left(api, stage, cast):
    artist, task = api.by(cast.user), stage.task.pk
    assert artist.get(f"/data/user/tasks/{task}/subscribed").json() is False
    first = artist.post(f"/actions/user/tasks/{task}/subscribe")
    assert (first.status_code, first.json()["task_id"]) == (201, str(task))
    assert artist.post(f"/actions/user/tasks/{task}/subscribe").json()["id"] == first.json()["id"]
    assert artist.get(f"/data/user/tasks/{task}/subscribed").json() is True
    assert artist.get("/data/user/tasks/zz/subscribed").json() is False
    assert api.by(cast.outsider).post(f"/actions/user/tasks/{task}/subscribe").status_code == 403
    for _ in range(2):
        assert artist.delete(f"/actions/user/tasks/{task}/unsubscribe").status_code == 204
    foreign = make_task(make_project())
    assert artist.post("/actions/user/tasks/subscribe", {"task_ids": [str(task), str(foreign.pk)]}).status_code == 403
    assert Subscription.objects.count() == 0
    assert len(artist.post("/actions/user/tasks/subscribe", {"task_ids": [str(task)]}).json()) == 1
    assert api.get(f"/data/projects/{stage.project.pk}/subscriptions").json()[0]["person_id"] == str(cast.user.pk)
    assert artist.post("/actions/user/tasks/unsubscribe", {"task_ids": [str(task)]}).json() == [str(task)]


def test_sequences_are_followed_by_task_type(api, stage, cast):
    artist = api.by(cast.user)
    path = f"/actions/user/sequences/{stage.sequence.pk}/task-types/{stage.animation.pk}"
    assert artist.post(f"{path}/subscribe").status_code == 201
    asked = f"{{}}/{stage.sequence.pk}/task-types/{stage.animation.pk}/subscribed"
    for kind in ("sequences", "entities"):
        assert artist.get(f"/data/user/{asked.format(kind)}").json() is True
    assert artist.delete(f"{path}/unsubscribe").status_code == 204
    shot = f"/actions/user/sequences/{stage.shot.pk}/task-types/{stage.animation.pk}/subscribe"
    assert artist.post(shot).status_code == 404


def test_bots_have_no_inbox(api):
    assert api.by(make_person(is_bot=False)).get("/data/user/notifications").status_code == 200


def test_notification_rows_name_their_kind_twice(api, stage, cast):
    body = {"type": "comment", "person_id": str(cast.user.pk), "author_id": str(cast.admin.pk), "task_id": str(stage.task.pk)}
    made = api.post("/data/notifications", body)
    assert made.status_code == 201, made.content
    assert (made.json()["type"], made.json()["notification_type"]) == ("Notification", "comment")
    assert len(api.get("/data/notifications?type=comment").json()) == 1
    assert api.get(f"/data/projects/{stage.project.pk}/notifications?page=1").json()["total"] == 1
    assert api.post("/data/notifications", {**body, "type": "zz"}).status_code == 400
    assert api.by(cast.manager).get("/data/notifications").status_code == 403
    assert News.objects.count() == 0


def test_schedule_links_stay_within_a_production(api, stage, cast):
    version = ProductionScheduleVersion.objects.create(name="v1", project=stage.project)
    path = "/data/production-schedule-version-task-links"
    body = {"production_schedule_version_id": str(version.pk), "task_id": str(stage.task.pk), "assignees": [str(cast.user.pk)]}
    made = api.by(cast.manager).post(path, body)
    assert made.status_code == 201, made.content
    foreign = make_task(make_project())
    refused = api.post(path, {**body, "task_id": str(foreign.pk)}).json()
    assert refused["message"] == "The task and the production schedule version must be in the same project."
    assert api.post(path, {}).json() == {"message": "'production_schedule_version_id'"}
    assert api.by(cast.user).get(path).status_code == 403
    assert len(api.by(cast.user).get(f"{path}?project_id={stage.project.pk}").json()) == 1
    assert api.by(cast.client).get(f"{path}?project_id={stage.project.pk}").status_code == 403
    single = f"{path}/{made.json()['id']}"
    assert api.by(cast.user).put(single, {"estimation": 5}).status_code == 403
    changed = api.put(single, {"estimation": 5, "task_id": str(foreign.pk)}).json()
    assert (changed["estimation"], changed["task_id"]) == (5, str(stage.task.pk))
