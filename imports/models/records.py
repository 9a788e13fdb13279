"""What was imported, by whom, and what became of it."""

from django.db import models

from core.fields import CodeField, JsonField, coded, is_object
from core.models import BaseModel


class ImportRecord(BaseModel):
    """One import that was stored: who brought what through which door, with the numbers of rows and the file's fingerprint.

    `checksum` is the SHA-256 of the bytes that came, in hexadecimal; it and `size` are empty where no file came.
    """

    kind = models.CharField(max_length=80)
    door = CodeField(max_length=10, choices=coded("api", "office", "command"))
    file_name = models.CharField(max_length=255, blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    counts = JsonField(shape=is_object, default=dict)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    project = models.ForeignKey("production.Project", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(BaseModel.Meta):
        db_table = "import_record"
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_record_order")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.created_at:%Y-%m-%d %H:%M}"
