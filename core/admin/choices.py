"""Form fields of pages and inlines: large tables are searched, small ones listed once, all rows described by their own page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.db import models
from django.http import HttpRequest

from core.admin.forms import DescribedChoice, DescribedChoices, SearchChoice, form_options


class StudioFields:
    """Builds the form fields of a page or an inline."""

    admin_site: Any

    def room_admin(self, model: type[models.Model]) -> Any:
        """The page that a model has, or None."""
        return self.admin_site._registry.get(model)

    def is_searched(self, model: type[models.Model]) -> bool:
        """Rows of this model are found by typing, because nobody could read them all."""
        return bool(getattr(self.room_admin(model), "large", False))

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Every foreign key and list of a large table."""
        opts = self.opts  # type: ignore[attr-defined]
        fields = [*opts.concrete_fields, *opts.many_to_many]
        return [field.name for field in fields if field.is_relation and self.is_searched(field.related_model)]

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """The rows to choose from, with what their description reads."""
        page = self.room_admin(db_field.related_model)
        rows = db_field.related_model._default_manager.all()
        if page is None:
            return rows
        rows = rows.select_related(*page.described_by) if page.described_by else rows
        return rows.order_by(*(page.get_ordering(request) or rows.model._meta.ordering))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A column's form field."""
        return super().formfield_for_dbfield(db_field, request, **{**form_options(db_field), **options})  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A choice of one row."""
        if "widget" not in options and self.is_searched(db_field.related_model):
            options["widget"] = SearchChoice(db_field, self.admin_site)
        field = super().formfield_for_foreignkey(db_field, request, **{"form_class": DescribedChoice, **options})  # type: ignore[misc]
        return self.described(field, db_field, request)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A choice of several rows."""
        if "widget" not in options and not self.is_searched(db_field.related_model):
            options["widget"] = FilteredSelectMultiple(db_field.verbose_name, is_stacked=False)
        field = super().formfield_for_manytomany(db_field, request, **{"form_class": DescribedChoices, **options})  # type: ignore[misc]
        return field and self.described(field, db_field, request)

    def described(self, field: Any, column: Any, request: HttpRequest) -> Any:
        """The field with its options' descriptions; a short list is read once a request, however many forms show it."""
        page = self.room_admin(column.related_model)
        if page is not None:
            field.describe = page.describe
        if not self.is_searched(column.related_model) and isinstance(field, forms.ModelChoiceField):
            lists = request.__dict__.setdefault("_choices", {})
            key = (column.related_model, field.empty_label)
            if key not in lists:
                lists[key] = list(field.choices)
            field.choices = lists[key]
        return field


def foreign_key_names(model: type[models.Model]) -> list[str]:
    """The names of a model's foreign keys."""
    return [field.name for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def end_of(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a path of foreign keys such as `task__entity`."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def described_paths(site: admin.AdminSite, model: type[models.Model], paths: list[str]) -> list[str]:
    """The foreign keys to load so that the rows at their ends can be described without further statements."""
    further = [f"{path}__{name}" for path in paths for name in getattr(site._registry.get(end_of(model, path)), "described_by", ())]
    return [*paths, *further]
