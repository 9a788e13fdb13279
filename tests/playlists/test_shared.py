"""What a share link shows, and what its guests may do."""

from datetime import timedelta

import pytest

from core.models import now
from events.models import ApiEvent
from files.models import AttachmentFile, PreviewFile
from people.models import Person
from playlists.models import Playlist, PlaylistShareLink
from production.models import Project, ProjectStatus, ProjectTaskStatusLink, ProjectTaskTypeLink
from tasks.models import Comment, News, Task
from tasks.rules.replies import reply_to_comment
from tests.cast import gather
from tests.client import ApiClient
from tests.files.studio import make_work, publish, sent
from tests.makers import make_entity, make_project, make_sequence, make_shot, make_task, make_task_status
from tests.parallel import at_once, need_real_connections
from tests.playlists.ground import MISSING, Review, Visitor


@pytest.fixture
def link(review):
    return review.share()


@pytest.fixture
def visitor(link):
    return Visitor(link)


@pytest.fixture
def guest(visitor):
    return visitor.enter()


@pytest.fixture
def say(review, visitor, guest):
    """Has the guest comment the first task."""

    def comment(**body):
        task = review.works[0].task
        values = {"guest_id": guest, "task_id": str(task.pk), "task_status_id": str(task.task_status_id), "text": "Nice"}
        return visitor.post("/comments", {**values, **body})

    return comment


# What a link shows


def test_a_link_shows_its_playlist(review, visitor, django_assert_num_queries):
    other = publish(review.works[0], review.cast.user)
    with django_assert_num_queries(6):
        row = visitor.get("").json()
    first, second = row["shots"]
    work, preview = review.works[0], review.previews[0]
    assert (row["name"], row["project_name"], row["project_fps"], row["type"]) == ("Dailies", "The Lantern", "25", "Playlist")
    assert (first["id"], first["entity_id"], first["preview_files"]) == (str(work.shot.pk), str(work.shot.pk), {})
    assert (first["name"], first["parent_name"]) == (work.shot.name, work.shot.parent.name)
    assert (first["preview_file_id"], first["preview_file_status"]) == (str(preview.pk), "Ready")
    assert first["preview_file_annotations"] is None
    assert [(o["id"], o["status"], o["annotations"]) for o in first["preview_file_previews"]] == [(str(other.pk), "Ready", None)]
    kind = work.task.task_type
    assert first["preview_file_task_type"] == {
        "id": str(kind.pk),
        "name": kind.name,
        "color": kind.color,
        "for_entity": "Shot",
    }
    assert (first["preview_file_task_type_name"], first["task_status_color"]) == (kind.name, work.task.task_status.color)
    assert second["preview_file_previews"] == []


def test_entries_without_previews_have_names_alone(cast):
    episode = make_entity("Episode", cast.project, name="E01")
    shot = make_shot(cast.project, name="SH1", parent=make_sequence(cast.project, name="SQ1", parent=episode))
    foreign = make_shot(make_project(), name="Secret")
    playlist = Playlist.objects.create(name="All", project=cast.project, is_for_all=True)
    playlist.shots = [{"entity_id": str(shot.pk)}, {"entity_id": str(foreign.pk)}, {"entity_id": "odd"}, {}]
    playlist.save()
    rows = Visitor(Review(cast, playlist, [], []).share()).get("").json()["shots"]
    assert rows[0] == {
        "id": str(shot.pk),
        "entity_id": str(shot.pk),
        "preview_files": {},
        "name": "SH1",
        "parent_name": "E01 / SQ1",
    }
    assert [row["name"] for row in rows[1:]] == ["", "", ""]


