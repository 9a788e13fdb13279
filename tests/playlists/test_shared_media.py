"""Pictures, movies and documents of shared playlists."""

import io

import pytest

from files import storage
from files.models import PreviewFile
from files.storage import PICTURES
from people.models import Person
from tasks.models import Comment
from tests.files.studio import make_work, png, publish
from tests.makers import make_project
from tests.playlists.ground import MISSING, Review, Visitor, ready_movie


@pytest.fixture
def visitor(review):
    return Visitor(review.share())


def whole(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_pictures_are_served_as_to_the_studio(api, review, visitor, django_assert_num_queries):
    preview = review.previews[0].pk
    for kind in ("originals", "previews", "thumbnails", "thumbnails-square"):
        path = f"/pictures/{kind}/preview-files/{preview}.png"
        answer, ours = visitor.get(path), api.get(path)
        assert (answer.status_code, whole(answer)) == (200, whole(ours)), kind
        for header in ("Content-Type", "Cache-Control", "ETag", "Content-Disposition", "Accept-Ranges"):
            assert answer[header] == ours[header]
    with django_assert_num_queries(3):
        assert visitor.get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert visitor.client.head(visitor.base + path).content == b""


def test_movies_have_ranges(cast, movie):
    work = make_work(cast.project, cast.user)
    preview = ready_movie(work, movie, cast.user)
    visitor = Visitor(Review.of(cast, [work], [preview]).share())
    for kind in ("originals", "low"):
        path = f"/movies/{kind}/preview-files/{preview.pk}.mp4"
        assert whole(visitor.get(path)) == movie
        part = visitor.get(path, HTTP_RANGE="bytes=4-7")
        assert (part.status_code, whole(part), part["Content-Range"]) == (206, b"ftyp", f"bytes 4-7/{len(movie)}")
        assert visitor.get(path, HTTP_RANGE="bytes=99999999-").status_code == 416
    download = visitor.get(f"/preview-files/{preview.pk}/download")
    assert download["Content-Disposition"].startswith("attachment; filename=")
    assert whole(download) == movie
    assert visitor.get(f"/movies/tiles/preview-files/{preview.pk}.png").status_code == 404


def test_documents_are_served_as_to_the_studio(cast):
    work = make_work(cast.project, cast.user)
    preview = publish(work, cast.user, b"%PDF-1.4", "notes.pdf")
    visitor = Visitor(Review.of(cast, [work], [preview]).share())
    answer = visitor.get(f"/pictures/originals/preview-files/{preview.pk}.pdf")
    assert (answer["Content-Type"], whole(answer)) == ("application/pdf", b"%PDF-1.4")
    refused = visitor.get(f"/pictures/originals/preview-files/{preview.pk}.exe")
    assert (refused.status_code, refused.json()["message"]) == (400, "Extension not allowed: exe")


PATHS = (
    *("/pictures/originals/preview-files/{}.png", "/pictures/thumbnails/preview-files/{}.png", "/preview-files/{}"),
    *("/movies/originals/preview-files/{}.mp4", "/movies/tiles/preview-files/{}.png", "/preview-files/{}/download"),
    *("/pictures/originals/preview-files/{}.pdf", "/movies/low/preview-files/{}.mp4"),
)


def test_a_link_shows_the_revisions_that_it_pins_and_nothing_else(review, visitor, cast):
    work = review.works[0]
    beside = publish(work, cast.user)
    task = make_work(cast.project, cast.user, shot=work.shot)
    later = Comment.objects.create(object_id=work.task.pk, object_type="Task", person=cast.user)
    work.comment = later
    hidden = {
        "another revision": publish(work, cast.user),
        "another task of the shot": publish(task, cast.user),
        "another shot": publish(make_work(cast.project, cast.user), cast.user),
        "another production": publish(make_work(make_project(), cast.user), cast.user),
    }
    assert visitor.get(f"/pictures/originals/preview-files/{beside.pk}.png").status_code == 200
    for what, preview in hidden.items():
        for path in PATHS:
            assert visitor.get(path.format(preview.pk)).status_code == 403, (what, path)
    for path in PATHS:
        assert visitor.get(path.format(MISSING)).status_code == 404, path


def test_an_entry_opens_no_door_to_foreign_previews(review, cast):
    elsewhere = make_work(make_project(), cast.user)
    foreign = publish(elsewhere, cast.user)
    review.playlist.shots = [
        {"entity_id": str(elsewhere.shot.pk), "preview_file_id": str(foreign.pk)},
        {"entity_id": str(review.works[1].shot.pk), "preview_file_id": str(review.previews[0].pk)},
    ]
    review.playlist.save()
    visitor = Visitor(review.share())
    for preview in (foreign, review.previews[0]):
        assert visitor.get(f"/pictures/originals/preview-files/{preview.pk}.png").status_code == 403
    assert visitor.get("/comments").json() == []
    assert "preview_file_id" not in str(visitor.get("").json()["shots"])
    assert elsewhere.shot.name not in str(visitor.get("").json())


def test_the_record_of_a_preview_is_whole(review, visitor):
    row = visitor.get(f"/preview-files/{review.previews[0].pk}").json()
    assert (row["type"], row["id"], row["status"]) == ("PreviewFile", str(review.previews[0].pk), "ready")


def test_what_is_still_made_is_told_so(review, visitor):
    PreviewFile.objects.update(status="processing")
    path = f"/pictures/thumbnails/preview-files/{review.previews[0].pk}.png"
    assert visitor.get(path, HTTP_ACCEPT="application/json").status_code == 202
    assert visitor.get(path).status_code == 404


def test_faces_of_those_whose_words_are_read(review, visitor, cast):
    path = f"/pictures/thumbnails/persons/{cast.user.pk}.png"
    storage.put(PICTURES, "thumbnails", cast.user.pk, io.BytesIO(png()))
    assert visitor.get(path).status_code == 404
    Person.objects.filter(pk=cast.user.pk).update(has_avatar=True)
    assert visitor.get(path).status_code == 404
    Comment.objects.filter(pk=review.works[0].comment.pk).update(for_client=True)
    assert whole(visitor.get(path)) == png()
    Comment.objects.filter(pk=review.works[0].comment.pk).update(
        person=cast.manager, replies=[{"id": MISSING, "person_id": str(cast.user.pk), "text": "x"}]
    )
    assert visitor.get(path).status_code == 200
    Comment.objects.update(for_client=False)
    assert visitor.get(path).status_code == 404
