"""The index of the search: a table that triggers of the database keep, so that every write counts, whoever makes it, at once."""

import logging
from typing import Any

from django.db import DatabaseError, connections, transaction

from assets.querysets import SHOT, TEMPORAL
from assets.search import postgresql, sqlite
from assets.search.words import SEPARATORS

log = logging.getLogger("callboard.search")
TABLE = "search_document"
TECHNICAL = ("frame_in", "frame_out", "fps", "handle_in", "handle_out")


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: tuple[str, ...]) -> str:
    """Texts in SQL, between commas."""
    return ", ".join(map(literal, texts))


def parts(vendor: str) -> dict[str, str]:
    """The pieces of SQL of which the triggers are made."""
    spelling = sqlite if vendor == "sqlite" else postgresql
    kinds = listed(TEMPORAL)
    title = (
        f"CASE WHEN t.name IN ({kinds}) THEN COALESCE(g.name || ' ', '') || COALESCE(p.name || ' ', '')"
        " ELSE COALESCE(t.name || ' ', '') END || e.name"
    )
    metadata = spelling.METADATA.format(shot=literal(SHOT), technical=listed(TECHNICAL))
    # `{which}` narrows the rows.
    entities = (
        f"SELECT e.id, e.name, {title} AS title, COALESCE(e.description, '') AS text, COALESCE({metadata}, '') AS body"
        " FROM entity e LEFT JOIN entity_type t ON t.id = e.entity_type_id"
        " LEFT JOIN entity p ON p.id = e.parent_id LEFT JOIN entity g ON g.id = p.parent_id WHERE {which}"
    )
    full_name = "first_name || ' ' || last_name"
    people = f"SELECT id, {full_name} AS name, {full_name} AS title, '' AS text, '' AS body FROM person WHERE {{which}}"
    sources = {"entities": ("entity_id", entities), "people": ("person_id", people)}
    return {name: filling(owner, spelling.cleaned(rows, SEPARATORS)) for name, (owner, rows) in sources.items()}


def filling(owner: str, rows: str) -> str:
    """The statement that stores the documents of rows whose texts are cleaned, in place of those that exist."""
    return (
        f"INSERT INTO {TABLE} ({owner}, name, title, text, body)"
        " SELECT id, name, ' ' || title || ' ', ' ' || title || ' ' || text || ' ',"
        f" ' ' || title || ' ' || text || ' ' || body || ' ' FROM ({rows}) found WHERE true ORDER BY id"
        f" ON CONFLICT ({owner}) DO UPDATE SET {replaced()}"
    )


def replaced() -> str:
    """What a document that exists takes over."""
    return ", ".join(f"{name} = excluded.{name}" for name in ("name", "title", "text", "body"))


def after_migrations(using: str, **kwargs: Any) -> None:
    """See to the index of a database whose tables were just made or changed."""
    ensure_index(connections[using])


def ensure_index(connection: Any) -> None:
    """See to the triggers, which some changes of tables take along; what was written without them is caught up."""
    if TABLE not in connection.introspection.table_names():
        return
    spelling = sqlite if connection.vendor == "sqlite" else postgresql
    with connection.cursor() as cursor:
        cursor.execute(spelling.PRESENT)
        present = {name for (name,) in cursor.fetchall()}
    if not present >= spelling.NAMES:
        build_index(connection)


def build_index(connection: Any) -> int:
    """Make triggers and index anew, and fill it with all entities and people. Returns how many they are."""
    spelling = sqlite if connection.vendor == "sqlite" else postgresql
    pieces = parts(connection.vendor)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in (*spelling.removal(), f"DELETE FROM {TABLE}", *spelling.creation(pieces)):
            cursor.execute(statement)
        for statement in (pieces["entities"], pieces["people"]):
            cursor.execute(statement.replace("{which}", "true"))
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        number: int = cursor.fetchone()[0]
    for statement in spelling.ACCELERATION:
        attempt(connection, statement)
    return number


def attempt(connection: Any, statement: str) -> None:
    """Run what makes the search faster where the database lets us; it finds the same without."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as refusal:
        log.warning("The search goes without an index: %s", str(refusal).splitlines()[0])
