"""What a production, or a template of productions, is linked with: its team, task types, statuses, softwares."""

from typing import Any

from django.db import models

from core.fields import CodeField, JsonField, coded
from core.models import BaseModel


def default_board_roles() -> list[str]:
    """The roles that see a status as a column of the board, unless the production says otherwise."""
    return ["user", "admin", "supervisor", "manager", "vendor"]


BOARD_ROLES = coded("user", "admin", "supervisor", "manager", "client", "vendor")


def is_list_of_roles(value: Any) -> bool:
    """A JSON array of roles."""
    return isinstance(value, list) and all(isinstance(role, str) and role in dict(BOARD_ROLES) for role in value)


class ProjectPersonLink(BaseModel):
    """Membership in a production's team; `role` replaces the person's own role there.

    `shotgun_id` is the id of ShotGrid's connection that it came from.
    """

    project = models.ForeignKey("production.Project", models.CASCADE, related_name="team_links")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="team_links")
    role = CodeField(max_length=20, choices=coded("user", "supervisor", "manager", "client", "vendor"), null=True, blank=True)
    shotgun_id = models.IntegerField(null=True, blank=True, unique=True)

    class Meta(BaseModel.Meta):
        db_table = "project_person_link"
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="project_person_link_unique")]


class TaskTypeLink(BaseModel):
    """The options of a task type within a production or a template."""

    task_type = models.ForeignKey("production.TaskType", models.PROTECT, related_name="+")
    priority = models.IntegerField(null=True, blank=True)
    hd_bitrate_compression = models.IntegerField(null=True, blank=True)
    ld_bitrate_compression = models.IntegerField(null=True, blank=True)
    is_client_visible = models.BooleanField(null=True, blank=True, default=True)

    class Meta(BaseModel.Meta):
        abstract = True


class TaskStatusLink(BaseModel):
    """The options of a task status within a production or a template."""

    task_status = models.ForeignKey("production.TaskStatus", models.PROTECT, related_name="+")
    priority = models.IntegerField(null=True, blank=True)
    roles_for_board = JsonField(shape=is_list_of_roles, default=default_board_roles)
    is_client_allowed = models.BooleanField(null=True, blank=True)

    class Meta(BaseModel.Meta):
        abstract = True


class ProjectTaskTypeLink(TaskTypeLink):
    """A task type of a production."""

    project = models.ForeignKey("production.Project", models.CASCADE, related_name="task_type_links")

    class Meta(TaskTypeLink.Meta):
        db_table = "project_task_type_link"
        constraints = [models.UniqueConstraint(fields=["project", "task_type"], name="project_task_type_link_unique")]


class ProjectTaskStatusLink(TaskStatusLink):
    """A task status of a production."""

    project = models.ForeignKey("production.Project", models.CASCADE, related_name="task_status_links")

    class Meta(TaskStatusLink.Meta):
        db_table = "project_task_status_link"
        constraints = [models.UniqueConstraint(fields=["project", "task_status"], name="project_task_status_link_unique")]


class ProjectTemplateTaskTypeLink(TaskTypeLink):
    """A task type of a template."""

    project_template = models.ForeignKey("production.ProjectTemplate", models.CASCADE, related_name="task_type_links")

    class Meta(TaskTypeLink.Meta):
        db_table = "project_template_task_type_link"
        constraints = [models.UniqueConstraint(fields=["project_template", "task_type"], name="template_task_type_link_unique")]


class ProjectTemplateTaskStatusLink(TaskStatusLink):
    """A task status of a template."""

    project_template = models.ForeignKey("production.ProjectTemplate", models.CASCADE, related_name="task_status_links")

    class Meta(TaskStatusLink.Meta):
        db_table = "project_template_task_status_link"
        constraints = [models.UniqueConstraint(fields=["project_template", "task_status"], name="template_task_status_unique")]


class ProjectTaskTypeSoftwareLink(BaseModel):
    """A software that a task type uses in a production."""

    project = models.ForeignKey("production.Project", models.CASCADE, related_name="software_links")
    task_type = models.ForeignKey("production.TaskType", models.CASCADE, related_name="+")
    software = models.ForeignKey("people.Software", models.CASCADE, related_name="+")

    class Meta(BaseModel.Meta):
        db_table = "project_task_type_software_link"
        constraints = [models.UniqueConstraint(fields=["project", "task_type", "software"], name="project_software_link_unique")]
