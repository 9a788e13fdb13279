"""Files that lie, break off, swell, or want to run: each gets a clear answer, and nobody else notices."""

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from files import decoders, storage
from files.decoders import DecoderFailed, TookTooLong, run_limited
from files.models import AttachmentFile, PreviewFile
from files.rules import movies, pictures
from files.rules.movies import MovieBroken
from files.rules.pictures import is_small
from files.rules.previews import add_preview
from files.rules.uploads import upload_preview
from files.storage import FILES, PICTURES
from tests.files.studio import make_movie, png, publish, sent

UNREADABLE = {"error": True, "message": "Uploaded file is not a readable picture.", "data": None}
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def preview(cast, work):
    return add_preview(work.task, work.comment, by=cast.user)


def upload(api, preview, content, name="frame.png"):
    return api.upload(f"/pictures/preview-files/{preview.pk}", file=sent(name, content))


def original(preview) -> bytes:
    return storage.local_file(PICTURES, "original", preview.pk).read_bytes()


def jpeg(size=(40, 30), **options) -> bytes:
    return png(size, kind="JPEG", **options)


# Pictures


@pytest.mark.parametrize(
    "content", [b"", SCRIPT, PAGE, b"%PDF-1.7\n", b"MZ\x90", b"\x00" * 5000, png()[:20], b"\x89PNG\r\n\x1a\n" * 9, b"\xff\xd8\xff"]
)
@pytest.mark.parametrize("name", ["frame.png", "frame.JPG"])
def test_what_is_no_picture_is_refused_and_may_be_sent_again(api, preview, content, name):
    answer = upload(api, preview, content, name)
    assert (answer.status_code, answer.json()) == (400, UNREADABLE)
    preview.refresh_from_db()
    assert (preview.status, preview.original_name) == ("processing", None)
    assert upload(api, preview, png()).status_code == 201


def test_pictures_of_too_many_pixels_are_refused(api, preview, settings):
    settings.MAX_IMAGE_PIXELS = 1000
    assert upload(api, preview, png((40, 30))).json() == UNREADABLE
    assert upload(api, preview, png((3000, 3000), mode="L", colour=0)).json() == UNREADABLE


def test_a_picture_that_swells_ends_its_own_decoder_alone(api, preview, settings):
    settings.DECODER_MAX_MEMORY = 256 * 1024**2
    bomb = png((12000, 12000), mode="1", colour=0)
    assert len(bomb) < 100_000
    assert upload(api, preview, bomb).json() == UNREADABLE
    assert upload(api, preview, png((2100, 2000))).status_code == 201


def test_a_picture_that_takes_too_long_is_refused(api, preview, monkeypatch):
    monkeypatch.setattr(pictures, "LONGEST_SECONDS", 0.001)
    assert upload(api, preview, png((40, 30), kind="TIFF")).json() == UNREADABLE
    assert upload(api, preview, png()).status_code == 201, "small pictures wait for nobody"


@pytest.mark.parametrize(
    ("content", "small"),
    [
        (png(), True),
        (jpeg(), True),
        (jpeg(progressive=True), False),
        (png((2100, 2000), mode="1", colour=0), False),
        (png(kind="TIFF"), False),
        (png(kind="GIF", mode="L", colour=5), False),
        (b"\xff\xd8\xff nonsense", False),
        (b"", False),
    ],
)
def test_only_small_and_plain_pictures_are_read_within_the_server(tmp_path, content, small):
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert is_small(path) is small


@pytest.mark.parametrize(
    "content", [png(kind="TIFF"), png(kind="WEBP"), png(kind="BMP"), png(kind="GIF", mode="L", colour=9), jpeg(progressive=True)]
)
def test_pictures_under_a_wrong_name_are_what_they_are(api, preview, content):
    row = upload(api, preview, content, "frame.png").json()
    assert (row["status"], row["width"], row["height"]) == ("ready", 40, 30)
    assert original(preview).startswith(b"\x89PNG")


