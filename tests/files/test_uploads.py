"""Uploading the files of previews, and what becomes of them."""

import io

import pytest
from PIL import Image

from events.models import ApiEvent
from files import storage
from files.models import PreviewFile
from files.rules.previews import add_preview
from files.storage import FILES, PICTURES
from tasks.models import Task
from tests.files.studio import png, sent


@pytest.fixture
def preview(cast, work):
    """A preview that waits for its file."""
    return add_preview(work.task, work.comment, by=cast.user)


def upload(api, preview, name, content, query=""):
    return api.upload(f"/pictures/preview-files/{preview.pk}{query}", file=sent(name, content))


def picture(prefix, pk):
    return Image.open(storage.local_file(PICTURES, prefix, pk))


def test_a_picture_becomes_png_in_all_sizes(api, cast, work, preview):
    ApiEvent.objects.all().delete()
    answer = upload(api.by(cast.user), preview, "My Frame.v2.JPG", png((400, 300), kind="JPEG"))
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["extension"], row["original_name"], row["width"], row["height"]) == (
        *("ready", "png", "My Frame.v2"),
        *(400, 300),
    )
    assert "comments" not in row
    assert row["file_size"] == storage.local_file(PICTURES, "original", preview.pk).stat().st_size
    sizes = {prefix: picture(prefix, preview.pk).size for prefix in ("original", "previews", "thumbnails", "thumbnails-square")}
    assert sizes == {"original": (400, 300), "previews": (1200, 900), "thumbnails": (150, 100), "thumbnails-square": (100, 100)}
    assert picture("thumbnails", preview.pk).getpixel((0, 0))[3] == 0
    assert Task.objects.get(pk=work.task.pk).last_preview_file_id == preview.pk
    names = list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True))
    assert names == ["preview-file:update", "preview-file:update", "comment:update", "preview-file:add-file"]
    assert ApiEvent.objects.get(name="preview-file:add-file").data["status"] == "ready"


def test_the_main_preview_follows_where_the_production_wants_that(api, work, preview):
    work.project.is_set_preview_automated = True
    work.project.save()
    upload(api, preview, "a.png", png())
    work.shot.refresh_from_db()
    assert work.shot.preview_file_id == preview.pk
    event = ApiEvent.objects.get(name="preview-file:set-main")
    assert event.data == {
        "entity_id": str(work.shot.pk),
        "preview_file_id": str(preview.pk),
        "preview_file_status": "ready",
        "project_id": str(work.project.pk),
    }
    assert ApiEvent.objects.filter(name="shot:update").count() == 1


@pytest.mark.parametrize(
    ("mode", "colour", "kind", "stored"),
    [
        ("RGBA", (1, 2, 3, 0), "PNG", "RGBA"),
        ("L", 7, "PNG", "RGB"),
        ("P", 3, "PNG", "RGB"),
        ("I;16", 40000, "PNG", "RGB"),
        ("CMYK", (1, 2, 3, 4), "JPEG", "RGB"),
        ("RGB", (9, 9, 9), "WEBP", "RGB"),
    ],
)
def test_pictures_of_every_kind_are_kept_as_rgb(api, preview, mode, colour, kind, stored):
    answer = upload(api, preview, "frame.png", png(mode=mode, colour=colour, kind=kind))
    assert answer.json()["status"] == "ready"
    assert picture("original", preview.pk).mode == stored


def test_grey_of_sixteen_bits_keeps_its_brightness(api, preview):
    upload(api, preview, "frame.png", png(mode="I;16", colour=32768))
    assert picture("original", preview.pk).getpixel((5, 5)) == (128, 128, 128)


