"""Playlists that are only looked at, and telling clients of one."""

import pytest

from events.models import ApiEvent
from people.models import Studio
from playlists.models import Playlist
from tasks.models import Notification, Task
from tests.files.studio import make_work, publish
from tests.makers import join_team, make_asset, make_department, make_entity, make_person, make_project, make_shot, make_task
from tests.playlists.ground import MISSING


@pytest.fixture
def look(api, cast):
    def ask(who=None, query="", **body):
        asked = {name: [str(pk) for pk in ids] for name, ids in body.items()}
        return (api.by(who) if who else api).post(f"/data/projects/{cast.project.pk}/playlists/temp{query}", asked)

    return ask


def test_tasks_come_with_their_previews(cast, look, django_assert_num_queries):
    work = make_work(cast.project, cast.user)
    first, second = publish(work, cast.user), publish(work, cast.user)
    with django_assert_num_queries(4):
        [row] = look(task_ids=[work.task.pk]).json()
    assert {name: row[name] for name in list(row)[:10]} == {
        "id": str(work.shot.pk),
        "name": work.shot.name,
        "preview_file_task_id": str(work.task.pk),
        "parent_name": work.shot.parent.name,
        "episode_id": "",
        "episode_name": "",
        "sequence_id": str(work.shot.parent_id),
        "sequence_name": work.shot.parent.name,
        "asset_type_id": "",
        "asset_type_name": "",
    }
    assert (row["preview_file_id"], row["preview_file_status"], row["preview_file_annotations"]) == (str(first.pk), "ready", [])
    assert [other["id"] for other in row["preview_file_previews"]] == [str(second.pk)]
    assert row["preview_files"][str(work.task.task_type_id)][0]["id"] == str(first.pk)


def test_a_task_without_previews_shows_those_of_another_type(cast, look):
    work = make_work(cast.project, cast.user)
    preview = publish(work, cast.user)
    bare = make_task(cast.project, entity=work.shot)
    [row] = look(task_ids=[bare.pk]).json()
    assert (row["preview_file_id"], row["preview_file_task_id"]) == (str(preview.pk), str(bare.pk))
    [row] = look(task_ids=[make_task(cast.project).pk]).json()
    assert (row["preview_files"], "preview_file_id" in row) == ({}, False)


def test_an_entity_gives_the_task_that_was_talked_about_last(cast, look):
    shot = make_shot(cast.project)
    older, newer = make_work(cast.project, cast.user, shot=shot), make_work(cast.project, cast.user, shot=shot)
    for work in (older, newer):
        publish(work, cast.user)
    Task.objects.filter(pk=older.task.pk).update(last_comment_date="2026-02-03 10:00")
    Task.objects.filter(pk=newer.task.pk).update(last_comment_date="2026-02-03 11:00")
    rows = look(entity_ids=[shot.pk, make_shot(cast.project).pk, MISSING]).json()
    assert [row["preview_file_task_id"] for row in rows] == [str(newer.task.pk)]
    rows = look(task_ids=[older.task.pk, older.task.pk], entity_ids=[shot.pk]).json()
    assert [row["preview_file_task_id"] for row in rows] == [str(older.task.pk), str(newer.task.pk)]


def test_entries_are_sorted_by_where_they_are(cast, look):
    asset = make_asset(cast.project, name="Bob")
    shots = [make_shot(cast.project, name=name) for name in ("SH2", "SH1")]
    tasks = [make_task(cast.project, entity=entity) for entity in (*shots, asset)]
    ids = [task.pk for task in tasks]
    assert [row["name"] for row in look(task_ids=ids).json()] == ["SH2", "SH1", "Bob"]
    rows = look(query="?sort=true", task_ids=ids).json()
    assert [row["name"] for row in rows][0] == "Bob"
    assert (rows[0]["parent_name"], rows[0]["asset_type_name"]) == ("Character", "Character")
    assert [row["sequence_name"] for row in rows[1:]] == sorted(row["sequence_name"] for row in rows[1:])


