"""Movies built of playlists: joined or encoded anew, by jobs or at once, failing, killed, tried again."""

import io
import json
import os
import socket
import subprocess
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from core.admin.jobs import retry_failed
from core.jobs import recover_lost_jobs, worker_name
from core.models import now
from core.signals import worker_looks_around
from events.models import ApiEvent
from files import storage
from files.models import PreviewFile
from files.rules.movies import ffmpeg
from files.rules.purging import purge
from files.storage import MOVIES
from playlists import jobs
from playlists.models import BuildJob, Playlist
from playlists.rules import building
from tests.files.studio import make_movie, make_work, publish
from tests.playlists.ground import MISSING, Review, ready_movie

TONE = ("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=0.4", "-c:a", "aac")


@pytest.fixture
def reel(cast, movie):
    """A playlist of two movies of the same kind with a picture between them."""
    cast.project.resolution, cast.project.fps = "320x180", "25"
    cast.project.save()
    works = [make_work(cast.project, cast.user) for _ in range(3)]
    first, last = (ready_movie(work, movie, cast.user) for work in (works[0], works[2]))
    return Review.of(cast, works, [first, publish(works[1], cast.user), last])


def build(api, reel, query=""):
    return api.get(f"{reel.path}/build/mp4{query}")


def probed(content: bytes, folder) -> dict[str, dict]:
    """What ffprobe says of the streams of a movie, by kind."""
    path = folder / "answer.mp4"
    path.write_bytes(content)
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    streams = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"]
    return {stream["codec_type"]: stream for stream in streams}


def fetched(api, reel, job) -> bytes:
    answer = api.get(f"{reel.path}/jobs/{job['id']}/build/mp4")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_movies_that_are_alike_are_joined_as_they_are(api, cast, reel, quick, tmp_path):
    answer = build(api.by(cast.manager), reel)
    job = answer.json()
    assert (answer.status_code, job["status"], job["job_type"], job["message"]) == (200, "succeeded", "movie", None)
    assert set(job) == {"id", "created_at", "updated_at", "type", "status", "job_type", "ended_at", "message", "playlist_id"}
    assert job["ended_at"] is not None
    streams = probed(fetched(api, reel, job), tmp_path)
    assert (streams["video"]["codec_name"], streams["video"]["width"], streams["video"]["nb_read_frames"]) == ("h264", 64, "26")
    assert streams["audio"]["codec_name"] == "aac"
    new = ApiEvent.objects.get(name="build-job:new")
    assert new.data == {
        "build_job_id": job["id"],
        "playlist_id": str(reel.playlist.pk),
        "created_at": job["created_at"],
        "project_id": str(cast.project.pk),
    }
    assert ApiEvent.objects.get(name="build-job:update").data["status"] == "succeeded"
    shown = api.get(f"/data/projects/{cast.project.pk}/playlists/{reel.playlist.pk}").json()["build_jobs"]
    assert shown == [{"id": job["id"], "status": "succeeded", "created_at": job["created_at"], "message": None}]


def test_a_full_build_has_the_size_and_rate_of_the_production(api, reel, quick, tmp_path):
    job = build(api, reel, "?full=true").json()
    streams = probed(fetched(api, reel, job), tmp_path)
    video = streams["video"]
    assert (video["width"], video["height"], video["r_frame_rate"], video["nb_read_frames"]) == (320, 180, "25/1", "26")
    assert (streams["audio"]["sample_rate"], streams["audio"]["channels"]) == ("48000", 2)
    assert job["message"] is None


def test_movies_of_different_kinds_are_encoded_anew(api, cast, reel, quick, tmp_path):
    silent = make_movie(tmp_path / "silent.mp4", size="80x60", rate=30, seconds=0.4)
    loud = make_movie(tmp_path / "loud.mov", *TONE, size="50x90", rate=24, seconds=0.4)
    works = [make_work(cast.project, cast.user) for _ in range(2)]
    previews = [ready_movie(work, content, cast.user) for work, content in zip(works, (silent, loud), strict=True)]
    mixed = Review.of(cast, [reel.works[0], *works], [reel.previews[0], *previews], name="Mixed")
    job = build(api, mixed).json()
    assert (job["status"], job["message"]) == ("succeeded", building.FALLBACK)
    streams = probed(fetched(api, mixed, job), tmp_path)
    assert (streams["video"]["width"], streams["video"]["height"]) == (320, 180)
    assert int(streams["video"]["nb_read_frames"]) == 13 + 10 + 10
    assert float(streams["audio"]["duration"]) == pytest.approx(33 / 25, abs=0.1)


