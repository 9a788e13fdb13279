"""Status automations of a production: when they apply to a task, and what they do."""

from collections.abc import Iterable
from typing import Any

from assets.querysets import TEMPORAL
from assets.rules.castings import recount_castings_of
from events.emit import emit
from people.models import Person
from production.models import ProjectTaskTypeLink, StatusAutomation
from tasks.models import Task


def that_apply(task: Task) -> list[StatusAutomation]:
    """The production's automations for the task's type, its present status and the kind of its entity, oldest first."""
    if task.project is None or task.entity is None:
        return []
    found = StatusAutomation.objects.filter(
        projects=task.project_id, in_task_type_id=task.task_type_id, in_task_status_id=task.task_status_id
    )
    related = found.exclude(archived=True).select_related("out_task_status").order_by("created_at", "id")
    return [automation for automation in related if is_for(automation, task) and goes_forward(automation, task)]


def is_for(automation: StatusAutomation, task: Task) -> bool:
    """The automation is about the kind of the task's entity: `asset`, or the name of a type in any letter case."""
    assert task.entity is not None  # noqa: S101 asked by that_apply
    kind, name = (automation.entity_type or "asset").lower(), task.entity.entity_type.name
    return name not in TEMPORAL if kind == "asset" else name.lower() == kind


def goes_forward(automation: StatusAutomation, task: Task) -> bool:
    """A status is never set on a task type that comes earlier in the production's order than the one that set it off."""
    if automation.out_field_type == "ready_for":
        return True
    types = (automation.in_task_type_id, automation.out_task_type_id)
    project_id: Any = task.project_id
    links = ProjectTaskTypeLink.objects.order_by().filter(project_id=project_id, task_type_id__in=types)
    priorities: dict[Any, int] = {
        task_type_id: priority or 0 for task_type_id, priority in links.values_list("task_type_id", "priority")
    }
    return priorities.get(types[0], 0) <= priorities.get(types[1], 0)


def target_of(automation: StatusAutomation, siblings: Iterable[Task]) -> Task | None:
    """The first task, by name, of the automation's task type on the entity."""
    if automation.out_task_status is None:
        return None
    fitting = [sibling for sibling in siblings if sibling.task_type_id == automation.out_task_type_id]
    return min(fitting, key=lambda sibling: (sibling.name, str(sibling.pk)), default=None)


def declare_ready(task: Task, automation: StatusAutomation, *, by: Person) -> None:
    """Say of the task's asset for which task type it is ready now; the shots that use it count anew."""
    asset = task.entity
    assert asset is not None  # noqa: S101 asked by that_apply
    asset.ready_for = automation.out_task_type_id
    asset.save(update_fields=["ready_for"])
    emit("asset:update", {"asset_id": asset.pk, "data": asset.data}, project_id=asset.project_id, by=by)
    recount_castings_of([asset.pk], by=by)