def test_the_context_tells_of_the_production_and_of_nobody_in_it(review, visitor, cast):
    status, kind = review.works[0].task.task_status, review.works[0].task.task_type
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=kind)
    ProjectTaskStatusLink.objects.filter(task_status=status).update(is_client_allowed=False)
    row = visitor.get("/context").json()
    assert row["project"] == {
        "id": str(cast.project.pk),
        "name": "The Lantern",
        "fps": "25",
        "ratio": "16:9",
        "resolution": "1920x1080",
        "team": [],
    }
    assert row["task_types"] == [{"id": str(kind.pk), "name": kind.name, "color": kind.color, "for_entity": "Shot"}]
    shown = {entry["id"]: entry for entry in row["task_statuses"]}
    assert len(shown) == 2
    assert shown[str(status.pk)] == {
        "id": str(status.pk),
        "name": status.name,
        "short_name": status.short_name,
        "color": status.color,
        "is_client_allowed": False,
        "is_default": bool(status.is_default),
        "for_concept": bool(status.for_concept),
    }


ROUTES = [
    *[("get", path) for path in ("", "/context", "/comments", f"/preview-files/{MISSING}")],
    *[("get", f"/pictures/{kind}/preview-files/{MISSING}.png") for kind in ("originals", "previews", "thumbnails")],
    *[("get", f"/movies/{kind}/preview-files/{MISSING}.mp4") for kind in ("originals", "low")],
    ("get", f"/movies/tiles/preview-files/{MISSING}.png"),
    ("get", f"/preview-files/{MISSING}/download"),
    ("get", f"/pictures/originals/preview-files/{MISSING}.pdf"),
    ("get", f"/pictures/thumbnails/persons/{MISSING}.png"),
    ("get", f"/attachment-files/{MISSING}/file/a.png"),
    *[("post", path) for path in ("/guest", "/comments", f"/comments/{MISSING}/attachments")],
    *[("put", path) for path in ("/annotations", f"/comments/{MISSING}")],
    *[("delete", path) for path in (f"/comments/{MISSING}", f"/comments/{MISSING}/attachments/{MISSING}")],
]


@pytest.mark.parametrize("state", ["revoked", "expired", "closed", "unknown", "protected"])
def test_a_link_that_is_not_open_is_as_if_it_had_never_been(review, state, link):
    if state == "closed":
        Project.objects.update(project_status=ProjectStatus.objects.create(name="Closed", color="#000000"))
    elif state == "unknown":
        link.token = MISSING
    else:
        past = now() - timedelta(seconds=1)
        changed = {"revoked": {"is_active": False}, "expired": {"expiration_date": past}, "protected": {"password": "bcrypt$x"}}
        PlaylistShareLink.objects.update(**changed[state])
    visitor = Visitor(link)
    for method, path in ROUTES:
        answer = visitor.request(method, path)
        assert (answer.status_code, answer.json()["message"][:14]) == (404, "404 Not Found:"), (method, path)


def test_an_account_opens_no_link_and_a_guest_has_none(review, visitor, guest, api):
    assert api.get(f"/shared/playlists/{MISSING}").status_code == 404
    person = Person.objects.get(pk=guest)
    assert not person.has_usable_password()
    answer = visitor.client.post("/auth/login", {"email": person.email, "password": ""}, content_type="application/json")
    assert answer.status_code in (400, 401)


# Guests


def test_a_visitor_becomes_a_guest(visitor, link):
    answer = visitor.post("/guest", {"first_name": " Ann ", "last_name": "Lee"})
    row = answer.json()
    assert (answer.status_code, row["full_name"], row["role"], row["is_guest"]) == (201, "Ann Lee", "client", True)
    assert set(row) == {
        *("id", "created_at", "updated_at", "first_name", "last_name", "full_name", "has_avatar", "role", "is_guest", "type"),
    }
    person = Person.objects.get(pk=row["id"])
    assert person.data == {"share_link_id": str(link.pk)}
    assert person.email.startswith("guest-") and person.email.endswith("@guest.kitsu")
    assert ApiEvent.objects.get(name="person:new").data == {"person_id": row["id"]}


