"""The boards `with-tasks`: their rows, forms, readers and validators."""

import orjson
import pytest

from assets.boards.rows import BOARDS
from production.models import MetadataDescriptor
from tasks.models import Subscription
from tests.makers import join_team, make_department, make_entity, make_person, make_project, make_shot

SHOT_KEYS = [
    "canceled",
    "data",
    "description",
    "entity_type_id",
    "episode_id",
    "episode_name",
    "fps",
    "frame_in",
    "frame_out",
    "id",
    "name",
    "nb_frames",
    "parent_id",
    "preview_file_id",
    "project_id",
    "project_name",
    "sequence_id",
    "sequence_name",
    "source_id",
    "nb_entities_out",
    "is_casting_standby",
    "tasks",
    "type",
]


def body(answer):
    return orjson.loads(answer.getvalue())


def board(api, kind, query=""):
    answer = api.get(f"/data/{kind}/with-tasks?{query}")
    assert answer.status_code == 200, answer.content
    return body(answer)


def of(cast):
    return f"project_id={cast.project.pk}"


def test_a_shot_stands_with_its_place_and_tasks(api, cast, world):
    task = world.give_task(world.shot, cast.user, estimation=960, priority=None, data={"a": "ü"})
    row = next(row for row in board(api, "shots", of(cast)) if row["id"] == str(world.shot.pk))
    assert list(row) == SHOT_KEYS
    assert (row["sequence_name"], row["episode_name"], row["episode_id"]) == ("SQ01", "E01", str(world.episode.pk))
    assert (row["fps"], row["frame_in"], row["frame_out"], row["data"]) == (24, 10, 20, world.shot.data)
    assert list(row["tasks"][0]) == BOARDS["Shot"].task_names.split()
    found = row["tasks"][0]
    assert (found["id"], found["assignees"], found["data"]) == (str(task.pk), [str(cast.user.pk)], {"a": "ü"})
    assert (found["estimation"], found["priority"], found["is_subscribed"], found["due_date"]) == (960.0, 0, False, None)


def test_dates_have_no_fraction_and_texts_are_escaped(api, cast, world):
    from datetime import datetime

    world.give_task(world.shot, due_date=datetime(2026, 2, 6, 12, 30, 5, 123456))
    world.shot.description = 'a "b" \\ \n ü'
    world.shot.save()
    row = next(row for row in board(api, "shots", of(cast)) if row["name"] == "SH010")
    assert row["tasks"][0]["due_date"] == "2026-02-06T12:30:05"
    assert row["description"] == 'a "b" \\ \n ü'


def test_an_asset_stands_with_its_episodes(api, cast, world):
    api.put(
        f"/data/projects/{cast.project.pk}/entities/{world.episode.pk}/casting",
        [{"asset_id": str(world.hero.pk), "nb_occurences": 1}],
    )
    hero, sword = board(api, "assets", of(cast))
    assert (hero["asset_type_name"], hero["episode_id"], hero["ready_for"], hero["preview_file_id"]) == (
        "Character",
        "",
        "None",
        "",
    )
    assert hero["casting_episode_ids"] == [str(world.episode.pk)]
    assert (sword["casting_episode_ids"], sword["tasks"]) == ([], [])
    assert [row["name"] for row in board(api, "assets", f"{of(cast)}&episode_id={world.episode.pk}")] == ["Hero"]
    assert len(board(api, "assets", f"{of(cast)}&episode_id=main")) == 2
    assert len(board(api, "assets")) == 2


def test_shots_without_a_sequence_are_left_out(api, cast, world):
    make_shot(cast.project, parent=None)
    assert len(board(api, "shots", of(cast))) == 2
    assert len(board(api, "shots", f"{of(cast)}&episode_id={world.episode.pk}")) == 2
    assert board(api, "shots", f"{of(cast)}&episode_id=main") == []
    assert len(board(api, "shots", f"{of(cast)}&episode_id=all&name=nothing")) == 2


@pytest.mark.parametrize("kind", ["sequences", "episodes", "scenes", "edits", "concepts"])
def test_the_other_kinds_have_boards(api, cast, world, kind):
    rows = board(api, kind, of(cast))
    assert len(rows) == 1
    assert rows[0]["tasks"] == []


def test_parents_of_places_are_told_as_text(api, cast, world):
    assert board(api, "episodes", of(cast))[0]["episode_id"] == "None"
    assert board(api, "scenes", of(cast))[0]["episode_id"] == str(world.sequence.pk)
    assert board(api, "edits", of(cast))[0]["episode_name"] == "E01"
    concept = board(api, "concepts", of(cast))[0]
    assert (concept["type"], concept["entity_concept_links"], concept["preview_file_status"]) == ("Concept", [], None)


