"""What ShotGrid removed, the log book of failures, and who may do any of it."""

import pytest

from assets.models import Entity, EntityLink
from chat.models import Chat
from core.api.routes import api_routes
from events.models import ApiEvent
from files.models import PreviewFile, WorkingFile
from imports.models import DataImportError
from people.models import Person
from production.models import Project, ProjectPersonLink, TaskStatus, TaskType
from tasks.models import Comment, News, Task
from tests.cast import ROLES
from tests.imports.shotgrid import into
from tests.makers import (
    join_team,
    make_asset,
    make_department,
    make_entity,
    make_person,
    make_project,
    make_sequence,
    make_shot,
    make_task,
    make_task_status,
    make_task_type,
)

ROUTES = [route for route in api_routes() if route.path.startswith("/import/shotgun/")]


def remove(api, kind, number=5):
    answer = api.post(into(f"remove/{kind}"), {"id": number})
    assert answer.status_code == 200, answer.content
    return answer.json()


def names():
    """The names of the events told."""
    return list(ApiEvent.objects.values_list("name", flat=True))


@pytest.fixture
def make(cast):
    """Makes a row of a kind with the ShotGrid id 5."""
    makers = {
        "person": lambda: make_person(shotgun_id=5),
        "project": lambda: make_project(shotgun_id=5),
        "episode": lambda: make_entity("Episode", cast.project, shotgun_id=5),
        "sequence": lambda: make_sequence(cast.project, shotgun_id=5),
        "scene": lambda: make_entity("Scene", cast.project, shotgun_id=5),
        "shot": lambda: make_shot(cast.project, shotgun_id=5, parent=None),
        "step": lambda: make_task_type(shotgun_id=5),
        "status": lambda: make_task_status(shotgun_id=5),
        "version": lambda: PreviewFile.objects.create(shotgun_id=5, name="v"),
        "note": lambda: Comment.objects.create(
            shotgun_id=5, object_id=make_task(cast.project).pk, object_type="Task", person=cast.user
        ),
    }
    return lambda kind: makers[kind]()


PLAIN = ("person", "project", "episode", "sequence", "scene", "shot", "step", "status", "version", "note")


@pytest.mark.parametrize("kind", PLAIN)
def test_a_row_that_nothing_needs_goes(api, make, kind):
    row = make(kind)
    assert remove(api, kind, 6) == {"success": True}
    assert remove(api, kind) == {"removed_instance_id": str(row.pk), "success": True}
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert remove(api, kind) == {"success": True} and not ApiEvent.objects.exists()


def needed_by(cast, row, kind):
    """Makes something that refers to the row."""
    if kind in ("episode", "sequence", "scene", "shot"):
        return make_task(cast.project, entity=row)
    if kind == "person":
        return Comment.objects.create(object_id=row.pk, object_type="Task", person=row)
    if kind == "project":
        return join_team(row, cast.user)
    if kind == "note":
        return News.objects.create(comment=row, author=cast.user, task=make_task(cast.project))
    if kind == "version":
        return Comment.objects.create(object_id=row.pk, object_type="Task", person=cast.user).previews.add(row)
    return make_task(cast.project, **{"step": {"task_type": row}, "status": {"task_status": row}}[kind])


@pytest.mark.parametrize("kind", PLAIN)
def test_a_row_that_something_needs_stays(api, cast, make, kind):
    row = make(kind)
    needed_by(cast, row, kind)
    assert remove(api, kind) == {"removed_instance_id": str(row.pk), "success": False}
    assert type(row).objects.filter(pk=row.pk).exists()


def test_the_lists_of_a_row_go_with_it(api, make, cast):
    shot, person, note = make("shot"), make("person"), make("note")
    asset = make_asset(cast.project)
    EntityLink.objects.create(entity_in=shot, entity_out=asset)
    person.departments.add(make_department())
    note.acknowledgements.add(cast.user)
    for kind in ("shot", "person", "note"):
        assert remove(api, kind)["success"] is True
    assert not EntityLink.objects.exists() and Entity.objects.filter(pk=asset.pk).exists()


@pytest.mark.parametrize("kind", ["episode", "sequence", "scene", "shot", "asset"])
def test_only_entities_of_that_kind_go(api, cast, kind):
    make_entity("Edit", cast.project, shotgun_id=5)
    assert remove(api, kind) == {"success": True}
    assert Entity.objects.count() == 1


def test_a_task_takes_along_what_hangs_on_it(api, cast):
    task = make_task(cast.project, shotgun_id=5)
    Comment.objects.create(object_id=task.pk, object_type="Task", person=cast.user)
    PreviewFile.objects.create(task=task, name="v")
    assert remove(api, "task") == {"removed_instance_id": str(task.pk), "success": True}
    assert not (Task.objects.exists() or Comment.objects.exists() or PreviewFile.objects.exists())
    assert "task:delete" in names()


