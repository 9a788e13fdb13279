"""Cells of list pages and panels of change pages: links, pictures, colours, counts, small tables."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db import models
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html, format_html_join

NOTHING = "–"


def page_of(model: type[models.Model], page: str, *args: Any) -> str:
    """The address of one of a model's back-office pages: `changelist`, `change`, `add`."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def described(row: models.Model) -> str:
    """The row's name in the words of its page."""
    page = admin.site._registry.get(type(row))
    return page.name_of(row) if page is not None and hasattr(page, "name_of") else str(row)


def link_to(row: models.Model | None, text: Any = None) -> str:
    """A link to a row's page, or a dash where there is no row."""
    if row is None:
        return NOTHING
    return format_html('<a href="{}">{}</a>', page_of(type(row), "change", row.pk), text or described(row))


def place_of(model: type[models.Model], pk: Any) -> str:
    """A link to the row of an id, by its name; says so where the row is gone."""
    row = model._base_manager.filter(pk=pk).first()
    return link_to(row) if row is not None else f"{model._meta.verbose_name}, deleted since"


def list_link(model: type[models.Model], text: Any, **filters: Any) -> str:
    """A link to a model's list, narrowed by query parameters."""
    return format_html('<a href="{}?{}">{}</a>', page_of(model, "changelist"), urlencode(filters), text)


def linked(path: str, label: str = "", order: str = "") -> Callable[[Any], str]:
    """A column that links to the row at the end of a path of foreign keys such as `task__entity`."""
    parts = path.split("__")

    @admin.display(description=label or parts[-1].replace("_", " "), ordering=order or f"{path}__name")
    def cell(row: Any) -> str:
        for part in parts:
            row = getattr(row, part) if row is not None else None
        return link_to(row)

    cell.__name__ = f"linked_{path}"
    cell.path = path  # type: ignore[attr-defined]  # read by the list, which loads what its columns show
    return cell


def picture(kind: str, row: Any, *, exists: Any, text: str = "") -> str:
    """The thumbnail of a row of `kind` (persons, projects, preview-files, …), or a dash where there is no picture."""
    if not exists:
        return NOTHING
    address = f"{reverse('admin:index')}pictures/thumbnails/{kind}/{row.pk}.png"
    return format_html('<img class="thumbnail" src="{}" alt="{}" loading="lazy">', address, text)


def swatch(color: str | None) -> str:
    """A colour, shown and named."""
    return colored(color, color) if color else NOTHING


def colored(color: str | None, text: str) -> str:
    """A text behind its colour, such as a task status."""
    return format_html('<span class="swatch" style="background: {}"></span> {}', color or "transparent", text)


def count_of(model: type[models.Model], path: str, **conditions: Any) -> Coalesce:
    """How many rows of `model` lead to the row at hand by the foreign key `path`: a subquery, so that counts never multiply."""
    rows = model._base_manager.filter(**conditions, **{path: OuterRef("pk")}).order_by()
    # Grouping by the key itself keeps the subquery to one row, or none.
    counted = rows.annotate(_owner=F(path)).values("_owner").annotate(_count=Count("pk")).values("_count")
    return Coalesce(Subquery(counted), 0)


def subject_name(model: type[models.Model], column: str, *names: str) -> dict[str, Subquery]:
    """Annotations with the names of the row whose bare id a column keeps, for `named_subject`."""
    rows = model._base_manager.filter(pk=OuterRef(column)).order_by()
    return {f"subject_{number}": Subquery(rows.values(name)[:1]) for number, name in enumerate(names, 1)}


def named_subject(model: type[models.Model], row: Any, column: str = "object_id") -> str:
    """A link to the row whose bare id a column keeps, by the names that `subject_name` read."""
    names = [getattr(row, f"subject_{number}", None) for number in range(1, 4)]
    text = " · ".join(name for name in names if name)
    return format_html('<a href="{}">{}</a>', page_of(model, "change", getattr(row, column)), text) if text else NOTHING


def panel(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str = "None yet.") -> str:
    """A small table on a change page."""
    lines = [format_html("<tr>{}</tr>", format_html_join("", "<td>{}</td>", ((cell,) for cell in row))) for row in rows]
    if not lines:
        return empty
    head = format_html_join("", "<th>{}</th>", ((heading,) for heading in headings))
    body = format_html_join("", "{}", ((line,) for line in lines))
    return format_html('<table class="panel"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body)


def joined(parts: Iterable[str]) -> str:
    """Links and the like in one line."""
    return format_html_join(" · ", "{}", ((part,) for part in parts))
