"""What ShotGrid removed: rows go by their ShotGrid id, as long as nothing needs them."""

from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from assets.models import Entity, EntityLink
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, SHOT
from assets.rules.announcing import tell
from assets.rules.deletion import cancel_entity, remove_entity
from core.errors import NotFound
from core.rules import wipe
from core.transactions import hold, whole_step
from events.stamps import touch
from files.models import PreviewFile, WorkingFile
from imports.rules.shotgrid.tasks import date_tasks
from people.models import Person
from production.models import Project, ProjectPersonLink, TaskStatus, TaskType
from production.rules.team import leave_team
from tasks.models import Comment, Task
from tasks.rules.tasks import delete_with_all

PLAIN: dict[str, Any] = {
    "person": lambda: Person.objects.filter(preview_project=None),
    "project": lambda: Project.objects.all(),
    "episode": lambda: Entity.objects.of_kind(EPISODE),
    "sequence": lambda: Entity.objects.of_kind(SEQUENCE),
    "scene": lambda: Entity.objects.of_kind(SCENE),
    "shot": lambda: Entity.objects.of_kind(SHOT),
    "step": lambda: TaskType.objects.all(),
    "status": lambda: TaskStatus.objects.all(),
    "version": lambda: PreviewFile.objects.all(),
    "note": lambda: Comment.objects.all(),
}


@whole_step()
def remove_by_shotgun_id(kind: str, shotgun_id: int, *, by: Person) -> tuple[Any, bool]:
    """Remove the row of a ShotGrid id: its id, or None where there is none, and whether it is gone or out of the way.

    An asset and a task take along what hangs on them; everything else stays as soon as something refers to it.
    """
    hold("shotgrid")
    if kind == "asset":
        return remove_asset(oldest(Entity.objects.of_kind(ASSET), shotgun_id), by=by)
    if kind == "task":
        return remove_task(oldest(Task.objects.all(), shotgun_id), by=by)
    if kind not in PLAIN:
        raise NotFound()
    row = oldest(PLAIN[kind](), shotgun_id)
    return (None, True) if row is None else (row.pk, remove_alone(row, by=by))


@whole_step()
def remove_connection(shotgun_id: int, *, by: Person) -> None:
    """Take out of the team whom a connection of ShotGrid brought there."""
    link = oldest(ProjectPersonLink.objects.select_related("project"), shotgun_id)
    if link is not None:
        leave_team(link.project, link.person_id, by=by)


def oldest(rows: "QuerySet[Any]", shotgun_id: int) -> Any:
    """The oldest row of a ShotGrid id, or None."""
    return rows.filter(shotgun_id=shotgun_id).order_by("created_at", "id").first()


def remove_alone(row: Any, *, by: Person) -> bool:
    """Deletes a row that nothing refers to; whether it is gone. Its own lists go along. Nobody removes their own account."""
    own = own_links(type(row))
    if row.pk == by.pk or is_needed(row, own):
        return False
    for model, column in own:
        wipe(model._base_manager.filter(**{column: row.pk}))
    wipe(type(row)._base_manager.filter(pk=row.pk))
    if isinstance(row, Comment):
        date_tasks([row.object_id])
    if project_id := getattr(row, "project_id", None):
        touch(project_id)
    return True


def own_links(model: type[Model]) -> set[tuple[Any, str]]:
    """What a row's own lists consist of, such as the departments of a person or the casting of a shot: table and column."""
    throughs: list[tuple[Any, str]] = [(field.remote_field.through, field.m2m_field_name()) for field in model._meta.many_to_many]
    return {(through, column) for through, column in throughs if through._meta.auto_created or through is EntityLink}


def is_needed(row: Any, own: set[tuple[Any, str]]) -> bool:
    """Something else refers to the row. One statement."""
    points: dict[str, Any] = {}
    for relation in row._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if points_here and (relation.related_model, relation.field.name) not in own:
            others = relation.related_model._base_manager.order_by()
            points[f"link_{len(points)}"] = Exists(others.filter(**{relation.field.name: OuterRef("pk")}))
    found = type(row)._base_manager.filter(pk=row.pk).annotate(**points).values(*points).first() if points else None
    return found is not None and any(found.values())


def remove_task(task: Task | None, *, by: Person) -> tuple[Any, bool]:
    """Deletes a task with all that hangs on it."""
    if task is None:
        return None, True
    pk = task.pk
    delete_with_all([task], by=by)
    return pk, True


def remove_asset(asset: Entity | None, *, by: Person) -> tuple[Any, bool]:
    """Deletes an asset with its tasks; one with working files is only canceled."""
    if asset is None:
        return None, True
    pk = asset.pk
    if WorkingFile.objects.filter(task__entity=asset).exists():
        cancel_entity(asset, by=by)
        tell(asset, "delete", by=by, kind=ASSET)
    else:
        remove_entity(pk, force=True, by=by)
    return pk, True