def test_without_a_resolution_the_first_movie_gives_the_size(api, cast, reel, quick, tmp_path):
    cast.project.resolution = None
    cast.project.save()
    job = build(api, reel, "?full=true").json()
    video = probed(fetched(api, reel, job), tmp_path)["video"]
    assert (video["width"], video["height"]) == (64, 36)


def test_movies_that_are_not_ready_are_left_out_and_told_of(api, reel, quick):
    PreviewFile.objects.filter(pk=reel.previews[0].pk).update(status="processing")
    assert build(api, reel).json()["message"] == "1 of 2 movies are not ready and were left out."
    PreviewFile.objects.update(status="broken")
    answer = build(api, reel)
    assert (answer.status_code, answer.json()["message"]) == (400, "None of the movies in this playlist is ready.")


def test_a_playlist_without_movies_has_a_failed_build(api, review, quick):
    answer = build(api, review)
    assert (answer.status_code, answer.json()["message"]) == (400, building.NO_MOVIE)
    job = BuildJob.objects.get()
    assert (job.status, job.message, job.ended_at is None) == ("failed", building.NO_MOVIE, False)
    assert ApiEvent.objects.get(name="build-job:update").data["message"] == building.NO_MOVIE
    assert api.get(f"{review.path}/jobs/{job.pk}/build/mp4").json()["message"] == "Build is not finished"


def test_a_broken_movie_fails_with_its_name_and_without_our_folders(api, reel, quick):
    storage.put(MOVIES, "previews", reel.previews[1].pk, io.BytesIO(b""))
    storage.put(MOVIES, "previews", reel.previews[2].pk, io.BytesIO(b"no movie" * 400))
    answer = build(api, reel)
    said = answer.json()["message"]
    assert answer.status_code == 400
    assert "_v1.mp4 can't be encoded" in said
    assert "/" not in said
    assert BuildJob.objects.get().status == "failed"
    assert not storage.is_stored(MOVIES, "playlists", BuildJob.objects.get().pk)


def test_what_can_not_be_stored_fails_with_a_reason(api, reel, quick, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "put_path", full)
    assert build(api, reel).json()["message"].endswith("No space left on device")


def test_a_build_that_takes_too_long_fails(api, reel, quick):
    quick.JOB_QUEUE_TIMEOUT = 0
    assert build(api, reel, "?full=true").json()["message"] == building.TOO_LONG


def test_a_movie_is_built_by_a_worker_and_one_at_a_time(api, cast, reel, queue, mailoutbox):
    queue.MAIL_ENABLED = True
    queue.ENABLE_JOB_QUEUE = True
    job = build(api.by(cast.manager), reel).json()
    assert (job["status"], job["ended_at"]) == ("running", None)
    again = build(api, reel)
    assert (again.status_code, again.json()) == (
        409,
        {"error": True, "message": "A build is already in progress for this playlist"},
    )
    assert api.get(f"{reel.path}/jobs/{job['id']}/build/mp4").status_code == 400
    jobs.build_movie.call(*DBTaskResult.objects.get().args_kwargs["args"])
    assert api.get(f"{reel.path}/jobs/{job['id']}").json()["status"] == "succeeded"
    notice = DBTaskResult.objects.get(task_path="playlists.jobs.tell_requester")
    assert jobs.tell_requester.call(*notice.args_kwargs["args"]) == "Sent."
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([cast.manager.email], "Kitsu - Kitsu: playlist download")
    assert f"http://localhost:8000/api/data/playlists/{reel.playlist.pk}/jobs/{job['id']}/build/mp4" in mail.body
    assert build(api, reel).status_code == 200


def test_people_see_how_far_a_build_is(api, reel, quick, monkeypatch):
    told = []
    monkeypatch.setattr(building, "emit", lambda name, payload, stored=True, **more: told.append((payload["message"], stored)))
    build(api, reel, "?full=true")
    assert told == [("Movie 1 of 2", False), ("Movie 2 of 2", False), (None, True)]


