"""Sheets that somebody has looked through in the back-office and may apply."""

from django.db import models

from core.fields import JsonField, is_object
from core.models import BaseModel


class ImportPlan(BaseModel):
    """An uploaded sheet with the import that it is for, kept until it is applied, given up, or too old.

    `target` names the production, task type and episode by id. `owner_id` is the person's id alone: a forgotten plan must not
    stand against dismissing whoever made it.
    """

    owner_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    update = models.BooleanField(default=False)
    target = JsonField(shape=is_object, default=dict)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()

    class Meta(BaseModel.Meta):
        db_table = "import_plan"
        indexes = [models.Index(fields=["created_at"], name="import_plan_age")]