def test_compact_rows_follow_their_header(api, cast, world):
    world.give_task(world.shot, cast.user)
    answer = board(api, "shots", f"{of(cast)}&compact=true")
    assert list(answer) == ["compact", "shot_fields", "task_fields", "rows"]
    assert answer["shot_fields"][-2:] == ["type", "tasks"]
    plain = {row["id"]: row for row in board(api, "shots", of(cast))}
    for values in answer["rows"]:
        row = dict(zip(answer["shot_fields"], values, strict=True))
        row["tasks"] = [dict(zip(answer["task_fields"], task, strict=True)) for task in row["tasks"]]
        assert row == plain[row["id"]]


@pytest.mark.parametrize(("compact", "header"), [("", {"compact": False}), ("&compact=true", None)])
def test_a_stream_begins_with_what_follows(api, cast, world, compact, header):
    answer = api.get(f"/data/assets/with-tasks?{of(cast)}&stream=true{compact}")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    lines = [orjson.loads(line) for line in answer.getvalue().splitlines()]
    assert len(lines) == 3
    assert lines[0] == (header or {**lines[0], "compact": True})
    assert "rows" not in lines[0]


def test_an_empty_board_is_empty_in_every_form(api, cast):
    assert board(api, "shots", of(cast)) == []
    assert board(api, "shots", f"{of(cast)}&compact=true")["rows"] == []


def test_clients_see_blanks(api, cast, world):
    world.give_task(world.shot, cast.user, estimation=960, retake_count=2)
    rows = board(api.by(cast.client), "shots", of(cast))
    task = next(row for row in rows if row["tasks"])["tasks"][0]
    assert (task["assignees"], task["estimation"], task["difficulty"], task["retake_count"]) == ([], 0, None, 0)
    assert list(task) == BOARDS["Shot"].task_names.split()


def test_vendors_see_their_tasks_and_no_metadata_of_others(api, cast, world):
    MetadataDescriptor.objects.create(
        project=cast.project, entity_type="Shot", name="Secret", field_name="fps", data_type="number"
    ).departments.set([make_department()])
    mine = world.give_task(world.shot, cast.vendor, cast.user)
    world.give_task(world.shot, cast.user)
    rows = board(api.by(cast.vendor), "shots", of(cast))
    assert [row["name"] for row in rows] == ["SH010"]
    assert [(task["id"], len(task["assignees"])) for task in rows[0]["tasks"]] == [(str(mine.pk), 2)]
    assert rows[0]["data"] == {"frame_in": 10, "frame_out": 20}
    assert [row["name"] for row in board(api.by(cast.vendor), "sequences", of(cast))] == ["SQ01"]
    assert [row["name"] for row in board(api.by(cast.vendor), "episodes", of(cast))] == ["E01"]
    assert board(api.by(cast.vendor), "assets") == []


def test_a_vendor_of_one_production_alone_is_none_elsewhere(api, cast, world):
    elsewhere = make_project()
    person = make_person(role="user")
    join_team(cast.project, person)
    join_team(elsewhere, person, role="vendor")
    make_shot(elsewhere)
    assert len(board(api.by(person), "shots", of(cast))) == 2
    assert board(api.by(person), "shots", f"project_id={elsewhere.pk}") == []


@pytest.mark.parametrize("kind", ["assets", "shots", "sequences", "episodes", "scenes", "edits", "concepts"])
def test_nobody_reads_the_board_of_a_production_they_are_not_in(api, cast, world, kind):
    somebody = api.by(cast.outsider)
    assert somebody.get(f"/data/{kind}/with-tasks?{of(cast)}").status_code == 403
    assert somebody.get(f"/data/{kind}/with-tasks?project_id=aaaaaaaa-0000-4000-8000-000000000000").status_code == 404
    malformed = api.get(f"/data/{kind}/with-tasks?project_id=abc")
    assert (malformed.status_code, malformed.json()["message"]) == (400, "Invalid UUID format for project_id: abc")
    assert api.get(f"/data/{kind}/with-tasks").status_code == 200


@pytest.mark.parametrize(("kind", "role"), [("scenes", "vendor"), ("concepts", "vendor"), ("concepts", "client")])
def test_some_boards_are_closed_to_guests(api, cast, world, kind, role):
    assert api.by(cast.of(role)).get(f"/data/{kind}/with-tasks?{of(cast)}").status_code == 403