def test_a_guest_who_comes_again_is_the_same(review, visitor, guest):
    again = visitor.post("/guest", {"guest_id": guest, "first_name": "Other"})
    assert (again.status_code, again.json()["id"], again.json()["first_name"]) == (200, guest, "Ann")
    same_name = visitor.post("/guest", {"first_name": "Ann "})
    assert (same_name.status_code, same_name.json()["id"]) == (201, guest)
    elsewhere = Visitor(review.share())
    assert elsewhere.post("/guest", {"guest_id": guest, "first_name": "Ann"}).json()["id"] != guest
    assert visitor.post("/guest", {"guest_id": str(review.cast.client.pk)}).json()["first_name"] == "Guest"
    assert visitor.post("/guest", {"first_name": "x" * 81}).status_code == 400
    assert visitor.post("/guest", {"guest_id": "x"}).json()["message"] == "Validation error."
    assert visitor.post("/guest", {"first_name": "a\u202e\x07b"}).json()["first_name"] == "ab"


def test_a_link_has_room_for_so_many_guests(visitor, settings):
    settings.SHARE_LINK_GUESTS = 2
    first = visitor.enter("A")
    visitor.enter("B")
    answer = visitor.post("/guest", {"first_name": "C"})
    assert (answer.status_code, answer.json()) == (403, {"error": "This link has as many guests as it may have."})
    assert visitor.enter("A") == first


@pytest.mark.django_db(transaction=True)
def test_a_guest_who_knocks_many_times_at_once_is_one():
    need_real_connections()
    cast = gather()
    link = Review(cast, Playlist.objects.create(name="P", project=cast.project), [], []).share()
    assert len(set(at_once([lambda: Visitor(link).enter("Ann")] * 8))) == 1
    assert Person.objects.filter(is_guest=True).count() == 1


# Comments


def test_a_guest_comments(review, say, guest, django_assert_max_num_queries):
    new = make_task_status(is_client_allowed=True)
    answer = say(task_status_id=str(new.pk), checklist=[{"text": "a", "checked": False}])
    row = answer.json()
    assert (answer.status_code, row["text"], row["person_id"], row["for_client"]) == (201, "Nice", guest, False)
    assert (row["checklist"], row["attachment_files"]) == ([{"text": "a", "checked": False}], [])
    assert row["task_status"]["id"] == str(new.pk) and "is_retake" in row["task_status"]
    assert row["person"]["full_name"] == "Ann" and "email" not in row["person"]
    assert Task.objects.get(pk=review.works[0].task.pk).task_status_id == new.pk
    assert News.objects.filter(comment_id=row["id"], author_id=guest).exists()
    assert {"comment:new", "task:update", "task:status-changed", "news:new"} <= set(ApiEvent.objects.values_list("name", flat=True))


def test_what_a_guest_may_not_say(review, say, guest, visitor, cast):
    def refusal(**body):
        answer = say(**body)
        return answer.status_code, answer.json()["error"]

    other = make_task(cast.project)
    barred = make_task_status(is_client_allowed=True)
    ProjectTaskStatusLink.objects.create(project=cast.project, task_status=barred, is_client_allowed=False)
    assert refusal(guest_id=MISSING) == (403, "Guest not part of this shared playlist")
    assert refusal(guest_id=str(cast.client.pk)) == (403, "Guest not part of this shared playlist")
    assert refusal(task_id=str(other.pk)) == (403, "Task not part of this shared playlist")
    assert refusal(task_status_id=MISSING) == (400, "Task status not found")
    assert refusal(task_status_id=str(barred.pk)) == (400, "Task status not allowed for guests")
    fields = [error["field"] for error in visitor.post("/comments", {}).json()["data"]["errors"]]
    assert fields == ["guest_id", "task_id", "task_status_id"]
    assert say(text="x" * 60_000).status_code == 400
    assert say(checklist=["x"]).status_code == 400
    assert not Comment.objects.filter(person__is_guest=True).exists()


def test_a_guest_reaches_no_other_task_by_hashtags(review, say, cast):
    work = review.works[0]
    sibling = make_task(cast.project, entity=work.shot)
    say(text=f"#{sibling.task_type.name.replace(' ', '')} #all {sibling.task_type.name}")
    assert not Comment.objects.filter(object_id=sibling.pk).exists()


