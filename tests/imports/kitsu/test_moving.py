"""A studio moves over from a live server in one command."""

import pytest
from django.core.management import CommandError

from assets.models import Entity, EntityLink
from imports.kitsu.studio import STEPS
from imports.models import ImportRecord
from people.models import Department, Person
from production.models import ProjectPersonLink, ProjectTaskTypeLink
from tasks.models import Comment, Task
from tests.client import ApiClient
from tests.imports.kitsu.studio import differences, files_of
from tests.live import ADMIN
from tests.makers import make_department, make_person


@pytest.fixture(scope="module")
def moved(kept, source, command):
    """What the command printed when the studio moved; a manager and a department stood here before."""
    name = source.peer.get("/data/departments")[0]["name"]
    manager = make_person(role="admin", email=ADMIN["email"].upper(), first_name="Local", password="my own password")  # noqa: S106
    department = make_department(name=name)
    manager.departments.set([department])
    source.former = (manager.pk, department.pk)
    return command(source)


@pytest.fixture
def here(moved, db):
    """A client here, as the studio manager."""
    return ApiClient(Person.objects.get(email__iexact=ADMIN["email"]))


def nothing(printed: str) -> bool:
    """The run found nothing new, nothing changed, nothing to refuse."""
    return [line.split()[-3:] for line in printed.splitlines() if line.startswith("together")] == [["0", "0", "0"]] * 2


def test_a_studio_moves_over_whole(source, moved, here):
    assert "Everything is here." in moved and "DIFFERENT" not in moved
    assert differences(source.peer.get, lambda path: here.get(path).json(), source.ids) == []


def test_files_come_byte_for_byte(source, here):
    for path in files_of(source.ids):
        answer = here.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content == source.peer.ask("get", path).content, path


def test_a_second_run_changes_nothing(source, here, command):
    written = {step.kind.model: list(step.kind.model._base_manager.order_by("pk").values()) for step in STEPS}
    printed = command(source)
    assert nothing(printed) and "Everything is here." in printed
    assert {model: list(model._base_manager.order_by("pk").values()) for model in written} == written


def test_people_keep_their_passwords_but_those_who_are_here_have_their_own(source, moved, here):
    assert Person.objects.get(pk=source.ids["person"]).check_password("mysecretpassword")
    assert here.person.check_password("my own password")
    assert "Second factors do not come along" in moved and "have no password here" not in moved


def test_rows_that_stand_here_already_take_the_id_that_they_have_there(source, moved, here):
    assert "1 took the id that they have there" in moved
    manager, department = source.former
    assert not Person.objects.filter(pk=manager).exists() and not Department.objects.filter(pk=department).exists()
    there = source.peer.get("/data/departments")[0]
    assert str(Department.objects.get(name=there["name"]).pk) == there["id"]


def test_team_roles_and_the_options_of_task_types_come_along(source, here):
    assert ProjectPersonLink.objects.filter(project=source.ids["project"], role="supervisor").exists()
    priorities = ProjectTaskTypeLink.objects.filter(project=source.ids["project"]).values_list("priority", "is_client_visible")
    assert set(priorities) == {(7, False)}


def test_who_moved_what_is_written_down(source, here):
    record = ImportRecord.objects.order_by("created_at").first()
    assert (record.kind, record.door, record.file_name) == ("Kitsu studio", "command", source.base)
    assert (record.person, record.counts["tasks"]) == (here.person, Task.objects.count())


def test_a_comparison_finds_what_is_missing_or_otherwise(source, here, command):
    Task.objects.filter(pk=source.ids["task"]).update(name="other")
    EntityLink.objects.first().delete()
    Comment.mentions.through.objects.all().delete()
    with pytest.raises(CommandError, match="Not everything is here") as caught:
        command(source, "--verify-only")
    different = {line.split()[0] for line in caught.value.printed.splitlines() if line.endswith("DIFFERENT")}
    assert {"tasks", "entity-links"} <= different <= {"tasks", "entity-links", "comments"}
    assert Task.objects.get(pk=source.ids["task"]).name == "other"


def test_what_changed_since_is_brought_and_what_went_is_taken_away(source, here, command):
    peer, project = source.peer, source.ids["project"]
    kind = next(row["id"] for row in peer.get("/data/task-types") if row["for_entity"] == "Shot")
    made = peer.post(f"/data/projects/{project}/shots", {"name": "SH_NEW", "sequence_id": None})
    task = peer.post("/data/tasks", {"name": "x", "project_id": project, "entity_id": made["id"], "task_type_id": kind})
    command(source, "--since", "last", "--no-verify")
    assert Entity.objects.get(pk=made["id"]).name == "SH_NEW" and Task.objects.filter(pk=task["id"]).exists()
    asset = peer.get(f"/data/projects/{project}/assets")[0]["id"]
    peer.ask("put", f"/data/projects/{project}/entities/{made['id']}/casting", json=[{"asset_id": asset, "nb_occurences": 2}])
    peer.ask("put", f"/actions/persons/{source.ids['person']}/assign", json={"task_ids": [task["id"]]})
    command(source, "--since", "last", "--no-verify")
    assert [str(person.pk) for person in Task.objects.get(pk=task["id"]).assignees.all()] == [source.ids["person"]]
    assert EntityLink.objects.get(entity_in_id=made["id"]).nb_occurences == 2
    peer.ask("put", f"/data/projects/{project}/entities/{made['id']}/casting", json=[])
    peer.ask("delete", f"/data/tasks/{task['id']}?force=true")
    peer.ask("delete", f"/data/shots/{made['id']}?force=true")
    printed = command(source, "--since", "last")
    assert "Everything is here." in printed, printed
    assert not Task.objects.filter(pk=task["id"]).exists() and not Entity.objects.filter(pk=made["id"]).exists()
