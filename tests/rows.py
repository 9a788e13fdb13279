"""One plain row of any model, made from its columns, with whatever rows it needs to refer to."""

from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import models

from core.fields import CodeField, ColorField

numbers = count(1)
MOMENT = datetime(2026, 2, 3, 10, 0)


def value_for(field: models.Field) -> Any:
    """Something that a required column takes."""
    if isinstance(field, CodeField):
        return field.choices[0][0]
    if isinstance(field, ColorField):
        return "#112233"
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.DateTimeField):
        return MOMENT
    if isinstance(field, models.DateField):
        return date(2026, 2, 3)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.FloatField | models.IntegerField):
        return next(numbers)
    if isinstance(field, models.JSONField):
        return next(v for v in ({}, []) if field.shape(v))
    return f"{field.name[:3]}{next(numbers)}"[: field.max_length]


class Rows:
    """Makes one row per model and gives the same row whenever that model is needed again."""

    def __init__(self, **known: models.Model) -> None:
        self.known: dict[type[models.Model], Any] = {type(row): row for row in known.values()}

    def row(self, model: type[models.Model]) -> Any:
        """The studio's row of that model."""
        if model not in self.known:
            self.known[model] = self.make(model)
        return self.known[model]

    def make(self, model: type[models.Model], **overrides: Any) -> Any:
        """A further row of that model; required references lead to the studio's rows."""
        values = dict(overrides)
        for field in model._meta.concrete_fields:
            if field.name in values or field.attname in values or field.primary_key or field.null or field.has_default():
                continue
            if isinstance(field, models.ForeignKey):
                values[field.name] = self.row(field.related_model)
            else:
                values[field.name] = value_for(field)
        return model._default_manager.create(**values)