def test_guests_read_what_is_for_clients_and_what_guests_say(review, say, visitor, cast, django_assert_num_queries):
    work = review.works[0]
    inner = Comment.objects.filter(object_id=work.task.pk).get()
    by_client = Comment.objects.create(object_id=work.task.pk, object_type="Task", person=cast.client, text="client's own")
    Comment.objects.create(object_id=review.works[1].task.pk, object_type="Task", person=cast.user, text="for all", for_client=True)
    said = say().json()
    reply_to_comment(said["id"], work.task, text="Thanks", by=cast.manager)
    Comment.objects.filter(pk=said["id"]).update(editor=cast.manager)
    with django_assert_num_queries(7):
        rows = visitor.get("/comments").json()
    assert [row["text"] for row in rows] == ["Nice", "for all"]
    assert inner.text not in str(rows) and by_client.text not in str(rows)
    first = rows[0]
    assert first["person"] == {
        "id": said["person_id"],
        "first_name": "Ann",
        "last_name": "",
        "full_name": "Ann",
        "has_avatar": False,
        "role": "client",
        "is_guest": True,
    }
    assert set(first["task_status"]) == {"id", "name", "short_name", "color"}
    assert [reply["person"]["first_name"] for reply in first["replies"]] == ["Manager"]
    assert first["editor"]["first_name"] == "Manager"
    assert "previews" not in first and "mentions" not in first


def test_guests_of_other_playlists_are_not_read(review, say, cast, visitor):
    say()
    twin = Review.of(cast, review.works, review.previews, name="For the rival")
    assert Visitor(twin.share()).get("/comments").json() == []
    same = Visitor(review.share())
    assert [row["text"] for row in same.get("/comments").json()] == ["Nice"]
    Project.objects.update(is_clients_isolated=True)
    assert same.get("/comments").json() == []
    assert [row["text"] for row in visitor.get("/comments").json()] == ["Nice"]


def test_a_guest_changes_their_comment(review, say, visitor, guest):
    said, new = say().json(), make_task_status(is_client_allowed=True)
    path = f"/comments/{said['id']}"
    answer = visitor.put(path, {"guest_id": guest, "text": "Nicer", "task_status_id": str(new.pk), "checklist": [{"text": "b"}]})
    row = answer.json()
    assert (answer.status_code, row["text"], row["editor_id"], row["checklist"]) == (200, "Nicer", guest, [{"text": "b"}])
    assert Task.objects.get(pk=review.works[0].task.pk).task_status_id == new.pk
    assert {"comment:update", "task:status-changed"} <= set(ApiEvent.objects.values_list("name", flat=True))
    assert visitor.put(path, {"guest_id": guest}).json()["text"] == "Nicer"


def test_a_guest_changes_nobody_elses_comment(review, say, visitor, guest, cast):
    said, other = say().json(), visitor.enter("Eve")
    path = f"/comments/{said['id']}"
    barred = make_task_status(is_client_allowed=False)
    for body in ({"guest_id": other}, {"guest_id": MISSING}, {"guest_id": guest, "task_status_id": str(barred.pk)}):
        assert (visitor.put(path, {**body, "text": "x"}).status_code, visitor.put(path, body).json()) == (
            403,
            {"error": "Forbidden"},
        )
    assert visitor.put(path, {"text": "x"}).json()["message"] == "Validation error."
    assert visitor.delete(path, {"guest_id": other}).json() == {"error": "Forbidden"}
    assert visitor.delete(f"{path}?guest_id={other}").status_code == 403
    assert visitor.delete(path).json()["message"] == "Validation error."
    inner = review.works[0].comment
    assert visitor.put(f"/comments/{inner.pk}", {"guest_id": guest, "text": "x"}).status_code == 403
    assert visitor.delete(f"/comments/{inner.pk}?guest_id={guest}").status_code == 403
    missing = visitor.put(f"/comments/{MISSING}", {"guest_id": guest, "text": "x"})
    assert (missing.status_code, missing.json()) == (404, {"error": "Comment not found"})
    Playlist.objects.update(shots=[])
    assert visitor.put(path, {"guest_id": guest, "text": "x"}).status_code == 403