def test_an_asset_goes_with_its_tasks_or_is_canceled_for_its_working_files(api, cast):
    asset = make_asset(cast.project, shotgun_id=5)
    make_task(cast.project, entity=asset)
    Chat.objects.create(object_id=asset.pk, object_type="entity")
    assert remove(api, "asset") == {"removed_instance_id": str(asset.pk), "success": True}
    assert not Entity.objects.filter(pk=asset.pk).exists() and not Task.objects.exists()
    assert sorted(names()) == ["asset:delete", "task:delete"]
    kept = make_asset(cast.project, shotgun_id=5)
    WorkingFile.objects.create(task=make_task(cast.project, entity=kept), entity=kept, name="scene", revision=1)
    assert remove(api, "asset") == {"removed_instance_id": str(kept.pk), "success": True}
    kept.refresh_from_db()
    assert kept.canceled is True and "asset:delete" in names()


def test_a_comment_that_goes_gives_its_task_another_date(api, make, cast):
    note = make("note")
    task = Task.objects.get(pk=note.object_id)
    older = Comment.objects.create(object_id=task.pk, object_type="Task", person=cast.user)
    Comment.objects.filter(pk=older.pk).update(created_at="2020-01-01T00:00:00")
    remove(api, "note")
    task.refresh_from_db()
    assert task.last_comment_date.year == 2020


@pytest.mark.parametrize("path", ["remove/project-connection", "remove/projectconnection"])
def test_a_connection_that_goes_takes_the_person_off_the_team(api, cast, path):
    ProjectPersonLink.objects.filter(project=cast.project, person=cast.user).update(shotgun_id=5)
    assert remove(api, path.removeprefix("remove/")) == {"success": True}
    assert cast.user not in cast.project.team.all() and names() == ["project:update"]
    assert remove(api, path.removeprefix("remove/")) == {"success": True} and names() == ["project:update"]


def test_nobody_removes_themself(api, cast):
    Person.objects.filter(pk=cast.admin.pk).update(shotgun_id=5)
    assert remove(api, "person") == {"removed_instance_id": str(cast.admin.pk), "success": False}


@pytest.mark.parametrize("body", [{}, [], [{"id": 5}], {"id": "5"}, {"id": None}, {"id": 2**40}, {"id": True}, 5, None])
def test_a_removal_without_an_id_is_refused(api, make, body):
    row = make("shot")
    assert api.post(into("remove/shot"), body if body is not None else b"null").status_code == 400
    assert Entity.objects.filter(pk=row.pk).exists()


def test_failures_are_written_down_and_struck_out(api):
    answer = api.post(into("errors"), {"entry": 3, "why": ["x"]})
    error = answer.json()
    assert (answer.status_code, error["event_data"], error["source"], error["type"]) == (
        201,
        {"entry": 3, "why": ["x"]},
        "shotgun",
        "DataImportError",
    )
    assert set(error) == {"event_data", "source", "id", "created_at", "updated_at", "type"}
    assert api.post(into("errors"), ["x"]).status_code == 201
    assert [found["event_data"] for found in api.get(into("errors")).json()] == [error["event_data"], ["x"]]
    assert api.delete(into(f"errors/{error['id']}")).status_code == 204
    for gone in (error["id"], "abc"):
        assert api.delete(into(f"errors/{gone}")).status_code == 404
    assert DataImportError.objects.count() == 1


def test_there_are_thirty_one_routes():
    assert len(ROUTES) == 31


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_only_studio_managers_bring_in_and_remove(api, anonymous, cast, route):
    path = route.path.replace("{error_id}", "x")
    body = [] if "remove" not in route.path else {"id": 1}
    if route.method == "GET":
        body = None
    for role in ROLES:
        status = api.by(cast.of(role)).request(route.method.lower(), path, body).status_code
        assert (status != 403) == (role == "admin"), (role, status)
        assert status < 500
    assert anonymous.request(route.method.lower(), path, body).status_code == 401
    counts = [model.objects.count() for model in (Entity, Task, TaskType, TaskStatus)]
    assert counts == [0, 0, 0, 0] and Project.objects.count() == 1


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "POST"], ids=str)
def test_other_bodies_than_json_are_refused(api, route):
    answer = api.client.post(route.path, data=b"[]", content_type="text/plain", **api.headers)
    assert answer.status_code == 415
    if "errors" not in route.path and "remove" not in route.path:
        for body in (b"{}", b"3", b'"x"', b"null"):
            answer = api.post(route.path, body)
            assert (answer.status_code, answer.json()["message"]) == (400, "An array of ShotGrid entries is expected.")
