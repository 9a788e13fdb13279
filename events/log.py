"""The event log's order: events stand in it as the steps that wrote them were committed, whatever they did before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from core.models import now
from events.models import ApiEvent

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
# Later than all before, also where the clocks of several machines differ or one is set back.
NEXT = """
INSERT INTO event_clock AS clock (id, at) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE SET at = CASE WHEN clock.at < %s THEN excluded.at ELSE clock.at + %s END RETURNING at
"""


def take_place(number: int) -> datetime:
    """The moment of the first of so many new events; each of the others comes a microsecond later.

    From here until the transaction ends everybody else who logs events waits, so it belongs at the transaction's end. Whoever
    reads an event therefore reads all that stand before it: none can appear there afterwards.
    """
    at = (now() - EPOCH) // MICROSECOND
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [at + number - 1, at, number])
        (newest,) = cursor.fetchone()
    return EPOCH + (newest - number + 1) * MICROSECOND


def append(events: Sequence[ApiEvent]) -> None:
    """Store events at the end of the log, in their order, in one statement."""
    if not events:
        return
    moment = take_place(len(events))
    for number, event in enumerate(events):
        event.created_at = event.updated_at = moment + number * MICROSECOND
    ApiEvent.objects.bulk_create(events)