def test_a_guest_of_another_link_is_a_stranger_even_under_the_same_name(review, say, visitor, guest):
    said, elsewhere = say().json(), Visitor(review.share())
    assert elsewhere.enter() != guest
    assert elsewhere.enter(guest_id=guest) != guest
    path, task = f"/comments/{said['id']}", review.works[0].task
    spoken = {"guest_id": guest, "task_id": str(task.pk), "task_status_id": str(task.task_status_id), "text": "x"}
    drawn = {"guest_id": guest, "preview_file_id": str(review.previews[0].pk)}
    assert elsewhere.post("/comments", spoken).status_code == 403
    assert elsewhere.put(path, {"guest_id": guest, "text": "x"}).status_code == 403
    assert elsewhere.delete(path, {"guest_id": guest}).status_code == 403
    assert elsewhere.upload(f"{path}/attachments", guest_id=guest, file=sent("a.txt", b"words")).status_code == 403
    assert elsewhere.put("/annotations", drawn).status_code == 403
    assert visitor.put(path, {"guest_id": guest, "text": "Mine"}).json()["text"] == "Mine"


def test_a_guest_deletes_their_comment(review, say, visitor, guest):
    before = review.works[0].task.task_status_id
    said = say(task_status_id=str(make_task_status(is_client_allowed=True).pk)).json()
    assert visitor.delete(f"/comments/{said['id']}?guest_id={guest}").status_code == 204
    assert Task.objects.get(pk=review.works[0].task.pk).task_status_id == before
    assert not Comment.objects.filter(pk=said["id"]).exists()


def test_a_guest_takes_no_work_of_the_team_along(review, say, visitor, guest, cast):
    said = say().json()
    preview = publish(make_work(cast.project, cast.user), cast.user)
    Comment.objects.get(pk=said["id"]).previews.add(preview)
    assert visitor.delete(f"/comments/{said['id']}?guest_id={guest}").status_code == 403
    assert PreviewFile.objects.filter(pk=preview.pk).exists()


# Attachments


def test_a_guest_attaches_files(review, say, visitor, guest):
    said = say().json()
    path = f"/comments/{said['id']}/attachments"
    answer = visitor.upload(path, guest_id=guest, file=sent("../../evil\x07.svg", b"<svg onload=x>", "image/svg+xml"))
    [file] = answer.json()["attachment_files"]
    assert (answer.status_code, file["name"], file["size"], set(file)) == (201, "evil.svg", 14, {"id", "name", "extension", "size"})
    [row] = [row for row in visitor.get("/comments").json() if row["attachment_files"]]
    assert set(row["attachment_files"][0]) == {"id", "name", "extension", "size", "reply_id"}
    served = visitor.get(f"/attachment-files/{file['id']}/file/x")
    assert (b"".join(served.streaming_content), served["Cache-Control"]) == (b"<svg onload=x>", "no-cache")
    assert served["Content-Disposition"] == 'attachment; filename="evil.svg"'
    part = visitor.get(f"/attachment-files/{file['id']}/file/x", HTTP_RANGE="bytes=1-3")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"svg")
    assert visitor.upload(path, guest_id=guest).status_code == 201
    assert visitor.delete(f"{path}/{MISSING}?guest_id={guest}").json() == {"error": "Comment not found"}
    assert visitor.delete(f"{path}/{file['id']}?guest_id={guest}").status_code == 204
    assert visitor.get(f"/attachment-files/{file['id']}/file/x").json() == {"error": "Attachment not found"}


