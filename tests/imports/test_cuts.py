"""EDL, OTIO and XML files coming in as shots."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Entity
from events.models import ApiEvent
from imports.models import ImportRecord
from imports.timelines import reading
from tasks.models import Task
from tests.cast import ROLES
from tests.client import ApiClient
from tests.imports.cuts import clip, edl, otio, xml
from tests.makers import join_team, make_entity, make_person, make_sequence, make_shot
from tests.parallel import at_once, need_real_connections

CONVENTION = "Film_${sequence_name}-${shot_name}"
NOWHERE = "00000000-0000-4000-8000-000000000001"
GONE = "404 Not Found: The requested URL was not found on the server."


def bundle(text):
    """An OTIO bundle without media."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("content.otio", text)
    return content.getvalue()


def post(client, path, text, name="cut.edl", query="", **fields):
    """Uploads a file."""
    content = text if isinstance(text, bytes) else text.encode()
    return client.upload(f"/import/otio/projects/{path}{query}", file=SimpleUploadedFile(name, content), **fields)


@pytest.fixture
def send(api, studio):
    """Uploads a file into the production as the studio manager."""
    return lambda text=None, name="cut.edl", path="", query="", **fields: post(
        api, f"{studio.project.pk}{path}", edl() if text is None else text, name, query, **fields
    )


def frames(shot):
    """First, last and number of frames."""
    data = shot["data"] if isinstance(shot, dict) else shot.data
    return data["frame_in"], data["frame_out"], shot["nb_frames"] if isinstance(shot, dict) else shot.nb_frames


def test_clips_become_shots_with_frames_and_tasks(send, studio, cast):
    answer = send()
    assert answer.status_code == 201, answer.content
    created = answer.json()["created_shots"]
    assert answer.json()["updated_shots"] == []
    assert [(shot["name"], shot["type"], frames(shot)) for shot in created] == [
        ("SH10", "Shot", (0, 129, 130)),
        ("SH20", "Shot", (130, 202, 73)),
    ]
    assert "tasks" not in created[0] and "entities_out" not in created[0]
    sequence = studio.named("SQ50")
    assert {shot["parent_id"] for shot in created} == {str(sequence.pk)} and created[0]["created_by"] == str(cast.admin.pk)
    assert [task.task_type for task in Task.objects.all()] == [studio.animation] * 2
    names = list(ApiEvent.objects.values_list("name", flat=True))
    assert {name: names.count(name) for name in names} == {"sequence:new": 1, "shot:new": 2, "task:new": 2}
    told = ApiEvent.objects.filter(name="shot:new").first().data
    assert told == {"shot_id": told["shot_id"], "episode_id": None, "project_id": str(studio.project.pk)}
    record = ImportRecord.objects.get()
    assert (record.kind, record.file_name, record.project, record.counts["created"]) == ("Cut: shots", "cut.edl", studio.project, 2)


def test_a_second_import_lists_shots_of_other_names_as_created_and_leaves_them_alone(send, studio):
    first = send().json()
    before = Entity.objects.count(), ApiEvent.objects.count()
    second = send(edl("Other_SQ50-SH20", "Other_SQ50-SH10")).json()
    assert [shot["id"] for shot in second["created_shots"]] == [shot["id"] for shot in reversed(first["created_shots"])]
    assert [frames(shot) for shot in second["created_shots"]] == [(130, 202, 73), (0, 129, 130)]
    assert before == (Entity.objects.count(), ApiEvent.objects.count())


def test_shots_whose_names_fit_are_updated(send, studio):
    shot = make_shot(
        studio.project, name="SH10", parent=make_sequence(studio.project, name="SQ50"), data={"kept": 1, "frame_in": 7}
    )
    answer = send(naming_convention=CONVENTION).json()
    (updated,) = answer["updated_shots"]
    assert (updated["id"], updated["type"], updated["data"]) == (
        str(shot.pk),
        "Entity",
        {"kept": 1, "frame_in": 0, "frame_out": 129},
    )
    assert [shot["name"] for shot in answer["created_shots"]] == ["SH20"]
    assert ApiEvent.objects.filter(name="shot:update").count() == 1
    moment = Entity.objects.get(pk=shot.pk).updated_at
    answer = send(query=f"?naming_convention={CONVENTION}").json()
    assert (len(answer["updated_shots"]), answer["created_shots"]) == (2, [])
    assert Entity.objects.get(pk=shot.pk).updated_at == moment and ApiEvent.objects.filter(name="shot:update").count() == 1


