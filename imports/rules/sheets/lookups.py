"""What cells name: people, statuses, departments. Each lookup reads its table once."""

from typing import Any

from core.errors import Refusal
from people.models import Person
from production.models import TaskStatus


class People:
    """Everybody but preview accounts, found by full name, e-mail address or id, in any letter case."""

    def __init__(self) -> None:
        self.found: dict[str, Person] = {}
        people = Person.objects.filter(preview_project=None).order_by("created_at", "id")
        everybody = list(people.only("id", "email", "first_name", "last_name"))
        for name in ("pk", "email", "full_name"):
            for person in everybody:
                if key := str(getattr(person, name) or "").strip().lower():
                    self.found.setdefault(key, person)

    def named(self, cell: str) -> Person:
        """The person that a cell names. Raises a refusal."""
        person = self.found.get(cell.strip().lower())
        if person is None:
            raise Refusal(f"Person not found for {cell.strip()[:200]}")
        return person


class Statuses:
    """All task statuses, found by short name or name, in any letter case."""

    def __init__(self) -> None:
        statuses = list(TaskStatus.objects.order_by("created_at", "id"))
        self.by_id: dict[Any, TaskStatus] = {status.pk: status for status in statuses}
        self.found: dict[str, TaskStatus] = {}
        for name in ("short_name", "name"):
            for status in statuses:
                self.found.setdefault(getattr(status, name).strip().lower(), status)

    def named(self, cell: str) -> TaskStatus:
        """The status that a cell names. Raises a refusal."""
        status = self.found.get(cell.strip().lower())
        if status is None:
            raise Refusal(f"Task status not found for {cell.strip()[:200]}")
        return status