def test_a_picture_that_breaks_off_shows_what_it_has(api, preview):
    content = jpeg((400, 300))
    row = upload(api, preview, content[: len(content) // 2], "half.jpg").json()
    assert (row["status"], row["width"]) == ("ready", 400)


def test_what_hides_behind_a_picture_is_left_behind(api, preview):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("run.html", PAGE)
    assert upload(api, preview, png() + PAGE + archive.getvalue()).status_code == 201
    assert b"script" not in original(preview) and not zipfile.is_zipfile(io.BytesIO(original(preview)))


def test_pictures_stand_upright(api, cast, preview):
    picture = Image.new("RGB", (60, 20), (255, 0, 0))
    held = picture.getexif()
    held[0x0112] = 6
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=held)
    row = upload(api, preview, file.getvalue(), "phone.jpg").json()
    assert (row["width"], row["height"]) == (20, 60)
    api.upload(f"/pictures/thumbnails/persons/{cast.user.pk}", file=sent("me.jpg", file.getvalue()))
    shown = Image.open(storage.local_file(PICTURES, "thumbnails", cast.user.pk))
    assert (shown.getpixel((5, 200))[3], shown.getpixel((200, 5))[3]) == (0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_kind_of_pixels_becomes_a_picture(api, preview, mode):
    kind = "PNG" if mode in ("1", "L", "LA", "P", "RGBA", "I;16") else "JPEG"
    picture = Image.new(mode, (40, 30)) if mode == "I;16" else Image.new("RGB", (40, 30), (200, 30, 30)).convert(mode)
    file = io.BytesIO()
    picture.save(file, kind)
    assert upload(api, preview, file.getvalue()).json()["status"] == "ready"
    assert Image.open(io.BytesIO(original(preview))).mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")


# Movies


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00" * 5000, "There is no picture in the movie."),
        (PAGE, "There is no picture in the movie."),
        (png(), "There is no picture in the movie."),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "There is no picture in the movie."),
        (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x\n", "There is no picture in the movie."),
    ],
)
def test_what_is_no_movie_says_why_it_is_broken(api, cast, preview, quick, content, reason):
    row = upload(api, preview, content, "shot.mp4").json()
    assert (row["status"], row["data"]) == ("broken", {"failure": reason})
    assert api.by(cast.user).get(f"/data/preview-files/{preview.pk}").json()["data"]["failure"] == reason
    preview.refresh_from_db()
    assert (preview.transcoding.failure, preview.transcoding.attempts) == (reason, 1)


def test_sound_alone_is_no_movie(api, preview, quick, tmp_path):
    path = tmp_path / "sound.mp4"
    movies.run("-f", "lavfi", "-i", "sine=duration=0.2", "-c:a", "aac", str(path))
    assert upload(api, preview, path.read_bytes(), "sound.mp4").json()["data"] == {"failure": "There is no picture in the movie."}


