"""Attachments."""

from django.db import models

from core.models import BaseModel


class AttachmentFile(BaseModel):
    """AttachmentFile (specification: /data/attachment-files)."""

    name = models.CharField(max_length=250, null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True, default=1)
    extension = models.CharField(max_length=6, null=True, blank=True)
    mimetype = models.CharField(max_length=255, null=True, blank=True)
    comment = models.ForeignKey("tasks.Comment", models.PROTECT, null=True, blank=True, related_name="attachment_files")
    reply_id = models.UUIDField(null=True, blank=True)
    chat_message = models.ForeignKey("chat.ChatMessage", models.PROTECT, null=True, blank=True, related_name="attachment_files")

    class Meta(BaseModel.Meta):
        db_table = "attachment_file"
