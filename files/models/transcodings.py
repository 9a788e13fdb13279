"""How far the encoding of movies has come, and why it failed."""

from django.db import models

from core.models import BaseModel


class Transcoding(BaseModel):
    """The work on a preview's movie: its progress in hundredths, how often it was begun, and why it ended broken, if it did."""

    preview = models.OneToOneField("files.PreviewFile", models.CASCADE, related_name="transcoding")
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True, default="")

    class Meta(BaseModel.Meta):
        db_table = "transcoding"
