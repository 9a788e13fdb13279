"""Files that people work on, and files that come out of the work."""

from django.db import models

from core.fields import CodeField, ColorField, JsonField, coded, is_object
from core.models import BaseModel


class FileStatus(BaseModel):
    """How far an output file has come, such as "To review"."""

    name = models.CharField(max_length=40, unique=True)
    color = ColorField(max_length=7)

    class Meta(BaseModel.Meta):
        db_table = "file_status"


class OutputFile(BaseModel):
    """A file that a task type produced for an entity, or for an asset instance within a shot or scene (`temporal_entity`)."""

    held_by = "entity"

    shotgun_id = models.IntegerField(null=True, blank=True)
    name = models.CharField(max_length=250)
    canceled = models.BooleanField(default=False)
    size = models.IntegerField(null=True, blank=True)
    checksum = models.CharField(max_length=32, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    comment = models.TextField(null=True, blank=True)
    extension = models.CharField(max_length=10, null=True, blank=True)
    revision = models.IntegerField()
    representation = models.CharField(max_length=20, null=True, blank=True)
    nb_elements = models.IntegerField(null=True, blank=True, default=1)
    source = models.CharField(max_length=40, null=True, blank=True)
    path = models.CharField(max_length=400, null=True, blank=True)
    data = JsonField(shape=is_object, null=True, blank=True)
    quality = CodeField(max_length=20, choices=coded("low", "mid", "high"), null=True, blank=True)
    file_status = models.ForeignKey("files.FileStatus", models.PROTECT, related_name="output_files")
    entity = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="output_files")
    asset_instance = models.ForeignKey("assets.AssetInstance", models.PROTECT, null=True, blank=True, related_name="output_files")
    output_type = models.ForeignKey("files.OutputType", models.PROTECT, null=True, blank=True, related_name="output_files")
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="output_files")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="output_files")
    source_file = models.ForeignKey("files.WorkingFile", models.PROTECT, null=True, blank=True, related_name="outputs")
    temporal_entity = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(BaseModel.Meta):
        db_table = "output_file"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "name",
                    "entity",
                    "asset_instance",
                    "output_type",
                    "task_type",
                    "temporal_entity",
                    "representation",
                    "revision",
                ],
                name="output_file_unique",
            ),
        ]


class OutputType(BaseModel):
    """A kind of output, such as a cache or a geometry."""

    name = models.CharField(max_length=40, unique=True)
    short_name = models.CharField(max_length=20)

    class Meta(BaseModel.Meta):
        db_table = "output_type"


class WorkingFile(BaseModel):
    """A revision of a file in which a task's work is done."""

    held_by = "task"

    shotgun_id = models.IntegerField(null=True, blank=True)
    name = models.CharField(max_length=250, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    comment = models.TextField(null=True, blank=True)
    revision = models.IntegerField(null=True, blank=True)
    size = models.IntegerField(null=True, blank=True)
    checksum = models.IntegerField(null=True, blank=True)
    path = models.CharField(max_length=400, null=True, blank=True)
    data = JsonField(shape=is_object, null=True, blank=True)
    validation_status = CodeField(max_length=20, choices=coded("validated", "rejected", "neutral"), default="neutral")
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, blank=True, related_name="working_files")
    entity = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="working_files")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="working_files")
    software = models.ForeignKey("people.Software", models.PROTECT, null=True, blank=True, related_name="working_files")

    class Meta(BaseModel.Meta):
        db_table = "working_file"
        constraints = [
            models.UniqueConstraint(fields=["name", "task", "entity", "revision"], name="working_file_unique"),
        ]
