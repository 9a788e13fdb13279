"""Versions of the schedule: planning them from what is in force or from another version, and putting them into force."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery

from core.errors import WrongParameter
from core.models import now
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import ProductionScheduleVersion, Project
from production.rules.announcements import announce_settings
from tasks.models import ProductionScheduleVersionTaskLink, Task

OTHER_PRODUCTION = "Production schedule versions must belong to the same project."
ITSELF = "A production schedule version cannot be copied onto itself."
PLANNED = ("start_date", "due_date", "estimation")
BATCH = 1000


def lock_version(version: ProductionScheduleVersion) -> ProductionScheduleVersion:
    """The version as it is now, locked against others who plan it."""
    return ProductionScheduleVersion.objects.select_for_update().get(pk=version.pk)


def announce_version(version: ProductionScheduleVersion, *, by: Person) -> None:
    """Tell that a version was planned anew or put into force."""
    payload = {"production_schedule_version_id": version.pk}
    emit("production_schedule_version:update", payload, project_id=version.project_id, by=by)


def plan(version: ProductionScheduleVersion, plans: Iterable[tuple[Any, ...]], assignees: Iterable[tuple[Any, Any]]) -> int:
    """Give tasks their dates, estimation and assignees in a version; the plans of other tasks stay. Returns how many.

    `plans` are a task's id and its planned values, `assignees` the ids of tasks and people.
    """
    links, moment = ProductionScheduleVersionTaskLink.objects, now()
    rows = [
        links.model(
            production_schedule_version=version,
            task_id=task_id,
            created_at=moment,
            updated_at=moment,
            **dict(zip(PLANNED, values, strict=True)),
        )
        for task_id, *values in plans
    ]
    links.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["production_schedule_version", "task"],
        update_fields=[*PLANNED, "updated_at"],
    )
    stored = dict(links.order_by().filter(production_schedule_version=version).values_list("task_id", "pk"))
    planned = {stored[row.task_id] for row in rows}
    assigned = links.model.assignees.through.objects
    former = assigned.order_by().filter(productionscheduleversiontasklink__production_schedule_version=version)
    outdated = [pk for pk, link_id in former.values_list("pk", "productionscheduleversiontasklink_id") if link_id in planned]
    assigned.filter(pk__in=outdated).delete()
    assigned.bulk_create(
        [
            assigned.model(productionscheduleversiontasklink_id=stored[task_id], person_id=person_id)
            for task_id, person_id in assignees
            if task_id in stored
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return len(rows)


@whole_step()
def plan_from_production(version: ProductionScheduleVersion) -> int:
    """Copy what is in force for all tasks of the production into a version. Returns how many."""
    version = lock_version(version)
    tasks = Task.objects.order_by().filter(project_id=version.project_id)
    people = Task.assignees.through.objects.order_by().filter(task__project_id=version.project_id)
    return plan(version, list(tasks.values_list("pk", *PLANNED)), people.values_list("task_id", "person_id"))


@whole_step()
def plan_from_version(version: ProductionScheduleVersion, source: ProductionScheduleVersion, *, by: Person) -> int:
    """Copy what another version plans. Returns for how many tasks. Raises WrongParameter."""
    if version.pk == source.pk:
        raise WrongParameter(ITSELF)
    if version.project_id != source.project_id:
        raise WrongParameter(OTHER_PRODUCTION)
    version = lock_version(version)
    links = ProductionScheduleVersionTaskLink.objects.order_by().filter(production_schedule_version=source)
    people = links.filter(assignees__isnull=False).values_list("task_id", "assignees")
    number = plan(version, list(links.values_list("task_id", *PLANNED)), people)
    version.source = source
    version.save(update_fields=["source"])
    announce_version(version, by=by)
    return number


@whole_step()
def put_into_force(version: ProductionScheduleVersion, *, by: Person) -> int:
    """Give the tasks the dates and estimations of a version, lock it, and note it as the production's. Returns how many tasks."""
    project = Project.objects.select_for_update().get(pk=version.project_id)
    version = lock_version(version)
    links = ProductionScheduleVersionTaskLink.objects.order_by().filter(production_schedule_version=version)
    tasks = Task.objects.filter(project=project, pk__in=links.values("task_id"))
    task_ids = list(tasks.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    own = links.filter(task_id=OuterRef("pk"))
    tasks.order_by().update(updated_at=now(), **{name: Subquery(own.values(name)[:1]) for name in PLANNED})
    for task_id in task_ids:
        emit("task:update", {"task_id": task_id}, project_id=project.pk, by=by)
    version.locked = True
    version.save(update_fields=["locked"])
    announce_version(version, by=by)
    project.from_schedule_version = version
    project.save(update_fields=["from_schedule_version"])
    announce_settings(project, by=by)
    return len(task_ids)
