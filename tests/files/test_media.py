"""Serving pictures, movies and documents."""

import pytest

from files.models import PreviewFile
from files.rules.previews import add_preview
from tests.files.studio import publish


@pytest.fixture
def preview(cast, work):
    return publish(work, cast.user)


@pytest.fixture
def document(cast, work):
    return publish(work, cast.user, b"0123456789", "script.pdf")


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_pictures_carry_validators_and_are_cached_privately(api, preview):
    answer = api.get(f"/pictures/previews/preview-files/{preview.pk}.png")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "max-age=604800, private"
    assert answer["Content-Disposition"] == 'inline; filename=""'
    assert (answer["Accept-Ranges"], answer["X-Content-Type-Options"]) == ("bytes", "nosniff")
    assert body(answer)[:4] == b"\x89PNG"
    assert int(answer["Content-Length"]) > 100
    same = api.get(f"/pictures/previews/preview-files/{preview.pk}.png", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    since = api.get(f"/pictures/previews/preview-files/{preview.pk}.png", HTTP_IF_MODIFIED_SINCE=answer["Last-Modified"])
    assert since.status_code == 304
    other = api.get(f"/pictures/previews/preview-files/{preview.pk}.png", HTTP_IF_NONE_MATCH='"other"')
    assert other.status_code == 200


@pytest.mark.parametrize("variant", ["originals", "previews", "thumbnails", "thumbnails-square"])
def test_every_variant_is_there(api, preview, variant):
    assert api.get(f"/pictures/{variant}/preview-files/{preview.pk}.png").status_code == 200
    assert api.get(f"/pictures/{variant}/preview-files/aaaaaaaa-0000-4000-8000-000000000000.png").status_code == 404
    assert api.get(f"/pictures/{variant}/preview-files/x.png").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "content", "span"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-400", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=0-1,4-5", 416, None, "bytes */10"),
        ("bytes=5-2", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
        ("lines=1-2", 416, None, "bytes */10"),
    ],
)
def test_ranges(api, document, asked, status, content, span):
    answer = api.get(f"/pictures/originals/preview-files/{document.pk}.pdf", HTTP_RANGE=asked)
    assert (answer.status_code, answer["Content-Range"]) == (status, span)
    if content is not None:
        assert body(answer) == content and int(answer["Content-Length"]) == len(content)
    else:
        assert answer.json() == {"error": True, "message": "The server cannot provide the requested range."}


def test_a_range_of_an_older_version_is_the_whole_file(api, document):
    answer = api.get(f"/pictures/originals/preview-files/{document.pk}.pdf", HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"old"')
    assert (answer.status_code, body(answer)) == (200, b"0123456789")


def test_head_tells_without_the_body(api, document):
    answer = api.client.head(f"/pictures/originals/preview-files/{document.pk}.pdf", **api.headers)
    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, "10", b"")


def test_documents_never_run(api, cast, work):
    drawing = publish(work, cast.user, b"<svg onload='alert(1)'/>", "evil.svg")
    answer = api.get(f"/pictures/originals/preview-files/{drawing.pk}.svg")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    disguised = api.get(f"/pictures/originals/preview-files/{drawing.pk}.pdf")
    assert disguised["Content-Type"] == "application/octet-stream"
    for extension in ("exe", "mp4", "html"):
        refused = api.get(f"/pictures/originals/preview-files/{drawing.pk}.{extension}")
        assert (refused.status_code, refused.json()["message"]) == (400, f"Extension not allowed: {extension}")


def test_downloads_are_named_after_what_they_show(api, cast, work, preview, document):
    work.project.name, work.shot.name, work.shot.parent.name = "Big Show 2", "SH 010", "Séq 2"
    for row in (work.project, work.shot.parent, work.shot):
        row.save()
    kind = work.task.task_type.name.lower().replace(" ", "_")
    answer = api.get(f"/pictures/originals/preview-files/{preview.pk}/download")
    assert answer["Content-Disposition"] == f'attachment; filename="big_show_2_seq_2_sh_010_{kind}_v1.png"'
    second = api.get(f"/pictures/originals/preview-files/{document.pk}/download")
    assert second["Content-Disposition"] == f'attachment; filename="big_show_2_seq_2_sh_010_{kind}_v1-2.pdf"'
    from people.models import Organisation

    Organisation.objects.create(name="Studio", use_original_file_name=True)
    own = api.get(f"/pictures/originals/preview-files/{document.pk}/download")
    assert own["Content-Disposition"] == 'attachment; filename="script-2.pdf"'


