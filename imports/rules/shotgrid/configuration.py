"""Pipeline steps and statuses of ShotGrid: task types and task statuses."""

from typing import Any

from core.errors import Refusal
from core.transactions import hold
from events.stamps import STUDIO, touch
from imports.rules.shotgrid.base import PageImport, found_or_made
from imports.rules.shotgrid.entries import StatusEntry, StepEntry
from people.models import Department
from production.models import TaskStatus, TaskType
from production.readers import TASK_STATUS, TASK_TYPE

BLACK = "#000000"


class StepImport(PageImport):
    """Steps, known by ShotGrid id, else by name in any letter case and kind of entity. The first word is the department's name."""

    kind = "Step"
    model = TaskType
    reader = TASK_TYPE
    entry = StepEntry

    def prepare(self, entries: list[Any]) -> None:
        """All task types, and the departments, of which those that are missing are made."""
        hold("task types")
        colors: dict[str, str] = {}
        for entry in entries:
            colors.setdefault(first_word(entry.code), entry.color)
        self.departments, _ = found_or_made(Department, colors)
        self.types = list(TaskType.objects.order_by("created_at", "id"))
        self.known = {row.shotgun_id: row for row in reversed(self.types) if row.shotgun_id is not None}

    def plan(self, entry: StepEntry) -> Any:
        """A task type. Raises a refusal where another one would be the same."""
        values = {
            "color": entry.color,
            "short_name": entry.short_name,
            "department_id": self.departments[first_word(entry.code)].pk,
        }
        full = {"name": entry.code, "for_entity": entry.entity_type, **values}
        row = self.known.get(entry.id)
        if row is None and (twin := self.twin(entry)) is not None:
            row, full = twin, {**values, "shotgun_id": entry.id}
        if row is None:
            row = self.make(shotgun_id=entry.id, **full)
            self.types.append(row)
        else:
            self.refuse_double(row, full)
            self.change(row, **full)
        self.known[entry.id] = row
        return row

    def twin(self, entry: StepEntry) -> Any:
        """The task type of that name and kind of entity."""
        key = (entry.code.casefold(), entry.entity_type)
        return next((row for row in self.types if (row.name.casefold(), row.for_entity) == key), None)

    def refuse_double(self, row: Any, values: dict[str, Any]) -> None:
        """Raises a refusal where another task type has the name, the kind and the department."""
        key = tuple(values.get(name, getattr(row, name)) for name in ("name", "for_entity", "department_id"))
        if any((other.name, other.for_entity, other.department_id) == key for other in self.types if other is not row):
            raise Refusal(f"There is another task type named {key[0]}.")

    def store(self) -> None:
        """Stores the task types; readers of boards learn that something changed."""
        super().store()
        if self.changed:
            touch(STUDIO)


class StatusImport(PageImport):
    """Statuses, known by ShotGrid id, else by short name."""

    kind = "Status"
    model = TaskStatus
    reader = TASK_STATUS
    entry = StatusEntry

    def prepare(self, entries: list[Any]) -> None:
        """All task statuses."""
        hold("task statuses")
        statuses = list(TaskStatus.objects.order_by("created_at", "id"))
        self.known = {row.shotgun_id: row for row in reversed(statuses) if row.shotgun_id is not None}
        self.short_names = {row.short_name: row for row in statuses}

    def plan(self, entry: StatusEntry) -> Any:
        """A task status. Raises a refusal for the short name of another."""
        row = self.known.get(entry.id)
        named = self.short_names.get(entry.code)
        if row is not None and named is not None and named is not row:
            raise Refusal(f"There is another task status with the short name {entry.code}.")
        row = row or named
        color = entry.bg_color or BLACK
        values = {"name": entry.name, "short_name": entry.code, "color": color, "shotgun_id": entry.id}
        if row is None:
            row = self.make(**values)
        else:
            self.short_names.pop(row.short_name, None)
            self.change(row, **values)
        self.known[entry.id] = self.short_names[entry.code] = row
        return row

    def store(self) -> None:
        """Stores the statuses; readers of boards learn that something changed."""
        super().store()
        if self.changed:
            touch(STUDIO)


def first_word(name: str) -> str:
    """The first word of a name."""
    return next(iter(name.split()), name)
