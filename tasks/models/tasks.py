"""Tasks, the time spent on them, and what a version of the schedule plans for them."""

from django.db import models

from core.fields import JsonField, is_object
from core.models import BaseModel
from tasks.querysets import TaskQuerySet, TimeSpentQuerySet


class ProductionScheduleVersionTaskLink(BaseModel):
    """What a version of the schedule plans for a task: its dates, its estimation in minutes, its assignees."""

    held_by = "production_schedule_version"

    production_schedule_version = models.ForeignKey(
        "production.ProductionScheduleVersion", models.CASCADE, related_name="task_links"
    )
    task = models.ForeignKey("tasks.Task", models.PROTECT, related_name="schedule_links")
    start_date = models.DateTimeField(null=True, blank=True)
    due_date = models.DateTimeField(null=True, blank=True)
    estimation = models.FloatField(null=True, blank=True, default=0)
    assignees = models.ManyToManyField("people.Person", blank=True, related_name="schedule_links")

    class Meta(BaseModel.Meta):
        db_table = "production_schedule_version_task_link"
        constraints = [
            models.UniqueConstraint(fields=["production_schedule_version", "task"], name="edule_version_task_link_unique"),
        ]


class Task(BaseModel):
    """The work of one task type on one entity. Durations and estimations are minutes; status and dates follow its comments."""

    name = models.CharField(max_length=80)
    description = models.TextField(null=True, blank=True)
    priority = models.IntegerField(null=True, blank=True, default=0)
    difficulty = models.IntegerField(default=3)
    duration = models.FloatField(null=True, blank=True, default=0)
    estimation = models.FloatField(null=True, blank=True, default=0)
    completion_rate = models.IntegerField(null=True, blank=True, default=0)
    retake_count = models.IntegerField(null=True, blank=True, default=0)
    sort_order = models.IntegerField(null=True, blank=True, default=0)
    start_date = models.DateTimeField(null=True, blank=True)
    due_date = models.DateTimeField(null=True, blank=True)
    real_start_date = models.DateTimeField(null=True, blank=True)
    end_date = models.DateTimeField(null=True, blank=True)
    done_date = models.DateTimeField(null=True, blank=True)
    last_comment_date = models.DateTimeField(null=True, blank=True)
    nb_assets_ready = models.IntegerField(null=True, blank=True, default=0)
    data = JsonField(shape=is_object, null=True, blank=True)
    nb_drawings = models.IntegerField(null=True, blank=True, default=0)
    shotgun_id = models.IntegerField(null=True, blank=True)
    last_preview_file_id = models.UUIDField(null=True, blank=True)
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="tasks")
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="tasks")
    task_status = models.ForeignKey("production.TaskStatus", models.PROTECT, null=True, blank=True, related_name="tasks")
    entity = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="tasks")
    assigner = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    assignees = models.ManyToManyField("people.Person", blank=True, related_name="assigned_tasks")

    objects = TaskQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "task"
        indexes = [
            models.Index(fields=["project", "task_type"], name="task_of_production"),
            models.Index(fields=["project", "-updated_at"], name="task_of_production_newest"),
            models.Index(fields=["-updated_at"], name="task_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name", "project", "task_type", "entity"], name="task_unique"),
            models.CheckConstraint(condition=models.Q(difficulty__gt=0, difficulty__lt=6), name="task_difficulty_1_to_5"),
        ]


class TimeSpent(BaseModel):
    """The minutes that a person spent on a task on one day."""

    held_by = "task"

    duration = models.FloatField()
    date = models.DateField()
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, blank=True, related_name="time_spents")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="time_spents")

    objects = TimeSpentQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "time_spent"
        indexes = [models.Index(fields=["date"], name="time_spent_date")]
        constraints = [
            models.UniqueConstraint(fields=["person", "task", "date"], name="time_spent_unique"),
            models.CheckConstraint(condition=models.Q(duration__gt=0), name="time_spent_is_positive"),
        ]
