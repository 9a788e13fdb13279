"""Rows edited on another row's page."""

from typing import Any

from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from core.admin.choices import StudioFields, described_paths, foreign_key_names
from core.admin.forms import SearchChoice, StudioForm

NEWEST = 20


class LoadedRows(BaseInlineFormSet):
    """Forms whose choices know the row they show, so that a long inline costs no statement per line."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Hands each choice its row where it is loaded."""
        super().add_fields(form, index)
        loaded = form.instance._state.fields_cache
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, SearchChoice):
                widget.known = loaded.get(name)


class NewestRows(LoadedRows):
    """The newest rows alone, for relations that grow without end."""

    def get_queryset(self) -> Any:
        """At most `NEWEST` rows."""
        if not hasattr(self, "_newest"):
            self._newest = super().get_queryset().order_by("-created_at")[:NEWEST]
        return self._newest


class RowInline(StudioFields, admin.TabularInline):
    """Rows that belong to the page's row. They are saved by the rules of their own model's page."""

    extra = 0
    form = StudioForm
    formset = LoadedRows

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows with everything that their line shows."""
        paths = described_paths(self.admin_site, self.model, foreign_key_names(self.model))
        return super().get_queryset(request).select_related(*paths)

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """The forms, without the buttons beside each choice."""
        formset = super().get_formset(request, obj, **options)
        for field in formset.form.base_fields.values():
            for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                if hasattr(field.widget, button):
                    setattr(field.widget, button, False)
        return formset


class NewestInline(RowInline):
    """The newest rows of a relation, to look at; the rest is a list page away."""

    formset = NewestRows
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False