@pytest.mark.parametrize(("word", "updated"), [("False", 2), ("0", 2), ("True", 0), ("on", 0), ("1", 0)])
def test_letter_case_counts_unless_it_is_declined(send, studio, word, updated):
    parent = make_sequence(studio.project, name="sq50")
    for name in ("Sh10", "sh20"):
        make_shot(studio.project, name=name, parent=parent)
    answer = send(naming_convention=CONVENTION, match_case=word)
    assert len(answer.json()["updated_shots"]) == updated


def test_an_episode_holds_its_own_sequences(send, studio):
    studio.become_tv_show()
    episode, other = (make_entity("Episode", studio.project, name=name) for name in ("E01", "E02"))
    elsewhere = make_sequence(studio.project, name="SQ50", parent=other)
    cut = edl("Film_E01-SQ50-SH10", "Film_E01-SQ50-SH20")
    answer = send(cut, path=f"/episodes/{episode.pk}")
    assert answer.status_code == 201, answer.content
    sequence = Entity.objects.get(name="SQ50", parent=episode)
    assert {shot["parent_id"] for shot in answer.json()["created_shots"]} == {str(sequence.pk)} and not elsewhere.children.exists()
    assert ApiEvent.objects.filter(name="shot:new").first().data["episode_id"] == str(episode.pk)
    convention = "Film_${episode_name}-${sequence_name}-${shot_name}"
    again = send(cut, path=f"/episodes/{episode.pk}", naming_convention=convention).json()
    assert [shot["name"] for shot in again["updated_shots"]] == ["SH10", "SH20"]


def test_a_tv_show_needs_an_episode_of_its_own(send, studio, cast):
    studio.become_tv_show()
    sequence = make_sequence(studio.project)
    for path in ("", f"/episodes/{NOWHERE}", "/episodes/abc", f"/episodes/{sequence.pk}"):
        answer = send(path=path)
        assert answer.status_code == 400 and answer.json()["message"].startswith(f"EpisodeNotFoundException: {GONE}")
        assert "data" not in answer.json()


@pytest.mark.parametrize(
    ("convention", "message"),
    [
        ("Zorro_${sequence_name}-${shot_name}", "KeyError: 'No matched value while extracting shot informations.'"),
        ("Film_$shot_name", "KeyError: 'No sequence name found while extracting shot informations.'"),
        ("Film_${sequence_name}-", "KeyError: 'No shot name found while extracting shot informations.'"),
        ("", "KeyError: 'No sequence name found while extracting shot informations.'"),
        ("(${sequence_name}-${shot_name}", "error: missing ), unterminated subpattern at position 0"),
        ("${foo}_${sequence_name}-${shot_name}", "KeyError: 'foo'"),
        ("$ {sequence_name}", "ValueError: Invalid placeholder in string: line 1, col 1"),
        ("x" * 1001, "A naming convention has at most 1000 characters."),
    ],
)
def test_conventions_that_do_not_fit_are_told(send, studio, convention, message):
    make_shot(studio.project)
    before = Entity.objects.count()
    answer = send(naming_convention=convention)
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": message})
    assert Entity.objects.count() == before


def test_one_clip_that_does_not_fit_stops_all(send, studio):
    assert send(edl("Film_SQ50-SH10", "Title card")).status_code == 400
    assert not Entity.objects.exists() and not ApiEvent.objects.exists() and not ImportRecord.objects.exists()
    assert send(edl(second="Film_SQ50-" + "x" * 161)).json()["message"] == "The name of a shot has at most 160 characters."
    assert send(edl(second="Film_-SH1")).json()["message"].startswith("KeyError: 'No sequence name found")
    assert not Entity.objects.exists()


def test_an_episode_without_a_tv_show_has_no_name(send, studio):
    episode = make_entity("Episode", studio.project, name="E01")
    make_shot(studio.project, parent=make_sequence(studio.project, parent=episode))
    answer = send(path=f"/episodes/{episode.pk}")
    assert (answer.status_code, answer.json()["message"]) == (400, "KeyError: 'episode_name'")


def test_a_wrong_truth_value_is_told(send):
    answer = send(match_case="maybe")
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": True, "message": "Wrong value for parameter match_case.", "data": None},
    )


def test_an_empty_cut_is_nothing(send):
    answer = send("")
    assert (answer.status_code, answer.json()) == (201, {"updated_shots": [], "created_shots": []})


