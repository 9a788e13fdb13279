"""JSON written by the database itself: for boards of thousands of rows, whose values nobody needs to look at on the way out."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import models
from django.db.models import Case, Expression, F, Func, Subquery, TextField, When

from core.projection import Projection
from core.sql import Selectable, dashed


class JsonText(Func):
    """A column's value as JSON text, `null` included. The templates of the subclasses say how each database writes it."""

    output_field = TextField()
    sqlite_template = ""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """SQLite's spelling."""
        return super().as_sql(compiler, connection, template=self.sqlite_template or self.template, **context)


class NumberText(JsonText):
    """A number."""

    template = "COALESCE((%(expressions)s)::text, 'null')"
    sqlite_template = "COALESCE(%(expressions)s, 'null')"


class FloatText(JsonText):
    """A number that keeps its point, `960.0`."""

    sqlite_template = "COALESCE(%(expressions)s, 'null')"

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """PostgreSQL writes whole numbers without it."""
        if template is not None:
            return super().as_sql(compiler, connection, template=template, **context)
        number, params = compiler.compile(self.source_expressions[0])
        point = f"CASE WHEN {number} = floor({number}) AND abs({number}) < 1e15 THEN '.0' ELSE '' END"
        return f"COALESCE(to_json({number})::text || {point}, 'null')", [*params] * 4


class TruthText(JsonText):
    """True or false."""

    template = "CASE %(expressions)s WHEN true THEN 'true' WHEN false THEN 'false' ELSE 'null' END"


class IdText(JsonText):
    """An id; `absent` is the JSON that stands for none."""

    def __init__(self, *expressions: Any, absent: str = "null", **extra: Any) -> None:
        super().__init__(*expressions, absent=absent.replace("'", "''"), **extra)

    template = """COALESCE('"' || (%(expressions)s)::text || '"', '%(absent)s')"""
    sqlite_template = "COALESCE('\"' || " + dashed("%(expressions)s") + " || '\"', '%(absent)s')"


class MomentText(JsonText):
    """A moment without its fraction."""

    template = """COALESCE('"' || to_char(%(expressions)s, 'YYYY-MM-DD"T"HH24:MI:SS') || '"', 'null')"""
    sqlite_template = "COALESCE('\"' || replace(substr(%(expressions)s, 1, 19), ' ', 'T') || '\"', 'null')"


class QuotedText(JsonText):
    """A text."""

    template = "COALESCE(to_json((%(expressions)s)::text)::text, 'null')"
    sqlite_template = "json_quote(%(expressions)s)"


class RawText(JsonText):
    """A JSON column, or text that is JSON already; `absent` is the JSON that stands for none."""

    def __init__(self, *expressions: Any, absent: str = "null", **extra: Any) -> None:
        super().__init__(*expressions, absent=absent, **extra)

    template = "COALESCE((%(expressions)s)::text, '%(absent)s')"
    sqlite_template = "COALESCE(%(expressions)s, '%(absent)s')"


class MemberText(JsonText):
    """One key of a JSON column's object."""

    def __init__(self, expression: Any, key: str, **extra: Any) -> None:
        super().__init__(expression, key=key, **extra)

    template = "COALESCE((%(expressions)s -> '%(key)s')::text, 'null')"
    sqlite_template = "COALESCE(%(expressions)s -> '$.%(key)s', 'null')"


class WithoutKeys(Func):
    """A JSON column's object without some of its keys, which a client may have named as it likes."""

    output_field = models.JSONField()

    def __init__(self, expression: Any, keys: Sequence[str], **extra: Any) -> None:
        self.keys = list(keys)
        super().__init__(expression, **extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """PostgreSQL's difference of object and keys."""
        column, params = compiler.compile(self.source_expressions[0])
        return f"({column} - %s::text[])", [*params, self.keys]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """SQLite's function for paths."""
        column, params = compiler.compile(self.source_expressions[0])
        paths = ['$."%s"' % key.replace('"', '\\"') for key in self.keys]
        return f"json_remove({column}{', %s' * len(paths)})", [*params, *paths]


class TextsOf(Subquery):
    """The column `_text` of a subquery's rows, in their order, as one JSON array."""

    output_field = TextField()
    template = "(SELECT '[' || COALESCE(string_agg(_text, ','), '') || ']' FROM (%(subquery)s) texts)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """SQLite's own aggregate."""
        return self.as_sql(compiler, connection, template=self.template.replace("string_agg", "group_concat"), **context)


class Composed(Func):
    """One text of many parts: plain strings as they are, expressions as the texts that they give."""

    output_field = TextField()

    def __init__(self, *parts: str | Selectable, **extra: Any) -> None:
        self.parts = [part if isinstance(part, str) else None for part in parts]
        super().__init__(*[part for part in parts if not isinstance(part, str)], **extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The parts, one after the other."""
        sources = iter(self.source_expressions)
        sql: list[str] = []
        params: list[Any] = []
        for part in self.parts:
            if part is None:
                text, values = compiler.compile(next(sources))
                sql.append(text)
                params.extend(values)
            else:
                sql.append("'" + part.replace("'", "''").replace("%", "%%") + "'")
        return "(" + " || ".join(sql) + ")", params


Fields = Mapping[str, Selectable]


def object_text(fields: Fields) -> Composed:
    """A JSON object of the fields, in their order."""
    parts: list[str | Selectable] = []
    for name, expression in fields.items():
        parts += [("," if parts else "{") + orjson.dumps(name).decode() + ":", expression]
    return Composed(*parts, "}")


def array_text(fields: Fields) -> Composed:
    """A JSON array of the fields' values, in their order."""
    parts: list[str | Selectable] = []
    for expression in fields.values():
        parts += ["," if parts else "[", expression]
    return Composed(*parts, "]")


def constant(value: Any) -> Composed:
    """The JSON text of a fixed value."""
    return Composed(orjson.dumps(value).decode())


def column_text(model: type[models.Model], name: str, through: str = "") -> Expression:
    """A column of the model as JSON text; `through` is the foreign key behind which the model is, if it is behind one."""
    field: Any = model._meta.get_field(name)
    kinds: list[tuple[Any, type[JsonText]]] = [
        ((models.ForeignKey, models.UUIDField), IdText),
        (models.BooleanField, TruthText),
        (models.JSONField, RawText),
        (models.DateTimeField, MomentText),
        (models.FloatField, FloatText),
        (models.IntegerField, NumberText),
    ]
    kind = next((text for column, text in kinds if isinstance(field, column)), QuotedText)
    return kind(F(f"{through}__{field.attname}" if through else field.attname))


def nested_row(reader: Projection, through: str) -> Case:
    """The row behind a foreign key as JSON text, with what its projection shows; null where the key is null.

    `through` is the key's name, such as `source_file`. It costs a join and no further statement.
    """
    fields: dict[str, Selectable] = {name: column_text(reader.model, name, through) for name in reader.columns}
    fields |= {name: QuotedText(behind(through, expression)) for name, expression in reader.computed.items()}
    whole = object_text({**fields, "type": constant(reader.type)})
    return Case(When(**{f"{through}__isnull": False}, then=whole), output_field=TextField())


def behind(through: str, expression: Any) -> Any:
    """An expression on a model's columns, as it reads where the model is behind a foreign key."""
    if isinstance(expression, F):
        return F(f"{through}__{expression.name}")
    copy = expression.copy()
    copy.set_source_expressions([behind(through, source) for source in copy.get_source_expressions()])
    return copy
