"""Productions and their statuses."""

from django.db import models

from core.fields import CodeField, ColorField, JsonField, coded, is_object
from core.models import BaseModel
from production.querysets import ProjectQuerySet

STYLES = coded(
    "2d",
    "2dpaper",
    "3d",
    "2d3d",
    "ar",
    "vfx",
    "stop-motion",
    "motion-design",
    "archviz",
    "commercial",
    "catalog",
    "immersive",
    "nft",
    "video-game",
    "vr",
)


class ProjectStatus(BaseModel):
    """Whether productions are under way: the one named `Open`, or over."""

    name = models.CharField(max_length=20, unique=True)
    color = ColorField(max_length=7)

    class Meta(BaseModel.Meta):
        db_table = "project_status"


class Project(BaseModel):
    """A production: a film, a series or a game, with its team, settings and formats."""

    name = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=80, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    shotgun_id = models.IntegerField(null=True, blank=True)
    file_tree = JsonField(shape=is_object, null=True, blank=True)
    data = JsonField(shape=is_object, null=True, blank=True)
    has_avatar = models.BooleanField(null=True, blank=True, default=False)
    fps = models.CharField(max_length=10, null=True, blank=True, default="25")
    ratio = models.CharField(max_length=10, null=True, blank=True, default="16:9")
    resolution = models.CharField(max_length=12, null=True, blank=True, default="1920x1080")
    production_type = models.CharField(max_length=20, null=True, blank=True, default="short")
    production_style = CodeField(
        max_length=20,
        choices=STYLES,
        default="2d3d",
    )
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    man_days = models.IntegerField(null=True, blank=True)
    nb_episodes = models.IntegerField(null=True, blank=True, default=0)
    episode_span = models.IntegerField(null=True, blank=True, default=0)
    max_retakes = models.IntegerField(null=True, blank=True, default=0)
    is_clients_isolated = models.BooleanField(null=True, blank=True, default=False)
    is_client_stats_visible = models.BooleanField(null=True, blank=True, default=True)
    is_client_task_list_visible = models.BooleanField(null=True, blank=True, default=True)
    is_client_task_panel_visible = models.BooleanField(null=True, blank=True, default=True)
    is_preview_download_allowed = models.BooleanField(null=True, blank=True, default=False)
    is_set_preview_automated = models.BooleanField(null=True, blank=True, default=False)
    homepage = models.CharField(max_length=80, null=True, blank=True, default="assets")
    is_publish_default_for_artists = models.BooleanField(null=True, blank=True, default=False)
    is_bot_collaboration_enabled = models.BooleanField(null=True, blank=True, default=False)
    is_single_preview_per_revision = models.BooleanField(null=True, blank=True, default=False)
    is_frame_in_numbering = models.BooleanField(null=True, blank=True, default=False)
    revision_padding = models.IntegerField(default=0)
    hd_bitrate_compression = models.IntegerField(null=True, blank=True)
    ld_bitrate_compression = models.IntegerField(null=True, blank=True)
    project_status = models.ForeignKey("production.ProjectStatus", models.PROTECT, null=True, blank=True, related_name="projects")
    default_preview_background_file = models.ForeignKey(
        "production.PreviewBackgroundFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    from_schedule_version = models.ForeignKey(
        "production.ProductionScheduleVersion", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    team = models.ManyToManyField("people.Person", through="production.ProjectPersonLink", blank=True, related_name="projects")
    asset_types = models.ManyToManyField("production.EntityType", blank=True, related_name="projects")
    task_statuses = models.ManyToManyField(
        "production.TaskStatus", through="production.ProjectTaskStatusLink", blank=True, related_name="projects"
    )
    task_types = models.ManyToManyField(
        "production.TaskType", through="production.ProjectTaskTypeLink", blank=True, related_name="projects"
    )
    status_automations = models.ManyToManyField("production.StatusAutomation", blank=True, related_name="projects")
    preview_background_files = models.ManyToManyField("production.PreviewBackgroundFile", blank=True, related_name="projects")

    objects = ProjectQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "project"
