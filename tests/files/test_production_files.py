"""Working and output files: paths, revisions, rights."""

import pytest

from assets.models import AssetInstance
from events.models import ApiEvent
from files.models import FileStatus, OutputFile, OutputType, WorkingFile
from people.models import Software
from tasks.models import Notification
from tests.files.studio import make_work, sent
from tests.makers import make_asset, make_entity, make_project, make_shot, make_task_type

TREE = {
    mode: {
        "mountpoint": "/simple",
        "root": root,
        "folder_path": {
            "shot": f"<Project>/shots/<Sequence>/<Shot>/{last}",
            "asset": f"<Project>/assets/<AssetType>/<Asset>/{last}",
            "instance": "<Project>/<TemporalEntityType>/<Sequence>/<TemporalEntity>/<AssetType>/<Asset>"
            "/i_<Instance.number>/<Representation>",
            "style": "lowercase",
        },
        "file_name": {
            "shot": "<Project>_<Sequence>_<Shot>_<TaskType>_<Name>_v<Version>",
            "asset": "<Project>_<Asset>_<Bad>",
            "instance": "<Project>_<TemporalEntity>_<Name>_<Instance.name>_v<Version>",
            "style": "lowercase",
        },
    }
    for mode, root, last in (
        ("working", "productions", "<TaskType>/<Software>"),
        ("output", "productions/export", "<TaskType>/<OutputType>"),
    )
}


@pytest.fixture
def shot(cast):
    cast.project.name, cast.project.file_tree = "Big Show 2", TREE
    cast.project.save()
    return make_shot(cast.project, name="SH 010", parent=make_entity("Sequence", cast.project, name="Seq2"))


@pytest.fixture
def storyboard(cast, shot):
    return make_work(cast.project, cast.user, shot=shot, task_type=make_task_type(name="Storyboard"))


@pytest.fixture
def kind(db):
    return OutputType.objects.create(name="Cache", short_name="cch")


def new(api, work, **body):
    return api.post(f"/data/tasks/{work.task.pk}/working-files/new", {"name": "main", **body})


def test_the_path_of_a_working_file(api, storyboard):
    answer = api.post(f"/data/tasks/{storyboard.task.pk}/working-file-path", {})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "path": "/simple/productions/big_show_2/shots/s002/sh_010/storyboard/3ds_max",
            "name": "big_show_2_s002_sh_010_storyboard_main_v001",
        },
    )
    backslashes = api.post(f"/data/tasks/{storyboard.task.pk}/working-file-path", {"sep": "\\", "revision": 7}).json()
    assert backslashes["path"] == "/simple\\productions\\big_show_2\\shots\\s002\\sh_010\\storyboard\\3ds_max"
    assert backslashes["name"].endswith("_v007")
    assert Software.objects.get().short_name == "max"


@pytest.mark.parametrize(
    ("tree", "mode", "reason"),
    [
        (None, "working", "No tree can be found for given project."),
        ({}, "working", "Mode working cannot be found on given tree."),
        (TREE, "odd", "Mode odd cannot be found on given tree."),
        ({"working": {"root": "x"}}, "working", "Can't find given mode (working) in given tree."),
        ({"working": {"root": "x", "mountpoint": "/"}}, "working", ""),
        ({"working": {"root": "x", "mountpoint": "/", "folder_path": {"shot": "<Odd>"}}}, "working", "Unknown data type: Odd."),
    ],
)
def test_an_unusable_tree_is_told(api, cast, storyboard, tree, mode, reason):
    cast.project.file_tree = tree
    cast.project.save()
    answer = api.post(f"/data/tasks/{storyboard.task.pk}/working-file-path", {"mode": mode})
    assert (answer.status_code, answer.json()) == (400, {"message": reason, "received_data": {"mode": mode}})
    made = new(api, storyboard, mode=mode)
    assert (made.status_code, made.json()) == (400, {"error": reason})
    assert not WorkingFile.objects.exists()


def test_working_files_count_their_revisions(api, cast, storyboard):
    first = new(api.by(cast.user), storyboard, comment="first pass")
    assert first.status_code == 201
    row = first.json()
    assert (row["revision"], row["comment"], row["person_id"], row["description"]) == (1, "first pass", str(cast.user.pk), None)
    assert row["path"] == (
        "/simple/productions/big_show_2/shots/s002/sh_010/storyboard/blender/big_show_2_s002_sh_010_storyboard_main_v001"
    )
    assert list(storyboard.task.assignees.all()) == [cast.user]
    assert new(api, storyboard).json()["revision"] == 2
    again = new(api, storyboard, revision=2)
    assert (again.status_code, again.json()) == (400, {"error": "The given working file already exists."})
    path = f"/data/tasks/{storyboard.task.pk}/working-files"
    assert [row["revision"] for row in api.get(path).json()] == [2, 1]
    assert api.get(f"{path}/last-revisions").json()["main"]["revision"] == 2
    assert api.by(cast.vendor).get(path).status_code == 403
    assert len(api.get(f"/data/entities/{storyboard.shot.pk}/working-files?name=main&relations=true").json()) == 2


