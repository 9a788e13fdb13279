"""The search index on SQLite: triggers, and a trigram index of FTS5 beside the documents."""

METADATA = (
    "(SELECT group_concat(j.value, ' ') FROM json_each(e.data) j WHERE j.type NOT IN ('null', 'true', 'false')"
    " AND NOT (COALESCE(t.name, '') = {shot} AND j.key IN ({technical})))"
)
CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in ("name", "description", "data", "parent_id", "entity_type_id"))
MOVED = "OLD.name IS NOT NEW.name OR OLD.parent_id IS NOT NEW.parent_id"
WITHIN = "e.parent_id = NEW.id OR e.parent_id IN (SELECT id FROM entity WHERE parent_id = NEW.id)"
FORGET = "INSERT INTO search_text (search_text, rowid, body) VALUES ('delete', OLD.id, OLD.body)"
LEARN = "INSERT INTO search_text (rowid, body) VALUES (NEW.id, NEW.body)"
# Name of each trigger: when it fires, and what it does. The number changes with what they do.
TRIGGERS = {
    "search1_entity_new": ("AFTER INSERT ON entity", "{entities: e.id = NEW.id}"),
    "search1_entity_changed": (
        f"AFTER UPDATE OF name, description, data, parent_id, entity_type_id ON entity WHEN {CHANGED}",
        "{entities: e.id = NEW.id}",
    ),
    "search1_entity_moved": (f"AFTER UPDATE OF name, parent_id ON entity WHEN {MOVED}", f"{{entities: {WITHIN}}}"),
    "search1_entity_gone": ("AFTER DELETE ON entity", "DELETE FROM search_document WHERE entity_id = OLD.id"),
    "search1_type_renamed": (
        "AFTER UPDATE OF name ON entity_type WHEN OLD.name IS NOT NEW.name",
        "{entities: e.entity_type_id = NEW.id}",
    ),
    "search1_person_new": ("AFTER INSERT ON person", "{people: id = NEW.id}"),
    "search1_person_renamed": (
        "AFTER UPDATE OF first_name, last_name ON person"
        " WHEN OLD.first_name IS NOT NEW.first_name OR OLD.last_name IS NOT NEW.last_name",
        "{people: id = NEW.id}",
    ),
    "search1_person_gone": ("AFTER DELETE ON person", "DELETE FROM search_document WHERE person_id = OLD.id"),
    "search1_document_new": ("AFTER INSERT ON search_document", LEARN),
    "search1_document_changed": ("AFTER UPDATE ON search_document", f"{FORGET}; {LEARN}"),
    "search1_document_gone": ("AFTER DELETE ON search_document", FORGET),
}
NAMES = {*TRIGGERS, "search_text"}
PRESENT = "SELECT name FROM sqlite_master WHERE name LIKE 'search%'"
ACCELERATION: tuple[str, ...] = ()
MOST_CALLS = 12


def cleaned(rows: str, separators: str) -> str:
    """The rows with spaces for separators in their texts, a few at a time: SQLite reads calls only so deep within each other."""
    for start in range(0, len(separators), MOST_CALLS):
        columns = ["id", "name"]
        for name in ("title", "text", "body"):
            found = name
            for character in separators[start : start + MOST_CALLS]:
                found = f"replace({found}, char({ord(character)}), ' ')"
            columns.append(f"{found} AS {name}")
        rows = f"SELECT {', '.join(columns)} FROM ({rows})"
    return rows


def removal() -> list[str]:
    """Statements that take all of it away."""
    return [*(f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS), "DROP TABLE IF EXISTS search_text"]


def creation(pieces: dict[str, str]) -> list[str]:
    """Statements that make it, of the pieces of SQL that fill the documents."""
    table = "CREATE VIRTUAL TABLE search_text USING fts5(body, content='search_document', content_rowid='id', tokenize='trigram')"
    return [table, *(f"CREATE TRIGGER {name} {when} BEGIN {filled(act, pieces)}; END" for name, (when, act) in TRIGGERS.items())]


def filled(act: str, pieces: dict[str, str]) -> str:
    """What a trigger does, with the piece that it names."""
    if not act.startswith("{"):
        return act
    name, which = act[1:-1].split(": ", 1)
    return pieces[name].replace("{which}", which)
