"""Drawings on previews."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from events.models import ApiEvent
from files.models import PreviewFile
from files.rules.annotations import merge
from tests.cast import gather
from tests.client import ApiClient
from tests.files.studio import make_work, publish


def entry(time, *objects):
    return {"time": time, "drawing": {"objects": list(objects)}}


def path(preview):
    return f"/actions/preview-files/{preview.pk}/update-annotations"


def test_additions_are_merged_by_time_and_overwrite_nothing():
    stored = [entry(0, {"id": "a", "x": 1})]
    merged = merge(stored, [entry(0, {"id": "a", "x": 2}, {"id": "b"}), entry(0.4, {"id": "c"})], [], [])
    assert merged == [entry(0, {"id": "a", "x": 1}, {"id": "b"}), entry(0.4, {"id": "c"})]
    assert stored == [entry(0, {"id": "a", "x": 1})]


def test_times_are_compared_strictly():
    assert len(merge([entry(0.4, {"id": "a"})], [entry("0.4", {"id": "a"})], [], [])) == 2
    assert len(merge([entry(1, {"id": "a"})], [entry(1.0, {"id": "b"})], [], [])) == 1


def test_updates_move_known_objects_to_the_end():
    stored = [entry(0, {"id": "a"}, {"id": "b"})]
    merged = merge(stored, [], [entry(0, {"id": "a", "x": 2}, {"id": "unknown"}), entry(9, {"id": "a"})], [])
    assert merged == [entry(0, {"id": "b"}, {"id": "a", "x": 2})]


def test_deletions_drop_empty_moments():
    stored = [entry(0, {"id": "a"}), entry(1, {"id": "b"}, {"id": "c"})]
    merged = merge(stored, [], [], [{"time": 0, "objects": ["a"]}, {"time": 1, "objects": ["b", "x"]}])
    assert merged == [entry(1, {"id": "c"})]


def test_objects_without_an_id_get_one():
    merged = merge([entry(0, {"type": "path"})], [entry(1, {"type": "rect"})], [], [])
    assert all(len(item["id"]) == 36 for annotation in merged for item in annotation["drawing"]["objects"])


def test_odd_drawings_do_no_harm():
    assert merge([{"time": 0, "drawing": "x"}, {"drawing": None}], [{"time": [1], "drawing": 3}], [], []) == []


def test_reviewers_draw(api, cast, work):
    preview = publish(work, cast.user)
    answer = api.by(cast.supervisor).put(path(preview), {"additions": [{**entry(0, {"id": "a1", "type": "path"}), "width": 40}]})
    assert answer.status_code == 200
    assert answer.json()["annotations"] == [{**entry(0, {"id": "a1", "type": "path"}), "width": 40}]
    assert "comments" not in answer.json()
    event = ApiEvent.objects.get(name="preview-file:annotation-update").data
    assert (event["person_id"], set(event)) == (
        str(cast.supervisor.pk),
        {"preview_file_id", "person_id", "updated_at", "project_id"},
    )


def test_artists_do_not_draw(api, cast, work):
    preview = publish(work, cast.user)
    statuses = {
        role: api.by(cast.of(role)).put(path(preview), {}).status_code
        for role in ("manager", "client", "user", "vendor", "outsider")
    }
    assert statuses == {"manager": 200, "client": 200, "user": 403, "vendor": 403, "outsider": 403}


@pytest.mark.parametrize(
    "body", [{"additions": 3}, {"additions": [{}]}, {"updates": ["x"]}, {"deletions": [{"time": 0, "objects": [1]}]}]
)
def test_wrong_bodies_are_refused_after_strangers(api, cast, work, body):
    preview = publish(work, cast.user)
    assert api.put(path(preview), body).json()["message"] == "Validation error."
    assert api.by(cast.outsider).put(path(preview), body).status_code == 403


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the tests' SQLite lives in memory, where threads share one lock")
@pytest.mark.django_db(transaction=True)
def test_drawings_sent_at_once_are_all_kept():
    cast = gather()
    preview = publish(make_work(cast.project, cast.user), cast.user)

    def draw(number):
        try:
            return ApiClient(cast.manager).put(path(preview), {"additions": [entry(0, {"id": f"o{number}"})]}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(draw, range(6))) == {200}
    kept = PreviewFile.objects.get().annotations[0]["drawing"]["objects"]
    assert {item["id"] for item in kept} == {f"o{number}" for number in range(6)}
