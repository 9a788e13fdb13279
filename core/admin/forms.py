"""Form fields of the back-office: JSON that people can read, choices that are described and never fetched per row."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models

from core.errors import BROKEN_RULE, DUPLICATE


class JsonText(forms.JSONField):
    """JSON, indented; refused where it has not the column's shape."""

    # An empty object is a value like any other: only nothing at all is nothing.
    empty_values = [None, ""]

    def __init__(self, *, shape: Callable[[Any], bool] | None = None, **options: Any) -> None:
        self.shape = shape
        options["widget"] = forms.Textarea(attrs={"rows": 6, "cols": 80, "class": "vLargeTextField json", "spellcheck": "false"})
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """The text that the form shows."""
        if isinstance(value, forms.fields.InvalidJSONInput):
            return value
        return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)

    def validate(self, value: Any) -> None:
        """Refuses another shape, and texts that no database column takes."""
        super().validate(value)
        if value is not None and self.shape is not None and not self.shape(value):
            raise ValidationError("This must be %s" % (self.shape.__doc__ or "of another shape.").replace("A JSON", "a JSON"))
        if "\\u0000" in json.dumps(value):
            raise ValidationError("Null characters are not allowed.")


class StudioForm(forms.ModelForm):
    """A row's form, which tells in words what the table's constraints refuse."""

    def _update_errors(self, errors: ValidationError) -> None:
        names = {constraint.name: constraint for constraint in self._meta.model._meta.constraints}
        for error in errors.error_list if hasattr(errors, "error_list") else sum(errors.error_dict.values(), []):
            found = next((c for name, c in names.items() if f"“{name}”" in str(error.message)), None)
            if found is not None:
                error.message = DUPLICATE if isinstance(found, models.UniqueConstraint) else refused_by(found)
        super()._update_errors(errors)


def refused_by(constraint: models.BaseConstraint) -> str:
    """What a constraint asks for, by its name: `day_off_ends_after_start` and the like."""
    return f"{BROKEN_RULE} ({constraint.name.replace('_', ' ')})"


class DescribedChoice(forms.ModelChoiceField):
    """A choice whose options read as the room's admin describes its rows."""

    describe: Callable[[Any], str] = staticmethod(str)

    def label_from_instance(self, obj: models.Model) -> str:
        """The option's text."""
        return self.describe(obj)


class DescribedChoices(forms.ModelMultipleChoiceField):
    """Several such choices."""

    describe: Callable[[Any], str] = staticmethod(str)

    def label_from_instance(self, obj: models.Model) -> str:
        """The option's text."""
        return self.describe(obj)


class SearchChoice(AutocompleteSelect):
    """A choice found by typing. `known` is the chosen row where it is loaded already: then showing it asks nothing."""

    known: models.Model | None = None

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> Any:
        """The chosen option alone; the others come while one types."""
        if self.known is None or [str(given) for given in value] != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.known)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*options, self.create_option(name, str(self.known.pk), label, True, len(options))], 0)]


def form_options(column: models.Field) -> dict[str, Any]:
    """What makes a column's form field fit for people; empty where Django's own does."""
    if isinstance(column, models.JSONField):
        return {"form_class": JsonText, "shape": getattr(column, "shape", None), "encoder": None, "decoder": None}
    if isinstance(column, models.BooleanField) and column.null and column.default not in (None, models.NOT_PROVIDED):
        return {"form_class": forms.BooleanField, "required": False}
    if isinstance(column, models.TextField) and column.null:
        return {"empty_value": None, "widget": forms.Textarea(attrs={"rows": 3, "cols": 80, "class": "vLargeTextField"})}
    return {}
