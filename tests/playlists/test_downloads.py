"""The archive of a playlist's files."""

import tracemalloc

import pytest

from files import storage
from files.models import PreviewFile
from files.storage import FILES, PICTURES
from people.rules.organisation import current_organisation
from playlists.archives import zipped
from playlists.models import Playlist
from tests.files.studio import make_work, png, publish
from tests.makers import make_entity, make_project
from tests.playlists.ground import MISSING, Review, members


@pytest.fixture
def download(api, review):
    return lambda who=None: (api.by(who) if who else api).get(f"{review.path}/download/zip")


def test_an_archive_holds_every_file_of_the_pinned_revisions(api, cast, review, download, django_assert_num_queries):
    first = review.previews[0]
    notes = publish(review.works[0], cast.user, b"%PDF-1.4", "notes.pdf")
    with django_assert_num_queries(5):
        answer = download()
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/zip", "no-cache")
        found = members(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="the_lantern_dailies.zip"'
    names = list(found)
    assert len(names) == 3
    assert names[0].endswith("_v1.png") and names[1].endswith("_v1-2.pdf") and names[2].endswith("_v1.png")
    assert found[names[0]] == storage.local_file(PICTURES, "original", first.pk).read_bytes()
    assert found[names[1]] == storage.local_file(FILES, "previews", notes.pk).read_bytes()


def test_a_name_used_before_is_numbered(api, review, download):
    review.playlist.shots = review.playlist.shots * 2
    review.playlist.save()
    names = list(members(download()))
    assert [name[:5] for name in names[2:]] == ["0002_", "0003_"]
    assert names[2].endswith(names[0])


def test_stored_names_never_leave_the_archive(cast, review, download):
    organisation = current_organisation()
    organisation.use_original_file_name = True
    organisation.save()
    PreviewFile.objects.filter(pk=review.previews[0].pk).update(original_name="../../etc/cron.d/evil\x07")
    PreviewFile.objects.filter(pk=review.previews[1].pk).update(original_name="C:\\windows\\take")
    assert list(members(download())) == ["evil.png", "take.png"]


def test_an_empty_playlist_gives_an_empty_archive(api, cast):
    playlist = Playlist.objects.create(name="Empty", project=cast.project)
    assert members(api.get(f"/data/playlists/{playlist.pk}/download/zip")) == {}


def test_files_of_other_productions_and_entities_stay_out(api, cast, review):
    elsewhere = make_work(make_project(), cast.user)
    foreign = publish(elsewhere, cast.user)
    review.playlist.shots = [
        {"entity_id": str(elsewhere.shot.pk), "preview_file_id": str(foreign.pk)},
        {"entity_id": str(review.works[1].shot.pk), "preview_file_id": str(review.previews[0].pk)},
        *({"entity_id": "odd", "preview_file_id": [1]}, {}, {"entity_id": str(review.works[0].shot.pk)}),
    ]
    review.playlist.save()
    assert members(api.by(cast.manager).get(f"{review.path}/download/zip")) == {}
    shown = api.by(cast.manager).get(f"/data/projects/{cast.project.pk}/playlists/{review.playlist.pk}").json()["shots"]
    assert shown[0]["preview_files"] == [] and "preview_file_id" not in shown[0]


def test_what_is_not_stored_is_left_out(api, review, download):
    storage.remove(PICTURES, "original", review.previews[0].pk)
    assert len(members(download())) == 1


def test_who_downloads(api, cast, review, download):
    def statuses():
        found = {}
        for role in ("admin", "manager", "supervisor", "user", "client", "vendor", "outsider"):
            found[role] = download(cast.of(role)).status_code
        return found

    closed = {"user": 403, "vendor": 403, "outsider": 403, "client": 403}
    assert statuses() == {"admin": 200, "manager": 200, "supervisor": 200, **closed}
    review.playlist.for_client = True
    review.playlist.save()
    assert statuses()["client"] == 200
    assert api.by(None).get(f"{review.path}/download/zip").status_code == 401
    assert api.get(f"/data/playlists/{MISSING}/download/zip").status_code == 404
    assert api.client.head(f"{review.path}/download/zip", **api.headers).content == b""


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"episode": True}, "the_lantern_e01"),
        ({}, "the_lantern_main_pack"),
        ({"is_for_all": True}, "the_lantern_all_shots"),
        ({"is_for_all": True, "for_entity": "asset"}, "the_lantern_all_assets"),
    ],
)
def test_archives_of_a_series_are_named_after_the_episode(api, cast, values, name):
    cast.project.production_type = "tvshow"
    cast.project.save()
    if values.get("episode"):
        values = {"episode": make_entity("Episode", cast.project, name="E01")}
    playlist = Playlist.objects.create(name="Ré view 1", project=cast.project, **values)
    answer = api.get(f"/data/playlists/{playlist.pk}/download/zip")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}_re_view_1.zip"'


def test_an_archive_is_never_whole_in_memory(tmp_path):
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(200 * 1024**2)
    tracemalloc.start()
    size = sum(len(piece) for piece in zipped([("a.mp4", big), ("b.mp4", big), ("gone", tmp_path / "gone")]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 400 * 1024**2
    assert peak < 8 * 1024**2


def test_works_of_one_shot_each_come_with_their_own_files(api, cast):
    work = make_work(cast.project, cast.user)
    other = make_work(cast.project, cast.user, shot=work.shot)
    previews = [publish(work, cast.user, png(colour=(1, 2, 3))), publish(other, cast.user, png(colour=(3, 2, 1)))]
    review = Review.of(cast, [work, other], previews, name="Both")
    assert len(members(api.get(f"{review.path}/download/zip"))) == 2