def test_who_sees_what(api, cast, work, preview):
    path = f"/pictures/thumbnails/preview-files/{preview.pk}.png"
    statuses = {role: api.by(cast.of(role)).get(path).status_code for role in ("user", "client", "vendor", "outsider")}
    assert statuses == {"user": 200, "client": 200, "vendor": 403, "outsider": 403}
    work.task.assignees.add(cast.vendor)
    assert api.by(cast.vendor).get(path).status_code == 200


def test_shared_entities_show_their_picture_to_everybody_but_vendors(api, cast, work, preview):
    work.shot.preview_file, work.shot.is_shared = preview, True
    work.shot.save()
    outsider = api.by(cast.outsider)
    assert outsider.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png").status_code == 200
    assert outsider.get(f"/pictures/originals/preview-files/{preview.pk}.png").status_code == 200
    assert outsider.get(f"/pictures/previews/preview-files/{preview.pk}.png").status_code == 403
    assert api.by(cast.vendor).get(f"/pictures/thumbnails/preview-files/{preview.pk}.png").status_code == 403


def test_unfinished_previews_say_when_to_come_back(api, cast, work):
    preview = add_preview(work.task, work.comment, by=cast.user)
    path = f"/pictures/thumbnails/preview-files/{preview.pk}.png"
    later = api.get(path, HTTP_ACCEPT="application/json")
    assert (later.status_code, later["Retry-After"], later["Cache-Control"]) == (202, "5", "no-store")
    assert later.json() == {"status": "processing", "preview_file_id": str(preview.pk)}
    missing = api.get(path, HTTP_ACCEPT="image/png")
    assert (missing.status_code, missing.json()["message"], missing["Cache-Control"]) == (
        404,
        "Preview file was not found.",
        "no-store",
    )
    assert api.get(f"/movies/source/preview-files/{preview.pk}.mp4").json()["message"].startswith("404 Not Found")


def test_serving_costs_three_statements(api, cast, preview, django_assert_num_queries):
    client = api.by(cast.client)
    with django_assert_num_queries(3):
        client.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png")


def test_an_edit_of_the_record_invalidates_caches(api, preview):
    first = api.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png")["Last-Modified"]
    PreviewFile.objects.filter(pk=preview.pk).update(updated_at=preview.updated_at.replace(year=2030))
    assert api.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png")["Last-Modified"] != first


def test_stored_objects_are_not_reachable_otherwise(api, preview, anonymous):
    assert api.get(f"/pictures/original/{preview.pk}").status_code == 404
    assert anonymous.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png").status_code == 401


def test_a_movie_route_for_a_picture_is_missing(api, preview):
    assert api.get(f"/movies/low/preview-files/{preview.pk}.mp4").status_code == 404
    assert api.get(f"/movies/originals/preview-files/{preview.pk}/download").status_code == 404
    assert api.get(f"/movies/tiles/preview-files/{preview.pk}.png").status_code == 404


def test_a_proxy_may_carry_the_bytes(api, cast, work, settings):
    preview = publish(work, cast.user)
    settings.MEDIA_ACCEL_PREFIX = "/stored"
    answer = api.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png")
    pk = str(preview.pk)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/stored/pictures/thumbnails/{pk[:3]}/{pk[3:6]}/{pk}"
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "max-age=604800, private")
    assert api.get(f"/pictures/thumbnails/preview-files/{preview.pk}.png", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert api.by(cast.outsider).get(f"/pictures/thumbnails/preview-files/{preview.pk}.png").status_code == 403
