"""Expressions that read alike on PostgreSQL and SQLite."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from inspect import signature
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.backends.signals import connection_created
from django.db.models import DateField, Expression, F, FloatField, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.fields import Field
from django.db.models.sql.constants import CURSOR
from psycopg2.extensions import AsIs  # type: ignore[import-untyped]

CHUNK = 2000
# As many rows of a list as the driver may hold at once: some ten megabytes.
HELD = 5000
USES_BEFORE_KEEPING = 3
NUMBERS = count(1)
# What a statement can select beside plain columns.
Selectable = Expression | Subquery | F


@models.CharField.register_lookup
@models.TextField.register_lookup
class LikeIgnoringCase(models.Lookup):
    """`name__ilike`: the caller's own `%` and `_` are wildcards, letter case does not count."""

    lookup_name = "ilike"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """PostgreSQL's ILIKE."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", [*left_params, *right_params]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """SQLite's LIKE on texts folded by Python, since its own folds ASCII alone."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"casefold({left}) LIKE casefold({right}) ESCAPE '\\'", [*left_params, *right_params]


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Gives a new SQLite connection the functions that the expressions here call."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("casefold", 1, lambda text: text and text.casefold(), deterministic=True)
        connection.connection.create_function("rint", 1, lambda number: number and round(number), deterministic=True)


connection_created.connect(teach_sqlite, dispatch_uid="core.sql.teach_sqlite")


class AsText(Func):
    """A column's value as the text that JSON has for it: ids as they are written, JSON columns unparsed."""

    output_field = TextField()
    template = "(%(expressions)s)::text"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """SQLite keeps ids as 32 digits without dashes; JSON is text there already."""
        template = dashed("%(expressions)s") if isinstance(self.source_expressions[0].output_field, models.UUIDField) else None
        return super().as_sql(compiler, connection, template=template or "%(expressions)s", **context)


def dashed(column: str) -> str:
    """The SQL that writes SQLite's 32 digits of an id in the 8-4-4-4-12 form."""
    spans = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return "(" + " || '-' || ".join(f"substr({column}, {at}, {length})" for at, length in spans) + ")"


class JsonIds(Func):
    """The ids of a group of rows as one JSON array."""

    output_field = TextField()
    template = "COALESCE(json_agg(%(expressions)s), '[]')::text"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """SQLite's own aggregate, with the dashes put back."""
        return super().as_sql(compiler, connection, template=f"json_group_array({dashed('%(expressions)s')})", **context)


def related_ids(model: type[models.Model], name: str, outer: str = "pk") -> Subquery:
    """The ids that a row's relation `name` leads to (either side of a foreign key or of many-to-many), as a JSON array.

    It is a subquery of the row's own statement, so lists stay at one statement however many relations they show. `outer`
    names the column of the outer query that holds the row's id.
    """
    field = model._meta.get_field(name)
    if field.one_to_many:  # rows that point at this one
        related, here, there = field.related_model, field.field.attname, "pk"
    elif field.many_to_many and isinstance(field, Field):
        related = field.remote_field.through
        here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    else:  # the other side of a many-to-many
        forward = field.field
        related = forward.remote_field.through
        here, there = f"{forward.m2m_reverse_field_name()}_id", f"{forward.m2m_field_name()}_id"
    rows = related._base_manager.filter(**{here: OuterRef(outer)}).order_by()
    return Subquery(rows.annotate(_ids=JsonIds(there)).values("_ids"), output_field=TextField(), template="(%(subquery)s)")


def column_expression(field: Any) -> Expression | str | None:
    """What to select for a column so that its value can go into JSON unparsed, or None when it can as it is."""
    if isinstance(field, models.UUIDField | models.JSONField | models.ForeignKey):
        return AsText(field.attname)
    return None


def selected_names(query: Any) -> list[str]:
    """The names of what a `.values()` query selects, in the order of its columns."""
    return list(query.selected or (*query.extra_select, *query.values_select, *query.annotation_select))


