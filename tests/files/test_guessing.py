"""What a path is about, by a production's file tree."""

from uuid import uuid4

import pytest

from assets.models import AssetInstance
from files.models import OutputType
from tests.files.studio import make_work
from tests.makers import make_asset, make_department, make_entity, make_project, make_shot, make_task_type

FOLDERS = {
    "shot": "<Project>/shots/<Sequence>/<Shot>/<TaskType>",
    "asset": "<Project>/assets/<AssetType>/<Asset>/<TaskType>",
    "sequence": "<Project>/sequences/<Sequence>/<TaskType>",
    "style": "lowercase",
}
TREE = {"working": {"mountpoint": "/simple", "root": "productions", "folder_path": FOLDERS}}
ROOT = "/simple/productions/Big Show 2"


@pytest.fixture
def shot(cast):
    cast.project.name, cast.project.file_tree = "Big Show 2", TREE
    cast.project.save()
    return make_shot(cast.project, name="SH 010", parent=make_entity("Sequence", cast.project, name="Seq2"))


@pytest.fixture
def storyboard(shot):
    return make_task_type(name="Storyboard")


def guess(api, project, path, *, address="guess-from-path", **more):
    answer = api.post(f"/data/entities/{address}", {"project_id": str(project.pk), "file_path": path, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()


def rooted(cast, folders, **tree):
    cast.project.file_tree = {"working": {**TREE["working"], "folder_path": {"style": "lowercase", **folders}, **tree}}
    cast.project.save()


def ids(**rows):
    return {name: str(row.pk) for name, row in rows.items()}


@pytest.mark.parametrize("address", ["guess-from-path", "guess_from_path"])
def test_a_path_names_a_shot_and_its_task_type(api, cast, shot, storyboard, address):
    found = guess(api, cast.project, f"{ROOT}/shots/Seq2/SH 010/Storyboard/Blender/x_v001.blend", address=address)
    expected = ids(Project=cast.project, Sequence=shot.parent, Shot=shot, TaskType=storyboard)
    assert found == [{"Template": "shot", **expected}]


def test_letter_case_and_underscores_do_not_count(api, cast, shot, storyboard):
    found = guess(api, cast.project, "/SIMPLE/Productions/big_show_2/SHOTS/seq2/sh_010/storyboard")
    assert found == [{"Template": "shot", **ids(Project=cast.project, Sequence=shot.parent, Shot=shot, TaskType=storyboard)}]


def test_a_path_names_an_asset(api, cast, shot, storyboard):
    asset = make_asset(cast.project, name="Tall_Tree")
    make_asset(make_project(), name="Tall_Tree")
    found = guess(api, cast.project, f"{ROOT}/assets/character/tall_tree")
    assert found == [{"Template": "asset", **ids(Project=cast.project, AssetType=asset.entity_type, Asset=asset)}]


def test_what_is_found_stands_up_to_the_first_unknown_name(api, cast, shot):
    assert guess(api, cast.project, f"{ROOT}/shots/nope/SH 010") == [{"Template": "shot", **ids(Project=cast.project)}]
    assert guess(api, cast.project, "/simple/productions/Other/shots/Seq2") == [{"Template": "shot"}]
    assert guess(api, cast.project, "/simple/productions/") == [{"Template": name} for name in ("shot", "asset", "sequence")]


def test_shots_are_those_of_their_sequence(api, cast, shot):
    other = make_shot(cast.project, name="SH 010", parent=make_entity("Sequence", cast.project, name="Other"))
    assert guess(api, cast.project, f"{ROOT}/shots/other/SH 010")[0]["Shot"] == str(other.pk)


@pytest.mark.parametrize("path", ["/elsewhere/Big Show 2", "x", "/simple/productions", "\\simple\\productions\\x"])
def test_other_paths_name_nothing(api, cast, shot, path):
    assert guess(api, cast.project, path) == []


@pytest.mark.parametrize(
    "tree",
    [None, {}, "default", {"working": 3}, {"working": {}}, {"working": {"mountpoint": "/simple", "root": "productions"}}]
    + [{"working": {**TREE["working"], "folder_path": folders}} for folders in ([], {"shot": 3}, {"shot": "<"}, {"style": {}})],
)
def test_odd_trees_do_no_harm(api, cast, shot, tree):
    cast.project.file_tree = tree
    cast.project.save()
    assert guess(api, cast.project, f"{ROOT}/shots/Seq2") == []


def test_other_separators(api, cast, shot):
    found = guess(api, cast.project, "/simple\\productions\\big_show_2\\shots\\seq2\\sh_010", sep="\\")
    assert found == [{"Template": "shot", **ids(Project=cast.project, Sequence=shot.parent, Shot=shot)}]
    assert guess(api, cast.project, ROOT, sep="") == []


def test_the_other_tokens(api, cast, shot, storyboard):
    work = make_work(cast.project, cast.user, shot=shot, task_type=storyboard)
    output, department = OutputType.objects.create(name="Cache", short_name="c"), make_department(name="Layout")
    rooted(
        cast, {"shot": "<Project>/<Department>/<Sequence>/<Shot>/<TaskType>/<Task>/<OutputType>/<Name>/v<Version>/<Representation>"}
    )
    found = guess(api, cast.project, f"{ROOT}/layout/Seq2/SH_010/storyboard/main/cache/left_eye/v003/abc")
    assert found == [
        {
            "Template": "shot",
            **ids(Project=cast.project, Department=department, Sequence=shot.parent, Shot=shot, TaskType=storyboard),
            **ids(Task=work.task, OutputType=output),
            "Name": "left eye",
            "Version": "3",
            "Representation": "abc",
        }
    ]
    assert "Version" not in guess(api, cast.project, f"{ROOT}/layout/Seq2/SH_010/storyboard/main/cache/left_eye/vx/abc")[0]


def test_episodes_and_instances(api, cast, shot):
    episode = make_entity("Episode", cast.project, name="E01")
    within = make_entity("Sequence", cast.project, name="Seq2", parent=episode)
    scene = make_entity("Scene", cast.project, name="SC01", parent=within)
    asset = make_asset(cast.project, name="Tree")
    instance = AssetInstance.objects.create(asset=asset, name="left", number=7)
    rooted(
        cast,
        {"scene": "<Project>/<Episode>/<Sequence>/<TemporalEntityType>/<TemporalEntity>/<AssetType>/<Asset>/i_<Instance.number>"},
    )
    for text in ("i_0007", "i_left"):
        found = guess(api, cast.project, f"{ROOT}/e01/seq2/scene/sc01/character/tree/{text}")
        expected = ids(Project=cast.project, Episode=episode, Sequence=within, TemporalEntityType=scene.entity_type)
        more = ids(TemporalEntity=scene, AssetType=asset.entity_type, Asset=asset, Instance=instance)
        assert found == [{"Template": "scene", **expected, **more}]
    rooted(cast, {"scene": "<Project>/<Sequence>/<Scene>", "shot": "<Project>/<Shot>", "asset": "<Project>/<Asset>"})
    found = guess(api, cast.project, f"{ROOT}/Seq2/SC01")
    assert [sorted(one) for one in found] == [["Project", "Template"], ["Project", "Template"], ["Project", "Sequence", "Template"]]


def test_equal_readings_are_told_once(api, cast, shot):
    cast.project.file_tree = {"working": TREE["working"], "preview": TREE["working"]}
    cast.project.save()
    assert len(guess(api, cast.project, f"{ROOT}/shots/Seq2")) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"file_path": "x"}, 400),
        ({"project_id": str(uuid4()), "file_path": "x"}, 404),
        ({"project_id": "x", "file_path": "x"}, 404),
        ({"project_id": str(uuid4()), "file_path": ""}, 400),
        ({"project_id": str(uuid4()), "file_path": 5}, 400),
        ([], 400),
    ],
)
def test_bodies_that_make_no_sense(api, body, status):
    assert api.post("/data/entities/guess-from-path", body).status_code == status


def test_members_alone_may_ask(api, cast, shot):
    body = {"project_id": str(cast.project.pk), "file_path": ROOT}
    statuses = {
        role: api.by(cast.of(role)).post("/data/entities/guess-from-path", body).status_code
        for role in ("vendor", "client", "outsider")
    }
    assert statuses == {"vendor": 200, "client": 200, "outsider": 403}
