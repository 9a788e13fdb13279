"""Deleting a production with everything: whole or not at all, and at one statement per table."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from assets.models import Entity, EntityLink
from chat.models import Chat, ChatMessage
from core.errors import Refusal
from events.models import ApiEvent
from files import storage
from files.models import AttachmentFile, OutputFile, PreviewFile, WorkingFile
from playlists.models import Playlist
from production.jobs import delete_production
from production.models import Budget, Project, ProjectStatus
from production.rules.projects import delete_project
from tasks.models import Comment, News, Notification, Subscription, Task, TimeSpent
from tests.makers import make_asset, make_project, make_shot, make_task
from tests.production.ground import furnish
from tests.rows import Rows


@pytest.fixture
def closed(cast):
    cast.project.project_status = ProjectStatus.objects.create(name="Closed", color="#000000")
    cast.project.save()
    return cast.project


def fill(project, person, number):
    """Tasks with all that can hang on them."""
    for day in range(1, number + 1):
        task = make_task(project, assignees=[person], entity=make_shot(project))
        preview = PreviewFile.objects.create(name="p", task=task, person=person, revision=1, extension="png")
        Entity.objects.filter(pk=task.entity_id).update(preview_file=preview)
        comment = Comment.objects.create(object_id=task.pk, object_type="Task", person=person, preview_file=preview)
        comment.previews.add(preview)
        comment.mentions.add(person)
        News.objects.create(task=task, author=person, comment=comment, preview_file=preview)
        Notification.objects.create(person=person, author=person, task=task, comment=comment, notification_type="comment")
        Subscription.objects.create(person=person, task=task)
        TimeSpent.objects.create(person=person, task=task, date=f"2026-01-{day:02}", duration=60)
        AttachmentFile.objects.create(name="a", comment=comment)
        working = WorkingFile.objects.create(name="w", task=task, entity_id=task.entity_id)
        Rows(project=project, person=person).make(OutputFile, entity_id=task.entity_id, source_file=working)
        EntityLink.objects.create(entity_in_id=task.entity_id, entity_out=make_asset(project))
        chat = Chat.objects.create(object_id=task.entity_id)
        chat.participants.add(person)
        AttachmentFile.objects.create(name="c", chat_message=ChatMessage.objects.create(chat=chat, person=person))
        Playlist.objects.create(name=f"P{day}", project=project)
        Budget.objects.create(project=project, name="B", revision=day)
        ApiEvent.objects.create(name="task:new", project=project, data={})


KINDS = (Entity, Task, Comment, News, Notification, Subscription, TimeSpent, PreviewFile, WorkingFile, OutputFile)
MORE_KINDS = (AttachmentFile, Chat, ChatMessage, EntityLink, Playlist, Budget)


def test_everything_goes_and_what_is_not_its_own_stays(api, cast, closed):
    furnish(cast)
    fill(closed, cast.user, 2)
    other = make_project()
    shot, kept = make_shot(other, nb_entities_out=1), make_task(other)
    EntityLink.objects.create(entity_in=shot, entity_out=make_asset(closed))
    assert api.delete(f"/data/projects/{closed.pk}?force=true").status_code == 204
    assert not Project.objects.filter(pk=closed.pk).exists()
    left = {model.__name__: model.objects.count() for model in (*KINDS, *MORE_KINDS)}
    assert {name: count for name, count in left.items() if count} == {
        "Entity": Entity.objects.filter(project=other).count(),
        "Task": 1,
    }
    assert Task.objects.get() == kept
    shot.refresh_from_db()
    assert shot.nb_entities_out == 0


def test_it_costs_the_same_however_much_there_is(cast, closed):
    spent = []
    for number in (1, 4):
        fill(closed, cast.user, number)
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            delete_project(closed, force=True, by=cast.admin)
            spent.append(len(queries))
            transaction.set_rollback(True)
        for model in (Playlist, Budget, TimeSpent):
            model.objects.all().delete()
    assert spent[0] == spent[1] < 100


def test_stored_files_go_once_the_deletion_is_committed(cast, closed, settings, django_capture_on_commit_callbacks):
    settings.REMOVE_FILES = True
    task = make_task(closed)
    preview = PreviewFile.objects.create(name="p", task=task, person=cast.user, revision=1, extension="png")
    storage.put(storage.PICTURES, "thumbnails", preview.pk, ContentFile(b"picture"))
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        delete_project(closed, force=True, by=cast.admin)
    assert storage.is_stored(storage.PICTURES, "thumbnails", preview.pk)
    for callback in callbacks:
        callback()
    assert not storage.is_stored(storage.PICTURES, "thumbnails", preview.pk)


def test_a_deletion_that_fails_half_way_leaves_everything(cast, closed, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.REMOVE_FILES = True
    fill(closed, cast.user, 1)
    before = {model: model.objects.count() for model in (*KINDS, *MORE_KINDS)}

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("production.rules.projects.emit", fail)  # the last thing that the rule does
    with django_capture_on_commit_callbacks(execute=False) as callbacks, pytest.raises(RuntimeError):
        delete_project(closed, force=True, by=cast.admin)
    assert {model: model.objects.count() for model in before} == before
    assert callbacks == []


def test_a_very_large_production_goes_in_a_job(api, cast, closed, queue, monkeypatch):
    monkeypatch.setattr("production.rules.projects.MOST_TASKS_IN_A_REQUEST", 1)
    fill(closed, cast.user, 2)
    answer = api.delete(f"/data/projects/{closed.pk}?force=true")
    assert (answer.status_code, answer.json()["project_id"]) == (202, str(closed.pk))
    assert Project.objects.filter(pk=closed.pk).exists()
    job = DBTaskResult.objects.get()
    told = []
    monkeypatch.setattr("events.emit.broadcast", told.extend)
    assert delete_production.func(*job.args_kwargs["args"]) > 20
    assert not Project.objects.filter(pk=closed.pk).exists()
    steps = [event.payload for event in told if event.name == "project:delete-progress"]
    assert {"tasks", "comments", "budgets"} <= {step["kind"] for step in steps}
    assert [step["rows"] for step in steps] == sorted(step["rows"] for step in steps)
    assert not ApiEvent.objects.filter(name="project:delete-progress").exists()
    assert delete_production.func(*job.args_kwargs["args"]) == 0


def test_a_production_that_was_opened_again_stays(cast, closed):
    fill(closed, cast.user, 1)
    closed.project_status = ProjectStatus.objects.get(name="Open")
    closed.save()
    with pytest.raises(Refusal):
        delete_production.func(str(closed.pk), str(cast.admin.pk))
    assert Task.objects.filter(project=closed).count() == 1


def test_the_back_office_says_what_goes_and_deletes_it(client, cast, closed):
    fill(closed, cast.user, 2)
    client.force_login(cast.admin)
    address = reverse("admin:production_project_delete", args=[closed.pk])
    assert "Tasks: 2" in " ".join(client.get(address).content.decode().split())
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Project.objects.exists() and not Task.objects.exists()


def test_the_back_office_keeps_an_open_production(client, cast):
    make_task(cast.project)
    client.force_login(cast.admin)
    client.post(reverse("admin:production_project_delete", args=[cast.project.pk]), {"post": "yes"})
    assert Project.objects.filter(pk=cast.project.pk).exists() and Task.objects.exists()
