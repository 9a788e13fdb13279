"""Metadata columns: who shapes them, and what becomes of the values that they name."""

import pytest

from events.models import ApiEvent
from production.models import MetadataDescriptor, ProjectStatus
from production.rules.descriptors import field_name_of
from tests.makers import join_team, make_asset, make_department, make_project, make_shot, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def path(cast):
    return f"/data/projects/{cast.project.pk}/metadata-descriptors"


def test_keys_are_made_of_names():
    assert field_name_of("Contractor Été 1") == "contractor_ete_1"
    assert field_name_of("***") == ""
    assert field_name_of("Straße/北") == "strasse_bei"


def test_a_column_is_made(api, cast, path):
    department = make_department()
    answer = api.post(path, {"name": "Mood board", "for_client": "True", "departments": [str(department.pk), UNKNOWN]})
    row = answer.json()
    assert (answer.status_code, row["field_name"], row["entity_type"], row["data_type"]) == (201, "mood_board", "Asset", "string")
    assert (row["for_client"], row["choices"], row["departments"], row["position"]) == (True, [], [str(department.pk)], None)
    assert api.post(path, {"name": "Unticked", "for_client": None}).json()["for_client"] is False
    event = ApiEvent.objects.get(data__metadata_descriptor_id=row["id"])
    assert (event.name, event.data["metadata_descriptor_id"], event.project_id) == (
        "metadata-descriptor:new",
        row["id"],
        cast.project.pk,
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"entity_type": "Dog"}, "Wrong entity type. Please select Asset, Shot, Sequence, Episode, Edit, Project, or Task."),
        ({"entity_type": "Task"}, "Task metadata descriptors require a task_type_id."),
        ({"entity_type": "Task", "task_type_id": UNKNOWN}, "Task type not found."),
        ({"task_type_id": UNKNOWN}, "task_type_id only applies to Task metadata descriptors."),
        ({"data_type": "poem"}, "Invalid data_type"),
        ({"name": "taken"}, "Metadata descriptor already exists."),
        ({"name": "TAKEN!"}, "Metadata descriptor already exists."),
        ({"name": "x" * 121}, "Metadata descriptor name is too long."),
    ],
)
def test_what_no_column_can_be_is_refused(api, cast, path, body, message):
    api.post(path, {"name": "taken"})
    answer = api.post(path, {"name": "New", **body})
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert MetadataDescriptor.objects.count() == 1


def test_malformed_bodies_are_refused(api, path):
    assert api.post(path, {"name": "A", "departments": ["x"]}).status_code == 404
    assert api.post(path, {"name": "A", "choices": None}).json()["message"] == "Validation error."
    assert api.post(path, {"name": ""}).status_code == 400


def test_supervisors_shape_the_columns_of_all_their_departments(api, cast, path):
    own, foreign = make_department(), make_department()
    supervisor = api.by(cast.supervisor)
    assert supervisor.post(path, {"name": "A"}).status_code == 403
    assert supervisor.post(path, {"name": "A", "departments": [str(foreign.pk)]}).status_code == 201
    cast.supervisor.departments.add(own)
    supervisor = api.by(cast.supervisor)
    assert supervisor.post(path, {"name": "B", "departments": [str(foreign.pk)]}).status_code == 403
    made = supervisor.post(path, {"name": "B", "departments": [str(foreign.pk), str(own.pk)]}).json()
    assert supervisor.put(f"{path}/{made['id']}", {"name": "C", "departments": [str(own.pk)]}).json()["departments"] == [
        str(own.pk)
    ]
    assert supervisor.delete(f"{path}/{made['id']}").status_code == 204
    for person in (cast.user, cast.client, cast.vendor, cast.outsider):
        assert api.by(person).post(path, {"name": "D", "departments": [str(own.pk)]}).status_code == 403


def test_a_new_name_moves_the_values_along(api, cast, path):
    made = api.post(path, {"name": "Mood", "data_type": "boolean", "choices": ["x"]}).json()
    asset = make_asset(cast.project, data={"mood": True, "other": [1, "é"]})
    shot, empty = make_shot(cast.project, data={"mood": 1}), make_asset(cast.project, data=None)
    answer = api.put(f"{path}/{made['id']}", {"name": "Mood of day"}).json()
    assert (answer["field_name"], answer["data_type"], answer["choices"]) == ("mood_of_day", "string", [])
    before = asset.updated_at
    for row in (asset, shot, empty):
        row.refresh_from_db()
    assert asset.data == {"mood_of_day": True, "other": [1, "é"]}
    assert (shot.data, empty.data, asset.updated_at > before) == ({"mood": 1}, None, True)
    api.post(path, {"name": "Taken"})
    assert api.put(f"{path}/{made['id']}", {"name": "Taken"}).json()["message"] == "Metadata descriptor already exists."
    assert api.put(f"{path}/{made['id']}", {"name": ""}).json()["message"] == "Name cannot be empty."


