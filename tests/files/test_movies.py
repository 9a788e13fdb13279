"""Movies: encoding, failing, taking up what was cut off."""

from datetime import timedelta
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from PIL import Image

from core.models import now
from events.models import ApiEvent
from files import jobs, storage
from files.models import PreviewFile
from files.rules.movies import Movie, frame_rate, high_definition, low_definition, probe
from files.rules.previews import add_preview
from files.storage import MOVIES, PICTURES
from tests.files.studio import make_movie, sent


@pytest.fixture
def preview(cast, work):
    """A preview that waits for its movie, in a small production."""
    work.project.resolution, work.project.fps = "320x180", "25"
    work.project.save()
    return add_preview(work.task, work.comment, by=cast.user)


def upload(api, preview, content, name="shot.mp4", query=""):
    return api.upload(f"/pictures/preview-files/{preview.pk}{query}", file=sent(name, content))


def test_a_silent_movie_ends_ready_with_sound_and_pictures(api, preview, quick, silent_movie):
    answer = upload(api, preview, silent_movie)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["extension"], row["width"], row["height"], row["original_name"]) == (
        "ready",
        "mp4",
        320,
        180,
        "shot",
    )
    assert row["duration"] == pytest.approx(0.5, abs=0.05)
    assert row["data"]["movie_prefixes"] == ["previews", "lowdef"]
    assert (row["data"]["original_width"], row["data"]["original_height"]) == (64, 36)
    assert row["data"]["original_file_size"] == len(silent_movie)
    movie = probe(storage.local_file(MOVIES, "previews", preview.pk))
    assert (movie.width, movie.height, movie.fps, movie.has_audio) == (320, 180, Fraction(25), True)
    assert probe(storage.local_file(MOVIES, "lowdef", preview.pk)).width == 1280
    assert Image.open(storage.local_file(PICTURES, "original", preview.pk)).size == (320, 180)
    tile = Image.open(storage.local_file(PICTURES, "tiles", preview.pk))
    assert tile.size == (178 * 8, 200)
    assert storage.local_file(MOVIES, "source", preview.pk) is None


def test_a_movie_with_sound_keeps_it(api, preview, quick, tmp_path):
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=22050:duration=0.3", "-c:a", "aac"]
    row = upload(api, preview, make_movie(tmp_path / "tone.mov", *tone), "take.MOV").json()
    assert row["status"] == "ready"
    assert probe(storage.local_file(MOVIES, "previews", preview.pk)).has_audio


def test_without_normalisation_the_upload_is_the_movie(api, preview, quick, silent_movie):
    row = upload(api, preview, silent_movie, query="?normalize=false").json()
    assert (row["status"], row["width"], row["data"]["movie_prefixes"]) == ("ready", 64, ["previews"])
    assert storage.local_file(MOVIES, "previews", preview.pk).read_bytes() == silent_movie


def test_a_studio_may_keep_sources(api, preview, quick, silent_movie):
    quick.PREVIEW_SAVE_SOURCE_FILE = True
    row = upload(api, preview, silent_movie).json()
    assert row["data"]["movie_prefixes"] == ["source", "previews", "lowdef"]
    assert api.get(f"/movies/source/preview-files/{preview.pk}.mp4").status_code == 200


