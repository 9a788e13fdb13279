"""Where files lie, what is cleared away, and what rows take along."""

import os
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from core.signals import previews_attached, revision_reused, row_leaving
from files import storage
from files.models import PreviewFile, WorkingFile
from files.rules.usage import recorded_use, stored_use
from files.storage import FILES, MOVIES, PICTURES
from tasks.models import Comment, Task
from tests.files.studio import make_work, png, publish, sent

PK = UUID("e5e47917-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("bucket", "prefix", "path"),
    [
        (PICTURES, "original", f"pictures/original/e5e/479/{PK}"),
        (PICTURES, "thumbnails-square", f"pictures/thumbnails/squ/are/square-{PK}"),
        (PICTURES, "preview-backgrounds", f"pictures/preview/bac/kgr/backgrounds-{PK}"),
        (MOVIES, "lowdef", f"movies/lowdef/e5e/479/{PK}"),
        (FILES, "attachments", f"files/attachments/e5e/479/{PK}"),
    ],
)
def test_keys_become_folders(settings, bucket, prefix, path):
    assert storage.storage_of(bucket).path(storage.key(prefix, PK)) == str(settings.PREVIEW_FOLDER / path)


def test_a_failing_write_leaves_what_was_there():
    class Torn:
        def chunks(self, size=0):
            yield b"new"
            raise OSError("torn")

    storage.put(FILES, "working", PK, BytesIO(b"old"))
    with pytest.raises(OSError, match="torn"):
        storage.storage_of(FILES).save(storage.key("working", PK), Torn())
    path = storage.local_file(FILES, "working", PK)
    assert path.read_bytes() == b"old"
    assert [name for name in os.listdir(path.parent) if name.startswith(".partial")] == []
    storage.remove(FILES, "working", PK)
    assert storage.local_file(FILES, "working", PK) is None


def purge(*options):
    said = StringIO()
    call_command("clear_orphaned_files", *options, stdout=said)
    return said.getvalue()


def age(path: Path, hours: int) -> None:
    moment = path.stat().st_mtime - timedelta(hours=hours).total_seconds()
    os.utime(path, (moment, moment))


def test_files_without_a_row_are_purged(cast, work):
    preview, lost = publish(work, cast.user), uuid4()
    for prefix in ("original", "thumbnails-square"):
        storage.put(PICTURES, prefix, lost, BytesIO(b"x"))
        age(storage.local_file(PICTURES, prefix, lost), 30)
        age(storage.local_file(PICTURES, prefix, preview.pk), 30)
    storage.put(PICTURES, "previews", lost, BytesIO(b"fresh"))
    assert f"pictures/original-{lost}" in purge("--dry-run")
    assert storage.local_file(PICTURES, "original", lost)
    said = purge()
    assert f"pictures/thumbnails-square-{lost}" in said and str(preview.pk) not in said
    assert storage.local_file(PICTURES, "original", lost) is None
    assert storage.local_file(PICTURES, "previews", lost)
    assert storage.local_file(PICTURES, "original", preview.pk)


def test_a_check_fails_while_there_are_orphans(cast, work):
    publish(work, cast.user)
    purge()
    assert purge("--check").endswith("0 files would be removed, 0\xa0bytes.\n")
    lost = uuid4()
    storage.put(FILES, "attachments", lost, BytesIO(b"x"))
    age(storage.local_file(FILES, "attachments", lost), 30)
    with pytest.raises(SystemExit) as ended:
        purge("--check")
    assert ended.value.code == 1 and storage.local_file(FILES, "attachments", lost)
    with pytest.raises(CommandError):
        purge("--hours", "0")


def test_pictures_that_nobody_shows_any_more_are_purged(api, cast):
    people = (cast.user, cast.vendor)
    for person in people:
        api.upload(f"/pictures/thumbnails/persons/{person.pk}", file=sent("me.png", png()))
        age(storage.local_file(PICTURES, "thumbnails", person.pk), 30)
    api.by(cast.user).delete("/actions/user/clear-avatar")
    purge()
    assert [storage.is_stored(PICTURES, "thumbnails", person.pk) for person in people] == [False, True]