@pytest.mark.parametrize("kind", ["Asset", "Shot", "Project", "Task"])
def test_a_deleted_column_leaves_no_values(api, cast, path, kind):
    task_type = make_task_type()
    made = api.post(path, {"name": "Mood", "entity_type": kind, **({"task_type_id": str(task_type.pk)} if kind == "Task" else {})})
    asset, shot = make_asset(cast.project), make_shot(cast.project)
    task = cast.project.tasks.create(name="main", task_type=task_type, entity=shot)
    rows = {"Asset": asset, "Shot": shot, "Project": cast.project, "Task": task}
    for row in rows.values():
        type(row).objects.filter(pk=row.pk).update(data={"mood": "x", "kept": 1})
    assert api.delete(f"{path}/{made.json()['id']}").status_code == 204
    for name, row in rows.items():
        row.refresh_from_db()
        assert row.data == ({"kept": 1} if name == kind else {"mood": "x", "kept": 1})


def test_columns_are_read_in_order(api, cast, path, django_assert_num_queries):
    ids = {name: api.post(path, {"name": name}).json()["id"] for name in ("C", "A", "B")}
    answer = api.post(f"{path}/reorder", {"entity_type": "Asset", "descriptor_ids": [ids["B"]]})
    assert [(row["name"], row["position"]) for row in answer.json()] == [("B", 1), ("A", 2), ("C", 3)]
    api.post(path, {"name": "0"})
    with django_assert_num_queries(2):
        assert [row["name"] for row in api.get(path).json()] == ["B", "A", "C", "0"]
    unknown = api.post(f"{path}/reorder", {"entity_type": "Shot", "descriptor_ids": [ids["B"]]}).json()["message"]
    assert unknown == f"Descriptor {ids['B']} not found for project {cast.project.pk} and entity type Shot"
    assert not ApiEvent.objects.exclude(name="metadata-descriptor:new").exists()
    assert api.by(cast.client).get(f"{path}/{ids['A']}").status_code == 403
    assert api.by(cast.user).get(f"{path}/{ids['A']}").json()["name"] == "A"
    foreign = make_project()
    assert api.get(f"/data/projects/{foreign.pk}/metadata-descriptors/{ids['A']}").status_code == 404
    assert api.put(f"/data/projects/{foreign.pk}/metadata-descriptors/{ids['A']}", {}).status_code == 404


def test_the_bare_list_has_departments(api, cast, path):
    api.post(path, {"name": "A"})
    assert api.get("/data/metadata-descriptors").json()[0]["departments"] == []
    assert "departments" not in api.get("/data/metadata-descriptors?name=A").json()[0]
    refused = api.post("/data/metadata-descriptors", {"project_id": str(cast.project.pk), "data_type": "zz"})
    assert refused.json()["message"] == "Invalid data_type"
    assert api.by(cast.outsider).get("/data/metadata-descriptors").json() == []


def test_one_column_in_all_open_productions(api, cast, path):
    other, managed = make_project(name="Other"), make_project(name="Managed")
    closed = make_project(name="Closed", project_status=ProjectStatus.objects.create(name="Closed", color="#000000"))
    join_team(managed, cast.manager)
    join_team(other, cast.manager, role="user")
    route = "/data/metadata-descriptors/all-projects"
    manager = api.by(cast.manager)
    made = manager.post(route, {"name": "Mood", "entity_type": "Shot"})
    assert made.status_code == 201
    assert {row["project_id"] for row in made.json()} == {str(cast.project.pk), str(managed.pk)}
    assert [row["project_id"] for row in api.post(route, {"name": "Mood", "entity_type": "Shot"}).json()] == [str(other.pk)]
    shot = make_shot(other, data={"mood": 1})
    assert len(api.put(f"{route}/mood", {"entity_type": "Shot", "name": "Air"}).json()) == 3
    shot.refresh_from_db()
    assert shot.data == {"air": 1}
    assert len(api.post(f"/actions{route[5:]}/reorder", {"entity_type": "Shot", "field_order": ["air"]}).json()) == 3
    assert len(api.delete(f"{route}/air?entity_type=Shot").json()) == 3
    assert not MetadataDescriptor.objects.exists() and closed
    assert api.post(route, {"name": "A", "entity_type": "Task"}).json()["message"] == (
        "Wrong entity type. Please select Asset, Shot, Sequence, Episode, Edit, or Project."
    )
    assert api.by(cast.supervisor).post(route, {"name": "A"}).status_code == 403
