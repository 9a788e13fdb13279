"""The studio as a whole, its sites, its departments and what it pays."""

from django.db import models

from core.fields import CodeField, ColorField, coded
from core.models import BaseModel


class Department(BaseModel):
    """A craft of the studio, such as animation: people belong to departments, task types to one."""

    name = models.CharField(max_length=80, unique=True)
    color = ColorField(max_length=7)
    archived = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "department"


class Organisation(BaseModel):
    """The studio and its preferences. The oldest row is the one that counts."""

    name = models.CharField(max_length=80, unique=True)
    hours_by_day = models.FloatField(default=8)
    has_avatar = models.BooleanField(null=True, blank=True, default=False)
    use_original_file_name = models.BooleanField(null=True, blank=True, default=False)
    timesheets_locked = models.BooleanField(null=True, blank=True, default=False)
    format_duration_in_hours = models.BooleanField(null=True, blank=True, default=False)
    hd_by_default = models.BooleanField(null=True, blank=True, default=False)
    chat_token_slack = models.CharField(max_length=80, null=True, blank=True, default="")
    chat_webhook_mattermost = models.CharField(max_length=80, null=True, blank=True, default="")
    chat_token_discord = models.CharField(max_length=80, null=True, blank=True, default="")
    dark_theme_by_default = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "organisation"


class SalaryScale(BaseModel):
    """The daily salary of a position and seniority in a department."""

    department = models.ForeignKey("people.Department", models.CASCADE, related_name="salary_scales")
    position = CodeField(max_length=20, choices=coded("supervisor", "lead", "artist"), null=True, blank=True, default="artist")
    seniority = CodeField(max_length=20, choices=coded("senior", "mid", "junior"), null=True, blank=True, default="mid")
    salary = models.IntegerField(default=0)

    class Meta(BaseModel.Meta):
        db_table = "salary_scale"
        constraints = [models.UniqueConstraint(fields=["department", "position", "seniority"], name="salary_scale_unique")]


class Studio(BaseModel):
    """A site of the studio, or a studio that it works with."""

    name = models.CharField(max_length=80, unique=True)
    color = ColorField(max_length=7)
    archived = models.BooleanField(null=True, blank=True, default=False)

    class Meta(BaseModel.Meta):
        db_table = "studio"
