"""Events that a studio manager writes by hand."""

from collections.abc import Mapping
from typing import Any

from core.rules import announce
from core.transactions import collect, whole_step
from events.log import append
from events.models import ApiEvent


@whole_step()
def log_event(values: Mapping[str, Any], *, by: Any) -> ApiEvent:
    """Store an event as it is given, at the end of the log."""
    event = ApiEvent(**values)
    collect("events by hand", event, append, last=True)
    announce(event, "new", by=by)
    return event