@pytest.mark.parametrize("kind", ["shots", "assets"])
def test_an_unchanged_board_is_not_sent_again(api, cast, world, kind):
    address = f"/data/{kind}/with-tasks?{of(cast)}"
    first = api.get(address)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert len(tag.strip('"')) == 64
    again = api.get(address + "&compact=true&stream=true", HTTP_IF_NONE_MATCH=f'"x", {tag}')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert api.by(cast.user).get(address).headers["ETag"] != tag
    assert api.get(address + "&episode_id=all").headers["ETag"] != tag
    assert "ETag" not in api.get(f"/data/{kind}/with-tasks").headers


def test_whatever_a_board_shows_moves_its_validator(api, cast, world):
    address = f"/data/shots/with-tasks?{of(cast)}"

    def tag():
        return api.get(address).headers["ETag"]

    def change_shot():
        api.put(f"/data/entities/{world.shot.pk}", {"name": "SH011"})

    def create_shot():
        api.post(f"/data/projects/{cast.project.pk}/shots", {"name": "SH099", "sequence_id": str(world.sequence.pk)})

    def share():
        api.post(f"/actions/projects/{cast.project.pk}/assets/share", {})

    def subscribe():
        Subscription.objects.create(person=cast.admin, task=task)

    def delete_shot():
        api.delete(f"/data/shots/{world.other_shot.pk}")

    task = world.give_task(world.shot)
    before = tag()
    for change in (change_shot, create_shot, share, subscribe, delete_shot):
        change()
        after = tag()
        assert after != before, change.__name__
        before = after
    make_shot(make_project())
    assert tag() == before


def test_boards_cost_constant_statements(api, cast, world, django_assert_num_queries):
    address = f"/data/shots/with-tasks?{of(cast)}"
    for person, statements in ((cast.admin, 3), (cast.user, 3), (cast.vendor, 4)):
        somebody = api.by(person)
        world.give_task(make_shot(cast.project, parent=world.sequence), cast.vendor)
        with django_assert_num_queries(statements):
            body(somebody.get(address))
        tag = somebody.get(address).headers["ETag"]
        with django_assert_num_queries(2):
            assert somebody.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_only_own_work_can_be_asked_for(api, cast, world):
    world.give_task(world.shot, cast.user)
    assert [row["name"] for row in board(api.by(cast.user), "shots", f"{of(cast)}&assigned_to=me")] == ["SH010"]


def test_a_board_in_pieces_is_one_array(api, cast, world, monkeypatch):
    monkeypatch.setattr("assets.boards.reading.CHUNK", 1)
    make_entity("Prop", cast.project)
    assert len(board(api, "assets", of(cast))) == 3
    assert len(board(api, "assets", f"{of(cast)}&compact=true")["rows"]) == 3


def test_concepts_linked_with_an_entity(api, cast, world):
    world.concept.entity_concept_links.add(world.hero)
    world.give_task(world.concept, cast.user)
    row = body(api.get(f"/data/entities/{world.hero.pk}/entities-linked/with-tasks"))[0]
    assert (row["id"], row["type"], row["entity_concept_links"]) == (str(world.concept.pk), "Concept", [str(world.hero.pk)])
    assert "preview_file_status" not in row
    assert set(row["tasks"][0]) >= {"assigner_id", "assignees"}
    assert api.by(cast.outsider).get(f"/data/entities/{world.hero.pk}/entities-linked/with-tasks").status_code == 403


def test_boards_heed_the_criteria_of_their_kind_alone(api, cast, world):
    words = {"id": ("assets", "shots", "edits", "concepts"), "episode_id": ("assets", "shots", "edits", "sequences", "episodes")}
    for kind in ("assets", "shots", "edits", "concepts", "sequences", "episodes", "scenes"):
        for name in ("id", "project_id", "episode_id"):
            heeded = name == "project_id" or kind in words[name] or (name, kind) == ("episode_id", "scenes")
            for value in ("abc", ""):
                answer = api.get(f"/data/{kind}/with-tasks?{name}={value}")
                assert answer.status_code == (400 if heeded else 200)
                if heeded:
                    assert answer.json()["message"] == f"Invalid UUID format for {name}: {value}"


def test_whoever_asks_for_their_own_work_gets_their_tasks_alone(api, cast, world):
    task = world.give_task(world.hero, cast.user, cast.manager)
    world.give_task(world.hero, cast.manager)
    world.give_task(world.sequence, cast.manager)
    user, query = api.by(cast.user), f"{of(cast)}&assigned_to=me"
    (row,) = board(user, "assets", query)
    assert [found["id"] for found in row["tasks"]] == [str(task.pk)]
    assert set(row["tasks"][0]["assignees"]) == {str(cast.user.pk), str(cast.manager.pk)}
    assert len(board(user, "assets", of(cast))) == 2 and board(user, "shots", query) == []
    assert [len(row["tasks"]) for row in board(user, "sequences", query)] == [1]