def test_a_movie_that_breaks_off_ends_somehow(api, preview, quick, silent_movie):
    row = upload(api, preview, silent_movie[: len(silent_movie) // 2], "half.mp4").json()
    assert row["status"] == "broken" and row["data"]["failure"]


@pytest.mark.parametrize(
    ("limit", "value", "reason"), [("MOST_PIXELS", 100, "too large|no picture"), ("LONGEST_SECONDS", 0.1, "twelve hours")]
)
def test_endless_movies_are_broken(tmp_path, monkeypatch, silent_movie, limit, value, reason):
    path = tmp_path / "movie.mp4"
    path.write_bytes(silent_movie)
    monkeypatch.setattr(movies, limit, value)
    with pytest.raises(MovieBroken, match=reason):
        movies.probe(path)


def test_a_movie_of_odd_shape_becomes_one(api, preview, quick, tmp_path):
    tall = make_movie(tmp_path / "tall.mp4", size="2x400", rate=5, seconds=0.4)
    row = upload(api, preview, tall, "tall.mp4").json()
    assert (row["status"], row["height"]) == ("ready", 1080)


# Documents


@pytest.mark.parametrize(
    ("name", "content"),
    [("drawing.svg", SCRIPT), ("notes.md", PAGE), ("a.swf", b"FWS"), ("a.gif", b"GIF89a/*" + PAGE), ("a.zip", PAGE)],
)
def test_documents_never_run(api, cast, work, name, content):
    preview = publish(work, cast.user, content, name)
    extension = name.rsplit(".", 1)[1]
    for address in (f"{preview.pk}.{extension}", f"{preview.pk}.pdf", f"{preview.pk}/download"):
        answer = api.get(f"/pictures/originals/preview-files/{address}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
        assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert api.get(f"/pictures/originals/preview-files/{preview.pk}.exe").status_code == 400


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", ""])
def test_attachments_never_run(api, cast, work, kind):
    path = f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/add-attachment"
    pk = api.by(cast.user).upload(path, file=sent("page.html", PAGE, kind)).json()[0]["id"]
    answer = api.get(f"/data/attachment-files/{pk}/file/x")
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"


# Names

NAMES = [
    ("../../etc/passwd.png", "passwd"),
    ("..\\..\\boot.png", "boot"),
    ("/etc/cron.d/job.png", "job"),
    ("a\x00b\r\nc.png", "abc"),
    ("\u202egnp.\u2066x.png", "gnp.x"),
    ("..png", "png"),
    ("é" * 300 + ".png", "é" * 125),
    ("x" * 300 + ".png", "x" * 246),
]


@pytest.mark.parametrize(("name", "stem"), NAMES)
def test_names_of_previews_are_plain(api, cast, preview, name, stem):
    upload_of = sent("x.png", png())
    upload_of._name = name  # past what Django itself cleans
    upload_preview(preview, upload_of, by=cast.user)
    preview.refresh_from_db()
    assert (preview.original_name, preview.extension) == (stem, "png")
    answer = api.get(f"/pictures/originals/preview-files/{preview.pk}/download")
    assert answer.status_code == 200 and "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize("name", [name for name, _ in NAMES] + ["LICENSE", "x.blend1234", "x." + "e" * 300])
def test_names_of_attachments_are_plain(api, cast, work, name):
    path = f"/actions/tasks/{work.task.pk}/comments/{work.comment.pk}/add-attachment"
    answer = api.by(cast.user).upload(path, file=sent(name, b"words"))
    assert answer.status_code in (201, 400)
    for attachment in AttachmentFile.objects.all():
        assert len(attachment.name.encode()) <= 255 and not {"/", "\\", "\x00", "\n"} & set(attachment.name)
        assert api.get(f"/data/attachment-files/{attachment.pk}/file/x").status_code == 200


def test_files_lie_where_their_ids_say(api, cast, work):
    preview = publish(work, cast.user, b"%PDF", "../../../../tmp/evil.pdf")
    stored = storage.local_file(FILES, "previews", preview.pk)
    assert stored.name == str(preview.pk) and PreviewFile.objects.get(pk=preview.pk).original_name == "evil"


# The programs that read files


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_programs_end_in_time():
    with pytest.raises(TookTooLong):
        run_limited(python("import time; time.sleep(60)"), seconds=0.2)


def test_programs_get_no_more_memory_than_allowed(settings):
    settings.DECODER_MAX_MEMORY = 256 * 1024**2
    with pytest.raises(DecoderFailed, match="MemoryError"):
        run_limited(python("x = bytearray(400 * 1024**2)"), seconds=30)
    assert run_limited(python("x = bytearray(50 * 1024**2); print(len(x))"), seconds=30)[0] == "52428800\n"


def test_programs_may_say_much():
    said, complaint = run_limited(
        python("import sys; [print('x' * 99) for _ in range(20000)]; sys.stderr.write('y' * 10**6)"), seconds=30
    )
    assert len(said) <= decoders.LONGEST_SAYING and len(complaint) <= decoders.LONGEST_SAYING


def test_programs_give_way_to_requests_and_leave_no_cores():
    code = "import os, resource; print(os.nice(0), resource.getrlimit(resource.RLIMIT_CORE)[0])"
    niceness, cores = run_limited(python(code), seconds=30)[0].split()
    assert int(niceness) >= 5 and cores == "0"


def runs(pid: int) -> bool:
    """A process of that number is at work, not merely waiting to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system does not offer it")
def test_programs_end_with_who_asked_for_them():
    asks = (
        "import os, django; django.setup()\n"
        "from files.decoders import run_limited\n"
        "def end(line): print(line, flush=True); os.kill(os.getpid(), 9)\n"
        "run_limited(['sh', '-c', 'echo $$; exec sleep 60'], seconds=60, on_line=end)"
    )
    known = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run(python(asks), env=known, capture_output=True, timeout=60)
    assert said.returncode == -9
    deadline = time.monotonic() + 30
    while runs(int(said.stdout)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not runs(int(said.stdout))
