"""The schedule of a production: its rows, made as they are needed, and the versions of it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q

from core.errors import REFERENCED, RowRefused, WrongParameter
from core.models import now
from core.rules import create_row, delete_row, update_row
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import EntityType, ProductionScheduleVersion, Project, ScheduleItem, TaskType
from production.rules.announcements import announce_settings
from production.rules.calendar import check_calendar

# Task types of these kinds of entities have rows in the schedule.
SCHEDULED = ("Asset", "Shot", "Sequence", "Episode", "Edit")
SAME_ITEM = "A similar schedule item already exists"
FOREIGN_VERSION = "Production schedule versions must belong to the same project."
Key = tuple[Any, Any]  # task type, object


def scheduled_task_types(project_id: Any) -> list[Any]:
    """The ids of the task types that have tasks in the production; where it has chosen task types, of those alone."""
    found = TaskType.objects.order_by().filter(for_entity__in=SCHEDULED, tasks__project_id=project_id)
    linked = TaskType.objects.order_by().filter(projects=project_id)
    if linked.exists():
        found = found.filter(pk__in=linked.values("pk"))
    return list(found.distinct().values_list("pk", flat=True))


def scheduled_objects(project: Any, kind: str, episode_id: Any = None) -> dict[Any, str]:
    """Names of what has a row of its own, by id: `asset-types`, `episodes`, `sequences` or `edits`; of one episode if given."""
    if kind == "asset-types":
        of_episode = Q(entities__source_id=episode_id) | Q(entities__links_in__entity_in_id=episode_id)
        narrowed = Q() if episode_id is None else of_episode
        rows = EntityType.objects.of_assets().filter(narrowed, entities__project=project)
        return dict(rows.order_by().distinct().values_list("pk", "name"))
    entities = project.entities.order_by()
    if kind == "episodes":
        rows = entities.filter(entity_type__name="Episode")
        rows = rows if episode_id is None else rows.filter(pk=episode_id)
    else:
        rows = entities.filter(entity_type__name="Sequence" if kind == "sequences" else "Edit")
        rows = rows if kind == "sequences" else rows.exclude(canceled=True)
        rows = rows if episode_id is None else rows.filter(parent_id=episode_id)
    return dict(rows.values_list("pk", "name"))


def ensure_items(project: Project, keys: Iterable[Key], *, by: Person) -> None:
    """Make the rows that the schedule misses, from today to tomorrow. Nothing is locked or written when none is missing."""
    wanted = set(keys)
    if missing_items(project, wanted):
        make_items(project, wanted, by=by)


def missing_items(project: Project, wanted: set[Key]) -> set[Key]:
    """Which of these rows the schedule misses."""
    if not wanted:
        return set()
    items = ScheduleItem.objects.filter(project=project, task_type_id__in={task_type_id for task_type_id, _ in wanted})
    return wanted - set(items.values_list("task_type_id", "object_id"))


@whole_step()
def make_items(project: Project, wanted: set[Key], *, by: Person) -> None:
    """Make the missing rows, once however many people ask at the same time."""
    Project.objects.select_for_update().get(pk=project.pk)
    today = now().date()
    items = [
        ScheduleItem(
            project=project,
            task_type_id=task_type_id,
            object_id=object_id,
            start_date=today,
            end_date=today + timedelta(days=1),
        )
        for task_type_id, object_id in missing_items(project, wanted)
    ]
    ScheduleItem.objects.bulk_create(items)
    for item in items:
        emit("schedule-item:new", {"schedule_item_id": item.pk}, project_id=project.pk, by=by)


@whole_step()
def create_item(values: Mapping[str, Any], *, by: Person) -> ScheduleItem:
    """Store a row; there is one per production, task type and object. Raises WrongParameter."""
    check_calendar(values)
    refuse_foreign_object(values.get("object_id"), values.get("project_id"))
    key: dict[str, Any] = {name: values.get(name) for name in ("project_id", "task_type_id", "object_id")}
    Project.objects.select_for_update().filter(pk=key["project_id"]).first()
    if ScheduleItem.objects.filter(**key).exists():
        raise WrongParameter(SAME_ITEM)
    return create_row(ScheduleItem, values, relations={}, by=by)


@whole_step()
def update_item(item: ScheduleItem, values: Mapping[str, Any], *, by: Person) -> ScheduleItem:
    """Change a row. Raises WrongParameter for dates or man-days that make no sense."""
    check_calendar(values, ScheduleItem.objects.select_for_update().get(pk=item.pk))
    refuse_foreign_object(values.get("object_id"), item.project_id)
    return update_row(item, values, relations={}, by=by)


def refuse_foreign_object(object_id: Any, project_id: Any) -> None:
    """The entity that a row is about is of its production; it may also be about a type of entities. Raises RowRefused."""
    if object_id is not None and project_id is not None:
        entity: Any = apps.get_model("assets", "Entity")
        if entity.objects.filter(pk=object_id).exclude(project_id=project_id).exists():
            raise RowRefused(REFERENCED)


def refuse_foreign_source(values: Mapping[str, Any], project_id: Any) -> None:
    """A version derives from one of its own production. Raises RowRefused."""
    source_id = values.get("production_schedule_from")
    if source_id is not None and not ProductionScheduleVersion.objects.filter(pk=source_id, project_id=project_id).exists():
        raise RowRefused(FOREIGN_VERSION)


@whole_step()
def delete_version(version: ProductionScheduleVersion, *, by: Person) -> None:
    """Delete a version; what derived from it and the production it was applied to no longer point at it."""
    pointing = list(Project.objects.filter(from_schedule_version=version))
    delete_row(version, by=by)
    for project in pointing:
        announce_settings(project, by=by)