def test_sources_of_finished_movies_are_purged(cast, work):
    done, kept, waiting = (publish(work, cast.user) for _ in range(3))
    PreviewFile.objects.filter(pk=done.pk).update(data={"movie_prefixes": ["previews", "lowdef"]})
    PreviewFile.objects.filter(pk=kept.pk).update(data={"movie_prefixes": ["source", "previews"]})
    PreviewFile.objects.filter(pk=waiting.pk).update(status="broken")
    for preview in (done, kept, waiting):
        storage.put(MOVIES, "source", preview.pk, BytesIO(b"x"))
        age(storage.local_file(MOVIES, "source", preview.pk), 30)
    purge()
    assert [storage.is_stored(MOVIES, "source", preview.pk) for preview in (done, kept, waiting)] == [False, True, True]


def test_what_a_kill_left_half_written_goes(db, settings):
    folder, fresh = Path(settings.TMP_DIR) / "work-killed", Path(settings.TMP_DIR) / "work-now"
    partial = Path(storage.storage_of(FILES).path("previews-ab12")).parent / ".partial-x"
    for made in (folder, fresh, partial.parent):
        made.mkdir(parents=True, exist_ok=True)
    partial.write_bytes(b"half")
    for old in (folder, partial):
        os.utime(old, (1e9, 1e9))
    said = purge("--hours", "2")
    assert "work-killed" in said and ".partial-x" in said and "work-now" not in said
    assert (folder.exists(), partial.exists(), fresh.exists()) == (False, False, True)
    fresh.rmdir()


def test_the_use_of_storage_is_told_by_production(api, cast, work):
    preview = publish(work, cast.user)
    path = f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/add-attachment"
    api.by(cast.user).upload(path, file=sent("a.txt", b"x" * 1000))
    size = recorded_use([cast.project.pk])[cast.project.pk]
    assert size == preview.file_size + 1000
    stored = stored_use()
    assert stored[cast.project.pk] > size
    said = StringIO()
    call_command("storage_use", stdout=said)
    assert "The Lantern" in said.getvalue() and "in all" in said.getvalue()


def test_forced_deletions_remove_files_at_once(api, cast, work, django_capture_on_commit_callbacks):
    kept, gone = publish(work, cast.user), publish(work, cast.user)
    with django_capture_on_commit_callbacks(execute=True):
        api.delete(f"/data/preview-files/{kept.pk}")
        api.delete(f"/data/preview-files/{gone.pk}?force=true")
    assert storage.local_file(PICTURES, "original", kept.pk)
    assert storage.local_file(PICTURES, "original", gone.pk) is None


def test_files_that_come_with_a_comment_become_previews(cast, work, django_capture_on_commit_callbacks):
    uploads = [sent("a.png", png()), sent("run.exe", b"MZ"), sent("b.png", b"no picture"), sent("c.pdf", b"%PDF")]
    with django_capture_on_commit_callbacks(execute=True):
        previews_attached.send(Comment, comment=work.comment, task=work.task, uploads=uploads, by=cast.user)
    rows = list(PreviewFile.objects.order_by("position").values_list("original_name", "revision", "status"))
    assert rows == [("a", 1, "ready"), ("c", 1, "ready")]


def test_an_automation_copies_the_last_revision(cast, work, django_capture_on_commit_callbacks):
    original = publish(work, cast.user)
    target = make_work(cast.project, cast.user, shot=work.shot)
    with django_capture_on_commit_callbacks(execute=True):
        revision_reused.send(Comment, task=work.task, comment=target.comment, target=target.task, by=cast.user)
    copy = PreviewFile.objects.get(task=target.task)
    assert (copy.status, copy.original_name, copy.width, copy.revision) == ("ready", "frame", original.width, 1)
    bytes_of = [storage.local_file(PICTURES, "original", preview.pk).read_bytes() for preview in (original, copy)]
    assert bytes_of[0] == bytes_of[1]
    target.task.refresh_from_db()
    assert target.task.last_preview_file_id == copy.pk


def test_leaving_rows_take_their_files_along(cast, work):
    publish(work, cast.user)
    WorkingFile.objects.create(name="main", task=work.task, entity=work.shot, revision=1)
    row_leaving.send(Comment, instance=work.comment, by=cast.admin)
    assert not PreviewFile.objects.exists()
    row_leaving.send(Task, instance=work.task, by=cast.admin)
    assert not WorkingFile.objects.exists()
