"""The event log."""

from django.db import models

from core.fields import JsonField, is_object
from core.models import BaseModel


class ApiEvent(BaseModel):
    """Something that happened in the studio: its name, whom and what it is about, who did it, in which production.

    `created_at` is the moment at which it entered the log, and its place there: no two events share it. The database holds no
    reference of an event against rows that are written at the same time, since whoever logs events makes all others wait.
    """

    name = models.CharField(max_length=80)
    user = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    project = models.ForeignKey(
        "production.Project", models.PROTECT, null=True, blank=True, related_name="api_events", db_constraint=False
    )
    data = JsonField(shape=is_object, null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "api_event"
        indexes = [models.Index(fields=["created_at", "id"], name="api_event_order")]
