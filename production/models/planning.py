"""Dates of productions: milestones, schedule rows, and versions of the schedule."""

from django.db import models

from core.fields import NamedKey
from core.models import BaseModel


class Milestone(BaseModel):
    """A day that a production works towards."""

    date = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=40)
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="milestones")
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="milestones")

    class Meta(BaseModel.Meta):
        db_table = "milestone"


class ProductionScheduleVersion(BaseModel):
    """A draft of a production's schedule: dates, estimations and assignees of tasks that differ from those in force."""

    name = models.CharField(max_length=80)
    project = models.ForeignKey("production.Project", models.PROTECT, related_name="production_schedule_versions")
    source = NamedKey(
        "production.ProductionScheduleVersion",
        models.SET_NULL,
        id_name="production_schedule_from",
        null=True,
        blank=True,
        related_name="derived_versions",
    )
    locked = models.BooleanField(null=True, blank=True, default=False)
    canceled = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "production_schedule_version"
        constraints = [
            models.UniqueConstraint(fields=["name", "project"], name="schedule_version_unique"),
        ]


class ScheduleItem(BaseModel):
    """A row of a production's schedule: a task type, or within it an asset type, episode, sequence or edit (`object_id`)."""

    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    man_days = models.IntegerField(null=True, blank=True)
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="schedule_items")
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="schedule_items")
    object_id = models.UUIDField(null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "schedule_item"
        constraints = [
            models.UniqueConstraint(fields=["project", "task_type", "object_id"], name="schedule_item_unique"),
            models.UniqueConstraint(
                fields=["project", "task_type"],
                condition=models.Q(object_id__isnull=True),
                name="schedule_item_of_task_type_unique",
            ),
        ]
