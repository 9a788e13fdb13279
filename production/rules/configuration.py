"""The studio's configuration: names that must stay apart, the default status and background, what stands against a deletion."""

from collections.abc import Mapping
from typing import Any

from core.errors import REFERENCED, RowRefused, WrongParameter
from core.rules import create_row, delete_row, update_row
from core.signals import row_leaving
from core.transactions import hold, whole_step
from people.models import Person
from production.models import (
    EntityType,
    PreviewBackgroundFile,
    ProjectTaskTypeLink,
    ScheduleItem,
    StatusAutomation,
    TaskStatus,
    TaskType,
)

Relations = Mapping[str, list[Any]]
TASK_TYPE_TAKEN = "A task type with similar name already exists"
ENTITY_TYPE_TAKEN = "Entity type with this name already exists"
BACKGROUND_TAKEN = "A preview background file with similar name already exists"
IN_USE = "This automation is used in a project."


def refuse_same_name(model: Any, name: Any, sentence: str, *, exactly: bool = False, but: Any = None) -> None:
    """Raises WrongParameter when another row has the name, in any letter case unless `exactly`."""
    others = model.objects.exclude(pk=but.pk if but else None).values_list("name", flat=True)
    fold = str if exactly else str.casefold
    if isinstance(name, str) and fold(name) in {fold(other) for other in others}:
        raise WrongParameter(sentence)


@whole_step()
def create_task_type(values: Mapping[str, Any], *, by: Person) -> TaskType:
    """Store a task type; no other one, of whatever entities, may have its name."""
    hold("task types")
    refuse_same_name(TaskType, values.get("name"), TASK_TYPE_TAKEN)
    return create_row(TaskType, values, relations={}, by=by)


@whole_step()
def update_task_type(task_type: TaskType, values: Mapping[str, Any], *, by: Person) -> TaskType:
    """Change a task type; a new name must be free."""
    hold("task types")
    if values.get("name", task_type.name) != task_type.name:
        refuse_same_name(TaskType, values["name"], TASK_TYPE_TAKEN, but=task_type)
    return update_row(task_type, values, relations={}, by=by)


@whole_step()
def delete_task_type(task_type: TaskType, *, force: bool, by: Person) -> None:
    """Delete a task type. With `force` its schedule rows and links to productions go along; tasks always stand against it."""
    attached = {
        "schedule items": ScheduleItem.objects.filter(task_type=task_type),
        "projects": ProjectTaskTypeLink.objects.filter(task_type=task_type),
    }
    kinds = [words for words, rows in attached.items() if rows.exists()]
    if kinds and not force:
        what = " and ".join(kinds)
        raise WrongParameter(f"Task type is attached to {what}. Re-issue the request with force=true to detach.")
    for rows in attached.values():
        rows.delete()
    delete_row(task_type, by=by)


@whole_step()
def create_entity_type(values: Mapping[str, Any], *, relations: Relations, by: Person) -> EntityType:
    """Store an entity type; none may have its name in another letter case."""
    hold("entity types")
    refuse_same_name(EntityType, values.get("name"), ENTITY_TYPE_TAKEN)
    return create_row(EntityType, values, relations=relations, by=by, stem="asset-type")


@whole_step()
def delete_entity_type(entity_type: EntityType, *, by: Person) -> None:
    """Delete an entity type that no production or template works with."""
    if entity_type.projects.exists() or entity_type.project_templates.exists():
        raise RowRefused(REFERENCED)
    delete_row(entity_type, by=by, stem="asset-type")


@whole_step()
def create_task_status(values: Mapping[str, Any], *, by: Person) -> TaskStatus:
    """Store a task status; a new default takes the place of the former one."""
    hold("task statuses")
    if values.get("is_default"):
        clear_default(for_concept=values.get("for_concept"))
    return create_row(TaskStatus, values, relations={}, by=by)


@whole_step()
def update_task_status(status: TaskStatus, values: Mapping[str, Any], *, by: Person) -> TaskStatus:
    """Change a task status; a new default takes the place of the former one."""
    hold("task statuses")
    if values.get("is_default"):
        clear_default(for_concept=values.get("for_concept", status.for_concept), but=status)
    return update_row(status, values, relations={}, by=by)


def clear_default(*, for_concept: Any, but: TaskStatus | None = None) -> None:
    """There is one default status for concepts and one for everything else."""
    others = TaskStatus.objects.filter(is_default=True)
    if but is not None:
        others = others.exclude(pk=but.pk)
    (others.filter(for_concept=True) if for_concept else others.exclude(for_concept=True)).update(is_default=False)


@whole_step()
def delete_automation(automation: StatusAutomation, *, by: Person) -> None:
    """Delete an automation that no production uses."""
    if automation.projects.exists():
        raise RowRefused(IN_USE)
    delete_row(automation, by=by)


@whole_step()
def create_background(values: Mapping[str, Any], *, by: Person) -> PreviewBackgroundFile:
    """Store a background under a free name; a new default takes the place of the former one."""
    hold("preview backgrounds")
    refuse_same_name(PreviewBackgroundFile, values.get("name"), BACKGROUND_TAKEN, exactly=True)
    if values.get("is_default"):
        PreviewBackgroundFile.objects.filter(is_default=True).update(is_default=False)
    return create_row(PreviewBackgroundFile, values, relations={}, by=by)


@whole_step()
def update_background(background: PreviewBackgroundFile, values: Mapping[str, Any], *, by: Person) -> PreviewBackgroundFile:
    """Change a background; a new default takes the place of the former one."""
    hold("preview backgrounds")
    if values.get("name", background.name) != background.name:
        refuse_same_name(PreviewBackgroundFile, values["name"], BACKGROUND_TAKEN, exactly=True, but=background)
    if values.get("is_default"):
        PreviewBackgroundFile.objects.filter(is_default=True).exclude(pk=background.pk).update(is_default=False)
    return update_row(background, values, relations={}, by=by)


@whole_step()
def delete_background(background: PreviewBackgroundFile, *, by: Person) -> None:
    """Delete a background that no production or template works with; its stored pictures go along."""
    if background.projects.exists() or background.project_templates.exists():
        raise RowRefused(REFERENCED)
    row_leaving.send(PreviewBackgroundFile, instance=background, by=by)
    delete_row(background, by=by)