def test_a_second_worker_with_the_same_build_does_no_harm(api, reel, queue):
    job = build(api, reel).json()
    assert building.build(job["id"])
    assert not building.build(job["id"])
    assert ApiEvent.objects.filter(name="build-job:update").count() == 1


def test_a_build_that_is_deleted_stops_and_leaves_nothing(api, reel, queue, monkeypatch):
    job = build(api, reel, "?full=true").json()
    encode = building.joining.encode_part

    def deleting(*args, **options):
        BuildJob.objects.all().delete()
        return encode(*args, **options)

    monkeypatch.setattr(building.joining, "encode_part", deleting)
    assert not building.build(job["id"])
    assert not storage.is_stored(MOVIES, "playlists", job["id"])


def test_a_movie_of_a_build_that_was_deleted_at_the_last_moment_is_removed(api, reel, queue, monkeypatch):
    job = build(api, reel).json()
    put = storage.put_path

    def late(*args):
        put(*args)
        BuildJob.objects.all().delete()

    monkeypatch.setattr(storage, "put_path", late)
    assert not building.build(job["id"])
    assert not storage.is_stored(MOVIES, "playlists", job["id"])


def test_a_build_whose_worker_was_killed_is_taken_up_again(api, reel, queue):
    job = build(api, reel).json()
    DBTaskResult.objects.all().delete()
    said = StringIO()
    call_command("resume_builds", stdout=said)
    BuildJob.objects.update(updated_at=now() - timedelta(hours=2))
    call_command("resume_builds", stdout=said)
    call_command("resume_builds", stdout=said)
    assert said.getvalue().splitlines() == [
        "0 taken up, 0 marked as failed.",
        "1 taken up, 0 marked as failed.",
        "0 taken up, 0 marked as failed.",
    ]
    jobs.build_movie.call(*DBTaskResult.objects.get().args_kwargs["args"])
    assert BuildJob.objects.get(pk=job["id"]).status == "succeeded"


def test_what_nobody_takes_up_fails_and_blocks_nothing(api, reel, queue):
    job = build(api, reel).json()
    long_ago = {"updated_at": now() - timedelta(hours=2), "created_at": now() - timedelta(days=2)}
    BuildJob.objects.update(**long_ago)
    assert build(api, reel).status_code == 409, "a job for it still waits"
    DBTaskResult.objects.all().delete()
    assert build(api, reel).status_code == 200
    assert BuildJob.objects.get(pk=job["id"]).message == "The worker that built it is gone."
    DBTaskResult.objects.all().delete()
    BuildJob.objects.filter(status="running").update(**long_ago)
    said = StringIO()
    call_command("resume_builds", stdout=said)
    assert said.getvalue().strip() == "0 taken up, 1 marked as failed."


def test_a_build_that_took_several_workers_along_fails_and_can_be_tried_again(api, reel, queue):
    job = build(api, reel).json()
    ended = [f"{socket.gethostname()[:20]}/{number}/x" for number in (999999997, 999999998, 999999999)]
    DBTaskResult.objects.update(status="RUNNING", worker_ids=ended, started_at=now())
    recover_lost_jobs(worker_name())
    row = BuildJob.objects.get(pk=job["id"])
    assert (row.status, row.message) == ("failed", "Several workers ended while they built the movie.")
    assert retry_failed(DBTaskResult.objects.all()) == 1
    assert BuildJob.objects.get(pk=job["id"]).status == "running"
    assert building.build(job["id"])


def test_workers_take_up_what_was_cut_off(api, reel, queue):
    job = build(api, reel).json()
    DBTaskResult.objects.all().delete()
    BuildJob.objects.update(updated_at=now() - timedelta(hours=2))
    worker_looks_around.send(None)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [job["id"]]


def test_a_worker_killed_in_the_middle_leaves_a_running_build_that_the_next_finishes(api, reel, queue, monkeypatch):
    """The process dies after the movie is stored and before the row says so."""
    job = build(api, reel).json()
    put = storage.put_path

    class Killed(BaseException):
        pass

    def dying(*args):
        put(*args)
        raise Killed

    monkeypatch.setattr(storage, "put_path", dying)
    with pytest.raises(Killed):
        building.build(job["id"])
    assert BuildJob.objects.get().status == "running"
    monkeypatch.setattr(storage, "put_path", put)
    assert building.build(job["id"])