def values_of(queryset: "QuerySet[Any]") -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The names that a `.values()` queryset selects and its rows as bare tuples, without a dict for each."""
    return selected_names(queryset.query), fetched(queryset.query.get_compiler(queryset.db))


def fetched(compiler: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, made by and by of what the database sent in one go."""
    yield from drained(compiler.execute_sql(CURSOR), compiler)


def drained(cursor: Any, compiler: Any) -> Iterator[tuple[Any, ...]]:
    """What a cursor still has, by and by; none has nothing, since its query can't match anything and was not sent."""
    if cursor is None:
        return
    try:
        converters = converters_of(compiler)
        while rows := cursor.fetchmany(CHUNK):
            yield from [converted(row, converters) for row in rows] if converters else rows
    finally:
        cursor.close()


def streamed(queryset: "QuerySet[Any]", size: int) -> Iterator[Any]:
    """The rows of a queryset that neither side could hold: PostgreSQL makes them as they are fetched, `size` at a time."""
    with reading_on():
        yield from queryset.iterator(chunk_size=size)


def reading_on() -> AbstractContextManager[Any]:
    """What a cursor of PostgreSQL needs: a transaction that lasts until the last row, or until the iterator is closed.

    SQLite reads by and by without one, which would keep others from writing.
    """
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    return transaction.atomic() if alone else nullcontext()


def listed_values_of(queryset: "QuerySet[Any]") -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """As `values_of`, for results of any length: beyond HELD rows neither side holds them all."""
    return selected_names(queryset.query), listed(queryset)


def listed(queryset: "QuerySet[Any]") -> Iterator[tuple[Any, ...]]:
    """The rows of a statement. A short result costs one message; for a long one the statement is sent again, with a cursor.

    The driver for PostgreSQL takes whatever the database sends in one go, so the first message lets it send HELD rows at most.
    """
    compiler = queryset.query.get_compiler(queryset.db)
    if connection.vendor != "postgresql":
        yield from drained(compiler.execute_sql(CURSOR), compiler)
        return
    if not connection.in_atomic_block:
        cursor = opened(compiler)
        if cursor is None or cursor.rowcount < HELD:
            yield from drained(cursor, compiler)
            return
        cursor.close()
    with reading_on():
        yield from drained(compiler.execute_sql(CURSOR, chunked_fetch=True), compiler)


def opened(compiler: Any) -> Any:
    """The driver's cursor with at most HELD rows of a statement; the database's ends with the message that opens it."""
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    cursor = connection.cursor()
    cursor.execute(f"DECLARE listed NO SCROLL CURSOR FOR {sql}; FETCH {HELD} FROM listed", params)
    return cursor


def converters_of(compiler: Any) -> dict[int, Any]:
    """What the columns' types make of the driver's values, by column."""
    return compiler.get_converters([column[0] for column in compiler.select])


