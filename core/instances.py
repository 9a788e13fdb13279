"""Reading one row as a model instance by a statement that is compiled once: what nearly every request begins with."""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection, models

from core.sql import Prepared, Selectable


class PreparedInstance:
    """An instance by its id, with those behind some of its foreign keys beside it, as `select_related` gives them.

    `further` makes expressions by name from further ids; the instance has them as attributes.
    """

    def __init__(
        self, model: type[models.Model], *related: str, further: Callable[..., dict[str, Selectable]] | None = None, ids: int = 0
    ) -> None:
        self.model, self.related, self.further, self.ids = model, related, further, ids

    @cached_property
    def parts(self) -> list[tuple[str, type[models.Model], list[str]]]:
        """The path, the model and the columns of each instance, the outer ones first."""
        found: dict[str, type[models.Model]] = {"": self.model}
        for path in self.related:
            here: Any = self.model
            names = path.split("__")
            for depth, name in enumerate(names, 1):
                here = here._meta.get_field(name).related_model
                found.setdefault("__".join(names[:depth]), here)
        return [(path, model, [field.attname for field in model._meta.concrete_fields]) for path, model in found.items()]

    @cached_property
    def statement(self) -> Prepared:
        """All columns of all parts in one row."""

        def of_id(pk: Any, *ids: Any) -> Any:
            further: dict[str, Any] = self.further(*ids) if self.further else {}
            columns = [f"{path}__{name}" if path else name for path, _, names in self.parts for name in names]
            found = self.model._default_manager.order_by().filter(pk=pk)
            return found.values_list(*columns, *(expression for expression in further.values()))

        return Prepared(of_id, 1 + self.ids)

    @cached_property
    def names(self) -> list[str]:
        """The names of the further expressions."""
        return list(self.further(*[UUID(int=0)] * self.ids)) if self.further else []

    def fetch(self, pk: Any, *ids: Any) -> Any:
        """The instance, or None."""
        _, rows = self.statement.fetch(pk, *ids)
        if not rows:
            return None
        row, at = rows[0], 0
        made: dict[str, Any] = {}
        for path, model, names in self.parts:
            values = row[at : at + len(names)]
            at += len(names)
            key = names.index(model._meta.pk.attname)
            made[path] = None if values[key] is None else model.from_db(connection.alias, names, values)
            if path:
                outer, _, name = path.rpartition("__")
                if made[outer] is not None:
                    setattr(made[outer], name, made[path])
        for name, value in zip(self.names, row[at:], strict=True):
            setattr(made[""], name, value)
        return made[""]