def test_a_truncated_picture_shows_what_it_has(api, preview):
    content = png((300, 300), kind="JPEG")
    assert upload(api, preview, "cut.jpg", content[: len(content) // 2]).json()["status"] == "ready"


@pytest.mark.parametrize("content", [b"", b"no picture", b"%PDF-1.4 ...", png()[:20], b"\x89PNG\r\n\x1a\n" + b"\x00" * 60])
def test_what_is_no_picture_is_refused_and_may_be_sent_again(api, preview, content):
    answer = upload(api, preview, "frame.png", content)
    assert answer.status_code == 400
    assert answer.json() == {"error": True, "message": "Uploaded file is not a readable picture.", "data": None}
    assert PreviewFile.objects.get().status == "processing"
    assert upload(api, preview, "frame.png", png()).status_code == 201


def test_too_many_pixels_are_refused_unread(api, preview, settings):
    settings.MAX_IMAGE_PIXELS = 1000
    assert upload(api, preview, "bomb.png", png((100, 100))).status_code == 400


def test_a_picture_of_one_column_makes_no_giant(api, preview):
    assert upload(api, preview, "line.png", png((1, 3000))).json()["status"] == "ready"
    assert picture("previews", preview.pk).size == (5, 16384)


def test_a_document_is_kept_as_it_is(api, work, preview):
    answer = upload(api, preview, "script.PDF", b"%PDF-1.4 words")
    row = answer.json()
    assert (row["status"], row["extension"], row["file_size"], row["width"]) == ("ready", "pdf", 14, 0)
    assert storage.local_file(FILES, "previews", preview.pk).read_bytes() == b"%PDF-1.4 words"
    assert Task.objects.get(pk=work.task.pk).last_preview_file_id is None
    assert not ApiEvent.objects.filter(name="preview-file:set-main").exists()


def test_an_unknown_extension_takes_the_record_away(api, preview):
    answer = upload(api, preview, "run.exe", b"MZ")
    assert (answer.status_code, answer.json()["message"]) == (400, "Wrong file format, extension: exe")
    assert not PreviewFile.objects.exists()
    assert upload(api, preview, "run.png", png()).status_code == 404


def test_a_preview_takes_one_file(api, preview):
    upload(api, preview, "a.png", png())
    again = upload(api, preview, "b.png", png())
    assert again.status_code == 400
    assert again.json() == {
        "error": True,
        "message": "The browser (or proxy) sent a request that this server could not understand.",
    }


def test_a_missing_file_is_told(api, preview):
    for answer in (
        api.post(f"/pictures/preview-files/{preview.pk}", {}),
        api.upload(f"/pictures/preview-files/{preview.pk}", other="text"),
        api.post(f"/pictures/preview-files/{preview.pk}", b"x", content_type="text/plain"),
    ):
        assert (answer.status_code, answer.json()["message"]) == (400, "File not provided.")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a" * 300 + ".png", "a" * 246),
        ("../../etc/passwd.png", "passwd"),
        ("C:\\work\\frame.png", "frame"),
        ("böse\u202egnp.exe.png", "bösegnp.exe"),
        ("é" * 200 + ".png", "é" * 125),
    ],
)
def test_names_are_plain(api, preview, name, kept):
    answer = upload(api, preview, name, png())
    assert answer.status_code == 201
    assert answer.json()["original_name"] == kept


def test_a_failing_storage_leaves_the_record_open(api, preview, monkeypatch):
    def full(*args):
        raise OSError("no space left")

    monkeypatch.setattr(storage, "put_path", full)
    api.client.raise_request_exception = False
    assert upload(api, preview, "a.png", png()).status_code == 500
    monkeypatch.undo()
    assert PreviewFile.objects.get().original_name is None
    assert upload(api, preview, "a.png", png()).status_code == 201


def test_who_does_not_act_on_the_task_uploads_nothing(api, cast, preview):
    for role in ("vendor", "outsider"):
        assert upload(api.by(cast.of(role)), preview, "a.png", png()).status_code == 403
    assert PreviewFile.objects.get().original_name is None


def test_profiles_that_make_no_sense_do_no_harm(api, preview):
    file = io.BytesIO()
    Image.new("RGB", (20, 20), (10, 20, 30)).save(file, "PNG", icc_profile=b"nonsense")
    assert upload(api, preview, "a.png", file.getvalue()).json()["status"] == "ready"
    assert picture("original", preview.pk).getpixel((1, 1)) == (10, 20, 30)
