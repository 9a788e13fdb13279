"""What programs that bring over data from elsewhere wrote down about their failures."""

from typing import Any

from django.db import models

from core.fields import CodeField, JsonField, coded
from core.models import BaseModel


def is_something(value: Any) -> bool:
    """Any JSON value but null."""
    return value is not None


class DataImportError(BaseModel):
    """One failure of such a program; `event_data` is whatever it thought worth keeping. The imports here never write any."""

    event_data = JsonField(shape=is_something)
    source = CodeField(max_length=10, choices=coded("csv", "shotgun"))

    class Meta(BaseModel.Meta):
        db_table = "data_import_error"
        indexes = [models.Index(fields=["-created_at", "-id"], name="data_import_error_order")]
