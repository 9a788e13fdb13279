"""Rows with all their references filled, so that a page shows everything that it can."""

from datetime import datetime
from itertools import count

from django.db import models
from django_tasks_db.models import DBTaskResult

from tests.rows import Rows

numbers = count(1)


class Studio(Rows):
    """Rows of any model; `full` fills what may stay empty too, each time with other rows."""

    def make(self, model, **overrides):
        if model is DBTaskResult:
            return make_job(**overrides)
        return super().make(model, **overrides)

    def full(self, model):
        references = {
            field.name: self.make(field.related_model)
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
        }
        row = self.make(model, **references)
        for many in model._meta.many_to_many:
            if many.remote_field.through._meta.auto_created:
                getattr(row, many.name).add(self.make(many.related_model))
        return row


def make_job(**overrides) -> DBTaskResult:
    """A background job that failed."""
    values = {
        "status": "FAILED",
        "args_kwargs": {"args": [next(numbers)], "kwargs": {}},
        "task_path": "jobs.make_film",
        "backend_name": "default",
        "run_after": datetime(9999, 1, 1),
        "exception_class_path": "builtins.ValueError",
        "traceback": "Traceback: no film",
        "finished_at": datetime(2026, 2, 3, 10, 0),
    }
    return DBTaskResult.objects.create(**{**values, **overrides})
