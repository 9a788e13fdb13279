"""Comments with attachments and previews, from the upload to what is left after their deletion."""

import orjson
import pytest

from files import storage
from files.models import AttachmentFile, PreviewFile
from files.storage import FILES
from tasks.models import Comment, News
from tests.files.studio import png, sent


@pytest.fixture
def post(api, stage):
    """Posts a comment of a form with these files."""

    def upload(**files):
        return api.upload(stage.comment_path, task_status_id=str(stage.wip.pk), comment="see", **files)

    return upload


def read(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_file_of_a_form_becomes_an_attachment(api, stage, cast, post):
    form = {"checklist": '[{"text": "eyes", "checked": true}]', "links": '["http://x"]', "for_client": "true"}
    answer = post(**form, file=sent("a.txt", b"one", "text/plain"), other=sent("b.png", png(), "image/png"))
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["checklist"], said["links"], said["for_client"]) == ([{"text": "eyes", "checked": True}], ["http://x"], True)
    files = {row["name"]: row for row in said["attachment_files"]}
    assert {name: (row["extension"], row["size"]) for name, row in files.items()} == {
        "a.txt": ("txt", 3),
        "b.png": ("png", len(png())),
    }
    (row,) = api.by(cast.user).get(f"/data/tasks/{stage.task.pk}/comments").json()
    assert {file["id"]: file["reply_id"] for file in row["attachment_files"]} == {file["id"]: None for file in files.values()}
    path = f"/data/attachment-files/{files['a.txt']['id']}/file/a.txt"
    shown = api.by(cast.user).get(path)
    assert (shown.status_code, read(shown)) == (200, b"one")
    assert api.by(cast.outsider).get(path).status_code == 403


def test_files_of_a_reply_stay_with_it_and_go_with_it(api, stage, post):
    said = post().json()["id"]
    path = f"/data/tasks/{stage.task.pk}/comments/{said}/reply"
    replied = api.upload(path, text="mine", file=sent("c.txt", b"two", "text/plain"))
    assert replied.status_code == 200, replied.content
    (file,) = replied.json()["attachment_files"]
    assert (file["name"], file["reply_id"]) == ("c.txt", replied.json()["id"])
    (row,) = api.get(f"/data/tasks/{stage.task.pk}/comments").json()
    assert [shown["reply_id"] for shown in row["attachment_files"]] == [replied.json()["id"]]
    assert api.delete(f"{path}/{replied.json()['id']}").status_code == 200
    assert not AttachmentFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_of_a_batch_go_to_the_comment_of_their_number(api, stage):
    comments = [{"task_id": str(stage.task.pk), "task_status_id": str(stage.wip.pk), "text": str(n)} for n in range(11)]
    files = {
        "attachment_file-1-0": sent("one.txt", b"1"),
        "attachment_file-10-0": sent("ten.txt", b"10"),
        "preview_file-1-0": sent("front.png", png()),
        "preview_file-1-1": sent("back.png", png()),
        "preview_file-2-0": sent("odd.xyz", b"?"),
    }
    answer = api.upload("/actions/tasks/batch-comment", comments=orjson.dumps(comments).decode(), **files)
    assert answer.status_code == 201, answer.content
    rows = answer.json()
    assert {row["text"]: [file["name"] for file in row["attachment_files"]] for row in rows if row["attachment_files"]} == {
        "1": ["one.txt"],
        "10": ["ten.txt"],
    }
    previews = {row["text"]: row["preview_files"] for row in rows if row["preview_files"]}
    assert {text: [(p["original_name"], p["revision"], p["position"]) for p in shown] for text, shown in previews.items()} == {
        "1": [("front", 1, 1), ("back", 1, 2)]
    }
    stage.task.refresh_from_db()
    assert str(stage.task.last_preview_file_id) == previews["1"][0]["id"]


def test_an_unreadable_batch_of_a_form_is_refused_whole(api, stage):
    for comments in ("[", "{}", '["x"]'):
        answer = api.upload("/actions/tasks/batch-comment", comments=comments, **{"preview_file-0-0": sent("a.png", png())})
        assert answer.status_code == 400, answer.content
    assert not Comment.objects.exists() and not PreviewFile.objects.exists()


def test_a_comment_takes_its_files_previews_and_news_along(api, stage, post, django_capture_on_commit_callbacks):
    said = post(file=sent("a.txt", b"one")).json()["id"]
    made = api.post(f"/actions/tasks/{stage.task.pk}/comments/{said}/add-preview", {}).json()
    assert str(News.objects.get().preview_file_id) == made["id"]
    kept = AttachmentFile.objects.get()
    assert storage.is_stored(FILES, "attachments", kept.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"/data/comments/{said}").status_code == 204
    assert not any(model.objects.exists() for model in (AttachmentFile, PreviewFile, News, Comment))


def test_clients_see_previews_without_the_words(api, stage, cast, post):
    said = post(file=sent("a.txt", b"one")).json()["id"]
    path = f"/actions/tasks/{stage.task.pk}/comments/{said}"
    shown, refused = (api.post(f"{path}/add-preview", {}).json()["id"] for _ in range(2))
    PreviewFile.objects.filter(pk=refused).update(validation_status="rejected")
    (row,) = api.by(cast.client).get(f"/data/tasks/{stage.task.pk}/comments").json()
    assert (row["text"], row["attachment_files"], [preview["id"] for preview in row["previews"]]) == ("", [], [shown])
    assert len(api.get(f"/data/tasks/{stage.task.pk}/comments").json()[0]["previews"]) == 2