def test_places_of_clips_are_counted_with_gaps_and_transitions(send, studio):
    gap = {"OTIO_SCHEMA": "Gap.1", "source_range": clip("", 5)["source_range"]}
    fade = {"OTIO_SCHEMA": "Transition.1", "in_offset": None, "out_offset": None, "transition_type": "SMPTE_Dissolve"}
    fade |= {name: {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": 2.0} for name in ("in_offset", "out_offset")}
    nested = {"OTIO_SCHEMA": "Stack.1", "name": "nest", "children": [clip("Film_A-4", 7)], "source_range": None}
    media = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "file:///cuts/Film_A-3.mov", "name": ""}
    tracks = [clip("Film_A-1.v2.mov", 10), fade, clip("Film_A-2", 20), gap, clip("", 3, media), nested]
    text = otio(tracks, ("Audio", [clip("Sound", 9)]), [clip("Film_B-1", 4)])
    assert [(shot["name"], frames(shot)) for shot in send(text, "cut.otio").json()["created_shots"]] == [
        ("1", (0, 9, 10)),
        ("2", (10, 29, 20)),
        ("3", (35, 37, 3)),
        ("4", (38, 44, 7)),
        ("1", (0, 3, 4)),
    ]


def test_other_formats_are_read_alike(send, studio):
    expected = [("X", (0, 9, 10)), ("Y", (10, 19, 10))]
    text = otio([clip("Film_A-X", 10), clip("Film_A-Y", 10)])
    files = {
        "cut.otio": text,
        "CUT.OTIOZ": bundle(text),
        "cut.xml": xml("Film_B-X", "Film_B-Y"),
        "with.dots.EDL": edl("Film_C-X", "Film_C-Y"),
    }
    for name, content in files.items():
        found = [(shot["name"], frames(shot)) for shot in send(content, name).json()["created_shots"]]
        assert found == (expected if "EDL" not in name else [("X", (0, 129, 130)), ("Y", (130, 202, 73))]), name


def test_the_frame_rate_is_the_productions(send, studio):
    studio.project.fps = "24"
    studio.project.save()
    cut = edl().replace("05:05", "05:04").replace("08:03", "08:02")
    assert frames(send(cut).json()["created_shots"][0]) == (0, 123, 124)
    studio.project.fps = "film"
    studio.project.save()
    assert "no frame rate but film" in send().json()["message"]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xmeml version="4">&b;</xmeml>'
DEEP = '{"OTIO_SCHEMA":"Timeline.1","metadata":' + '{"a":' * 300_000 + "1" + "}" * 300_001


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cut.otio", "{", "Failed to parse OTIO file: JSON parse error"),
        ("cut.otio", "[]", "the file holds no timeline"),
        ("cut.otio", "null", "Failed to parse OTIO file: "),
        ("cut.otio", '{"OTIO_SCHEMA":"Clip.1"}', "the file holds no timeline"),
        ("cut.otio", '{"OTIO_SCHEMA":"SerializableCollection.1","children":[]}', "the file holds no timelines"),
        ("cut.otio", otio([clip("Film_A-1", 1e300)]), "beyond what a shot can have"),
        ("cut.otio", DEEP, "can't be read with reasonable time and memory"),
        ("cut.otio", b"\xff\xfe\x00\x01", "Failed to parse OTIO file: "),
        ("cut.xml", "<a>", "Failed to parse OTIO file: no element found"),
        ("cut.xml", "<a/>", "Failed to parse OTIO file: "),
        ("cut.xml", BOMB, "entities are not allowed"),
        ("cut.xml", BOMB.encode("utf-16"), "entities are not allowed"),
        ("cut.edl", "hello world", "Failed to parse OTIO file: "),
        ("cut.edl", b"\x00\x01\x02", "Failed to parse OTIO file: "),
        ("cut.otioz", b"PK\x03\x04", "Failed to parse OTIO file: "),
        ("cut.otioz", b"", "Failed to parse OTIO file: "),
    ],
)
def test_hostile_files_are_refused_with_words(send, name, content, words):
    answer = send(content, name)
    assert answer.status_code == 400 and words in answer.json()["message"], answer.json()
    assert len(answer.json()["message"]) < 400
    assert not Entity.objects.exists()


@pytest.mark.parametrize(
    "name", ["cut.txt", "cut", "cut.aaf", "cut.ma", "cut.otiod", "cut.edl.exe", "cut.", "edl", "x." + "y" * 200]
)
def test_other_formats_are_not_read(send, name, monkeypatch):
    monkeypatch.setattr(reading, "asked", None)
    answer = send(name=name)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Unsupported file type '.") or "understand" in answer.json()["message"]


