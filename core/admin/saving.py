"""Saving through rules: what a form changed becomes one call of the rule that every other door calls too."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from core.api.exceptions import refusal_for
from core.errors import Refusal
from core.rules import create_row, delete_row, event_stem, update_row
from core.transactions import whole_step

Values = dict[str, Any]


class RefusalNoted:
    """Mixed into a form whose row was refused by its rule: it shows the refusal as an error of the form."""

    refusal = ""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.add_error(None, self.refusal)  # type: ignore[attr-defined]


def refused(error: Exception) -> Refusal:
    """The refusal that an exception amounts to. Raises it again when it is none, or the admin's own way out."""
    if isinstance(error, ValidationError):
        return Refusal(" ".join(error.messages))
    refusal = None if isinstance(error, Http404 | PermissionDenied) else refusal_for(error)
    if refusal is None:
        raise error
    return refusal


def written(form: Any, *, creating: bool) -> tuple[Values, dict[str, list[Any]]]:
    """The columns and the relation lists that a form writes: all of a new row, else what was changed."""
    row, values, relations = form.instance, {}, {}
    changed = set(form.changed_data)
    for column in row._meta.concrete_fields:
        if column.name in form.cleaned_data and (creating or column.name in changed):
            values[column.attname] = getattr(row, column.attname)
    for many in row._meta.many_to_many:
        if many.name in form.cleaned_data and (creating or many.name in changed):
            relations[many.name] = [chosen.pk for chosen in form.cleaned_data[many.name]]
    return values, relations


def with_emptied_keys(values: Values, row: Any) -> Values:
    """The values for a rule that merges `data` into what is there: the keys that somebody took out become null."""
    if "data" not in values:
        return values
    return {**values, "data": {**dict.fromkeys(row.data or {}), **(values["data"] or {})}}


class SavesThroughRules:
    """A page whose rows are stored, changed and deleted by rules, so that every act is checked and announced.

    `create_by_rule`, `update_by_rule` and `delete_by_rule` are what rooms replace where they have a rule of their own; inlines of
    the model on other pages use them too.
    """

    model: type[models.Model]
    admin_site: Any
    stem = ""

    def create_by_rule(self, values: Values, relations: dict[str, list[Any]], *, by: Any) -> Any:
        """Store a new row."""
        return create_row(self.model, values, relations=relations, by=by, stem=self.event_stem)

    def update_by_rule(self, row: Any, values: Values, relations: dict[str, list[Any]], *, by: Any) -> Any:
        """Change a row; `row` is as it is stored."""
        return update_row(row, values, relations=relations, by=by, stem=self.event_stem)

    def delete_by_rule(self, row: Any, *, by: Any) -> None:
        """Delete a row."""
        delete_row(row, by=by, stem=self.event_stem)

    @property
    def event_stem(self) -> str:
        """The model's part of event names."""
        return self.stem or event_stem(self.model)

    def store(self, form: Any, *, creating: bool, by: Any) -> None:
        """Have the rule write what a form changed. Then the form's row is as it is stored, and `form.stored` what the rule gave."""
        values, relations = written(form, creating=creating)
        row = form.instance
        if creating:
            stored = self.create_by_rule({"id": row.pk, **values}, relations, by=by)
        elif values or relations:
            stored = self.update_by_rule(type(row)._base_manager.get(pk=row.pk), values, relations, by=by)
        else:
            return
        for column in row._meta.concrete_fields:
            setattr(row, column.attname, getattr(stored, column.attname))
        row._state.adding = False
        form.stored = stored

    # Django's own steps

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The page's own row, its lists included."""
        self.store(form, creating=not change, by=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The inlines; the lists of the row went with it."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The rows of an inline, each by the rule of its own model's page."""
        page = self.admin_site.get_model_admin(formset.model)
        formset.save(commit=False)
        for row in formset.deleted_objects:
            page.delete_by_rule(row, by=request.user)
        for row_form in formset.saved_forms:
            page.store(row_form, creating=row_form.instance._state.adding, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """One row."""
        self.delete_by_rule(obj, by=request.user)

    @whole_step()
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """All rows of the queryset, or none."""
        for row in queryset:
            self.delete_by_rule(row, by=request.user)

    # What rules refuse is shown, never a server error

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The page's form; one that notes the refusal where its rule just refused it."""
        form = super().get_form(request, obj, change=change, **options)  # type: ignore[misc]
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else type(form)(form.__name__, (RefusalNoted, form), {"refusal": refusal.message})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """The page of one row; saving it is one step."""
        show = super().changeform_view  # type: ignore[misc]
        if request.method != "POST":
            return show(request, object_id, form_url, extra_context)
        try:
            with whole_step():
                return show(request, object_id, form_url, extra_context)
        except Exception as error:
            request.refusal = refused(error)  # type: ignore[attr-defined]
            return show(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponseBase:
        """The page that asks before deleting."""
        try:
            return super().delete_view(request, object_id, extra_context)  # type: ignore[misc]
        except Exception as error:
            messages.error(request, refused(error).message)
            return HttpResponseRedirect(request.path.removesuffix("delete/") + "change/")

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        """An action on chosen rows."""
        try:
            return super().response_action(request, queryset)  # type: ignore[misc]
        except Exception as error:
            messages.error(request, refused(error).message)
            return HttpResponseRedirect(request.get_full_path())
