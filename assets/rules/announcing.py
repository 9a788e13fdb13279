"""How the rules of this room tell of an entity: by the name of its kind."""

from typing import Any

from assets.models import Entity
from assets.querysets import ASSET, TEMPORAL
from events.emit import emit

STEMS = {"ConceptFolder": "concept-folder"}


def kind_of(entity: Entity) -> str:
    """`Asset`, or the name of a temporal type. Causes a SQL query unless the entity's type is at hand."""
    name = entity.entity_type.name
    return name if name in TEMPORAL else ASSET


def stem_of(kind: str) -> str:
    """The kind's part of event names."""
    return STEMS.get(kind, kind.lower())


def tell(entity: Entity, act: str, *, by: Any, kind: str | None = None, **more: Any) -> None:
    """Emit `<kind>:<act>` with the entity's id."""
    stem = stem_of(kind or kind_of(entity))
    emit(f"{stem}:{act}", {f"{stem.replace('-', '_')}_id": entity.pk, **more}, project_id=entity.project_id, by=by)
