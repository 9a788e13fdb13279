"""Commands that look after stored files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from files import storage
from files.models import PreviewFile
from files.storage import MOVIES, PICTURES
from tests.files.studio import publish


def run(*arguments) -> str:
    """What a command tells; its exit code follows where it is not 0."""
    out, code = StringIO(), 0
    try:
        call_command(*map(str, arguments), stdout=out, stderr=out)
    except SystemExit as end:
        code = end.code
    return out.getvalue() + (f"exit {code}" if code else "")


@pytest.fixture
def picture(work, cast) -> PreviewFile:
    return publish(work, cast.user)


@pytest.fixture
def movie(work, cast, quick, silent_movie) -> PreviewFile:
    return publish(work, cast.user, silent_movie, "take.mp4")


def test_pictures_and_metadata_are_made_anew(picture):
    storage.remove(PICTURES, "thumbnails", picture.pk)
    PreviewFile.objects.update(width=0, height=0, file_size=0)
    assert run("rebuild_previews", "--pictures", "--metadata", "--dry-run") == "1 previews would be rebuilt.\n"
    assert not storage.is_stored(PICTURES, "thumbnails", picture.pk)
    assert run("rebuild_previews", "--pictures", "--metadata") == "1 rebuilt, 0 failed.\n"
    assert storage.is_stored(PICTURES, "thumbnails", picture.pk)
    found = PreviewFile.objects.get()
    assert (found.width, found.height) == (picture.width, picture.height)
    assert found.file_size > 0


def test_tiles_and_metadata_of_movies_are_made_anew(movie):
    storage.remove(PICTURES, "tiles", movie.pk)
    PreviewFile.objects.update(width=0, duration=0)
    assert run("rebuild_previews", "--missing-tiles") == "1 rebuilt, 0 failed.\n"
    assert run("rebuild_previews", "--missing-tiles") == "0 rebuilt, 0 failed.\n"
    assert run("rebuild_previews", "--metadata", "--pictures", "--project", "The Lantern") == "1 rebuilt, 0 failed.\n"
    found = PreviewFile.objects.get()
    assert (found.width, found.duration) == (movie.width, pytest.approx(movie.duration, abs=0.1))


def test_what_is_gone_is_named_and_does_not_stop_the_others(picture, work, cast):
    storage.remove(PICTURES, "original", picture.pk)
    told = run("rebuild_previews", "--pictures", "--entity", work.shot.pk)
    assert f"{picture.pk}: its file is gone" in told
    assert told.endswith("0 rebuilt, 1 failed.\nexit 1")
    assert run("rebuild_previews", "--pictures", "--project", "Nope") == "0 rebuilt, 0 failed.\n"
    for arguments in ((), ("--pictures", "--entity", "x")):
        with pytest.raises(CommandError):
            run("rebuild_previews", *arguments)


def test_movies_are_encoded_anew_from_their_source(movie, quick, silent_movie, tmp_path):
    (tmp_path / "source.mp4").write_bytes(silent_movie)
    storage.put_path(MOVIES, "source", movie.pk, tmp_path / "source.mp4")
    storage.remove(MOVIES, "lowdef", movie.pk)
    PreviewFile.objects.update(status="broken")
    assert run("renormalize_movies", "--all-broken", "--dry-run") == "1 movies would be encoded.\n"
    assert run("renormalize_movies", "--all-broken") == "1 ready\n"
    assert storage.is_stored(MOVIES, "lowdef", movie.pk)
    with pytest.raises(CommandError, match="No preview fits"):
        run("renormalize_movies", "--all-broken")
    with pytest.raises(CommandError, match="Say which"):
        run("renormalize_movies")
    with pytest.raises(CommandError, match="takes ids"):
        run("renormalize_movies", "--preview-file", "x")


def test_a_movie_without_source_is_missing_unless_it_can_be_seen(movie):
    assert run("renormalize_movies", "--preview-file", movie.pk) == "1 missing\nexit 1"
    assert PreviewFile.objects.get().status == "ready"
    PreviewFile.objects.update(status="broken")
    assert run("renormalize_movies", "--all-broken", "--project", "The Lantern", "--days", "1") == "1 missing\nexit 1"
    assert PreviewFile.objects.get().status == "missing"


def test_missing_files_are_counted(picture, movie, cast):
    assert run("check_storage", "--project", "The Lantern") == "Every file is there.\n"
    storage.remove(PICTURES, "thumbnails", picture.pk)
    storage.remove(MOVIES, "lowdef", movie.pk)
    told = run("check_storage", "--project", cast.project.pk, "--list")
    assert told.splitlines() == [
        *sorted([f"pictures/thumbnails-{picture.pk}", f"movies/lowdef-{movie.pk}"], key=lambda name: "movies" in name),
        *("movies/lowdef: 1 missing", "pictures/thumbnails: 1 missing", "exit 1"),
    ]
    with pytest.raises(CommandError, match="There is no production"):
        run("check_storage", "--project", "Nope")


def test_avatars_and_attachments_are_looked_for_too(cast):
    type(cast.user).objects.filter(pk=cast.user.pk).update(has_avatar=True)
    assert f"pictures/thumbnails-{cast.user.pk}" in run("check_storage", "--list")


def test_one_storage_is_not_copied_onto_itself(db):
    with pytest.raises(CommandError, match="there is but one storage"):
        run("copy_storage")