def test_who_looks_and_at_what(api, cast, look):
    task = make_task(cast.project)
    statuses = {role: look(cast.of(role), task_ids=[task.pk]).status_code for role in ("user", "client", "supervisor", "manager")}
    assert set(statuses.values()) == {200}
    assert look(cast.outsider).status_code == 403
    assert look(cast.vendor, task_ids=[task.pk]).status_code == 403
    task.assignees.add(cast.vendor)
    assert look(cast.vendor, task_ids=[task.pk]).status_code == 200
    assert look(cast.admin, task_ids=[make_task(make_project()).pk]).status_code == 404
    assert look(cast.admin, entity_ids=[make_shot(make_project()).pk]).status_code == 404
    assert look(task_ids=[MISSING]).status_code == 404
    assert look(task_ids=["x"]).json()["data"]["errors"][0]["field"] == "task_ids.0"
    assert look().json() == []
    assert api.post(f"/data/projects/{MISSING}/playlists/temp", {}).status_code == 404
    assert not Playlist.objects.exists()


@pytest.fixture
def ready(cast):
    return Playlist.objects.create(name="Ready", project=cast.project)


def tell(api, playlist, **body):
    return api.post(f"/data/playlists/{playlist.pk}/notify-clients", body)


def told():
    return set(Notification.objects.values_list("person__first_name", flat=True))


def test_the_clients_of_a_production_are_told(api, cast, ready):
    by_role = make_person(role="user", first_name="Local")
    join_team(cast.project, by_role, role="client")
    made_artist = make_person(role="client", first_name="Elsewhere")
    join_team(cast.project, made_artist, role="user")
    join_team(make_project(), make_person(role="client", first_name="Foreign"))
    join_team(cast.project, make_person(role="client", first_name="Bot", is_bot=True))
    join_team(cast.project, make_person(role="client", first_name="Left", active=False))
    answer = tell(api.by(cast.manager), ready)
    assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    assert told() == {"Client", "Local"}
    notice = Notification.objects.filter(person=cast.client).get()
    assert (notice.notification_type, notice.playlist_id, notice.author_id) == ("playlist-ready", ready.pk, cast.manager.pk)
    assert not ApiEvent.objects.filter(name="notification:new").exists()


def test_a_client_reads_which_playlist_is_ready(api, cast, ready):
    episode = make_entity("Episode", cast.project)
    Playlist.objects.filter(pk=ready.pk).update(episode=episode, for_entity=None)
    tell(api, ready)
    [row] = api.by(cast.client).get("/data/user/notifications").json()
    assert (row["playlist_id"], row["playlist_name"], row["playlist_for_entity"]) == (str(ready.pk), ready.name, None)
    assert (row["full_entity_name"], row["episode_id"], row["project_id"]) == ("", str(episode.pk), str(cast.project.pk))


def test_clients_are_chosen_by_studio_and_department(api, cast, ready):
    studio, department = Studio.objects.create(name="North", color="#112233"), make_department()
    assert tell(api, ready, studio_id=str(studio.pk), department_id="").status_code == 200
    assert told() == set()
    cast.client.studio = studio
    cast.client.save()
    cast.client.departments.add(department)
    tell(api, ready, studio_id=str(studio.pk), department_id=str(department.pk))
    assert told() == {"Client"}


def test_a_client_who_wants_mail_gets_one(api, cast, ready, settings, mailoutbox):
    settings.MAIL_ENABLED = True
    cast.client.notifications_enabled = True
    cast.client.save()
    tell(api, ready)
    [mail] = mailoutbox
    assert (mail.to, "Ready" in mail.subject) == ([cast.client.email], True)


def test_who_tells_clients(api, cast, ready):
    for role in ("supervisor", "user", "client", "vendor", "outsider"):
        assert tell(api.by(cast.of(role)), ready).status_code == 403, role
    assert tell(api.by(None), ready).status_code == 401
    assert api.post(f"/data/playlists/{MISSING}/notify-clients").status_code == 404
    assert tell(api, ready, studio_id="x").json()["message"] == "Validation error."
    assert told() == set()
