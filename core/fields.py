"""Column kinds that Django does not have: codes checked by the database, and JSON of a known shape."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform


class CodeField(models.CharField):
    """One of a few codes. The database itself refuses any other, so no door can store one."""

    def db_check(self, connection: Any) -> str | None:
        """The column's own CHECK, part of its definition in the table."""
        codes = ", ".join("'%s'" % code for code, _ in self.choices or [])
        return f"{connection.ops.quote_name(self.column)} IN ({codes})"


class NamedKey(models.ForeignKey):
    """A reference whose id is not called `<name>_id`: `id_name` is what the API, and so the column, calls it."""

    def __init__(self, *args: Any, id_name: str, **kwargs: Any) -> None:
        self.id_name = id_name
        super().__init__(*args, **kwargs)

    def get_attname(self) -> str:
        """The name of the id."""
        return self.id_name

    def deconstruct(self) -> Any:
        """With the id's name."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "id_name": self.id_name}


COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
NOT_A_COLOR = "This must be a colour such as #22D160 or #2D6."


def is_color(value: Any) -> bool:
    """A colour as browsers write it, #RGB or #RRGGBB, or an empty text: clients make departments without one."""
    return isinstance(value, str) and (not value or COLOR.fullmatch(value) is not None)


class ColorField(models.CharField):
    """A colour, `#RGB` or `#RRGGBB`, or an empty text; anything else is refused on the way in."""

    def deconstruct(self) -> Any:
        """To the table it is a text: migrations see no more."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuses other texts in forms of the back-office, too."""
        super().validate(value, model_instance)
        if value is not None and not is_color(value):
            raise ValidationError(NOT_A_COLOR)


def is_object(value: Any) -> bool:
    """A JSON object."""
    return isinstance(value, dict)


def is_list(value: Any) -> bool:
    """A JSON array of anything."""
    return isinstance(value, list)


def is_list_of_texts(value: Any) -> bool:
    """A JSON array of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_list_of_objects(value: Any) -> bool:
    """A JSON array of objects."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


class JsonField(models.JSONField):
    """JSON whose outer shape is known: `shape` says what fits, and everything else is refused on the way in."""

    def __init__(self, *args: Any, shape: Callable[[Any], bool] = is_object, **kwargs: Any) -> None:
        self.shape = shape
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """The shape is a rule of the code, not of the table: migrations do not carry it."""
        return super().deconstruct()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Reads the column's text with orjson, several times faster than the standard library.

        What has another shape, as older imports left it behind, counts as nothing: no code that reads it can stumble.
        """
        found = orjson.loads(value) if isinstance(value, str) else value
        if found is None or isinstance(expression, KeyTransform) or self.shape(found):
            return found
        return None if self.null else self.get_default()

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuses, in forms of the back-office too, what has not the column's shape."""
        super().validate(value, model_instance)
        if not self.shape(value):
            raise ValidationError("This must be %s" % (self.shape.__doc__ or "").lower())


def coded(*codes: str) -> list[tuple[str, str]]:
    """Choices for a CodeField: each code with the label that people read in the back-office."""
    return [(code, code.replace("-", " ").replace("_", " ").capitalize()) for code in codes]
