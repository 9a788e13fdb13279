#!/usr/bin/env python3
"""Copies the rows of one studio's PostgreSQL database into another's, whichever tables and columns the two have in common.

    python bench/copy_rows.py --from URL --to URL [--empty-first] [--dry-run]

Tables go by their names. A link table without a namesake goes to the table that refers to the same two tables, the one with
the most similar name where several do. Values the other database insists on (ids, dates) are made up. Foreign keys are not
checked on the way, so the receiving role must be a superuser. Afterwards restart the receiving server, or empty its cache.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import psycopg2
from psycopg2.sql import SQL, Composable, Identifier

IGNORED = ("django_", "auth_", "alembic_", "session", "stored_file", "preview_file_storage")
MADE_UP = {"uuid": "gen_random_uuid()", "timestamp without time zone": "now()", "timestamp with time zone": "now()"}
COLUMNS = """
    select table_name, column_name, data_type, is_nullable = 'NO' and column_default is null
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name, ordinal_position"""
REFERENCES = """
    select conrelid::regclass::text, attname, confrelid::regclass::text
    from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and cardinality(conkey) = 1"""


@dataclass
class Table:
    """A table as the database describes it."""

    name: str
    kinds: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    references: dict[str, str] = field(default_factory=dict)

    @property
    def ends(self) -> list[str]:
        """The tables that it refers to."""
        return sorted(self.references.values())


def tables_of(connection) -> dict[str, Table]:
    """All tables of a database."""
    tables: dict[str, Table] = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for name, column, kind, required in cursor:
            table = tables.setdefault(name, Table(name))
            table.kinds[column] = kind
            if required:
                table.required.add(column)
        cursor.execute(REFERENCES)
        for name, column, end in cursor:
            if name.strip('"') in tables:
                tables[name.strip('"')].references[column] = end.strip('"')
    return {name: table for name, table in tables.items() if not name.startswith(IGNORED)}


def counterpart(source: Table, sources: dict[str, Table], targets: dict[str, Table]) -> Table | None:
    """The receiving table of a table."""
    if source.name in targets:
        return targets[source.name]
    free = [t for t in targets.values() if t.name not in sources and t.ends == source.ends and t.ends]
    return max(free, key=lambda t: SequenceMatcher(None, source.name, t.name).ratio(), default=None)


def column_pairs(source: Table, target: Table) -> dict[str, str]:
    """Which column goes to which: by name (with or without the table's before it), references by where they lead, in order."""
    pairs = {column: column for column in source.kinds if column in target.kinds}
    for column in source.kinds:
        short = column.removeprefix(f"{source.name}_")
        if column not in pairs and short in target.kinds and short not in source.kinds:
            pairs[column] = short
    for column, end in source.references.items():
        if column not in pairs:
            free = [c for c, e in target.references.items() if e == end and c not in pairs.values()]
            if free:
                pairs[column] = free[0]
    return pairs


def value_of(column: str, kind: str, wanted: str) -> Composable:
    """What to select for a column of one kind that another kind receives."""
    name = Identifier(column)
    if wanted == "bytea" and kind != "bytea":  # password hashes, here with the name of their algorithm in front
        return SQL("convert_to(regexp_replace({}, '^bcrypt[$]', ''), 'UTF8')").format(name)
    if wanted == "ARRAY" and kind == "jsonb":
        return SQL("ARRAY(SELECT jsonb_array_elements_text({}))").format(name)
    if wanted == "timestamp without time zone" and kind == "timestamp with time zone":
        return SQL("{}::timestamp").format(name)
    if wanted == "character varying" and kind == "inet":
        return SQL("host({})").format(name)
    return name


def copy_table(source: Table, target: Table, sender, receiver) -> int:
    """Copies the rows of a table; returns their number, or -1 where the other table can't take them."""
    pairs = column_pairs(source, target)
    missing = target.required - set(pairs.values())
    if not all(target.kinds[column] in MADE_UP for column in missing):
        return -1
    values = [value_of(column, source.kinds[column], target.kinds[pairs[column]]) for column in pairs]
    values += [SQL(MADE_UP[target.kinds[column]]) for column in sorted(missing)]
    columns = [Identifier(column) for column in [*pairs.values(), *sorted(missing)]]
    with tempfile.TemporaryFile() as text, sender.cursor() as reading, receiver.cursor() as writing:
        select = SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(SQL(", ").join(values), Identifier(source.name))
        reading.copy_expert(select, text)
        text.seek(0)
        writing.copy_expert(SQL("COPY {} ({}) FROM STDIN").format(Identifier(target.name), SQL(", ").join(columns)), text)
        return writing.rowcount


def copy_all(sender, receiver, *, empty_first: bool, dry: bool) -> None:
    """Copies every table that has a counterpart, and says what became of each."""
    sources, targets = tables_of(sender), tables_of(receiver)
    with receiver.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        if empty_first:
            cursor.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(map(Identifier, targets))))
    for source in sources.values():
        target = counterpart(source, sources, targets)
        if target is None:
            print(f"{'no table':>10}  {source.name}")
            continue
        count = copy_table(source, target, sender, receiver)
        print(
            f"{count if count >= 0 else 'unfit':>10}  {source.name}" + ("" if source.name == target.name else f" -> {target.name}")
        )
    (receiver.rollback if dry else receiver.commit)()
    if not dry:
        receiver.autocommit = True
        receiver.cursor().execute("ANALYZE")


def main() -> int:
    """Reads the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="sender", required=True, metavar="URL", help="postgresql://user@host/database")
    parser.add_argument("--to", dest="receiver", required=True, metavar="URL")
    parser.add_argument("--empty-first", action="store_true", help="remove all rows of the receiving database before")
    parser.add_argument("--dry-run", action="store_true", help="do it all, then take it back")
    options = parser.parse_args()
    sender = psycopg2.connect(options.sender, options="-c timezone=UTC")
    receiver = psycopg2.connect(options.receiver, options="-c timezone=UTC")
    copy_all(sender, receiver, empty_first=options.empty_first, dry=options.dry_run)
    return 0


if __name__ == "__main__":
    sys.exit(main())
