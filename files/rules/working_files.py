"""Working files: their revisions and paths."""

from typing import Any
from uuid import UUID

from django.db.models import Max

from assets.models import Entity
from core.errors import BAD_FORMAT, NotFound, RowRefused
from core.models import now
from core.transactions import whole_step
from events.emit import emit
from files import storage
from files.models import WorkingFile
from files.rules.previews import lock_task
from files.rules.trees import FileRefused, Place, TreeUnusable, file_name, folder, software_named
from files.storage import FILES
from people.models import Person, Software
from tasks.models import Task
from tasks.rules.assignation import take_on

EXISTS = "The given working file already exists."
LONGEST_PATH = 400


def software_of(pk: UUID | None, default: tuple[str, str, str]) -> Software:
    """The software of an id, or the default one. Raises NotFound."""
    if pk is None:
        return software_named(*default)
    found = Software.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def next_revision(task_id: Any, name: str) -> int:
    """One more than the highest revision of the task's files of that name."""
    named = WorkingFile.objects.filter(task_id=task_id, name=name)
    return (named.aggregate(highest=Max("revision"))["highest"] or 0) + 1


def place_of(task: Task, *, name: str, revision: int, software: Software) -> Place:
    """Where a working file belongs. Raises NotFound for a task of no entity."""
    entity_id: Any = task.entity_id
    entity = Entity.objects.select_related("project", "entity_type", "parent__parent").filter(pk=entity_id).first()
    if entity is None:
        raise NotFound()
    return Place(entity, name=name, revision=revision, task=task, task_type=task.task_type, software=software)


@whole_step()
def working_file_path(
    task: Task, *, name: str, mode: str, software_id: UUID | None, revision: int, separator: str, received: Any
) -> dict[str, str]:
    """Where a working file would lie. Raises NotFound, and FileRefused when the production's tree has no place for it."""
    default = software_of(None, ("3ds Max", "max", ".max"))
    software = software_of(software_id, ("3ds Max", "max", ".max")) if software_id else default
    place = place_of(task, name=name, revision=revision or next_revision(task.pk, name), software=software)
    try:
        return {"path": folder(place, mode, separator), "name": file_name(place, mode)}
    except TreeUnusable as reason:
        raise FileRefused(str(reason), "message", received_data=received) from None


@whole_step()
def create_working_file(
    task: Task,
    *,
    name: str,
    mode: str = "working",
    comment: str | None = "",
    person_id: UUID | None = None,
    software_id: UUID | None = None,
    revision: int = 0,
    separator: str = "/",
    by: Person,
) -> WorkingFile:
    """Make a revision of a task's working file, the next one unless it is named; who makes it works on the task from now on.

    Raises FileRefused for a revision that exists, and when the production's tree has no place for the file.
    """
    lock_task(task.pk)
    revision = revision or next_revision(task.pk, name)
    if WorkingFile.objects.filter(task=task, name=name, revision=revision).exists():
        raise FileRefused(EXISTS)
    software = software_of(software_id, ("Blender", "blender", ".blend"))
    place = place_of(task, name=name, revision=revision, software=software)
    try:
        path = f"{folder(place, mode)}{separator}{file_name(place, mode)}"
    except TreeUnusable as reason:
        raise FileRefused(str(reason)) from None
    if len(path) > LONGEST_PATH:
        raise RowRefused(BAD_FORMAT)
    working_file = WorkingFile.objects.create(
        name=name,
        comment=comment,
        revision=revision,
        path=path,
        task=task,
        entity_id=task.entity_id,
        person_id=person_id or by.pk,
        software=software,
    )
    take_on(task, by=by)
    emit("working-file:new", {"working_file_id": working_file.pk}, project_id=task.project_id, by=by)
    return working_file


@whole_step()
def comment_working_file(working_file: WorkingFile, comment: str) -> None:
    """Say something about a working file."""
    working_file.comment = comment
    working_file.save(update_fields=["comment"])


@whole_step()
def touch_working_file(working_file: WorkingFile) -> None:
    """Note that the file was worked on just now."""
    WorkingFile.objects.filter(pk=working_file.pk).update(updated_at=now())


def store_working_file(working_file: WorkingFile, upload: Any) -> None:
    """Store the file itself, in place of what was there."""
    storage.put(FILES, "working", working_file.pk, upload.file)
    touch_working_file(working_file)
