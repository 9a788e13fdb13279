"""Playlists: rows, entries, listings, reviews."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from events.models import ApiEvent
from playlists.models import BuildJob, Playlist
from tests.cast import gather
from tests.client import ApiClient
from tests.files.studio import make_work, publish
from tests.makers import make_entity, make_project, make_shot

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def work(cast):
    return make_work(cast.project, cast.user)


def create(api, project, **body):
    return api.post("/data/playlists", {"name": "Dailies", "project_id": str(project.pk), **body})


def add(api, playlist_id, **body):
    return api.post(f"/actions/playlists/{playlist_id}/add-entity", body)


def test_a_playlist_is_made(api, cast):
    answer = create(api.by(cast.supervisor), cast.project, created_by=str(cast.admin.pk), episode_id="all", task_type_id="odd")
    assert answer.status_code == 201
    row = answer.json()
    assert (row["created_by"], row["for_entity"], row["build_jobs"], row["shots"], row["episode_id"], row["task_type_id"]) == (
        *(str(cast.supervisor.pk), "shot", [], None),
        *(None, None),
    )
    assert ApiEvent.objects.get().data == {"playlist_id": row["id"], "project_id": str(cast.project.pk)}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"for_entity": "odd"}, "for_entity must be one of shot, asset, sequence, edit, episode"),
        ({"name": None}, "A required field is missing."),
        ({"shots": "x"}, "One of the provided values has an invalid format."),
        ({"shots": ["x"]}, "One of the provided values has an invalid format."),
        ({"episode_id": MISSING}, "The change conflicts with records referencing this one."),
        ({"colour": 1}, "'colour' is an invalid keyword argument for Playlist"),
    ],
)
def test_wrong_playlists_are_refused(api, cast, body, message):
    answer = create(api, cast.project, **body)
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert not Playlist.objects.exists()


def test_a_playlist_belongs_to_a_production(api):
    assert api.post("/data/playlists", {"name": "x"}).json() == {"message": "'project_id'"}


def test_previews_of_other_entities_are_unpinned(api, cast, work):
    preview, other = publish(work, cast.user), publish(make_work(cast.project, cast.user), cast.user)
    shots = [
        {"entity_id": str(work.shot.pk), "preview_file_id": str(preview.pk).upper(), "note": "x"},
        {"id": str(work.shot.pk), "preview_file_id": str(other.pk)},
    ]
    made = create(api, cast.project, shots=shots).json()
    assert [shot["preview_file_id"] for shot in made["shots"]] == [str(preview.pk), None]
    changed = api.put(f"/data/playlists/{made['id']}", {"shots": [*shots, "odd", {}]}).json()
    assert changed["shots"] == [
        {"entity_id": str(work.shot.pk), "preview_file_id": str(preview.pk)},
        {"entity_id": str(work.shot.pk), "preview_file_id": None},
    ]


def test_who_makes_and_changes_playlists(api, cast):
    made = {
        role: create(api.by(cast.of(role)), cast.project, name=role).status_code
        for role in ("manager", "supervisor", "user", "client", "vendor")
    }
    assert made == {"manager": 201, "supervisor": 201, "user": 403, "client": 403, "vendor": 403}
    own, other = (Playlist.objects.get(name=name).pk for name in ("supervisor", "manager"))
    supervisor = api.by(cast.supervisor)
    assert supervisor.put(f"/data/playlists/{own}", {"name": "mine", "created_by": str(cast.user.pk)}).json()["created_by"] == str(
        cast.supervisor.pk
    )
    assert supervisor.put(f"/data/playlists/{other}", {"name": "x"}).status_code == 403
    assert supervisor.delete(f"/data/playlists/{other}").status_code == 403
    assert api.by(cast.manager).put(f"/data/playlists/{own}", {"name": "y"}).status_code == 200


def test_who_sees_playlists(api, cast, django_assert_num_queries):
    pk = create(api, cast.project).json()["id"]
    create(api, cast.project, name="For clients", for_client=True)
    create(api, make_project(), name="Elsewhere")
    counts = {role: len(api.by(cast.of(role)).get("/data/playlists").json()) for role in ("admin", "user", "client", "outsider")}
    assert counts == {"admin": 3, "user": 2, "client": 1, "outsider": 0}
    assert api.by(cast.vendor).get("/data/playlists").status_code == 403
    statuses = {
        role: api.by(cast.of(role)).get(f"/data/playlists/{pk}").status_code for role in ("user", "client", "vendor", "outsider")
    }
    assert statuses == {"user": 200, "client": 403, "vendor": 403, "outsider": 403}
    paths = f"/data/projects/{cast.project.pk}/playlists"
    listed = {role: len(api.by(cast.of(role)).get(paths).json()) for role in ("user", "client")}
    assert listed == {"user": 2, "client": 1}
    assert api.by(cast.vendor).get(paths).status_code == 403
    assert api.by(cast.user).get(f"{paths}/all").status_code == 403
    assert len(api.get(f"{paths}/all").json()) == 2
    assert api.get(f"{paths}/all?page=1").json()["total"] == 2
    with django_assert_num_queries(2):
        api.get(paths)


def test_listings_are_pages_of_twenty(api, cast):
    Playlist.objects.bulk_create([Playlist(name=f"P{number:02}", project=cast.project) for number in range(23)])
    path = f"/data/projects/{cast.project.pk}/playlists?sort_by=name"
    assert [row["name"] for row in api.get(path).json()][:2] == ["P00", "P01"]
    assert (len(api.get(path).json()), len(api.get(path + "&page=2").json())) == (20, 3)
    row = api.get(path).json()[0]
    assert (row["type"], "shots" in row, "first_preview_file_id" in row) == ("Playlist", False, False)
    assert api.get(path + "&sort_by=odd&page=-3").status_code == 200


def test_listings_show_the_first_preview_of_each(api, cast, work):
    preview = publish(work, cast.user)
    pinned = [{"entity_id": str(work.shot.pk), "preview_file_id": str(preview.pk)}]
    for name, shots in (("pinned", pinned), ("second", [{"entity_id": str(work.shot.pk)}, *pinned]), ("none", []), ("null", None)):
        Playlist.objects.create(name=name, project=cast.project, shots=shots)
    for query in ("", "?sort_by=name"):
        rows = {row["name"]: row for row in api.get(f"/data/projects/{cast.project.pk}/playlists{query}").json()}
        shown = {name: row.get("first_preview_file_id") for name, row in rows.items()}
        assert shown == {"pinned": str(preview.pk), "second": None, "none": None, "null": None}
        assert "first_preview_file_id" not in rows["second"]


def test_listings_of_an_episode(api, cast):
    episode = make_entity("Episode", cast.project)
    for name, values in (("of", {"episode": episode}), ("main", {}), ("all", {"is_for_all": True})):
        Playlist.objects.create(name=name, project=cast.project, **values)
    path = f"/data/projects/{cast.project.pk}/episodes"
    names = {which: [row["name"] for row in api.get(f"{path}/{which}/playlists").json()] for which in (episode.pk, "main", "all")}
    assert names == {episode.pk: ["of"], "main": ["main"], "all": ["all"]}
    assert api.get(f"{path}/{MISSING}/playlists").status_code == 404
    assert api.get(f"{path}/odd/playlists").status_code == 404


def test_entities_are_added_with_their_latest_preview(api, cast, work):
    pk = create(api, cast.project).json()["id"]
    first, second = publish(work, cast.user), publish(work, cast.user)
    other = publish(make_work(cast.project, cast.user), cast.user)
    answer = add(api, pk, entity_id=str(work.shot.pk), preview_file_id=str(first.pk))
    assert (answer.status_code, answer.json()["shots"]) == (
        200,
        [{"entity_id": str(work.shot.pk), "preview_file_id": str(first.pk)}],
    )
    add(api, pk, entity_id=str(work.shot.pk), preview_file_id=str(first.pk))
    add(api, pk, entity_id=str(work.shot.pk), preview_file_id="")
    rows = add(api, pk, entity_id=str(work.shot.pk), preview_file_id=str(other.pk)).json()["shots"]
    assert [row["preview_file_id"] for row in rows] == [str(first.pk), str(second.pk)]
    empty = make_shot(cast.project)
    assert add(api, pk, entity_id=str(empty.pk)).json()["shots"][-1] == {"entity_id": str(empty.pk)}
    events = ApiEvent.objects.filter(name="playlist:add_entity")
    assert events.count() == 3
    many = api.post(f"/actions/playlists/{pk}/add-entities", {"entities": [{"entity_id": str(make_shot(cast.project).pk)}]})
    assert len(many.json()["shots"]) == 4


def test_what_can_not_be_added(api, cast, work):
    pk = create(api, cast.project).json()["id"]
    assert add(api, pk).json()["message"] == "Validation error."
    assert add(api.by(cast.user), pk).status_code == 403
    foreign = make_shot(make_project())
    assert add(api, pk, entity_id=str(foreign.pk)).status_code == 400
    assert api.post(f"/actions/playlists/{pk}/add-entities", {"entities": []}).status_code == 400
    assert add(api, MISSING, entity_id=MISSING).status_code == 404
    assert Playlist.objects.get().shots is None


def test_a_review_shows_the_previews_of_its_entities(api, cast, work, django_assert_num_queries):
    first, second = publish(work, cast.user), publish(work, cast.user)
    empty = make_shot(cast.project)
    shots = [{"entity_id": str(work.shot.pk), "preview_file_id": str(second.pk)}, {"entity_id": str(empty.pk)}]
    pk = create(api, cast.project, shots=shots).json()["id"]
    BuildJob.objects.create(playlist_id=pk)
    with django_assert_num_queries(5):
        answer = api.get(f"/data/projects/{cast.project.pk}/playlists/{pk}")
    row = answer.json()
    assert [set(job) for job in row["build_jobs"]] == [{"id", "status", "created_at", "message"}]
    entry, bare = row["shots"]
    assert bare == {"id": str(empty.pk), "entity_id": str(empty.pk), "preview_files": []}
    assert (entry["id"], entry["preview_file_id"], entry["preview_file_status"]) == (str(work.shot.pk), str(second.pk), "Ready")
    assert [other["id"] for other in entry["preview_file_previews"]] == [str(first.pk)]
    revision = entry["preview_files"][str(work.task.task_type_id)][0]
    assert (revision["id"], revision["status"], [other["id"] for other in revision["previews"]]) == (
        str(first.pk),
        "Ready",
        [str(second.pk)],
    )
    assert set(revision) == {
        *("id", "revision", "extension", "width", "height", "duration", "status", "created_at", "task_id", "previews")
    }
    assert api.get(f"/data/projects/{make_project().pk}/playlists/{pk}").status_code == 404
    assert api.by(cast.client).get(f"/data/projects/{cast.project.pk}/playlists/{pk}").status_code == 403


def test_a_deleted_playlist_takes_its_builds_along(api, cast):
    pk = create(api, cast.project).json()["id"]
    job = BuildJob.objects.create(playlist_id=pk)
    assert api.delete(f"/data/playlists/{pk}").status_code == 204
    assert ApiEvent.objects.get(name="build-job:delete").data["build_job_id"] == str(job.pk)
    assert ApiEvent.objects.get(name="playlist:delete").data["playlist_id"] == pk
    assert api.get(f"/data/playlists/{pk}").status_code == 404


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite lives in memory, where threads share one lock")
@pytest.mark.django_db(transaction=True)
def test_entities_added_at_once_are_all_kept():
    cast = gather()
    api = ApiClient(cast.admin)
    pk = create(api, cast.project).json()["id"]
    shots = [make_shot(cast.project) for _ in range(6)]

    def one(shot):
        try:
            return add(ApiClient(cast.admin), pk, entity_id=str(shot.pk)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, shots)) == {200}
    assert {shot["entity_id"] for shot in Playlist.objects.get().shots} == {str(shot.pk) for shot in shots}


def test_odd_entries_never_make_a_playlist_unreadable(api, cast):
    pk = create(api, cast.project, shots=[{"entity_id": "odd", "preview_file_id": [1]}, {"id": 3}, {}]).json()["id"]
    assert api.get(f"/data/projects/{cast.project.pk}/playlists/{pk}").status_code == 200
    assert api.get(f"/data/projects/{cast.project.pk}/playlists").status_code == 200
    assert api.put(f"/data/playlists/{pk}", {"shots": [{"entity_id": ["x"]}]}).status_code == 200
    assert api.get(f"/data/projects/{cast.project.pk}/playlists/{pk}").json()["shots"][0]["preview_files"] == []
    assert api.get(f"/data/projects/{cast.project.pk}/episodes/main/playlists?for_entity=%00").status_code == 400