class Prepared:
    """A `.values()` queryset of given ids whose SQL is compiled on its first use and kept.

    `build` makes the queryset from ids, of which it takes `count`; nothing else in it may change from one use to the next.
    A connection to PostgreSQL that uses it again and again has the database keep it too, analysed and planned.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any]]", count: int | None = None) -> None:
        self.build = build
        self.count = len(signature(build).parameters) if count is None else count
        self.name = f"kept_{next(NUMBERS)}"

    @cached_property
    def compiled(self) -> tuple[list[str], str, list[Any], dict[int, int], dict[int, Any]]:
        """Names, SQL, parameters, which of these are which of the ids, and the columns' converters."""
        stand_ins = [uuid4() for _ in range(self.count)]
        query = self.build(*stand_ins).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        marks = {written_id(mark): number for number, mark in enumerate(stand_ins)}
        places = {at: marks[param] for at, param in enumerate(params) if isinstance(param, str | UUID) and param in marks}
        return selected_names(query), sql, list(params), places, converters_of(compiler)

    def fetch(self, *ids: UUID | str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names and all rows for these ids."""
        names, sql, params, places, converters = self.compiled
        values = [written_id(UUID(str(pk))) for pk in ids]
        with connection.cursor() as cursor:
            if self.is_kept(cursor):
                cursor.execute(self.execution, values)
            else:
                cursor.execute(sql, [values[places[at]] if at in places else param for at, param in enumerate(params)])
            rows = cursor.fetchall()
        return names, [converted(row, converters) for row in rows] if converters else rows

    def is_kept(self, cursor: Any) -> bool:
        """The database keeps the statement for this connection; it does from the third use on, so that rare ones take no memory."""
        if connection.vendor != "postgresql" or not settings.PREPARED_STATEMENTS:
            return False
        uses = uses_of(connection)
        uses[self.name] = uses.get(self.name, 0) + 1
        if uses[self.name] == USES_BEFORE_KEEPING:
            _, sql, params, places, _ = self.compiled
            marks = [AsIs(f"${places[at] + 1}") if at in places else param for at, param in enumerate(params)]
            kinds = f" ({', '.join(['uuid'] * self.count)})" if self.count else ""
            # Not through Django's cursor, which would take it for a statement of the request.
            cursor.cursor.execute(f"PREPARE {self.name}{kinds} AS ".encode() + cursor.cursor.mogrify(sql, marks))
        return uses[self.name] >= USES_BEFORE_KEEPING

    @cached_property
    def execution(self) -> str:
        """The SQL that runs the kept statement."""
        return f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * self.count)})" if self.count else "")


def uses_of(connection: Any) -> dict[str, int]:
    """How often each statement was used on the connection to the database as it is now; a new connection has kept none."""
    known, uses = getattr(connection, "kept_statements", (None, {}))
    if known is not connection.connection:
        uses = {}
        connection.kept_statements = (connection.connection, uses)
    return uses


class PreparedForMany:
    """Likewise for a list of ids, at least one: `build` makes the queryset from the list.

    The SQL is kept for lists of 1, 2, 4, 8 … ids; shorter ones repeat their last id, which changes no `IN`.
    """

    def __init__(self, build: "Callable[[list[Any]], QuerySet[Any]]") -> None:
        self.build = build
        self.of_length: dict[int, Prepared] = {}

    def fetch(self, ids: Collection[UUID | str]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names and all rows for these ids."""
        given = list(ids)
        length = 1 << (len(given) - 1).bit_length()
        if length not in self.of_length:
            self.of_length[length] = Prepared(lambda *pks: self.build(list(pks)), length)
        return self.of_length[length].fetch(*given, *given[-1:] * (length - len(given)))


def written_id(pk: UUID) -> Any:
    """An id as the database's driver takes it."""
    return pk if connection.features.has_native_uuid_field else pk.hex


def converted(row: tuple[Any, ...], converters: dict[int, Any]) -> tuple[Any, ...]:
    """A row with the values that the columns' types make of what the driver gave."""
    values = list(row)
    for at, (steps, expression) in converters.items():
        for step in steps:
            values[at] = step(values[at], expression, connection)
    return tuple(values)


class Casefolded(Func):
    """A text to sort by where letter case does not count, in the order of code points whatever the database's language."""

    output_field = TextField()
    template = '(lower(%(expressions)s) COLLATE "C")'

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """Python's own folding."""
        return super().as_sql(compiler, connection, template="casefold(%(expressions)s)", **context)


class Rounded(Func):
    """A number rounded to the nearest whole one; halves go to the even one, on every database."""

    output_field = FloatField()
    template = "round((%(expressions)s)::double precision)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """Python's own rounding."""
        return super().as_sql(compiler, connection, template="CAST(rint(%(expressions)s) AS REAL)", **context)


class LocalDay(Func):
    """The day on which a moment, stored as UTC, falls in a time zone."""

    output_field = DateField()

    def __init__(self, moment: Any, zone: str, **extra: Any) -> None:
        super().__init__(moment, Value(zone), **extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """PostgreSQL, whose columns know that they are UTC."""
        (moment, params), (zone, names) = (compiler.compile(part) for part in self.source_expressions)
        return f"({moment} AT TIME ZONE {zone})::date", [*params, *names]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """Django's own function."""
        (moment, params), (zone, names) = (compiler.compile(part) for part in self.source_expressions)
        return f"django_datetime_cast_date({moment}, {zone}, 'UTC')", [*params, *names]
