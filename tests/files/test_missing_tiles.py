"""Tiles that the storage has no more: whoever asks learns that there is none, and a job makes it anew."""

import pytest
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult

from files import storage
from files.jobs import make_missing_tile
from files.models import PreviewFile
from files.storage import MOVIES, PICTURES
from playlists.models import Playlist
from playlists.rules.share_links import create_link
from tests.files.studio import publish
from tests.playlists.ground import Visitor, ready_movie


@pytest.fixture(autouse=True)
def unasked():
    """Nobody has asked for any tile yet."""
    cache.clear()


@pytest.fixture
def shown(cast, work, queue, silent_movie):
    """A movie that is ready, without a tile."""
    return ready_movie(work, silent_movie, cast.user)


def tile(api, preview, method="get"):
    return api.request(method, f"/movies/tiles/preview-files/{preview.pk}.png")


def waiting() -> list[str]:
    return [job.args_kwargs["args"][0] for job in DBTaskResult.objects.filter(task_path=make_missing_tile.module_path)]


def test_a_missing_tile_is_made_by_one_job(api, cast, shown):
    for person in (cast.user, cast.manager, cast.user):
        assert tile(api.by(person), shown).status_code == 404
    assert waiting() == [str(shown.pk)]
    assert make_missing_tile.call(str(shown.pk)) == "Made."
    answer = tile(api, shown)
    assert (answer.status_code, b"".join(answer.streaming_content)[:4]) == (200, b"\x89PNG")
    assert make_missing_tile.call(str(shown.pk)) == "There is nothing to make."


def test_nothing_is_made_where_nobody_may_ask_or_there_is_nothing_to_make(api, cast, work, shown, queue):
    assert tile(api.by(cast.outsider), shown).status_code == 403
    assert tile(api, shown, "head").status_code == 404
    picture = publish(work, cast.user)
    assert tile(api, picture).status_code == 404
    PreviewFile.objects.filter(pk=shown.pk).update(status="broken")
    assert tile(api, shown).status_code == 404
    queue.ENABLE_JOB_QUEUE = False
    PreviewFile.objects.filter(pk=shown.pk).update(status="ready")
    assert tile(api, shown).status_code == 404
    assert waiting() == []


def test_guests_have_it_made_too(cast, work, shown):
    shots = [{"entity_id": str(work.shot.pk), "preview_file_id": str(shown.pk)}]
    playlist = Playlist.objects.create(name="Dailies", project=cast.project, shots=shots)
    link = create_link(playlist, expiration_date=None, can_comment=True, password=None, by=cast.manager)
    assert Visitor(link).get(f"/movies/tiles/preview-files/{shown.pk}.png").status_code == 404
    assert waiting() == [str(shown.pk)]


@pytest.mark.parametrize("change", ["gone", "imported"])
def test_a_job_without_a_movie_ends_well(shown, change):
    if change == "gone":
        storage.remove(MOVIES, "previews", shown.pk)
    else:
        PreviewFile.objects.filter(pk=shown.pk).update(data={"imported_only": True})
    assert make_missing_tile.call(str(shown.pk)) == "There is no movie that it could be made of."
    assert not storage.is_stored(PICTURES, "tiles", shown.pk)
