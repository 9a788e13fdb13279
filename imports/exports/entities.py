"""The sheets of a production's assets, shots and edits, with metadata, statuses and assignees."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assets.boards.reading import of_episode
from assets.models import Entity
from assets.querysets import ASSET, EDIT, SHOT, EntityQuerySet
from core.sql import CHUNK, AsText
from imports.exports.order import blanks_first
from imports.sheets.writing import shown
from people.models import Person
from people.permissions import department_ids
from production.models import MetadataDescriptor, Project, TaskType
from tasks.models import Task

MINUTES_A_DAY = 480
ASSIGNATIONS, TIME_SPENT = "Assignations", "Time Spent"
Cells = list[Any]


@dataclass(frozen=True)
class Layout:
    """The first columns of a sheet: their names, and the columns and metadata that they show. The rows sort by `order`."""

    columns: dict[str, str]
    after: dict[str, str]
    order: tuple[str, ...]


LAYOUTS = {
    ASSET: Layout(
        {"Type": "entity_type__name", "Name": "name", "Description": "description"},
        {},
        ("entity_type__name", "name"),
    ),
    SHOT: Layout(
        {"Episode": "parent__parent__name", "Sequence": "parent__name", "Name": "name", "Description": "description"},
        {"Frames": "nb_frames", "Frame In": "frame_in", "Frame Out": "frame_out", "FPS": "fps"},
        ("parent__parent__name", "parent__name", "name"),
    ),
    EDIT: Layout(
        {"Episode": "parent__name", "Name": "name", "Description": "description"},
        {},
        ("parent__name", "name"),
    ),
}
NO_TASK = ("", None)
IN_DATA = ("frame_in", "frame_out", "fps")


@dataclass
class Question:
    """Who asks for which rows; `role` is theirs in the production."""

    person: Person
    role: str
    entity_id: Any = None
    episode_id: Any = None
    only_own: bool = False


@dataclass
class TaskCells:
    """What the tasks of the exported entities show: status and assignees by type, and the minutes spent on all of them."""

    statuses: dict[Any, dict[Any, tuple[str, Any]]] = field(default_factory=dict)
    minutes: dict[Any, float] = field(default_factory=dict)
    assignees: dict[Any, str] = field(default_factory=dict)
    types: list[TaskType] = field(default_factory=list)

    @cached_property
    def type_ids(self) -> list[str]:
        """The ids of the types, in their order."""
        return [str(task_type.pk) for task_type in self.types]

    def of(self, entity_id: Any) -> Cells:
        """The cells of an entity: for each type a status and the assignees."""
        own = self.statuses.get(entity_id, {})
        cells: Cells = []
        for task_type in self.type_ids:
            status, task_id = own.get(task_type, NO_TASK)
            cells += [status, self.assignees.get(task_id, "")]
        return cells


class EntityExport:
    """The sheet of one kind of entity in a production. Six statements, however many rows."""

    def __init__(self, project: Project, kind: str, question: Question) -> None:
        self.project, self.kind, self.question = project, kind, question
        self.layout = LAYOUTS[kind]
        self.is_blanked = question.role == "client"
        descriptors = MetadataDescriptor.objects.filter(project=project, entity_type=kind, task_type=None)
        departments = department_ids(question.person) if question.role == "vendor" else ()
        self.descriptors = list(descriptors.visible_as(question.role, departments).in_order())
        self.tasks = self.read_tasks()

    def entities(self) -> EntityQuerySet:
        """The entities asked for, unordered."""
        rows = Entity.objects.order_by().of_kind(self.kind).filter(project=self.project)
        if self.question.entity_id:
            rows = rows.filter(pk=self.question.entity_id)
        if self.question.episode_id and self.question.episode_id != "all":
            rows = of_episode(rows, self.kind, self.question.episode_id)
        return rows.assigned_to(self.question.person) if self.question.only_own else rows

    def read_tasks(self) -> TaskCells:
        """The tasks of the entities: statuses, minutes, assignees, types. A client learns of statuses alone."""
        found = TaskCells()
        tasks = Task.objects.order_by("created_at", "id").filter(entity__in=self.entities().values("pk"))
        if self.question.only_own:
            tasks = tasks.assigned(self.question.person.pk)
        type_ids = set()
        # Ids as texts: to make objects of them costs more than to read them.
        columns = (AsText("pk"), AsText("entity_id"), AsText("task_type_id"), "task_status__short_name", "duration")
        for pk, entity_id, type_id, status, minutes in tasks.values_list(*columns).iterator(chunk_size=CHUNK):
            found.statuses.setdefault(entity_id, {}).setdefault(type_id, (status or "", pk))
            if minutes and not self.is_blanked:
                found.minutes[entity_id] = found.minutes.get(entity_id, 0) + minutes
            type_ids.add(type_id)
        if not self.is_blanked:
            found.assignees = assignees_of(tasks.order_by().values("pk"), ",")
        found.types = list(TaskType.objects.filter(pk__in=type_ids - {None}).order_by("priority", "name", "id"))
        return found

    @property
    def header(self) -> Cells:
        """The names of the columns."""
        own = ["Project", *self.layout.columns, TIME_SPENT, *self.layout.after]
        types = [name for task_type in self.tasks.types for name in (task_type.name, ASSIGNATIONS)]
        return [*own, *(descriptor.name for descriptor in self.descriptors), *types]

    def rows(self) -> Iterator[Cells]:
        """The rows, in the order of their names."""
        columns = list(self.layout.columns.values())
        plain = [column for column in self.layout.after.values() if column not in IN_DATA]
        in_data = [column for column in self.layout.after.values() if column in IN_DATA]
        entities = self.entities().order_by(*blanks_first(*self.layout.order), "created_at", "id")
        shown_values = [value_of(descriptor) for descriptor in self.descriptors]
        rows = entities.values_list(AsText("pk"), "data", *columns, *plain).iterator(chunk_size=CHUNK)
        for pk, data, *cells in rows:
            known = data or {}
            first, rest = cells[: len(columns)], cells[len(columns) :]
            yield [
                self.project.name,
                *first,
                f"{self.tasks.minutes.get(pk, 0) / MINUTES_A_DAY:.2f}",
                *rest,
                *(shown(known.get(name)) for name in in_data),
                *(value(known) for value in shown_values),
                *self.tasks.of(pk),
            ]


def value_of(descriptor: MetadataDescriptor) -> Callable[[dict[str, Any]], str]:
    """How a descriptor's value is shown: yes and no as `true` and `false`, no being what is not set."""
    key = descriptor.field_name
    if descriptor.data_type == "boolean":
        return lambda data: "true" if shown(data.get(key)).lower() == "true" else "false"
    return lambda data: shown(data.get(key))


def assignees_of(task_ids: Any, between: str) -> dict[Any, str]:
    """The full names of the assignees of tasks, by task. One statement."""
    links = Task.assignees.through.objects.filter(task_id__in=task_ids)
    names: dict[Any, list[str]] = {}
    columns = (AsText("task_id"), "person__first_name", "person__last_name")
    for task_id, first, last in links.order_by(*columns[1:], "person_id").values_list(*columns).iterator(chunk_size=CHUNK):
        names.setdefault(task_id, []).append(f"{first} {last}".strip())
    return {task_id: between.join(people) for task_id, people in names.items()}