@pytest.mark.parametrize("content", [b"no movie at all", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", b"\x00" * 5000])
def test_what_is_no_movie_ends_broken(api, preview, quick, content):
    answer = upload(api, preview, content)
    assert (answer.status_code, answer.json()["status"]) == (201, "broken")
    assert ApiEvent.objects.get(name="preview-file:add-file").data["status"] == "broken"
    assert upload(api, preview, content).status_code == 400


def test_an_empty_movie_takes_the_record_away(api, preview):
    answer = upload(api, preview, b"")
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Uploaded movie could not be written to temporary storage or is empty")
    assert not PreviewFile.objects.exists()


def test_a_movie_is_encoded_later_by_a_worker(api, preview, queue, silent_movie):
    row = upload(api, preview, silent_movie).json()
    assert (row["status"], row["data"], row["width"]) == ("processing", None, 0)
    job = DBTaskResult.objects.get()
    assert api.get(f"/movies/source/preview-files/{preview.pk}.mp4").status_code == 404
    ApiEvent.objects.all().delete()
    jobs.process_movie.call(*job.args_kwargs["args"])
    preview.refresh_from_db()
    assert (preview.status, preview.width) == ("ready", 320)
    assert ApiEvent.objects.get(name="preview-file:update").data["status"] == "ready"
    jobs.process_movie.call(*job.args_kwargs["args"])
    assert ApiEvent.objects.filter(name="preview-file:update").count() == 1


def test_what_takes_too_long_ends_broken(api, preview, quick, silent_movie):
    quick.JOB_QUEUE_TIMEOUT = 0.001
    assert upload(api, preview, silent_movie).json()["status"] == "broken"


def stuck(preview, **values):
    """A preview whose worker was killed two hours ago."""
    values = {"original_name": "shot", "status": "processing", "updated_at": now() - timedelta(hours=2), **values}
    PreviewFile.objects.filter(pk=preview.pk).update(**values)


def resume(*options):
    said = StringIO()
    call_command("resume_previews", "--minutes", "60", *options, stdout=said)
    return said.getvalue().strip()


def test_a_killed_encoding_is_taken_up_again(preview, queue, silent_movie, tmp_path):
    path = tmp_path / "source.mp4"
    path.write_bytes(silent_movie)
    storage.put_path(MOVIES, "source", preview.pk, path)
    stuck(preview)
    assert resume() == "1 taken up, 0 marked as broken."
    assert resume() == "0 taken up, 0 marked as broken."
    jobs.process_movie.call(*DBTaskResult.objects.get().args_kwargs["args"])
    preview.refresh_from_db()
    assert preview.status == "ready"


def test_what_can_not_be_taken_up_is_broken(preview):
    stuck(preview)
    assert resume() == "0 taken up, 1 marked as broken."
    preview.refresh_from_db()
    assert preview.status == "broken"


def test_waiting_records_and_running_work_are_left_alone(preview):
    assert resume() == "0 taken up, 0 marked as broken."
    stuck(preview, updated_at=now())
    assert resume() == "0 taken up, 0 marked as broken."


def test_a_frame_of_a_movie_may_stand_for_the_entity(api, work, preview, quick, silent_movie):
    upload(api, preview, silent_movie)
    before = storage.local_file(PICTURES, "original", preview.pk).read_bytes()
    answer = api.put(f"/actions/preview-files/{preview.pk}/set-main-preview?no_job=true", {"frame_number": 9})
    assert (answer.status_code, answer.json()["preview_file_id"], answer.json()["preview_file_status"]) == (
        200,
        str(preview.pk),
        "ready",
    )
    assert storage.local_file(PICTURES, "original", preview.pk).read_bytes() != before
    after = storage.local_file(PICTURES, "original", preview.pk).read_bytes()
    assert api.put(f"/actions/preview-files/{preview.pk}/set-main-preview", {"frame_number": 900}).status_code == 200
    assert storage.local_file(PICTURES, "original", preview.pk).read_bytes() == after


@pytest.mark.parametrize(
    ("resolution", "size"),
    [("320x180", (320, 180)), ("x720", (960, 720)), ("1921x1081", (1922, 1082)), (None, (1440, 1080)), ("odd", (1440, 1080))],
)
def test_the_size_follows_the_resolution(resolution, size):
    assert high_definition(Movie(640, 480, 1.0, Fraction(25), True), resolution) == size


def test_the_small_movie_is_always_1280_wide():
    assert low_definition((1440, 1080)) == (1280, 960)
    assert low_definition((2048, 858)) == (1280, 536)


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ("25", Fraction(25)),
        ("23.976", Fraction(2997, 125)),
        ("29,97", Fraction(2997, 100)),
        ("x", 25),
        (None, 25),
        ("0", 25),
        ("nan", 25),
    ],
)
def test_frame_rates(given, rate):
    assert frame_rate(given) == rate
