"""Previews: the pictures, movies and documents that tasks publish for review."""

from django.db import models

from core.fields import CodeField, JsonField, coded, is_list_of_objects, is_object
from core.models import BaseModel


class PreviewFile(BaseModel):
    """A picture, movie or document published for review; those of one revision of a task stand in order of `position`.

    `original_name` is the uploaded file's name without extension: as long as it is null, nothing was uploaded. Sizes are in
    pixels and bytes, `duration` in seconds.
    """

    held_by = "task"

    name = models.CharField(max_length=250, null=True, blank=True)
    original_name = models.CharField(max_length=250, null=True, blank=True)
    revision = models.IntegerField(null=True, blank=True, default=1)
    position = models.IntegerField(null=True, blank=True, default=1)
    extension = models.CharField(max_length=6, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    path = models.CharField(max_length=400, null=True, blank=True)
    source = models.CharField(max_length=40, null=True, blank=True)
    file_size = models.BigIntegerField(null=True, blank=True, default=0)
    status = CodeField(max_length=20, choices=coded("processing", "ready", "broken", "missing"), default="processing")
    validation_status = CodeField(max_length=20, choices=coded("validated", "rejected", "neutral"), default="neutral")
    annotations = JsonField(shape=is_list_of_objects, null=True, blank=True)
    width = models.IntegerField(null=True, blank=True, default=0)
    height = models.IntegerField(null=True, blank=True, default=0)
    duration = models.FloatField(null=True, blank=True, default=0)
    data = JsonField(shape=is_object, null=True, blank=True)
    token_in = models.IntegerField(null=True, blank=True)
    token_out = models.IntegerField(null=True, blank=True)
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, blank=True, related_name="preview_files")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="preview_files")
    source_file = models.ForeignKey("files.OutputFile", models.PROTECT, null=True, blank=True, related_name="+")
    shotgun_id = models.IntegerField(null=True, blank=True, unique=True)
    is_movie = models.BooleanField(null=True, blank=True, default=False)
    url = models.CharField(max_length=600, null=True, blank=True)
    uploaded_movie_url = models.CharField(max_length=600, null=True, blank=True)
    uploaded_movie_name = models.CharField(max_length=150, null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "preview_file"
        constraints = [
            models.UniqueConstraint(fields=["name", "task", "revision"], name="preview_file_unique"),
        ]
        indexes = [
            models.Index(fields=["task", "-revision", "position"], name="preview_file_of_task"),
            models.Index(fields=["status", "-created_at"], name="preview_file_unfinished"),
            models.Index(fields=["-updated_at", "-created_at", "id"], name="preview_file_last_changed"),
        ]