def test_a_pattern_that_never_ends_costs_a_process_alone(send, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", 2)
    answer = send(edl("x" * 60, "y"), naming_convention="(x+x+)+$$${sequence_name}-${shot_name}")
    assert answer.status_code == 400 and "reasonable time and memory" in answer.json()["message"]


def test_large_files_are_refused_unread(send, settings, monkeypatch):
    settings.MAX_TIMELINE_CLIPS = 1
    assert "more than 1 clips" in send().json()["message"]
    monkeypatch.setattr(reading, "asked", None)
    settings.MAX_TIMELINE_LENGTH = 10
    assert send().status_code == 413


def test_the_reader_sees_no_secrets(monkeypatch):
    seen = {}

    class Done:
        stdout = b'{"clips": [], "pattern_error": null}'

    def run(command, **options):
        seen.update(options, command=command)
        return Done

    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setattr(reading.subprocess, "run", run)
    reading.asked(b"")
    assert set(seen["env"]) <= {"PATH", "LANG"} and "-I" in seen["command"]


def test_no_file_is_no_import(api, studio):
    path = f"/import/otio/projects/{studio.project.pk}"
    for answer in (api.upload(path), api.post(path, {}), api.upload(path, other=SimpleUploadedFile("a.edl", b""))):
        assert answer.status_code == 400 and "browser (or proxy)" in answer.json()["message"]


def test_an_unknown_production_is_told(api, studio):
    answer = post(api, NOWHERE, edl())
    assert answer.status_code == 400 and answer.json()["message"].startswith(f"Failed to parse OTIO file: {GONE}")
    answer = post(api, NOWHERE, "{}", "cut.otio")
    assert answer.status_code == 400 and answer.json()["message"].startswith(f"ProjectNotFoundException: {GONE}")
    assert post(api, "abc", edl()).status_code == 404


def test_managers_of_the_production_import(api, anonymous, studio, cast):
    elsewhere = make_person(role="manager")
    local = make_person(role="user")
    join_team(studio.project, local, role="manager")
    for path in (f"{studio.project.pk}", f"{studio.project.pk}/episodes/{NOWHERE}"):
        for person in (*(cast.of(role) for role in ROLES), cast.outsider, elsewhere, local):
            allowed = person in (cast.admin, cast.manager, local)
            status = post(api.by(person), path, b"", "cut.txt").status_code
            assert status == (400 if allowed else 403), person.role
        assert post(anonymous, path, edl()).status_code == 401
    assert post(api.by(elsewhere), NOWHERE, edl()).status_code == 403
    assert post(api.by(local), str(studio.project.pk), edl()).status_code == 201


def test_a_dry_run_tells_of_each_clip_and_stores_nothing(send, studio):
    make_shot(studio.project, name="SH10", parent=make_sequence(studio.project, name="SQ50"))
    before = Entity.objects.count()
    answer = send(edl(second="Title card"), query="?dry_run=true", naming_convention=CONVENTION)
    report = answer.json()
    assert answer.status_code == 200 and [report[name] for name in ("created", "updated", "skipped", "refused")] == [0, 1, 0, 1]
    assert report["clips"][0] == {
        "clip": "Film_SQ50-SH10",
        "outcome": "updated",
        "message": None,
        "frame_in": 0,
        "frame_out": 129,
        "nb_frames": 130,
    }
    assert report["clips"][1]["message"] == "KeyError: 'No matched value while extracting shot informations.'"
    assert Entity.objects.count() == before and not ApiEvent.objects.exists() and not ImportRecord.objects.exists()


def test_hundreds_of_clips_take_a_few_statements(send, studio):
    text = otio([clip(f"Film_A-{number}", 10) for number in range(300)])
    for convention, most in ((None, 60), (CONVENTION, 40)):
        fields = {"naming_convention": convention} if convention else {}
        with CaptureQueriesContext(connection) as queries:
            assert send(text, "cut.otio", **fields).status_code == 201
        assert len(queries) < most
    assert Task.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_equal_cuts_at_once_make_nothing_twice(studio, cast):
    need_real_connections()
    answers = at_once([lambda: post(ApiClient(cast.admin), str(studio.project.pk), edl()) for _ in range(4)])
    assert [answer.status_code for answer in answers] == [201] * 4
    assert Entity.objects.count() == 3 and Task.objects.count() == 2
