"""What clients see of productions and of the studio's configuration."""

from collections.abc import Iterator
from typing import Any

from core.projection import Projection, Row
from production.models import (
    Budget,
    BudgetEntry,
    CustomAction,
    EntityType,
    MetadataDescriptor,
    Milestone,
    Plugin,
    PreviewBackgroundFile,
    ProductionScheduleVersion,
    Project,
    ProjectStatus,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
    ScheduleItem,
    SearchFilter,
    SearchFilterGroup,
    StatusAutomation,
    TaskStatus,
    TaskType,
)

TEMPLATE_LISTS = ("task_types", "task_statuses", "asset_types", "status_automations", "preview_background_files")
DATES = ("created_at", "updated_at")

PROJECT = Projection(Project, relations=("team", *TEMPLATE_LISTS))
PROJECT_STATUS = Projection(ProjectStatus)
PROJECT_TEMPLATE = Projection(ProjectTemplate, relations=TEMPLATE_LISTS)
PROJECT_TASK_TYPE_LINK = Projection(ProjectTaskTypeLink)
PROJECT_TASK_STATUS_LINK = Projection(ProjectTaskStatusLink)
TEMPLATE_TASK_TYPE_LINK = Projection(ProjectTemplateTaskTypeLink)
TEMPLATE_TASK_STATUS_LINK = Projection(ProjectTemplateTaskStatusLink)
TASK_TYPE = Projection(TaskType)
TASK_STATUS = Projection(TaskStatus)
ENTITY_TYPE = Projection(EntityType, relations=("task_types",))
ASSET_TYPE = Projection(EntityType, type="AssetType", relations=("task_types",))
STATUS_AUTOMATION = Projection(StatusAutomation)
METADATA_DESCRIPTOR = Projection(MetadataDescriptor, relations=("departments",))
CUSTOM_ACTION = Projection(CustomAction)
PLUGIN = Projection(Plugin)
PREVIEW_BACKGROUND_FILE = Projection(PreviewBackgroundFile)
MILESTONE = Projection(Milestone)
SCHEDULE_ITEM = Projection(ScheduleItem)
SCHEDULE_VERSION = Projection(ProductionScheduleVersion)
BUDGET = Projection(Budget)
BUDGET_ENTRY = Projection(BudgetEntry)
SEARCH_FILTER = Projection(SearchFilter)
SEARCH_FILTER_GROUP = Projection(SearchFilterGroup)

# Short forms, for the lists within one production.
SHORT_MILESTONE = Projection(Milestone, hidden=DATES)
SHORT_SCHEDULE_ITEM = Projection(ScheduleItem, hidden=DATES)
SHORT_BUDGET = Projection(Budget, hidden=DATES)
SHORT_BUDGET_ENTRY = Projection(BudgetEntry, hidden=DATES)
DESCRIPTOR_OF_PROJECT = Projection(MetadataDescriptor, hidden=DATES, relations=("departments",))
# What everybody is told of plugins, the server's administrators aside.
SHORT_PLUGIN = Projection(Plugin, hidden=(*DATES, "website", "license", "revision"))


def short_rows(reader: Projection, queryset: Any) -> Iterator[Row]:
    """Rows of a short form: without their type, which the route says already."""
    for row in reader.rows(queryset):
        del row["type"]
        yield row
