"""Creating many tasks at once, none of them twice."""

from collections.abc import Sequence
from typing import Any

from assets.models import Entity
from assets.querysets import CONCEPT
from assets.rules.announcing import kind_of
from core.errors import WrongParameter
from core.transactions import whole_step
from people.models import Person
from production.models import EntityType, Project, ProjectTaskTypeLink, TaskType
from tasks.models import Task
from tasks.rules.life_cycle import default_status
from tasks.rules.tasks import announce_new

MAIN = "main"


def lock_production(project_id: Any) -> None:
    """Let one request at a time decide which tasks a production lacks."""
    Project.objects.select_for_update(no_key=True).filter(pk=project_id).values_list("pk").first()


def new_task(entity: Entity, task_type_id: Any, status_id: Any, by: Person) -> Task:
    """A task as it is created in bulk."""
    task = Task(
        name=MAIN, project_id=entity.project_id, task_type_id=task_type_id, task_status_id=status_id, entity=entity, assigner=by
    )
    task.updated_at = task.created_at
    return task


@whole_step()
def create_tasks(task_type: TaskType, entities: Sequence[Entity], *, project_id: Any, by: Person) -> list[Task]:
    """Give every entity of the production a task of the type, unless it has one of that type already."""
    if not entities:
        return []
    lock_production(project_id)
    status = default_status(for_concept=entities[0].entity_type.name == CONCEPT)
    had = Task.objects.order_by().filter(project_id=project_id, task_type=task_type).values_list("entity_id", flat=True)
    taken = set(had)
    tasks = [new_task(entity, task_type.pk, status.pk, by) for entity in entities if entity.pk not in taken]
    Task.objects.bulk_create(tasks)
    announce_new(tasks, by=by)
    return tasks


@whole_step()
def create_tasks_of_entity(entity: Entity, task_type_ids: Sequence[Any], *, by: Person) -> list[Task]:
    """Give an entity its tasks: of the named types, or of all that its production and its workflow have for it."""
    lock_production(entity.project_id)
    enabled = set(ProjectTaskTypeLink.objects.filter(project_id=entity.project_id).values_list("task_type_id", flat=True))
    types = list(TaskType.objects.filter(pk__in=task_type_ids or enabled).order_by("priority", "name", "id"))
    workflow = workflow_of(entity)
    if task_type_ids:
        for task_type in types:
            refuse_type(task_type, entity, enabled, workflow)
    else:
        fitting = [task_type for task_type in types if task_type.for_entity in (None, "", kind_of(entity))]
        types = [task_type for task_type in fitting if not workflow or task_type.pk in workflow]
    status = default_status(for_concept=entity.entity_type.name == CONCEPT)
    taken = set(Task.objects.order_by().filter(entity=entity, name=MAIN).values_list("task_type_id", flat=True))
    tasks = [new_task(entity, task_type.pk, status.pk, by) for task_type in types if task_type.pk not in taken]
    Task.objects.bulk_create(tasks)
    announce_new(tasks, by=by)
    return tasks


def workflow_of(entity: Entity) -> set[Any]:
    """The task types of the entity's asset type; none means all, and entities that are no assets have none."""
    if kind_of(entity) != "Asset":
        return set()
    links = EntityType.task_types.through.objects.filter(entitytype_id=entity.entity_type_id)
    return set(links.values_list("tasktype_id", flat=True))


def refuse_type(task_type: TaskType, entity: Entity, enabled: set[Any], workflow: set[Any]) -> None:
    """Raises WrongParameter when the entity can't have a task of the type."""
    kind = kind_of(entity)
    if task_type.for_entity and task_type.for_entity != kind:
        raise WrongParameter(f"Task type {task_type.pk} is for {task_type.for_entity} entities, got {kind}.")
    if task_type.pk not in enabled:
        raise WrongParameter(f"Task type {task_type.pk} is not enabled in project {entity.project_id}.")
    if workflow and task_type.pk not in workflow:
        raise WrongParameter(f"Task type {task_type.pk} is not in the workflow of asset type {entity.entity_type_id}.")
