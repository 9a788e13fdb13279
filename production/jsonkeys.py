"""Renaming a key in the JSON of many rows by one statement."""

from typing import Any

from django.db.models import Func, JSONField


class RenamedKey(Func):
    """A JSON column's object with a key renamed; a value that the new key had gives way."""

    output_field = JSONField()

    def __init__(self, expression: Any, old: str, new: str, **extra: Any) -> None:
        self.old, self.new = old, new
        super().__init__(expression, **extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """PostgreSQL's difference and union of objects."""
        column, params = compiler.compile(self.source_expressions[0])
        sql = f"(({column} - %s::text) || jsonb_build_object(%s::text, {column} -> %s::text))"
        return sql, [*params, self.old, self.new, *params, self.old]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """SQLite's functions for paths."""
        column, params = compiler.compile(self.source_expressions[0])
        old, new = ('$."%s"' % key.replace('"', '\\"') for key in (self.old, self.new))
        sql = f"json_set(json_remove({column}, %s), %s, json({column} -> %s))"
        return sql, [*params, old, new, *params, old]
