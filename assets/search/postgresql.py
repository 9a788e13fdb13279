"""The search index on PostgreSQL: functions and triggers; trigrams of `pg_trgm` make it fast where the database has them."""

METADATA = (
    "(SELECT string_agg(j.value, ' ') FROM"
    " jsonb_each_text(CASE WHEN jsonb_typeof(e.data) = 'object' THEN e.data ELSE '{{}}'::jsonb END) j"
    " WHERE j.value NOT IN ('true', 'false') AND NOT (COALESCE(t.name, '') = {shot} AND j.key IN ({technical})))"
)
CHANGED = " OR ".join(
    f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ("name", "description", "data", "parent_id", "entity_type_id")
)
MOVED = "OLD.name IS DISTINCT FROM NEW.name OR OLD.parent_id IS DISTINCT FROM NEW.parent_id"
WITHIN = "SELECT id FROM entity WHERE parent_id = NEW.id OR parent_id IN (SELECT id FROM entity WHERE parent_id = NEW.id)"
# Name of each trigger and of its function: when it fires, and what it does. The number changes with what they do.
TRIGGERS = {
    "search1_entity_new": (
        "AFTER INSERT ON entity REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        "PERFORM search_entities(ARRAY(SELECT id FROM fresh));",
    ),
    "search1_entity_changed": (
        f"AFTER UPDATE OF name, description, data, parent_id, entity_type_id ON entity FOR EACH ROW WHEN ({CHANGED})",
        f"PERFORM search_entities(ARRAY[NEW.id]); IF {MOVED} THEN PERFORM search_entities(ARRAY({WITHIN})); END IF;",
    ),
    "search1_entity_gone": ("AFTER DELETE ON entity FOR EACH ROW", "DELETE FROM search_document WHERE entity_id = OLD.id;"),
    "search1_type_renamed": (
        "AFTER UPDATE OF name ON entity_type FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)",
        "PERFORM search_entities(ARRAY(SELECT id FROM entity WHERE entity_type_id = NEW.id));",
    ),
    "search1_person_new": (
        "AFTER INSERT ON person REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        "PERFORM search_people(ARRAY(SELECT id FROM fresh));",
    ),
    "search1_person_renamed": (
        "AFTER UPDATE OF first_name, last_name ON person FOR EACH ROW"
        " WHEN (OLD.first_name IS DISTINCT FROM NEW.first_name OR OLD.last_name IS DISTINCT FROM NEW.last_name)",
        "PERFORM search_people(ARRAY[NEW.id]);",
    ),
    "search1_person_gone": ("AFTER DELETE ON person FOR EACH ROW", "DELETE FROM search_document WHERE person_id = OLD.id;"),
}
NAMES = set(TRIGGERS)
PRESENT = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'search%'"
ACCELERATION = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS search_document_trigrams ON search_document USING gin (body gin_trgm_ops)",
)


def cleaned(rows: str, separators: str) -> str:
    """The rows with spaces for separators in their texts."""
    characters = " || ".join(f"chr({ord(character)})" for character in separators)
    texts = (f"translate({name}, {characters}, repeat(' ', {len(separators)})) AS {name}" for name in ("title", "text", "body"))
    return f"SELECT id, name, {', '.join(texts)} FROM ({rows}) raw"


def removal() -> list[str]:
    """Statements that take all of it away."""
    functions = (*(f"{name}()" for name in TRIGGERS), "search_entities(uuid[])", "search_people(uuid[])")
    return [f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in functions]


def creation(pieces: dict[str, str]) -> list[str]:
    """Statements that make it, of the pieces of SQL that fill the documents."""
    fill = {"search_entities": ("entities", "e.id = ANY($1)"), "search_people": ("people", "id = ANY($1)")}
    statements = [
        f"CREATE FUNCTION {name}(uuid[]) RETURNS void LANGUAGE sql AS $fill$ {pieces[piece].replace('{which}', which)} $fill$"
        for name, (piece, which) in fill.items()
    ]
    for name, (when, act) in TRIGGERS.items():
        statements += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $act$ BEGIN {act} RETURN NULL; END $act$",
            f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()",
        ]
    return statements