def test_builds_are_read_and_deleted(api, cast, reel, quick):
    job = build(api, reel).json()
    path = f"{reel.path}/jobs/{job['id']}"
    assert api.get(path).json() == job
    assert api.get(f"/data/projects/{cast.project.pk}/build-jobs").json() == [job]
    assert api.by(cast.manager).get(f"/data/projects/{cast.project.pk}/build-jobs").status_code == 403
    assert api.get(f"/data/projects/{MISSING}/build-jobs").status_code == 404
    other = Playlist.objects.create(name="Other", project=cast.project)
    assert api.get(f"/data/playlists/{other.pk}/jobs/{job['id']}").status_code == 404
    part = api.get(f"{path}/build/mp4", HTTP_RANGE="bytes=4-7")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"ftyp")
    moment = job["created_at"].replace("-", "").replace("T", "_").replace(":", "")
    assert part["Content-Disposition"] == f'attachment; filename="{moment}_the_lantern_dailies.mp4"'
    assert part["Cache-Control"] == "no-cache"
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert ApiEvent.objects.get(name="build-job:delete").data["build_job_id"] == job["id"]


def test_who_builds_and_who_fetches(api, cast, reel, quick):
    job = BuildJob.objects.create(playlist=reel.playlist, status="failed")

    def statuses(path, method="get"):
        roles = ("manager", "supervisor", "user", "client", "vendor", "outsider")
        return {role: api.by(cast.of(role)).request(method, f"{reel.path}{path}").status_code for role in roles}

    nobody = {"user": 403, "vendor": 403, "outsider": 403}
    assert statuses("/build/mp4") == {"manager": 200, "supervisor": 403, "client": 403, **nobody}
    assert statuses(f"/jobs/{job.pk}") == {"manager": 200, "supervisor": 403, "client": 403, **nobody}
    assert statuses(f"/jobs/{job.pk}/build/mp4") == {"manager": 400, "supervisor": 400, "client": 403, **nobody}
    reel.playlist.for_client = True
    reel.playlist.save()
    assert statuses(f"/jobs/{job.pk}")["client"] == 200
    assert statuses(f"/jobs/{job.pk}/build/mp4")["client"] == 400
    assert api.by(cast.user).delete(f"{reel.path}/jobs/{job.pk}").status_code == 403
    assert api.by(cast.client).delete(f"{reel.path}/jobs/{job.pk}").status_code == 204
    assert api.by(None).get(f"{reel.path}/build/mp4").status_code == 401


@pytest.mark.parametrize("whole", [False, True])
def test_deleting_takes_the_movie_along(api, reel, quick, whole, django_capture_on_commit_callbacks):
    job = build(api, reel).json()
    assert storage.is_stored(MOVIES, "playlists", job["id"])
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(reel.path if whole else f"{reel.path}/jobs/{job['id']}").status_code == 204
    assert not storage.is_stored(MOVIES, "playlists", job["id"])


def test_the_clean_up_knows_whose_a_movie_is(api, reel, quick):
    job = build(api, reel).json()
    storage.put(MOVIES, "playlists", MISSING, io.BytesIO(b"orphan"))
    for pk in (job["id"], MISSING):
        past = time.time() - 10 * 3600
        os.utime(storage.local_file(MOVIES, "playlists", pk), (past, past))
    assert [name for name, _ in purge(older_than=timedelta(hours=5))] == [f"movies/playlists-{MISSING}"]
    assert not storage.is_stored(MOVIES, "playlists", MISSING)
    assert storage.is_stored(MOVIES, "playlists", job["id"])


def test_a_path_with_quotes_is_joined(tmp_path, movie, quick):
    odd = tmp_path / "it's a 'reel'"
    odd.mkdir()
    path = odd / "a.mp4"
    path.write_bytes(movie)
    building.joining.join([path, path], odd / "out.mp4", seconds=30)
    assert subprocess.run([ffmpeg(), "-i", str(odd / "out.mp4"), "-f", "null", "-"], capture_output=True).returncode == 0
