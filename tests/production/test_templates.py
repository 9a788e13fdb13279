"""Templates: what they hold, where they come from, what they give."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ApiEvent
from production.models import (
    MetadataDescriptor,
    PreviewBackgroundFile,
    Project,
    ProjectTaskTypeLink,
    ProjectTemplate,
    StatusAutomation,
)
from tests.makers import make_entity_type, make_task_status, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def template(cast):
    return ProjectTemplate.objects.create(name="Short film", fps="24")


@pytest.fixture
def path(template):
    return f"/data/project-templates/{template.pk}"


def test_a_template_is_made_changed_and_deleted(api, cast):
    made = api.post("/data/project-templates", {"name": "A", "max_retakes": 2, "revision_padding": 4, "zz": 1})
    assert (made.status_code, made.json()["max_retakes"], made.json()["revision_padding"]) == (201, 2, 0)
    assert "task_types" not in made.json() and made.json()["metadata_descriptors"] == []
    path = f"/data/project-templates/{made.json()['id']}"
    assert api.put(path, {"revision_padding": 4, "task_types": [UNKNOWN], "zz": 1}).json()["revision_padding"] == 4
    assert api.get(path).json()["task_types"] == []
    assert api.post("/data/project-templates", {"name": "A"}).json() == {
        "message": "A project template with this name already exists"
    }
    assert api.post("/data/project-templates", {}).json() == {"message": "name is required"}
    assert api.post("/data/project-templates", {"name": "B", "production_style": "zz"}).status_code == 400
    assert api.put(f"/data/project-templates/{UNKNOWN}", {}).json() == {"message": "Project template not found"}
    assert api.get("/data/project-templates/abc").json()["message"] == "Malformed ID."
    assert api.delete(path).status_code == 204
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True)) == [
        f"project-template:{act}" for act in ("new", "update", "delete")
    ]


def test_templates_are_read_by_managers_and_written_by_studio_managers(api, cast, path):
    manager = api.by(cast.manager)
    assert manager.get("/data/project-templates").status_code == 200
    assert manager.get(f"{path}/task-types").json() == []
    assert manager.put(path, {"fps": "30"}).status_code == 403
    assert manager.post(f"{path}/task-types", {}).status_code == 403
    assert api.by(cast.supervisor).get("/data/project-templates").status_code == 403


def test_task_types_of_a_template(api, path):
    first, second = make_task_type(name="B"), make_task_type(name="A")
    made = api.post(f"{path}/task-types", {"task_type_id": str(first.pk), "hd_bitrate_compression": 9})
    assert (made.status_code, made.json()["type"]) == (201, "ProjectTemplateTaskTypeLink")
    assert api.post(f"{path}/task-types", {"task_type_id": str(first.pk), "priority": 4}).json()["hd_bitrate_compression"] == 9
    answer = api.post(f"/actions{path[5:]}/task-types/reorder", {"task_type_ids": [str(second.pk), str(first.pk)]})
    assert [(row["task_type_id"], row["priority"]) for row in answer.json()] == [(str(second.pk), 1), (str(first.pk), 2)]
    rows = api.get(f"{path}/task-types").json()
    assert [(row["name"], row["priority"], row["hd_bitrate_compression"]) for row in rows] == [("A", 1, None), ("B", 2, 9)]
    bad = "task_type_id is required and must be a valid UUID"
    assert api.post(f"{path}/task-types", {"task_type_id": "x"}).json() == {"message": bad}
    assert api.post(f"{path}/task-types", {"task_type_id": UNKNOWN}).json() == {"message": f"Task type {UNKNOWN} does not exist"}
    for _ in range(2):
        assert api.delete(f"{path}/task-types/{first.pk}").status_code == 204
    assert len(api.get(f"{path}/task-types").json()) == 1


def test_task_statuses_of_a_template(api, path):
    status = make_task_status()
    body = {"task_status_id": str(status.pk), "roles_for_board": ["client"], "is_client_allowed": False}
    assert api.post(f"{path}/task-statuses", body).json()["roles_for_board"] == ["client"]
    assert api.post(f"{path}/task-statuses", {**body, "roles_for_board": []}).json()["roles_for_board"] == ["client"]
    row = api.get(f"{path}/task-statuses").json()[0]
    assert (row["is_client_allowed"], row["link_is_client_allowed"], row["priority"]) == (True, False, None)
    assert api.delete(f"{path}/task-statuses/{status.pk}").status_code == 204


def test_other_links_of_a_template(api, path):
    kind, automation, background = (
        make_entity_type(),
        StatusAutomation.objects.create(),
        PreviewBackgroundFile.objects.create(name="HDR"),
    )
    assert api.post(f"{path}/asset-types", {"asset_type_id": str(kind.pk)}).json() == {"id": str(kind.pk), "name": kind.name}
    assert api.get(f"{path}/asset-types").json() == [{"id": str(kind.pk), "name": kind.name}]
    assert api.post(f"{path}/status-automations", {"status_automation_id": str(automation.pk)}).json()["type"] == "StatusAutomation"
    default = f"{path}/default-preview-background-file"
    choice = {"default_preview_background_file_id": str(background.pk)}
    assert api.put(default, choice).json() == {"message": "Preview background file is not linked to this template"}
    api.post(f"{path}/preview-background-files", {"preview_background_file_id": str(background.pk)})
    assert api.put(default, choice).json()["default_preview_background_file_id"] == str(background.pk)
    assert api.delete(f"{path}/preview-background-files/{background.pk}").status_code == 204
    assert api.get(path).json()["default_preview_background_file_id"] is None


def test_columns_of_a_template_are_normalised(api, path):
    columns = [{"name": "Mood of day", "entity_type": "Shot", "data_type": "string", "for_client": 1}]
    expected = [
        {
            "name": "Mood of day",
            "field_name": "mood_of_day",
            "entity_type": "Shot",
            "task_type_id": None,
            "data_type": "string",
            "choices": [],
            "for_client": True,
            "departments": [],
            "position": None,
        }
    ]
    for body in (columns, {"metadata_descriptors": columns}):
        assert api.put(f"{path}/metadata-descriptors", body).json()["metadata_descriptors"] == expected
    assert api.put(f"{path}/metadata-descriptors", {"metadata_descriptors": "x"}).json() == {
        "message": "metadata_descriptors must be a list"
    }
    assert api.put(f"{path}/metadata-descriptors", [3]).json() == {"message": "Each metadata descriptor must be an object"}


def filled_project(cast):
    project = cast.project
    project.fps, project.max_retakes = "12", 5
    project.save()
    for rank in range(3):
        ProjectTaskTypeLink.objects.create(project=project, task_type=make_task_type(), priority=rank)
    project.task_statuses.add(make_task_status())
    project.asset_types.add(make_entity_type())
    MetadataDescriptor.objects.create(project=project, entity_type="Asset", name="Mood", field_name="mood", data_type="string")
    return project


def test_a_production_becomes_a_template_and_the_template_a_production(api, cast, django_assert_max_num_queries):
    project = filled_project(cast)
    made = api.post(f"/data/project-templates/from-project/{project.pk}", {"name": "Of it"})
    assert (made.status_code, made.json()["max_retakes"], len(made.json()["metadata_descriptors"])) == (201, 5, 1)
    with django_assert_max_num_queries(45):
        second = api.post("/data/projects", {"name": "Second", "fps": "30", "project_template_id": made.json()["id"]}).json()
    assert (second["fps"], second["max_retakes"], len(second["task_types"])) == ("30", 5, 3)
    copy = Project.objects.get(pk=second["id"])
    assert sorted(copy.task_type_links.values_list("priority", flat=True)) == [0, 1, 2]
    assert [row.field_name for row in copy.metadata_descriptors.all()] == ["mood"]
    assert (copy.task_statuses.count(), copy.asset_types.count()) == (1, 1)
    assert api.post(f"/data/project-templates/from-project/{UNKNOWN}", {"name": "X"}).json() == {"message": "Project not found"}


def test_a_template_gives_what_a_production_misses(api, cast, path, template):
    kept = make_task_type()
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=kept, priority=9)
    template.task_type_links.create(task_type=kept, priority=1)
    MetadataDescriptor.objects.create(project=cast.project, entity_type="Asset", name="Mood", field_name="mood", data_type="string")
    api.put(
        f"{path}/metadata-descriptors",
        [{"name": n, "entity_type": "Asset", "data_type": "string"} for n in ("Mood", "mood!", "Lens")],
    )
    route = f"/data/projects/{cast.project.pk}/apply-template/{template.pk}"
    for _ in range(2):
        assert api.post(route).json()["fps"] == "24"
    assert cast.project.task_type_links.get().priority == 9
    assert set(cast.project.metadata_descriptors.values_list("name", flat=True)) == {"Mood", "Lens"}
    assert ApiEvent.objects.filter(name="metadata-descriptor:new").count() == 1
    assert api.by(cast.manager).post(route).status_code == 403
    assert api.post(f"/data/projects/{cast.project.pk}/apply-template/{UNKNOWN}").json() == {
        "message": "Project template not found"
    }


def test_a_template_costs_the_same_however_many_links_it_has(api, template):
    spent = []
    for types, statuses in ((1, 1), (40, 30)):
        ProjectTaskTypeLink.objects.all().delete()
        for rank in range(types - template.task_type_links.count()):
            template.task_type_links.create(task_type=make_task_type(), priority=rank)
        for rank in range(statuses - template.task_status_links.count()):
            template.task_status_links.create(task_status=make_task_status(), priority=rank)
        template.asset_types.set([make_entity_type() for _ in range(types)])
        template.metadata_descriptors = [
            {"name": f"C{rank}", "field_name": f"c{rank}", "entity_type": "Shot", "data_type": "string"} for rank in range(types)
        ]
        template.save()
        with CaptureQueriesContext(connection) as queries:
            made = api.post("/data/projects", {"name": f"Of {types}", "project_template_id": str(template.pk)})
        spent.append(len(queries))
        assert (len(made.json()["task_types"]), len(made.json()["task_statuses"])) == (types, statuses)
        assert MetadataDescriptor.objects.filter(project_id=made.json()["id"]).count() == types
    assert spent[0] == spent[1] < 50
