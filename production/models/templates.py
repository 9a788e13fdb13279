"""Templates that productions start from."""

from django.db import models

from core.fields import CodeField, JsonField, is_list_of_objects, is_object
from core.models import BaseModel
from production.models.projects import STYLES


class ProjectTemplate(BaseModel):
    """Settings, links and metadata columns that a new production can take over."""

    name = models.CharField(max_length=80, unique=True)
    description = models.TextField(null=True, blank=True)
    fps = models.CharField(max_length=10, null=True, blank=True, default="25")
    ratio = models.CharField(max_length=10, null=True, blank=True, default="16:9")
    resolution = models.CharField(max_length=12, null=True, blank=True, default="1920x1080")
    production_type = models.CharField(max_length=20, null=True, blank=True, default="short")
    production_style = CodeField(
        max_length=20,
        choices=STYLES,
        default="2d3d",
    )
    max_retakes = models.IntegerField(null=True, blank=True, default=0)
    is_clients_isolated = models.BooleanField(null=True, blank=True, default=False)
    is_client_stats_visible = models.BooleanField(null=True, blank=True, default=True)
    is_client_task_list_visible = models.BooleanField(null=True, blank=True, default=True)
    is_client_task_panel_visible = models.BooleanField(null=True, blank=True, default=True)
    is_preview_download_allowed = models.BooleanField(null=True, blank=True, default=False)
    is_set_preview_automated = models.BooleanField(null=True, blank=True, default=False)
    is_publish_default_for_artists = models.BooleanField(null=True, blank=True, default=False)
    is_single_preview_per_revision = models.BooleanField(null=True, blank=True, default=False)
    is_frame_in_numbering = models.BooleanField(null=True, blank=True, default=False)
    revision_padding = models.IntegerField(default=0)
    homepage = models.CharField(max_length=80, null=True, blank=True, default="assets")
    hd_bitrate_compression = models.IntegerField(null=True, blank=True)
    ld_bitrate_compression = models.IntegerField(null=True, blank=True)
    file_tree = JsonField(shape=is_object, null=True, blank=True)
    data = JsonField(shape=is_object, null=True, blank=True)
    metadata_descriptors = JsonField(shape=is_list_of_objects, null=True, blank=True, default=list)
    default_preview_background_file = models.ForeignKey(
        "production.PreviewBackgroundFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    task_types = models.ManyToManyField(
        "production.TaskType", through="production.ProjectTemplateTaskTypeLink", blank=True, related_name="project_templates"
    )
    task_statuses = models.ManyToManyField(
        "production.TaskStatus", through="production.ProjectTemplateTaskStatusLink", blank=True, related_name="project_templates"
    )
    asset_types = models.ManyToManyField("production.EntityType", blank=True, related_name="project_templates")
    status_automations = models.ManyToManyField("production.StatusAutomation", blank=True, related_name="project_templates")
    preview_background_files = models.ManyToManyField(
        "production.PreviewBackgroundFile", blank=True, related_name="project_templates"
    )

    class Meta(BaseModel.Meta):
        db_table = "project_template"
