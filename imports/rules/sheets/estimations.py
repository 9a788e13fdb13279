"""The sheet of estimations."""

from collections import Counter
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from assets.models import Entity
from assets.querysets import ASSET, SHOT
from core.errors import NotFound, Refusal
from core.models import now
from imports.rules.sheets.base import SheetImport
from imports.rules.sheets.columns import MISSING, Column, DayColumn, DecimalColumn, Draft, NumberColumn
from imports.rules.sheets.entities import BATCH
from imports.rules.sheets.metadata import metadata_columns
from imports.rules.sheets.places import Key, Places, key_of
from imports.sheets.reading import Line, Sheet
from people.models import Person
from people.rules.organisation import current_organisation
from production.models import MetadataDescriptor, Project, TaskType
from tasks.models import Task
from tasks.rules.life_cycle import announce_task

NOT_FOUND = "Entity '{name}' with parent '{parent}' not found"
NO_TASK = "Entity '{name}' with parent '{parent}' has no {type} task"
SATURDAY = 5


class Difficulty(NumberColumn):
    """One of five."""

    smallest, largest = 1, 5


class Drawings(NumberColumn):
    """A number of drawings."""

    smallest = 0


def after_business_days(day: datetime, count: int) -> datetime:
    """The day so many working days later, Monday to Friday."""
    weeks, rest = divmod(count, 5)
    day += timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < SATURDAY
    return day


class EstimationSheet(SheetImport):
    """Lines are the tasks of one type in a production, or in one episode of it. They are changed, never made."""

    called = "estimations"

    def __init__(self, project_id: Any, task_type: TaskType, *, by: Person, episode_id: Any = None, update: bool = False) -> None:
        super().__init__(by=by, update=update)
        self.project_id, self.task_type, self.episode_id = project_id, task_type, episode_id
        self.changed: dict[Any, tuple[Task, set[str]]] = {}
        self.seen: Counter[Key] = Counter()

    def prepare(self, sheet: Sheet) -> None:
        """Reads the entities that the type is for, and locks their tasks of the type. Raises NotFound."""
        if not Project.objects.filter(pk=self.project_id).exists():
            raise NotFound()
        organisation = current_organisation()
        self.in_hours = bool(organisation.format_duration_in_hours)
        self.minutes_a_day = organisation.hours_by_day * 60 or 1
        descriptors = MetadataDescriptor.objects.filter(project_id=self.project_id, entity_type="Task", task_type=self.task_type)
        self.columns: list[Column] = [
            DecimalColumn("Estimation", into="estimation"),
            Drawings("Drawings", into="nb_drawings"),
            DayColumn("Start date", into="start_date"),
            DayColumn("Due date", into="due_date"),
            Difficulty("Difficulty", into="difficulty"),
            *metadata_columns(list(descriptors), sheet.columns),
        ]
        kinds = [kind for kind in (ASSET, SHOT) if (self.task_type.for_entity or ASSET) == kind]
        self.places = Places(self.project_id, *kinds, with_episodes=False)
        held = (
            Task.objects.filter(project_id=self.project_id, task_type=self.task_type).order_by("pk").select_for_update(no_key=True)
        )
        self.tasks: dict[Any, Task] = {task.entity_id: task for task in held}

    def names_read(self) -> set[str]:
        """All columns of the sheet."""
        return {"Parent", "Entity", *(name for column in self.columns for name in column.names)}

    def plan(self, line: Line) -> None:
        """Finds the line's task, and sets on it what the filled cells say."""
        draft = Draft(line)
        task = self.task_of(line)
        for column in self.columns:
            column.read(draft)
        self.work_out(draft)
        changes = draft.changes(task)
        data = draft.merged(task.data)
        if data != (task.data or {}):
            changes["data"] = data
        for name, value in changes.items():
            setattr(task, name, value)
        if changes:
            self.changed.setdefault(task.pk, (task, set()))[1].update(changes)
        self.report.note_change(line, changes)

    def task_of(self, line: Line) -> Task:
        """The task of the line. Of several of one name the first line is about the oldest. Raises a refusal where there is none."""
        parent, name = line.cell("Parent"), line.cell("Entity")
        if parent is None or name is None:
            raise Refusal(MISSING.format(name="Parent" if parent is None else "Entity"))
        key = key_of(parent, name)
        words = {"name": name[:200], "parent": parent[:200], "type": self.task_type.name}
        entities = [
            entity for entity in (*self.places.assets.get(key, ()), *self.places.shots.get(key, ())) if self.is_here(entity)
        ]
        if not entities:
            raise Refusal(NOT_FOUND.format(**words))
        tasks = [self.tasks[entity.pk] for entity in entities if entity.pk in self.tasks]
        if not tasks:
            raise Refusal(NO_TASK.format(**words))
        self.seen[key] += 1
        return tasks[min(self.seen[key], len(tasks)) - 1]

    def is_here(self, entity: Entity) -> bool:
        """The entity belongs to the episode that the sheet is for: by its sequence, or as its main episode."""
        if self.episode_id is None:
            return True
        return self.episode_id in (entity.source_id, entity.parent.parent_id if entity.parent is not None else None)

    def work_out(self, draft: Draft) -> None:
        """Turns the estimation into minutes; works out the due date where a line has a start and an estimation alone."""
        given = draft.values.get("estimation")
        if given is None:
            return
        minutes = round(given * 60, 6) if self.in_hours else float(round(given * self.minutes_a_day))
        draft.values["estimation"] = minutes
        start = draft.values.get("start_date")
        if start is not None and "due_date" not in draft.values:
            draft.values["due_date"] = self.due(start, minutes / self.minutes_a_day if self.in_hours else given)

    def due(self, start: datetime, days: float) -> datetime:
        """The last day of the work. Raises a refusal beyond the calendar."""
        try:
            return after_business_days(start, max(ceil(days) - 1, 0))
        except OverflowError:
            raise Refusal("A value is invalid: Due date") from None

    def store(self) -> None:
        """Stores the tasks that changed."""
        tasks = [task for task, _ in self.changed.values()]
        names = {name for _, changes in self.changed.values() for name in changes}
        for task in tasks:
            task.updated_at = now()
        if tasks:
            Task.objects.bulk_update(tasks, sorted({*names, "updated_at"}), batch_size=BATCH)
        for task in tasks:
            announce_task(task, by=self.by)
