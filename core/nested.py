"""A related row as a JSON object inside the statement that reads the row itself."""

from typing import Any

from django.db import models
from django.db.models import F, Func, TextField

from core.projection import Projection
from core.sql import dashed


class NestedRow(Func):
    """The row behind a foreign key as JSON text, with the columns of its projection; null where the key is null.

    `through` is the key's name, such as `source_file`. It costs a join and no further statement.
    """

    output_field = TextField()

    def __init__(self, reader: Projection, through: str) -> None:
        self.fields = list(reader.columns.items())
        self.type = reader.type
        super().__init__(F(f"{through}__pk"), *(F(f"{through}__{name}") for name, _ in self.fields))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """PostgreSQL's json_build_object, SQLite's json_object."""
        sqlite = connection.vendor == "sqlite"
        key, *columns = (compiler.compile(expression)[0] for expression in self.get_source_expressions())
        write = sqlite_value if sqlite else postgres_value
        pairs = [f"'{name}', {write(field, column)}" for (name, field), column in zip(self.fields, columns, strict=True)]
        built = f"{'json_object' if sqlite else 'json_build_object'}({', '.join(pairs)}, 'type', '{self.type}')"
        return f"CASE WHEN {key} IS NOT NULL THEN {built if sqlite else f'{built}::text'} END", []


def postgres_value(field: models.Field, column: str) -> str:
    """A column as PostgreSQL's JSON takes it: times without fractions."""
    return f"to_char({column}, 'YYYY-MM-DD\"T\"HH24:MI:SS')" if isinstance(field, models.DateTimeField) else column


def sqlite_value(field: models.Field, column: str) -> str:
    """A column as SQLite's JSON takes it: it has no ids, times, booleans or JSON of its own."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.UUIDField):
        return dashed(column)
    if isinstance(field, models.DateTimeField):
        return f"replace(substr({column}, 1, 19), ' ', 'T')"
    if isinstance(field, models.BooleanField):
        return f"json(CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
    return f"json({column})" if isinstance(field, models.JSONField) else column
