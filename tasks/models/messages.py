"""Mails and chat messages that did not go out."""

from django.db import models

from core.models import BaseModel


class FailedMessage(BaseModel):
    """A notification that could not be sent by one way, `mail` or a chat program, however often it was tried; `reason` is the last.

    Whichever queue jobs are in, it stands here until it is sent after all. The database lets it stay when its notification goes.
    """

    notification = models.ForeignKey("tasks.Notification", models.CASCADE, related_name="failed_messages", db_constraint=False)
    way = models.CharField(max_length=20)
    reason = models.TextField()

    class Meta(BaseModel.Meta):
        db_table = "failed_message"
        constraints = [models.UniqueConstraint(fields=["notification", "way"], name="failed_message_unique")]
