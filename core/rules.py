"""What the generic routes do to a row: store it, change it, delete it, each with its event."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.text import camel_case_to_spaces

from core.progress import advanced
from core.signals import row_written
from core.transactions import whole_step


def event_stem(model: type[models.Model]) -> str:
    """The model's part of an event's name, such as `task-type`."""
    return camel_case_to_spaces(model.__name__).replace(" ", "-")


def announce(instance: models.Model, act: str, *, by: Any, stem: str | None = None) -> None:
    """Tell that a row was written: `<stem>:<act>` with the row's id, and its production where it has such a column."""
    stem = stem or event_stem(type(instance))
    project_id = getattr(instance, "project_id", None)
    payload = {f"{stem.replace('-', '_')}_id": str(instance.pk)}
    heard_in = getattr(instance, "production_id", None)
    row_written.send(type(instance), event=f"{stem}:{act}", payload=payload, project_id=project_id, heard_in=heard_in, by=by)


def set_relations(instance: models.Model, relations: Mapping[str, list[Any]]) -> None:
    """Replace whole relation lists; ids that match nothing are dropped silently."""
    for name, ids in relations.items():
        manager = getattr(instance, name)
        manager.set(manager.model._base_manager.filter(pk__in=ids) if ids else [])


def wipe(rows: "models.QuerySet[Any]") -> None:
    """Delete rows in one statement, however many: nothing is loaded, nothing cascades.

    What refers to them must go, too, or be let go, within the same transaction: references are checked at its end.
    """
    rows = rows.order_by()
    advanced(str(rows.model._meta.verbose_name_plural), rows._raw_delete(rows.db))


@whole_step()
def create_row(
    model: type[models.Model], values: Mapping[str, Any], *, relations: Mapping[str, list[Any]], by: Any, stem: str | None = None
) -> Any:
    """Store a new row with its relation lists."""
    instance = model(**values)
    instance.save(force_insert=True)
    set_relations(instance, relations)
    announce(instance, "new", by=by, stem=stem)
    return instance


@whole_step()
def update_row(
    instance: Any, values: Mapping[str, Any], *, relations: Mapping[str, list[Any]], by: Any, stem: str | None = None
) -> Any:
    """Change the given columns of a row, replace the given relation lists, and date it now."""
    for name, value in values.items():
        setattr(instance, name, value)
    instance.save(update_fields=list(values))
    set_relations(instance, relations)
    announce(instance, "update", by=by, stem=stem)
    return instance


@whole_step()
def delete_row(instance: Any, *, by: Any, stem: str | None = None) -> None:
    """Delete a row that nothing refers to."""
    pk = instance.pk
    instance.delete()
    instance.pk = pk
    announce(instance, "delete", by=by, stem=stem)
