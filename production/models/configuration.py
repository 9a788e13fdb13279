"""What a studio sets up once: task types, statuses, entity types, automations, metadata columns, backgrounds, actions, plugins."""

from django.db import models

from core.fields import CodeField, ColorField, JsonField, coded, is_list_of_texts
from core.models import BaseModel
from production.querysets import DescriptorQuerySet, EntityTypeQuerySet


class CustomAction(BaseModel):
    """A link or a call that clients offer in the menus of their lists."""

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=400, null=True, blank=True)
    entity_type = models.CharField(max_length=40, null=True, blank=True, default="all")
    is_ajax = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "custom_action"


class EntityType(BaseModel):
    """A kind of entity: the temporal ones (Shot, Sequence, …) by fixed names, every other one a type of assets.

    `task_types` are those proposed for it; none means all.
    """

    name = models.CharField(max_length=30, unique=True)
    short_name = models.CharField(max_length=20, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    archived = models.BooleanField(null=True, blank=True, default=False)
    task_types = models.ManyToManyField("production.TaskType", blank=True, related_name="entity_types")

    objects = EntityTypeQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "entity_type"


class MetadataDescriptor(BaseModel):
    """A column of a production's own, for its entities, its tasks of one type or itself.

    The values live in the `data` of those rows, under `field_name`.
    """

    project = models.ForeignKey("production.Project", models.PROTECT, related_name="metadata_descriptors")
    entity_type = models.CharField(max_length=60)
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="metadata_descriptors")
    name = models.CharField(max_length=120)
    data_type = CodeField(
        max_length=20,
        choices=coded("string", "number", "list", "taglist", "boolean", "checklist", "date", "url", "textarea", "person"),
        null=True,
        blank=True,
    )
    field_name = models.CharField(max_length=120)
    choices = JsonField(shape=is_list_of_texts, null=True, blank=True)
    for_client = models.BooleanField(null=True, blank=True, default=False)
    position = models.IntegerField(null=True, blank=True)
    departments = models.ManyToManyField("people.Department", blank=True, related_name="metadata_descriptors")

    objects = DescriptorQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "metadata_descriptor"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "entity_type", *columns], condition=models.Q(task_type__isnull=not_of_task), name=name
            )
            for columns, not_of_task, name in [
                (["name"], True, "descriptor_unique_name"),
                (["field_name"], True, "descriptor_unique_field"),
                (["name", "task_type"], False, "descriptor_unique_task_name"),
                (["field_name", "task_type"], False, "descriptor_unique_task_field"),
            ]
        ]


class Plugin(BaseModel):
    """An extension installed on the server."""

    plugin_id = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField(null=True, blank=True)
    version = models.CharField(max_length=50)
    maintainer_name = models.CharField(max_length=200)
    maintainer_email = models.EmailField(max_length=255, null=True, blank=True)
    website = models.CharField(max_length=500, null=True, blank=True)
    license = models.CharField(max_length=80)
    revision = models.CharField(max_length=12, null=True, blank=True)
    frontend_project_enabled = models.BooleanField(null=True, blank=True, default=False)
    frontend_studio_enabled = models.BooleanField(null=True, blank=True, default=False)
    icon = models.CharField(max_length=255, null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "plugin"


class PreviewBackgroundFile(BaseModel):
    """A picture that 3D previews are lit with."""

    name = models.CharField(max_length=40)
    archived = models.BooleanField(null=True, blank=True, default=False)
    is_default = models.BooleanField(null=True, blank=True, default=False)
    original_name = models.CharField(max_length=250, null=True, blank=True)
    extension = models.CharField(max_length=6, null=True, blank=True)
    file_size = models.BigIntegerField(null=True, blank=True, default=0)

    class Meta(BaseModel.Meta):
        db_table = "preview_background_file"


class StatusAutomation(BaseModel):
    """When a task of one type gets one status, another task of the entity gets another, or the asset is ready for a task type."""

    entity_type = models.CharField(max_length=40, null=True, blank=True, default="asset")
    in_task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="+")
    in_task_status = models.ForeignKey("production.TaskStatus", models.PROTECT, null=True, blank=True, related_name="+")
    out_field_type = CodeField(max_length=20, choices=coded("status", "ready_for"), default="status")
    out_task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="+")
    out_task_status = models.ForeignKey("production.TaskStatus", models.PROTECT, null=True, blank=True, related_name="+")
    import_last_revision = models.BooleanField(null=True, blank=True, default=False)
    archived = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "status_automation"


class TaskStatus(BaseModel):
    """A state of tasks; its flags say what reaching it means and who may set it."""

    name = models.CharField(max_length=40)
    archived = models.BooleanField(null=True, blank=True, default=False)
    short_name = models.CharField(max_length=10, unique=True)
    description = models.TextField(null=True, blank=True)
    color = ColorField(max_length=7)
    priority = models.IntegerField(null=True, blank=True, default=1)
    is_done = models.BooleanField(null=True, blank=True, default=False)
    is_artist_allowed = models.BooleanField(null=True, blank=True, default=True)
    is_client_allowed = models.BooleanField(null=True, blank=True, default=True)
    is_retake = models.BooleanField(null=True, blank=True, default=False)
    is_feedback_request = models.BooleanField(null=True, blank=True, default=False)
    is_default = models.BooleanField(null=True, blank=True, default=False)
    is_wip = models.BooleanField(null=True, blank=True, default=False)
    shotgun_id = models.IntegerField(null=True, blank=True)
    for_concept = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "task_status"


class TaskType(BaseModel):
    """A step of the making of entities of one kind, such as Modeling or Animation."""

    name = models.CharField(max_length=40)
    short_name = models.CharField(max_length=20, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    color = ColorField(max_length=7, null=True, blank=True, default="#FFFFFF")
    priority = models.IntegerField(null=True, blank=True, default=1)
    for_entity = models.CharField(max_length=30, null=True, blank=True, default="Asset")
    allow_timelog = models.BooleanField(null=True, blank=True, default=True)
    archived = models.BooleanField(null=True, blank=True, default=False)
    shotgun_id = models.IntegerField(null=True, blank=True)
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, blank=True, related_name="task_types")

    class Meta(BaseModel.Meta):
        db_table = "task_type"
        constraints = [
            models.UniqueConstraint(fields=["name", "for_entity", "department"], name="task_type_unique"),
        ]
