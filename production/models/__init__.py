"""Productions and the studio configuration that they are made of."""

from production.models.budgets import Budget, BudgetEntry
from production.models.configuration import (
    CustomAction,
    EntityType,
    MetadataDescriptor,
    Plugin,
    PreviewBackgroundFile,
    StatusAutomation,
    TaskStatus,
    TaskType,
)
from production.models.filters import SearchFilter, SearchFilterGroup
from production.models.links import (
    ProjectPersonLink,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTaskTypeSoftwareLink,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
)
from production.models.planning import Milestone, ProductionScheduleVersion, ScheduleItem
from production.models.projects import Project, ProjectStatus
from production.models.templates import ProjectTemplate

__all__ = [
    "Budget",
    "BudgetEntry",
    "CustomAction",
    "EntityType",
    "MetadataDescriptor",
    "Milestone",
    "Plugin",
    "PreviewBackgroundFile",
    "ProductionScheduleVersion",
    "Project",
    "ProjectPersonLink",
    "ProjectStatus",
    "ProjectTaskStatusLink",
    "ProjectTaskTypeLink",
    "ProjectTaskTypeSoftwareLink",
    "ProjectTemplate",
    "ProjectTemplateTaskStatusLink",
    "ProjectTemplateTaskTypeLink",
    "ScheduleItem",
    "SearchFilter",
    "SearchFilterGroup",
    "StatusAutomation",
    "TaskStatus",
    "TaskType",
]
