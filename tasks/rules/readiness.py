"""How many of the assets cast in a shot are ready for each of its tasks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from assets.models import EntityLink
from events.emit import emit
from people.models import Person
from production.models import ProjectTaskTypeLink
from tasks.models import Task

Priorities = Mapping[tuple[Any, Any], int | None]


def recount_ready_assets(shot_ids: Iterable[Any], *, by: Person | None) -> None:
    """Store anew, for every task of the shots, how many live cast assets are ready for it, and tell each count."""
    tasks = list(Task.objects.filter(entity_id__in=list(shot_ids)).order_by("pk").select_for_update(no_key=True))
    if not tasks:
        return
    priorities = priorities_in({task.project_id for task in tasks})
    reached = reached_priorities({task.entity_id for task in tasks}, priorities)
    moved = []
    for task in tasks:
        needed = priorities.get((task.project_id, task.task_type_id)) or 0
        count = sum(number for priority, number in reached[task.entity_id].items() if needed <= priority)
        if task.nb_assets_ready != count:
            task.nb_assets_ready = count
            moved.append(task)
    Task.objects.bulk_update(moved, ["nb_assets_ready"], batch_size=500)
    for task in tasks:
        payload = {"task_id": task.pk, "nb_assets_ready": task.nb_assets_ready}
        emit("task:update-casting-stats", payload, project_id=task.project_id, by=by, stored=False)


def priorities_in(project_ids: Iterable[Any]) -> Priorities:
    """The order of task types in productions, by production and task type."""
    links = ProjectTaskTypeLink.objects.order_by().filter(project_id__in=list(project_ids), task_type__for_entity="Shot")
    return {(row[0], row[1]): row[2] for row in links.values_list("project_id", "task_type_id", "priority")}


def reached_priorities(shot_ids: Iterable[Any], priorities: Priorities) -> dict[Any, Counter[float]]:
    """For each shot, how many of its live assets are ready up to which priority; what another production shares always is."""
    found: dict[Any, Counter[float]] = defaultdict(Counter)
    links = EntityLink.objects.order_by().filter(entity_in_id__in=list(shot_ids)).exclude(entity_out__canceled=True)
    asset = ("entity_out__is_shared", "entity_out__project_id", "entity_out__ready_for")
    for shot_id, project_id, shared, owner_id, ready_for_id in links.values_list("entity_in_id", "entity_in__project_id", *asset):
        if shared and owner_id != project_id:
            found[shot_id][float("inf")] += 1
        elif ready_for_id is not None:
            found[shot_id][priorities.get((project_id, ready_for_id)) or -1] += 1
    return found
