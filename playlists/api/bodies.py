"""What the playlists room's routes are sent."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from core.api.parsers import Body


def none_for_empty(value: Any) -> Any:
    """An empty text means none."""
    return None if value == "" else value


class NewEntry(Body):
    """An entity for a playlist; without a preview its latest is taken."""

    entity_id: UUID
    preview_file_id: Annotated[UUID | None, BeforeValidator(none_for_empty)] = None


class NewEntries(Body):
    """Several of them."""

    entities: list[NewEntry] = Field(min_length=1)
