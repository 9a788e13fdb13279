"""Previews of a comment: revisions, positions, rights, removal."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from events.models import ApiEvent
from files.models import PreviewFile
from tasks.models import News, Task
from tests.cast import gather
from tests.client import ApiClient
from tests.files.studio import make_work, publish
from tests.makers import join_team, make_project


def add(api, work, body=None, comment=None):
    return api.post(f"/actions/tasks/{work.task.pk}/comments/{(comment or work.comment).pk}/add-preview", body or {})


def test_a_preview_is_made_for_a_comment(api, cast, work):
    answer = add(api.by(cast.user), work)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["extension"], row["revision"], row["position"], row["source"]) == (
        "processing",
        "mp4",
        1,
        1,
        "webgui",
    )
    assert (row["comments"], row["person_id"], row["original_name"]) == ([str(work.comment.pk)], str(cast.user.pk), None)
    assert len(row["name"]) == 13
    assert str(News.objects.get().preview_file_id) == row["id"]
    events = {event.name: event for event in ApiEvent.objects.all()}
    assert events["preview-file:new"].data == {
        "preview_file_id": row["id"],
        "comment_id": str(work.comment.pk),
        "project_id": str(work.project.pk),
    }
    assert events["comment:update"].data["for_client"] is False


def test_previews_of_one_comment_share_its_revision(api, work):
    first, second = add(api, work).json(), add(api, work).json()
    assert [(row["revision"], row["position"]) for row in (first, second)] == [(1, 1), (1, 2)]
    beside = api.post(f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/preview-files/{first['id']}")
    assert (beside.status_code, beside.json()["revision"], beside.json()["position"]) == (201, 1, 3)


def test_another_comment_gets_the_next_revision(api, cast, work):
    add(api, work)
    work.comment.pk = None
    work.comment.id = None
    work.comment._state.adding = True
    work.comment.save()
    assert add(api, work).json()["revision"] == 2


def test_a_revision_may_be_named_but_not_twice(api, cast, work):
    assert add(api, work, {"revision": 0}).json()["revision"] == 0
    other = make_work(cast.project, cast.user).comment
    other.object_id = work.task.pk
    other.save()
    answer = add(api, work, {"revision": 0}, other)
    assert answer.status_code == 400
    assert answer.json() == {
        "error": True,
        "message": "Revision 0 already exists for this task. Choose a different revision number, or omit it to let the revision "
        "auto-increment.",
    }
    assert add(api, work, {"revision": 0}).json()["position"] == 2


def test_a_production_may_want_one_preview_a_revision(api, work):
    work.project.is_single_preview_per_revision = True
    work.project.save()
    add(api, work)
    answer = add(api, work)
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Only one preview file is allowed per revision for this project.",
    )
    assert PreviewFile.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 201), ("supervisor", 201), ("client", 201), ("user", 201), ("vendor", 403), ("outsider", 403)]
)
def test_who_acts_on_the_task_adds_previews(api, cast, work, role, status):
    assert add(api.by(cast.of(role)), work).status_code == status


def test_an_artist_without_the_task_adds_none(api, cast, work):
    work.task.assignees.clear()
    assert add(api.by(cast.user), work).status_code == 403


def test_wrong_bodies_and_strangers_are_refused(api, cast, work):
    for revision in (-1, "x", [], 2**40):
        answer = add(api, work, {"revision": revision})
        assert (answer.status_code, answer.json()["message"]) == (400, "Validation error.")
    foreign = make_work(make_project(), cast.user)
    assert add(api, work, comment=foreign.comment).status_code == 404
    missing = "aaaaaaaa-0000-4000-8000-000000000000"
    assert api.post(f"/actions/tasks/{missing}/comments/{work.comment.pk}/add-preview").status_code == 404
    assert api.post(f"/actions/tasks/{work.task.pk}/comments/zz/add-preview").status_code == 404
    assert api.post(f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/add-preview", b"[]").status_code == 400
    assert PreviewFile.objects.count() == 0


def test_positions_change_within_a_revision(api, work):
    ids = [add(api, work).json()["id"] for _ in range(3)]
    answer = api.put(f"/actions/preview-files/{ids[2]}/update-position", {"position": 1})
    assert [(row["id"], row["position"]) for row in answer.json()] == [(ids[2], 1), (ids[0], 2), (ids[1], 3)]
    same = api.put(f"/actions/preview-files/{ids[2]}/update-position", {"position": 9})
    assert [row["id"] for row in same.json()] == [ids[2], ids[0], ids[1]]


def test_a_new_revision_takes_the_others_along(api, work):
    ids = [add(api, work).json()["id"] for _ in range(2)]
    assert api.put(f"/data/preview-files/{ids[0]}", {"revision": 5}).status_code == 200
    assert set(PreviewFile.objects.values_list("revision", flat=True)) == {5}


def test_a_record_keeps_its_task_and_author(api, cast, work):
    pk = add(api, work).json()["id"]
    other = make_work(cast.project, cast.user)
    answer = api.put(
        f"/data/preview-files/{pk}", {"task_id": str(other.task.pk), "person_id": str(cast.vendor.pk), "status": "broken"}
    )
    assert (answer.status_code, answer.json()["task_id"], answer.json()["status"]) == (200, str(work.task.pk), "broken")
    wrong = api.put(f"/data/preview-files/{pk}", {"status": "odd"})
    assert (wrong.status_code, wrong.json()) == (400, {"message": "One of the provided values has an invalid format."})
    assert api.get(f"/data/preview-files/{pk}").json()["status"] == "broken"


def test_lists_are_narrowed(api, cast, work, django_assert_num_queries):
    add(api, work)
    ids = {
        role: len(api.by(cast.of(role)).get("/data/preview-files").json())
        for role in ("admin", "user", "client", "vendor", "outsider")
    }
    assert ids == {"admin": 1, "user": 1, "client": 1, "vendor": 0, "outsider": 0}
    work.task.assignees.add(cast.vendor)
    assert len(api.by(cast.vendor).get("/data/preview-files").json()) == 1
    assert len(api.get(f"/data/preview-files?project_id={work.project.pk}").json()) == 1
    assert api.get("/data/preview-files?project_id=x").json()["message"] == "Invalid project_id."
    with django_assert_num_queries(2):
        api.get("/data/preview-files")


def test_single_reads_are_narrowed(api, cast, work):
    pk = add(api, work).json()["id"]
    statuses = {
        role: api.by(cast.of(role)).get(f"/data/preview-files/{pk}").status_code
        for role in ("user", "client", "vendor", "outsider")
    }
    assert statuses == {"user": 200, "client": 200, "vendor": 403, "outsider": 403}


def test_lists_of_a_task_and_an_entity(api, cast, work, django_assert_num_queries):
    preview, beside = publish(work, cast.user), publish(work, cast.user)
    assert [row["id"] for row in api.get(f"/data/tasks/{work.task.pk}/previews").json()] == [str(preview.pk), str(beside.pk)]
    PreviewFile.objects.filter(pk=beside.pk).update(validation_status="rejected")
    assert len(api.by(cast.client).get(f"/data/tasks/{work.task.pk}/previews").json()) == 1
    short = api.get(f"/data/entities/{work.shot.pk}/preview-files").json()
    assert len(short) == 2 and "width" not in short[0]
    with django_assert_num_queries(3):
        kinds = api.get(f"/data/shots/{work.shot.pk}/preview-files").json()
    entry = kinds[str(work.task.task_type_id)][0]
    assert (entry["id"], entry["status"], len(entry["previews"]), entry["original_width"]) == (str(preview.pk), "ready", 1, None)
    assert (entry["previews"][0]["position"], entry["previews"][0]["task_type_id"]) == (2, str(work.task.task_type_id))
    assert api.get(f"/data/edits/{work.shot.pk}/preview-files").status_code == 404
    assert api.get(f"/data/playlists/entities/{work.shot.pk}/preview-files").json() == kinds
    assert api.by(cast.vendor).get(f"/data/shots/{work.shot.pk}/preview-files").status_code == 403


def test_unfinished_previews_are_listed_for_the_studio_manager(api, cast, work):
    pk = add(api, work).json()["id"]
    rows = api.get("/data/playlists/preview-files/running").json()
    assert [(row["id"], row["project_id"], row["full_entity_name"]) for row in rows] == [
        (pk, str(work.project.pk), f"{work.shot.parent.name} / {work.shot.name}")
    ]
    assert api.get(f"/data/playlists/preview-files/running?cursor_preview_file_id={pk}").json() == []
    assert api.get("/data/playlists/preview-files/running?cursor_preview_file_id=x").status_code == 400
    assert api.get("/data/playlists/preview-files/running?limit=-1").status_code == 400
    assert api.by(cast.manager).get("/data/playlists/preview-files/running").status_code == 403


def test_removal_falls_back_on_the_newest_other_preview(api, cast, work):
    work.project.is_set_preview_automated = True
    work.project.save()
    first = publish(work, cast.user)
    PreviewFile.objects.filter(pk=first.pk).update(revision=7)
    other = publish(work, cast.user)
    PreviewFile.objects.filter(pk=other.pk).update(revision=8, position=1)
    Task.objects.filter(pk=work.task.pk).update(last_preview_file_id=other.pk)
    work.shot.preview_file = other
    work.shot.save()
    ApiEvent.objects.all().delete()
    answer = api.delete(f"/data/preview-files/{other.pk}")
    assert answer.status_code == 204
    work.task.refresh_from_db()
    work.shot.refresh_from_db()
    assert (work.task.last_preview_file_id, work.shot.preview_file_id) == (first.pk, first.pk)
    names = list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True))
    assert names == ["task:update", "preview-file:set-main", "shot:update", "preview-file:delete"]
    assert api.get(f"/pictures/originals/preview-files/{other.pk}.png").status_code == 404


def test_a_preview_of_a_comment_is_taken_away_without_a_listed_event(api, cast, work):
    preview = publish(work, cast.user)
    path = f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/preview-files/{preview.pk}"
    assert api.by(cast.vendor).delete(path).status_code == 403
    assert api.by(cast.user).delete(path + "?force=true").status_code == 403
    assert api.by(cast.user).delete(path).status_code == 204
    assert not ApiEvent.objects.filter(name="preview-file:delete").exists()
    assert api.by(cast.user).delete(path).status_code == 404


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite lives in memory, where threads share one lock")
@pytest.mark.django_db(transaction=True)
def test_previews_added_at_once_get_one_revision_and_their_own_positions():
    cast = gather()
    work = make_work(cast.project, cast.user)
    client = ApiClient(cast.admin)

    def one(_):
        try:
            return add(client.by(cast.admin), work).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(6))) == {201}
    rows = list(PreviewFile.objects.order_by("position").values_list("revision", "position"))
    assert rows == [(1, place) for place in range(1, 7)]


def test_generic_rights(api, cast, work):
    pk = add(api, work).json()["id"]
    for role, status in (("supervisor", 200), ("user", 200), ("client", 403), ("vendor", 403)):
        assert api.by(cast.of(role)).put(f"/data/preview-files/{pk}", {"description": role}).status_code == status
    for role, status in (("supervisor", 403), ("user", 403), ("outsider", 403), ("manager", 204)):
        assert api.by(cast.of(role)).delete(f"/data/preview-files/{pk}").status_code == status
    assert api.by(cast.manager).post("/data/preview-files", {"name": "x"}).status_code == 403
    assert api.post("/data/preview-files", {"name": "x", "task_id": str(work.task.pk)}).status_code == 201


def test_a_project_that_others_join_does_not_open_previews(api, cast, work):
    pk = add(api, work).json()["id"]
    join_team(make_project(), cast.outsider)
    assert api.by(cast.outsider).get(f"/data/preview-files/{pk}").status_code == 403


def test_the_last_preview_of_a_task_may_stand_for_its_entity(api, cast, work):
    missing = api.put(f"/actions/tasks/{work.task.pk}/set-main-preview")
    assert (missing.status_code, missing.json()["message"]) == (400, "This task has no preview file to set as the main preview.")
    preview = publish(work, cast.user)
    answer = api.by(cast.user).put(f"/actions/tasks/{work.task.pk}/set-main-preview")
    row = answer.json()
    assert (answer.status_code, row["id"], row["type"], row["preview_file_id"], row["preview_file_status"]) == (
        *(200, str(work.shot.pk), "Entity"),
        *(str(preview.pk), "ready"),
    )
    bare = make_work(cast.project, cast.user)
    several = api.put("/actions/tasks/set-main-preview", {"task_ids": [str(work.task.pk), str(bare.task.pk)]})
    assert [row["id"] for row in several.json()] == [str(work.shot.pk)]
    for role in ("client", "vendor", "outsider"):
        assert api.by(cast.of(role)).put(f"/actions/preview-files/{preview.pk}/set-main-preview").status_code == 403
    frame = api.put(f"/actions/preview-files/{preview.pk}/set-main-preview", {"frame_number": 3})
    assert frame.json()["message"] == "Can't use a given frame on non movie preview"
