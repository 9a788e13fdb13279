"""Files that hang on comments."""

import pytest

from core.signals import files_attached, reply_leaving, row_leaving
from files import storage
from files.models import AttachmentFile
from files.storage import FILES
from tasks.models import Comment
from tests.files.studio import make_work, png, sent


def add(api, work, *files):
    path = f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/add-attachment"
    return api.upload(path, **{f"file-{number}": file for number, file in enumerate(files)})


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_file_sent_is_attached(api, cast, work):
    answer = add(api.by(cast.user), work, sent("notes.txt", b"hello", "text/plain"), sent("LICENSE", b"", ""))
    assert answer.status_code == 201
    rows = sorted(answer.json(), key=lambda row: row["name"])
    assert [(row["name"], row["extension"], row["size"], set(row)) for row in rows] == [
        ("LICENSE", "license", 0, {"id", "name", "extension", "size"}),
        ("notes.txt", "txt", 5, {"id", "name", "extension", "size"}),
    ]
    assert add(api, work).json() == []


def test_long_and_odd_names_are_kept_plain(api, work):
    rows = add(api, work, sent("x" * 300 + ".blend1234", b"a"), sent("../..\\evil\u202e.svg", b"b")).json()
    assert [row["name"] for row in rows] == ["x" * 240 + ".blend1234", "evil.svg"]
    assert rows[0]["extension"] == "blend1234"


def test_only_the_author_and_managers_attach(api, cast, work):
    statuses = {
        role: add(api.by(cast.of(role)), work, sent("a.txt", b"a")).status_code
        for role in ("manager", "supervisor", "user", "client", "outsider")
    }
    assert statuses == {"manager": 201, "supervisor": 403, "user": 201, "client": 403, "outsider": 403}


def test_a_comment_of_another_task_is_refused(api, cast, work):
    other = make_work(cast.project, cast.user)
    path = f"/actions/tasks/{other.task.pk}/comments/{work.comment.pk}/add-attachment"
    assert api.upload(path, file=sent("a.txt", b"a")).status_code == 403
    assert AttachmentFile.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "shown", "how"),
    [
        ("image/png", "image/png", "inline"),
        ("image/svg+xml", "image/svg+xml", "attachment"),
        ("text/html", "text/html", "attachment"),
        ("application/pdf", "application/pdf", "attachment"),
        ("", "application/octet-stream", "attachment"),
        ("x\r\ny: z", "application/octet-stream", "attachment"),
    ],
)
def test_only_pictures_are_shown_in_the_browser(api, work, kind, shown, how):
    pk = add(api, work, sent("file.bin", b"0123456789")).json()[0]["id"]
    AttachmentFile.objects.filter(pk=pk).update(mimetype=kind)
    answer = api.get(f"/data/attachment-files/{pk}/file/whatever.html")
    assert (answer.status_code, answer["Content-Type"], body(answer)) == (200, shown, b"0123456789")
    assert answer["Content-Disposition"] == f'{how}; filename="file.bin"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("public, max-age=604800", "nosniff")
    assert api.get(f"/data/attachment-files/{pk}/file/x", HTTP_RANGE="bytes=2-3").status_code == 206


def test_who_opens_the_task_reads_its_files(api, cast, work, django_assert_num_queries):
    pk = add(api, work, sent("a.txt", b"a")).json()[0]["id"]
    statuses = {
        role: api.by(cast.of(role)).get(f"/data/attachment-files/{pk}/file/a").status_code
        for role in ("user", "client", "vendor", "outsider")
    }
    assert statuses == {"user": 200, "client": 403, "vendor": 403, "outsider": 403}
    Comment.objects.filter(pk=work.comment.pk).update(for_client=True)
    assert api.by(cast.client).get(f"/data/attachment-files/{pk}/file/a").status_code == 200
    row = api.by(cast.user).get(f"/data/attachment-files/{pk}").json()
    assert (row["comment"]["id"], row["comment"]["type"], row["comment"]["checklist"]) == (str(work.comment.pk), "Comment", [])
    assert (row["chat_message"], row["comment"]["for_client"]) == (None, True)
    assert api.by(cast.user).get("/data/attachment-files").status_code == 403
    with django_assert_num_queries(2):
        assert len(api.get("/data/attachment-files").json()) == 1
    assert len(api.get(f"/data/tasks/{work.task.pk}/attachment-files").json()) == 1
    assert len(api.get(f"/data/projects/{work.project.pk}/attachment-files").json()) == 1
    assert api.get(f"/pictures/thumbnails/attachment-files/{pk}.png").status_code == 404


