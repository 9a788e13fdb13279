"""Files that hang on comments, replies and chat messages."""

from typing import Any

from django.db import models

from core.models import BaseModel


class AttachmentFile(BaseModel):
    """A file that somebody attached to a comment, to a reply of it (`reply_id`) or to a chat message. `size` is in bytes."""

    name = models.CharField(max_length=250, null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True, default=1)
    extension = models.CharField(max_length=250, null=True, blank=True)
    mimetype = models.CharField(max_length=255, null=True, blank=True)
    comment = models.ForeignKey("tasks.Comment", models.PROTECT, null=True, blank=True, related_name="attachment_files")
    reply_id = models.UUIDField(null=True, blank=True)
    chat_message = models.ForeignKey("chat.ChatMessage", models.PROTECT, null=True, blank=True, related_name="attachment_files")

    class Meta(BaseModel.Meta):
        db_table = "attachment_file"

    @property
    def production_id(self) -> Any:
        """The production of what it hangs on."""
        holder = self.comment or self.chat_message
        return None if holder is None else holder.production_id