def test_whoever_makes_a_working_file_works_on_the_task(api, cast, storyboard):
    assert new(api.by(cast.supervisor), storyboard).status_code == 201
    assert cast.supervisor in storyboard.task.assignees.all()
    told = {event.name: event.data for event in ApiEvent.objects.exclude(name="software:new")}
    assert set(told) == {"task:assign", "task:update", "working-file:new"}
    assert told["task:assign"] == {
        "task_id": str(storyboard.task.pk),
        "person_id": str(cast.supervisor.pk),
        "project_id": str(cast.project.pk),
    }
    assert not Notification.objects.exists()


def test_a_working_file_is_stored_and_read(api, cast, storyboard):
    pk = new(api, storyboard).json()["id"]
    missing = api.get(f"/data/working-files/{pk}/file")
    assert (missing.status_code, missing.json()["message"]) == (404, f"Working file not found for: {pk}")
    assert api.upload(f"/data/working-files/{pk}/file", file=sent("a.blend", b"blend")).status_code == 201
    read = api.by(cast.client).get(f"/data/working-files/{pk}/file")
    assert (b"".join(read.streaming_content), read["Content-Type"]) == (b"blend", "application/octet-stream")
    assert api.post(f"/data/working-files/{pk}/file", {}).status_code == 400
    comment = api.put(f"/actions/working-files/{pk}/comment", {"comment": "better"})
    assert comment.json()["comment"] == "better"
    assert api.put(f"/actions/working-files/{pk}/comment", {}).status_code == 400
    assert api.put(f"/actions/working-files/{pk}/modified").status_code == 200
    assert api.by(cast.outsider).put(f"/actions/working-files/{pk}/modified").status_code == 403
    wrong = api.put(f"/data/working-files/{pk}", {"validation_status": "odd"})
    assert wrong.json() == {"error": True, "message": "Invalid validation_status", "data": None}
    foreign = make_shot(make_project())
    assert api.put(f"/data/working-files/{pk}", {"entity_id": str(foreign.pk)}).status_code == 400
    for one in (f"/data/files/{pk}", f"/data/working-files/{pk}?relations=false"):
        assert api.get(one).json()["outputs"] == []
    assert api.delete(f"/data/working-files/{pk}").status_code == 204
    assert api.get("/data/working-files/zz").status_code == 404


def output(api, shot, work, kind, **body):
    body = {"output_type_id": str(kind.pk), "task_type_id": str(work.task.task_type_id), **body}
    return api.post(f"/data/entities/{shot.pk}/output-files/new", body)


def test_output_files_count_their_revisions(api, cast, shot, storyboard, kind, django_assert_num_queries):
    working = new(api, storyboard).json()
    answer = output(
        api, shot, storyboard, kind, extension=".abc", representation="abc", nb_elements=9, working_file_id=working["id"]
    )
    assert answer.status_code == 201
    row = answer.json()
    assert row["folder_path"] == "/simple/productions/export/big_show_2/shots/s002/sh_010/storyboard/cache"
    assert row["file_name"] == "big_show_2_s002_sh_010_storyboard_main_v001_[1-9]"
    assert row["path"] == f"{row['folder_path']}/{row['file_name']}.abc"
    assert row["source_file"] == {key: value for key, value in working.items() if key != "outputs"}
    assert FileStatus.objects.get().name == "To review"
    assert output(api, shot, storyboard, kind).json()["revision"] == 2
    assert output(api, shot, storyboard, kind, revision=1, representation="jpg").status_code == 201
    again = output(api, shot, storyboard, kind, revision=1, representation="abc")
    assert (again.status_code, again.json()) == (400, {"error": "The given output file already exists."})
    path = f"/data/entities/{shot.pk}/output-files"
    with django_assert_num_queries(3):
        assert [row["revision"] for row in api.get(path).json()] == [2, 1, 1]
    assert len(api.get(f"{path}/last-revisions?representation=abc").json()) == 1
    assert [row["name"] for row in api.get(f"/data/entities/{shot.pk}/output-types").json()] == ["Cache"]
    assert len(api.get(f"/data/entities/{shot.pk}/output-types/{kind.pk}/output-files").json()) == 3
    assert len(api.by(cast.manager).get(f"/data/projects/{cast.project.pk}/output-files").json()) == 3
    assert api.by(cast.user).get(f"/data/projects/{cast.project.pk}/output-files").status_code == 403
    following = api.post(
        f"{path}/next-revision", {"output_type_id": str(kind.pk), "task_type_id": str(storyboard.task.task_type_id)}
    )
    assert following.json() == {"next_revision": 3}


