"""The columns of tasks: a status, a comment and assignees for each task type; and what they do once the entities are stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assets.models import Entity
from core.errors import WrongParameter
from imports.rules.sheets.base import in_chunks
from imports.rules.sheets.lookups import People, Statuses
from imports.sheets.reading import Line
from people.models import Person
from production.models import Project, TaskStatus, TaskType
from tasks.models import Task
from tasks.rules.assignation import assign
from tasks.rules.bulk_creation import create_tasks
from tasks.rules.comments import Draft as NewComment
from tasks.rules.comments import post_comment
from tasks.rules.life_cycle import refuse_retakes_beyond_cap

COMMENT, ASSIGNATIONS = "{name} comment", "{name} assignations"
Key = tuple[Any, Any]


@dataclass
class Work:
    """What a line says about one task of its entity. `text` is None where the file has no such column."""

    task_type: TaskType
    status: TaskStatus | None = None
    text: str | None = None
    assignees: list[Person] = field(default_factory=list)
    entity: Entity | None = None

    @property
    def says_something(self) -> bool:
        """Any of the cells is filled."""
        return self.status is not None or bool(self.text) or bool(self.assignees)

    def key(self) -> Key:
        """The task's entity and type."""
        return (self.entity and self.entity.pk, self.task_type.pk)


class WorkColumns:
    """The columns of the task types that a production has for one kind of entity, as far as the file has them."""

    def __init__(self, task_types: list[TaskType], header: tuple[str, ...], *, with_assignations: bool) -> None:
        self.with_assignations = with_assignations
        self.task_types = [task_type for task_type in task_types if set(self.names(task_type)) & set(header)]
        assignations = {ASSIGNATIONS.format(name=task_type.name) for task_type in task_types}
        self.people = People() if with_assignations and assignations & set(header) else None
        self.statuses = Statuses() if self.task_types else None
        self.present: dict[Key, Any] = {}
        self.assigned: set[tuple[Any, Any, Any]] = set()

    def read_present(self, project: Project) -> None:
        """Reads the statuses and assignees that tasks have, as far as the file speaks of them. Two statements at most."""
        tasks = Task.objects.filter(project=project, task_type__in=self.task_types).order_by("created_at", "id")
        if self.task_types:
            for entity_id, type_id, status_id in tasks.values_list("entity_id", "task_type_id", "task_status_id"):
                self.present.setdefault((entity_id, type_id), status_id)
        if self.people is not None:
            self.assigned = set(tasks.order_by().values_list("entity_id", "task_type_id", "assignees"))

    def news(self, works: list[Work], entity: Entity) -> list[Work]:
        """What of a line's work is to be done on an entity: what is so already is left out."""
        found = []
        for work in works:
            work.entity = entity
            key = work.key()
            work.assignees = [person for person in work.assignees if (*key, person.pk) not in self.assigned]
            is_new = key not in self.present or (work.status is not None and self.present[key] != work.status.pk)
            if is_new or work.text is not None or work.assignees:
                found.append(work)
                self.present[key] = work.status.pk if work.status else self.present.get(key)
        return found

    def names(self, task_type: TaskType) -> list[str]:
        """The names of a task type's columns."""
        names = [task_type.name, COMMENT.format(name=task_type.name)]
        return [*names, ASSIGNATIONS.format(name=task_type.name)] if self.with_assignations else names

    def all_names(self) -> set[str]:
        """The names of all columns."""
        return {name for task_type in self.task_types for name in self.names(task_type)}

    def read(self, line: Line) -> list[Work]:
        """What a line says about tasks. Raises a refusal for unknown statuses and people."""
        found = []
        for task_type in self.task_types:
            cell = line.cell(task_type.name) or ""
            work = Work(task_type, text=line.cell(COMMENT.format(name=task_type.name)))
            if cell.strip() and self.statuses is not None:
                work.status = self.statuses.named(cell)
            if self.people is not None:
                names = (line.cell(ASSIGNATIONS.format(name=task_type.name)) or "").split(",")
                work.assignees = [self.people.named(name) for name in names if name.strip()]
            found.append(work)
        return [work for work in found if work.says_something]


class WorkStore:
    """Makes the tasks that an import needs, assigns people to them and posts its comments."""

    def __init__(self, project: Project, works: list[Work], *, by: Person) -> None:
        self.project, self.works, self.by = project, works, by
        self.tasks: dict[Key, Task] = {}

    def make_tasks(self, wanted: Iterable[tuple[TaskType, Entity]]) -> None:
        """Gives entities the tasks that they lack: these, and those that the sheet speaks of. Some statements for each type."""
        by_type: dict[Any, tuple[TaskType, dict[Any, Entity]]] = {}
        for task_type, entity in (*wanted, *((work.task_type, work.entity) for work in self.works)):
            if entity is not None:
                by_type.setdefault(task_type.pk, (task_type, {}))[1][entity.pk] = entity
        for task_type, entities in by_type.values():
            create_tasks(task_type, list(entities.values()), project_id=self.project.pk, by=self.by)

    def carry_out(self) -> None:
        """Does what the sheet says about tasks."""
        if not self.works:
            return
        self.read_tasks()
        self.assign_people()
        self.post_comments()

    def read_tasks(self) -> None:
        """Reads the tasks that the sheet speaks of."""
        wanted = {work.key() for work in self.works}
        for ids in in_chunks({entity_id for entity_id, _ in wanted}):
            for task in with_cap(Task.objects.filter(entity_id__in=ids, project=self.project)):
                self.tasks.setdefault((task.entity_id, task.task_type_id), task)

    def assign_people(self) -> None:
        """Adds the assignees that tasks do not have yet."""
        wanted = {(self.tasks[work.key()].pk, person.pk): person for work in self.works for person in work.assignees}
        links = Task.assignees.through.objects
        had: set[Key] = set()
        for ids in in_chunks({task_id for task_id, _ in wanted}):
            had |= set(links.filter(task_id__in=ids).values_list("task_id", "person_id"))
        missing: dict[Person, list[Any]] = {}
        for (task_id, person_id), person in wanted.items():
            if (task_id, person_id) not in had:
                missing.setdefault(person, []).append(task_id)
        for person, task_ids in missing.items():
            assign(task_ids, person, by=self.by)

    def post_comments(self) -> None:
        """Posts the comments with all that follows from them. Those beyond the production's retakes are left out."""
        spoken: set[Any] = set()
        for work in self.works:
            task = self.tasks[work.key()]
            if task.entity_id in spoken:  # automations and hashtags may have moved it since it was read
                task = with_cap(Task.objects.filter(pk=task.pk)).get()
            status = work.status or task.task_status
            if status is None or (work.text is None and status.pk == task.task_status_id):
                continue
            if is_within_cap(task, status):
                post_comment(task, NewComment(status=status, text=work.text or ""), by=self.by)
                spoken.add(task.entity_id)


def is_within_cap(task: Task, status: TaskStatus) -> bool:
    """The production allows the task this status once more."""
    try:
        refuse_retakes_beyond_cap(task, status)
    except WrongParameter:
        return False
    return True


def with_cap(tasks: Any) -> Any:
    """Tasks with what decides about their retakes."""
    return tasks.select_related("project", "entity__entity_type", "task_status").order_by("created_at", "id")
