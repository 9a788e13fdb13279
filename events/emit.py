"""The only door to the event log and the real-time channel."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from core.models import now
from core.transactions import before_commit, on_commit
from events.models import ApiEvent
from events.realtime import broadcast


@dataclass
class Emission:
    """An event on its way: its name, payload, production, author, and whom it is for (everyone who may see it, by default)."""

    name: str
    payload: dict[str, Any]
    project_id: Any = None
    user_id: Any = None
    stored: bool = True
    person_ids: list[str] | None = None
    created_at: Any = field(default_factory=now)


def emit(
    name: str,
    payload: dict[str, Any],
    *,
    project_id: Any = None,
    by: Any = None,
    stored: bool = True,
    only_for: Iterable[Any] | None = None,
    in_payload: bool = True,
) -> None:
    """Announce an event: its row is written in the transaction under way, its broadcast leaves after commit.

    `project_id` also enters the payload unless `in_payload` is false. `only_for` names the persons who receive the
    broadcast; without it, the team of the production does, or the whole studio where there is none.
    """
    content = {key: None if value is None else str(value) if key.endswith("_id") else value for key, value in payload.items()}
    if project_id is not None and in_payload:
        content["project_id"] = str(project_id)
    persons = None if only_for is None else [str(getattr(person, "pk", person)) for person in only_for]
    waiting = getattr(connection, "emissions", None)
    if waiting is None:
        waiting = connection.emissions = []  # type: ignore[attr-defined]
    waiting.append(Emission(name, content, project_id, getattr(by, "pk", by), stored, persons))
    before_commit("events", write_emissions)


def write_emissions() -> None:
    """Store the events of the step that ends, all in one statement, and have them broadcast once it is committed."""
    emissions, connection.emissions = connection.emissions, []  # type: ignore[attr-defined]
    rows = [
        ApiEvent(
            name=e.name,
            data=e.payload,
            project_id=e.project_id,
            user_id=e.user_id,
            created_at=e.created_at,
            updated_at=e.created_at,
        )
        for e in emissions
        if e.stored
    ]
    with transaction.atomic():
        ApiEvent.objects.bulk_create(rows)
        on_commit(lambda: broadcast(emissions), robust=True)
