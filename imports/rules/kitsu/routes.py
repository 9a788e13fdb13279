"""What the import routes do: all rows of a request, or none; with their events unless they come in silence."""

from typing import Any

from assets.querysets import ASSET, TEMPORAL
from core.errors import NotFound, WrongParameter
from core.transactions import whole_step
from events.emit import emit
from events.stamps import touch
from imports.rules.kitsu.kinds import COMMENTS, ENTITIES, Kind
from imports.rules.kitsu.store import Line, Refused, Rows, batches
from imports.rules.records import API, Origin, record_import
from people.models import Person
from production.models import EntityType


@whole_step()
def import_rows(kind: Kind, entries: list[Any], *, silent: bool, by: Person) -> list[Any]:
    """Store rows of another server with their ids; the ids, in order. Raises WrongParameter for the first row that does not fit."""
    rows = Rows(kind)
    stored: list[Any] = []
    counts = {"created": 0, "updated": 0}
    for first, batch in batches(entries):
        outcome = rows.store(batch, first)
        if outcome.refused:
            raise refusal(min(outcome.refused, key=lambda refused: refused.number))
        tell(kind, outcome.lines, silent=silent, by=by)
        stored += [line.pk for line in outcome.lines]
        counts["created"] += outcome.new
        counts["updated"] += len(outcome.lines) - outcome.new
    if stored:
        record_import(f"Kitsu: {kind.path}", Origin(API), counts=counts, by=by)
    return stored


def refusal(refused: Refused) -> WrongParameter:
    """What the route answers for a row that does not fit."""
    place = {"row": refused.number, "id": refused.id, "field": refused.field, "message": refused.reason}
    return WrongParameter(str(refused), place)


def productions_of(kind: Kind, lines: list[Line]) -> dict[Any, Any]:
    """The production of each row. One statement."""
    if kind.production is None or not lines:
        return {}
    rows = kind.model._base_manager.order_by().filter(pk__in={line.pk for line in lines})
    return dict(rows.values_list("pk", kind.production))


def stamp(kind: Kind, lines: list[Line]) -> None:
    """Notes that the rows' productions look different now."""
    for project_id in {place for place in productions_of(kind, [line for line in lines if line.differs]).values() if place}:
        touch(project_id)


def tell(kind: Kind, lines: list[Line], *, silent: bool, by: Person) -> None:
    """Announces the rows, or only notes that their productions look different. Raises NotFound for a comment on nothing."""
    if silent:
        stamp(kind, lines)
        return
    places = productions_of(kind, lines)
    stems = stems_of(lines) if kind is ENTITIES else {}
    for line in lines:
        if kind is COMMENTS and places.get(line.pk) is None:
            raise NotFound()
        words, name = stems.get(line.row.entity_type_id, ("", "")) if stems else (kind.words, kind.words.replace("-", "_"))
        payload = kind.payload(line.row) if kind.payload else {f"{name}_id": line.pk}
        act = "new" if line.is_new else "update"
        emit(f"{words}:{act}", payload, project_id=places.get(line.pk), by=by)


def stems_of(lines: list[Line]) -> dict[Any, tuple[str, str]]:
    """What the events of entities are called, and the kind that their payload's key begins with, by entity type."""
    names = EntityType.objects.filter(pk__in={line.row.entity_type_id for line in lines}).values_list("pk", "name")
    kinds = {pk: name if name in TEMPORAL else ASSET for pk, name in names}
    return {pk: ("concept-folder" if kind == "ConceptFolder" else kind.lower(), kind) for pk, kind in kinds.items()}
