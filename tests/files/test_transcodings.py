"""The work on movies as uploaders and administrators see it: its progress, its failures, another try."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from core.admin.jobs import retry_failed
from core.jobs import recover_lost_jobs
from core.models import now
from core.signals import worker_looks_around
from events.models import ApiEvent
from files import jobs, storage
from files.models import PreviewFile, Transcoding
from files.rules import progress, transcoding
from files.rules.previews import add_preview
from files.rules.progress import Progress
from files.rules.recovery import TOOK_ALONG, resume
from files.storage import MOVIES
from tests.files.studio import sent

BROKEN = b"no movie"


@pytest.fixture
def preview(cast, work):
    return add_preview(work.task, work.comment, by=cast.user)


def upload(api, preview, content, query=""):
    return api.upload(f"/pictures/preview-files/{preview.pk}{query}", file=sent("shot.mp4", content)).json()


def status_of(preview):
    preview.refresh_from_db()
    return preview.status


def run_jobs():
    """Does what the queue holds, as a worker would."""
    for job in DBTaskResult.objects.ready():
        try:
            jobs.process_movie.call(*job.args_kwargs["args"])
        except OSError as failure:
            job.set_failed(failure)
        else:
            job.set_successful(None)


def fill_the_disk(monkeypatch):
    def fails(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transcoding, "put_variants", fails)


def test_progress_is_stored_and_told_to_the_production(cast, preview, monkeypatch):
    told = []
    monkeypatch.setattr(progress, "TELLING_SECONDS", 0)
    monkeypatch.setattr(progress, "emit", lambda name, payload, **more: told.append((name, payload["progress"], more)))
    progress.begin_transcoding(preview)
    way = Progress(preview)
    for done in (0, 5, 5, 3, 50, 100, 200):
        way.reach_part(10, 40, 100, done)
    assert [share for _, share, _ in told] == [10, 12, 30, 50]
    assert told[0][0] == "preview-file:progress" and told[0][2] == {"project_id": cast.project.pk, "stored": False}
    assert Transcoding.objects.get(preview=preview).progress == 50


def test_progress_is_told_now_and_then(preview, monkeypatch):
    told = []
    monkeypatch.setattr(progress, "emit", lambda *args, **more: told.append(args))
    way = Progress(preview)
    for done in range(100):
        way.reach(done)
    assert told == []


def test_encodings_report_their_frames(api, preview, quick, silent_movie, monkeypatch):
    reached = []
    monkeypatch.setattr(Progress, "reach", lambda self, share: reached.append(share))
    assert upload(api, preview, silent_movie)["status"] == "ready"
    assert reached == sorted(reached) and reached[-1] == 90 and len(reached) >= 3
    done = Transcoding.objects.get(preview=preview)
    assert (done.progress, done.attempts, done.failure) == (100, 1, "")


def test_a_broken_movie_tells_why_by_its_event_too(api, preview, quick):
    upload(api, preview, BROKEN)
    told = ApiEvent.objects.filter(name="preview-file:update").order_by("created_at").first()
    assert (told.data["status"], told.data["failure"]) == ("broken", "There is no picture in the movie.")


def test_what_is_no_fault_of_the_movie_fails_the_job_and_may_be_tried_again(api, office, preview, queue, silent_movie, monkeypatch):
    upload(api, preview, silent_movie)
    with monkeypatch.context() as full:
        fill_the_disk(full)
        run_jobs()
    assert status_of(preview) == "broken"
    assert preview.data["failure"] == "The server could not encode the movie. No space left on device."
    job = DBTaskResult.objects.get()
    assert job.status == "FAILED"
    assert retry_failed(DBTaskResult.objects.all()) == 1
    assert (status_of(preview), preview.data) == ("processing", None)
    run_jobs()
    assert (status_of(preview), Transcoding.objects.get().attempts) == ("ready", 2)
    assert not storage.is_stored(MOVIES, "source", preview.pk)


@pytest.mark.parametrize("page", ["files_previewfile", "files_transcoding"])
def test_broken_movies_are_encoded_again_from_the_back_office(api, office, preview, queue, silent_movie, monkeypatch, page):
    upload(api, preview, silent_movie)
    with monkeypatch.context() as full:
        fill_the_disk(full)
        run_jobs()
    row = preview if page == "files_previewfile" else Transcoding.objects.get()
    action = "encode_again" if page == "files_previewfile" else "retry"

    def act():
        form = {"action": action, "_selected_action": [row.pk]}
        return [str(message) for message in office.post(reverse(f"admin:{page}_changelist"), form, follow=True).context["messages"]]

    assert act() == ["1 movies wait for another encoding."]
    assert act() == ["0 movies wait for another encoding.", "1 are not broken, or their uploaded file is gone."]
    run_jobs()
    assert status_of(preview) == "ready"


def test_the_back_office_shows_encodings(api, office, cast, preview, queue):
    upload(api, preview, BROKEN)
    dashboard = office.get(reverse("admin:index")).content.decode()
    progress.begin_transcoding(preview)
    assert "Movies under way" not in dashboard and "Movies under way" in office.get(reverse("admin:index")).content.decode()
    run_jobs()
    shown = office.get(reverse("admin:files_transcoding_changelist"), {"preview__status__exact": "broken"}).content.decode()
    assert "There is no picture in the movie." in shown and "encoding of shot" not in dashboard
    found = Transcoding.objects.get()
    assert office.get(reverse("admin:files_transcoding_change", args=[found.pk])).status_code == 200
    page = office.get(reverse("admin:files_previewfile_change", args=[preview.pk])).content.decode()
    assert "There is no picture in the movie." in page


def test_the_list_of_encodings_takes_few_statements(office, cast, work, django_assert_max_num_queries):
    for _ in range(4):
        progress.begin_transcoding(add_preview(work.task, work.comment, by=cast.user))
    office.get(reverse("admin:files_transcoding_changelist"))
    with django_assert_max_num_queries(9):
        office.get(reverse("admin:files_transcoding_changelist"))


def test_a_job_that_took_workers_along_leaves_a_broken_preview(api, preview, queue, silent_movie):
    upload(api, preview, silent_movie)
    gone = [f"studio-elsewhere/{number}/x" for number in range(3)]
    DBTaskResult.objects.update(status="RUNNING", worker_ids=gone, started_at=now() - timedelta(days=1))
    assert recover_lost_jobs("here/1/x") == 0
    assert (status_of(preview), preview.data) == ("broken", {"failure": TOOK_ALONG})


def test_workers_take_up_what_waits_without_a_job(api, preview, queue, silent_movie):
    upload(api, preview, silent_movie)
    PreviewFile.objects.update(updated_at=now() - timedelta(hours=2))
    worker_looks_around.send(None)
    assert DBTaskResult.objects.count() == 1, "its job still waits"
    DBTaskResult.objects.all().delete()
    worker_looks_around.send(None)
    run_jobs()
    assert status_of(preview) == "ready"


def test_what_could_not_be_done_within_a_day_is_broken(api, preview, queue, silent_movie):
    upload(api, preview, silent_movie)
    DBTaskResult.objects.all().delete()
    PreviewFile.objects.update(updated_at=now() - timedelta(hours=2), created_at=now() - timedelta(days=2))
    assert resume() == {"resumed": 0, "broken": 1}
    assert (status_of(preview), preview.data["failure"]) == ("broken", "The movie could not be encoded within a day.")


def test_a_preview_takes_its_encoding_along(api, cast, preview, quick):
    upload(api, preview, BROKEN)
    assert api.delete(f"/data/preview-files/{preview.pk}").status_code == 204
    assert not Transcoding.objects.exists()