@pytest.mark.parametrize(
    ("change", "status", "body"),
    [
        ({"output_type_id": "aaaaaaaa-0000-4000-8000-000000000000"}, 400, {"error": "Cannot find given output type."}),
        ({"person_id": "aaaaaaaa-0000-4000-8000-000000000000"}, 400, {"error": "Cannot find given person."}),
        ({"task_type_id": "aaaaaaaa-0000-4000-8000-000000000000"}, 404, None),
        ({"file_status_id": "aaaaaaaa-0000-4000-8000-000000000000"}, 404, None),
        ({"output_type_id": "x"}, 400, None),
        ({"representation": "x" * 30}, 400, None),
    ],
)
def test_wrong_outputs_are_refused(api, shot, storyboard, kind, change, status, body):
    answer = output(api, shot, storyboard, kind, **change)
    assert answer.status_code == status
    assert body is None or answer.json() == body
    assert not OutputFile.objects.exists()


def test_the_separator_of_an_output_stands_between_all_parts(api, shot, storyboard, kind):
    asked = {"output_type_id": str(kind.pk), "task_type_id": str(storyboard.task.task_type_id), "sep": "\\", "extension": ".abc"}
    made = api.post(f"/data/entities/{shot.pk}/output-files/new", asked).json()
    assert made["folder_path"] == "/simple\\productions/export\\big_show_2\\shots\\s002\\sh_010\\storyboard\\cache"
    assert made["path"] == f"{made['folder_path']}\\{made['file_name']}.abc"


def test_an_output_of_an_unusable_tree_is_not_kept(api, cast, storyboard, kind):
    asset = make_asset(cast.project)
    answer = output(api, asset, storyboard, kind)
    assert (answer.status_code, answer.json()) == (400, {"error": "Unknown data type: Bad."})
    assert not OutputFile.objects.exists()


def test_outputs_of_an_instance(api, cast, shot, storyboard, kind):
    instance = AssetInstance.objects.create(asset=make_asset(cast.project, name="Tall Tree"), number=1)
    path = f"/data/asset-instances/{instance.pk}/entities/{shot.pk}"
    body = {"output_type_id": str(kind.pk), "task_type_id": str(storyboard.task.task_type_id), "representation": "abc"}
    where = api.post(f"{path}/output-file-path", {**body, "revision": 3}).json()
    assert where == {
        "folder_path": "/simple/productions/export/big_show_2/shot/s002/sh_010/character/tall_tree/i_0001/abc",
        "file_name": "big_show_2_sh_010_main_0001_v003",
    }
    made = api.post(f"{path}/output-files/new", body)
    assert (made.status_code, made.json()["asset_instance_id"], made.json()["temporal_entity_id"]) == (
        201,
        str(instance.pk),
        str(shot.pk),
    )
    again = api.post(f"{path}/output-files/new", {**body, "revision": 1})
    assert again.json() == {"message": "The given output file already exists."}
    assert len(api.get(f"{path}/output-files/last-revisions").json()) == 1
    assert len(api.get(f"/data/asset-instances/{instance.pk}/output-files").json()) == 1
    assert api.get(f"/data/entities/{instance.asset_id}/output-files").json() == []
    foreign = make_shot(make_project())
    assert api.post(f"/data/asset-instances/{instance.pk}/entities/{foreign.pk}/output-files/new", body).status_code == 404


def test_rights_on_output_files(api, cast, shot, storyboard, kind):
    pk = output(api, shot, storyboard, kind).json()["id"]
    statuses = {
        role: api.by(cast.of(role)).put(f"/data/output-files/{pk}", {"comment": role}).status_code
        for role in ("manager", "user", "vendor")
    }
    assert statuses == {"manager": 200, "user": 403, "vendor": 403}
    storyboard.task.assignees.add(cast.user)
    assert api.by(cast.user).put(f"/data/output-files/{pk}", {"quality": "mid"}).status_code == 200
    assert api.put(f"/data/output-files/{pk}", {"quality": "odd"}).json()["message"] == "Invalid quality"
    lists = {role: api.by(cast.of(role)).get("/data/output-files").status_code for role in ("user", "client", "vendor")}
    assert lists == {"user": 200, "client": 200, "vendor": 403}
    assert api.by(cast.outsider).get("/data/output-files").json() == []
    assert api.by(cast.outsider).get(f"/data/output-files/{pk}").status_code == 403
    assert api.delete(f"/data/output-files/{pk}").status_code == 204


@pytest.mark.parametrize(
    ("plural", "body"), [("file-status", {"name": "Done", "color": "#112233"}), ("output-types", {"name": "Rig", "short_name": ""})]
)
def test_studio_tables(api, cast, plural, body):
    assert api.by(cast.manager).post(f"/data/{plural}", body).status_code == 403
    made = api.post(f"/data/{plural}", body)
    assert made.status_code == 201
    assert api.by(cast.vendor).get(f"/data/{plural}/{made.json()['id']}").status_code == 200
    assert api.delete(f"/data/{plural}/{made.json()['id']}").status_code == 204


def test_odd_filters_are_refused(api, shot):
    for query in ("name=%00", "representation=%00", "output_type_id=x"):
        assert api.get(f"/data/entities/{shot.pk}/output-files?{query}").status_code == 400
    assert api.get(f"/data/entities/{shot.pk}/working-files?name=%00").status_code == 400
    assert api.get(f"/data/entities/{shot.pk}/working-files?task_id=x").status_code == 400
