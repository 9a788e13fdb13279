"""Stamps of productions: a reader who knows the stamp knows, without reading rows, whether anything in the production changed.

`emit` touches the production of every event, so a rule that tells of its writes needs nothing more. A rule that writes rows of a
production without an event calls `touch` itself. Stamps are written once at the end of a step, in its transaction: whoever reads a
new stamp reads the new rows, and whoever reads rows after an old stamp is told so the next time.
"""

from typing import Any
from uuid import UUID, uuid4

from core.transactions import collect
from events.models import ProductionStamp

# Stands for what every production shows, such as the names of asset types.
STUDIO = UUID(int=0)


def touch(project_id: Any) -> None:
    """Give the production another stamp when the step under way ends."""
    collect("stamps", str(project_id), write_stamps)


def write_stamps(project_ids: list[str]) -> None:
    """Store new stamps in one statement, in one order, so that steps over several productions never block each other."""
    stamps = [ProductionStamp(project_id=UUID(project_id), value=uuid4()) for project_id in sorted(set(project_ids))]
    ProductionStamp.objects.bulk_create(stamps, update_conflicts=True, update_fields=["value"], unique_fields=["project_id"])
