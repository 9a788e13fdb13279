"""The only door to the event log and the real-time channel."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from core.transactions import collect, on_commit
from events.catalogue import check
from events.handlers import hand_over, handlers
from events.log import append
from events.models import ApiEvent
from events.realtime import broadcast
from events.stamps import STUDIO, touch

# Events without a production after which boards of every production may look different.
STUDIO_WIDE = ("asset-type:", "metadata-descriptor:")


@dataclass
class Emission:
    """An event on its way: its name, payload, production, author, and whom it is for (everyone who may see it, by default).

    `heard_in` is the production whose team hears of it: its own, or one that it does not name.
    """

    name: str
    payload: dict[str, Any]
    project_id: Any = None
    user_id: Any = None
    stored: bool = True
    person_ids: list[str] | None = None
    heard_in: Any = None
    id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.heard_in = self.heard_in or self.project_id or self.payload.get("project_id")


def emit(
    name: str,
    payload: dict[str, Any],
    *,
    project_id: Any = None,
    by: Any = None,
    stored: bool = True,
    only_for: Iterable[Any] | None = None,
    heard_in: Any = None,
) -> None:
    """Announce an event: its row is written in the transaction under way, its broadcast leaves after commit.

    `project_id` also enters the payload; `heard_in` is a production that the event does not name. `only_for` names the persons
    who receive the broadcast; without it, the team of the production does, or the whole studio where there is none. Where
    CHECK_EVENTS is on, raises UnknownEvent for what the catalogue does not have.
    """
    content = content_of(name, payload, project_id=project_id, stored=stored)
    persons = None if only_for is None else [str(getattr(person, "pk", person)) for person in only_for]
    emission = Emission(name, content, project_id, getattr(by, "pk", by), stored, persons, heard_in)
    collect("events", emission, write_emissions, last=True)
    if emission.heard_in:
        touch(emission.heard_in)
    elif name.startswith(STUDIO_WIDE):
        touch(STUDIO)


def content_of(name: str, payload: dict[str, Any], *, project_id: Any, stored: bool) -> dict[str, Any]:
    """The payload as it leaves: ids as texts, the production among them. Raises UnknownEvent where CHECK_EVENTS is on."""
    content = {key: None if value is None else str(value) if key.endswith("_id") else value for key, value in payload.items()}
    if project_id is not None:
        content["project_id"] = str(project_id)
    if settings.CHECK_EVENTS:
        check(name, content, stored=stored)
    return content


def tell_progress(name: str, payload: dict[str, Any], *, project_id: Any = None, by: Any = None) -> None:
    """Broadcast how far something has come, at once, whatever becomes of the transaction under way. No row keeps it."""
    content = content_of(name, payload, project_id=project_id, stored=False)
    broadcast([Emission(name, content, project_id, getattr(by, "pk", by), stored=False)])


def write_emissions(emissions: list[Emission]) -> None:
    """Store the events of the step that ends, and have them broadcast once it is committed."""
    # What a production's deletion took along is told too, but no row can refer to the production any more.
    gone = {e.payload["project_id"] for e in emissions if e.name == "project:delete"}
    rows = [
        ApiEvent(
            id=e.id,
            name=e.name,
            data=e.payload,
            project_id=None if str(e.project_id) in gone else e.project_id,
            user_id=e.user_id,
        )
        for e in emissions
        if e.stored
    ]
    with transaction.atomic(savepoint=False):
        append(rows)
        on_commit(lambda: send_out(emissions), robust=True)


def send_out(emissions: list[Emission]) -> None:
    """Broadcast committed events, then give them to the studio's own handlers."""
    broadcast(emissions)
    if handlers:
        for e in emissions:
            hand_over(e.name, {**e.payload, "id": str(e.id)} if e.stored else dict(e.payload))