def test_whose_attachments_a_guest_may_not_touch(review, say, visitor, guest, cast, settings):
    said = say().json()
    path = f"/comments/{said['id']}/attachments"
    note = sent("a.txt", b"x", "text/plain")
    assert visitor.upload(path, file=note).json() == {"error": "Forbidden"}
    assert visitor.upload(path, guest_id=visitor.enter("Eve"), file=note).status_code == 403
    assert visitor.upload(f"/comments/{MISSING}/attachments", guest_id=guest, file=note).status_code == 404
    assert visitor.post(path, {"guest_id": "x"}).status_code == 400
    of_reply = AttachmentFile.objects.create(comment_id=said["id"], name="r", reply_id=MISSING)
    of_team = AttachmentFile.objects.create(comment=review.works[0].comment, name="t")
    assert visitor.delete(f"{path}/{of_reply.pk}?guest_id={guest}").status_code == 404
    assert visitor.delete(f"{path}/{of_team.pk}?guest_id={guest}").status_code == 404
    assert visitor.get(f"/attachment-files/{of_team.pk}/file/t").json() == {"error": "Attachment not found"}
    settings.SHARE_LINK_UPLOAD = 50
    assert visitor.upload(path, guest_id=guest, file=sent("a.txt", b"x" * 100)).status_code == 413
    assert AttachmentFile.objects.filter(comment__person__is_guest=True).count() == 1


# Drawings


def test_a_guest_draws(review, visitor, guest):
    preview = review.previews[0]
    drawing = {"time": 0, "drawing": {"objects": [{"id": "o1", "type": "path"}]}}
    answer = visitor.put("/annotations", {"guest_id": guest, "preview_file_id": str(preview.pk), "additions": [drawing]})
    assert (answer.status_code, answer.json()["annotations"]) == (200, [drawing])
    assert ApiEvent.objects.get(name="preview-file:annotation-update").data["person_id"] == guest
    assert visitor.get("").json()["shots"][0]["preview_file_annotations"] == [drawing]
    gone = {"guest_id": guest, "preview_file_id": str(preview.pk), "deletions": [{"time": 0, "objects": ["o1"]}]}
    assert visitor.put("/annotations", gone).json()["annotations"] == []


def test_where_a_guest_may_not_draw(review, visitor, guest, cast):
    outside = publish(make_work(cast.project, cast.user), cast.user)

    def refused(**body):
        answer = visitor.put("/annotations", body)
        return answer.status_code, answer.json().get("error")

    assert refused(guest_id=MISSING, preview_file_id=str(review.previews[0].pk)) == (403, "Guest not part of this shared playlist")
    assert refused(guest_id=guest, preview_file_id=str(outside.pk)) == (403, True)
    assert refused(guest_id=guest, preview_file_id=MISSING) == (404, True)
    assert refused() == (400, True)


def test_a_link_to_look_at_alone_takes_nothing(review, cast):
    visitor = Visitor(review.share(can_comment=False))
    guest = visitor.enter()
    silent = {"error": "Comments are disabled for this link"}
    for method, path in ROUTES[-6:]:
        if path == "/annotations":
            assert visitor.put(path, {}).json() == {"error": "Annotations are disabled"}
        else:
            answer = visitor.request(method, path, {"guest_id": guest})
            assert (answer.status_code, answer.json()) == (403, silent), path
    assert visitor.get("/comments").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_drawings_of_guests_at_once_are_all_kept():
    need_real_connections()
    cast = gather()
    work = make_work(cast.project, cast.user)
    review = Review.of(cast, [work], [publish(work, cast.user)])
    link = review.share()
    guest = Visitor(link).enter()

    def draw(number):
        drawing = {"time": number, "drawing": {"objects": [{"id": f"o{number}"}]}}
        body = {"guest_id": guest, "preview_file_id": str(review.previews[0].pk), "additions": [drawing]}
        return Visitor(link).put("/annotations", body).status_code

    assert set(at_once([lambda n=number: draw(n) for number in range(8)])) == {200}
    assert len(PreviewFile.objects.get().annotations) == 8


def test_no_guest_is_a_person_of_the_studio(review, guest, cast):
    manager = ApiClient(cast.manager)
    assert guest not in {row["id"] for row in manager.get("/data/user/context").json()["persons"]}
    assert guest not in {row["id"] for row in manager.get("/data/search?query=Ann").json().get("persons", [])}