def test_a_file_attached_to_nothing_is_nobodys(api):
    row = AttachmentFile.objects.create(name="lost.txt")
    assert api.get(f"/data/attachment-files/{row.pk}").status_code == 403
    assert api.get(f"/data/attachment-files/{row.pk}/file/x").status_code == 403


def test_a_missing_or_cut_file_is_not_found(api, work):
    pk = add(api, work, sent("a.txt", b"abc")).json()[0]["id"]
    AttachmentFile.objects.filter(pk=pk).update(size=2)
    assert api.get(f"/data/attachment-files/{pk}/file/a").status_code == 404


def test_attachments_are_deleted_by_their_comment(api, cast, work):
    pk = add(api, work, sent("a.txt", b"abc")).json()[0]["id"]
    other = make_work(cast.project, cast.user)
    path = "/data/tasks/{}/comments/{}/attachments/{}"
    assert api.delete(path.format(other.task.pk, work.comment.pk, pk)).status_code == 403
    assert api.delete(path.format(other.task.pk, other.comment.pk, pk)).status_code == 403
    assert api.delete(path.format(other.task.pk, other.comment.pk, other.shot.pk)).status_code == 404
    assert api.by(cast.supervisor).delete(path.format(work.task.pk, work.comment.pk, pk)).status_code == 403
    assert api.by(cast.user).delete(path.format(work.task.pk, work.comment.pk, pk)).status_code == 204
    assert api.get(f"/data/attachment-files/{pk}").status_code == 404


def test_files_that_come_with_a_comment_or_reply_are_stored(cast, work):
    reply_id = "aaaaaaaa-0000-4000-8000-000000000000"
    upload = sent("a.png", png(), "image/png")
    answers = files_attached.send(Comment, comment=work.comment, reply_id=reply_id, uploads=[upload], by=cast.user)
    attachment = AttachmentFile.objects.get()
    assert (attachment.comment_id, str(attachment.reply_id), attachment.mimetype) == (work.comment.pk, reply_id, "image/png")
    assert [rows for _, rows in answers if rows] == [[attachment]]
    assert storage.local_file(FILES, "attachments", attachment.pk).read_bytes() == png()
    reply_leaving.send(Comment, comment=work.comment, reply_id=reply_id, by=cast.user)
    assert not AttachmentFile.objects.exists()


def test_a_comment_takes_its_files_along(cast, work, settings, django_capture_on_commit_callbacks):
    settings.REMOVE_FILES = True
    files_attached.send(Comment, comment=work.comment, reply_id=None, uploads=[sent("a.txt", b"a")], by=cast.user)
    pk = AttachmentFile.objects.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        row_leaving.send(Comment, instance=work.comment, by=cast.user)
    assert storage.local_file(FILES, "attachments", pk) is None


def test_a_failing_storage_leaves_no_attachment(cast, work, monkeypatch):
    calls = []

    def failing(bucket, prefix, pk, content):
        calls.append(pk)
        if len(calls) == 2:
            raise OSError("no space left")
        real(bucket, prefix, pk, content)

    real = storage.put
    monkeypatch.setattr(storage, "put", failing)
    with pytest.raises(OSError, match="no space"):
        files_attached.send(Comment, comment=work.comment, reply_id=None, uploads=[sent("a", b"a"), sent("b", b"b")], by=cast.user)
    assert AttachmentFile.objects.count() == 0
    assert storage.local_file(FILES, "attachments", calls[0]) is None
