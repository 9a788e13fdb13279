"""Relation lists of rows that another server sent: compared with what is here, and brought in line."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from core.rules import wipe
from imports.rules.kitsu.kinds import Kind
from imports.rules.kitsu.values import Unfit


class Links:
    """The relation lists of one batch. Those that a row was not sent with are left alone."""

    def __init__(self, kind: Kind, lines: Iterable[Any], *, exact: bool, dry: bool, assumed: dict[Any, dict[UUID, Any]]) -> None:
        self.kind, self.exact, self.dry = kind, exact, dry
        self.known: dict[str, set[UUID]] = {}
        sent = {name: [line.links[name] for line in lines if name in line.links] for name in kind.links}
        for name, lists in sent.items():
            model: Any = kind.model._meta.get_field(name).related_model
            wanted = {pk for ids in lists for pk in ids}
            found = set(model._base_manager.order_by().filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
            own = {line.pk for line in lines} if model is kind.model else set()
            self.known[name] = found | (wanted & (own | assumed.get(model, {}).keys()))

    def check(self, line: Any) -> None:
        """Raises Unfit for ids that lead nowhere, where a list only grows; elsewhere they are left out."""
        for name, ids in line.links.items():
            missing = [pk for pk in ids if pk not in self.known[name]]
            if missing and self.kind.only_adds and not self.exact:
                raise Unfit(name, f"there is no {missing[0]} here")
            line.links[name] = [pk for pk in ids if pk in self.known[name]]

    def write(self, lines: list[Any]) -> None:
        """Brings the lists in line, in a constant number of statements a list; marks the rows whose lists were otherwise."""
        for name in self.kind.links:
            concerned = {line.pk: line for line in lines if name in line.links}
            if not concerned:
                continue
            relation: Any = self.kind.model._meta.get_field(name)
            if relation.one_to_many:
                self.write_owned(relation, name, concerned)
            else:
                self.write_pairs(relation, name, concerned)

    def write_pairs(self, relation: Any, name: str, lines: dict[UUID, Any]) -> None:
        """A relation with a table of its own."""
        through: type[models.Model] = relation.remote_field.through
        here, there = f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
        found = through._base_manager.order_by().filter(**{f"{here}__in": list(lines)})
        present = {(owner, other): pk for pk, owner, other in found.values_list("pk", here, there)}
        wanted = {(line.pk, other) for line in lines.values() for other in line.links[name]}
        added = [pair for line in lines.values() for other in line.links[name] if (pair := (line.pk, other)) not in present]
        gone = set() if self.kind.only_adds else present.keys() - wanted
        for owner, _ in (*added, *gone):
            lines[owner].differs = True
        if self.dry:
            for owner, other in present:
                lines[owner].lists_here.setdefault(name, []).append(other)
            return
        if gone:
            wipe(through._base_manager.filter(pk__in=[present[pair] for pair in gone]))
        rows = [through(**{here: owner, there: other}) for owner, other in dict.fromkeys(added)]
        through._base_manager.bulk_create(rows, ignore_conflicts=True)

    def write_owned(self, relation: Any, name: str, lines: dict[UUID, Any]) -> None:
        """Rows that refer to this one by a key of their own: the listed ones do from now on, others no more."""
        column = relation.field.attname
        owner = {other: line.pk for line in lines.values() for other in line.links[name]}
        rows = relation.related_model._base_manager.order_by()
        found = rows.filter(models.Q(pk__in=owner) | models.Q(**{f"{column}__in": list(lines)}))
        otherwise = [row for row in found if getattr(row, column) != owner.get(row.pk)]
        for row in otherwise:
            for pk in (owner.get(row.pk), getattr(row, column)):
                if pk in lines:
                    lines[pk].differs = True
            setattr(row, column, owner.get(row.pk))
        if otherwise and not self.dry:
            rows.model._base_manager.bulk_update(otherwise, [relation.field.name], batch_size=500)
