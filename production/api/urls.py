"""The routes of this room."""

from typing import Any

from django.urls import path, register_converter

from core.api.router import ResourceRouter
from production.api.views import (
    budgets,
    configuration,
    descriptors,
    planning,
    plugins,
    projects,
    searches,
    settings,
    team,
    templates,
    user,
)


class BudgetId:
    """An id whose malformed forms the view tells so; `time-spents` is a word of another route."""

    regex = r"(?!time-spents\b)[^/]+"

    def to_python(self, value: str) -> str:
        """The text as it came."""
        return value

    def to_url(self, value: Any) -> str:
        """The id as the API writes it."""
        return str(value)


register_converter(BudgetId, "budget")
router = ResourceRouter()
router.register("data/projects", projects.ProjectViewSet)
router.register("data/project-status", configuration.ProjectStatusViewSet)
router.register("data/project-templates", templates.ProjectTemplateViewSet)
router.register("data/task-types", configuration.TaskTypeViewSet)
router.register("data/task-status", configuration.TaskStatusViewSet)
router.register("data/entity-types", configuration.EntityTypeViewSet)
router.register("data/status-automations", configuration.StatusAutomationViewSet)
router.register("data/metadata-descriptors", descriptors.MetadataDescriptorViewSet)
router.register("data/custom-actions", configuration.CustomActionViewSet)
router.register("data/plugins", configuration.PluginViewSet)
router.register("data/preview-background-files", configuration.PreviewBackgroundFileViewSet)
router.register("data/milestones", planning.MilestoneViewSet)
router.register("data/schedule-items", planning.ScheduleItemViewSet)
router.register("data/production-schedule-versions", planning.ScheduleVersionViewSet)
router.register("data/budgets", budgets.BudgetViewSet)
router.register("data/budget-entries", budgets.BudgetEntryViewSet)
router.register("data/search-filters", searches.SearchFilterViewSet)
router.register("data/search-filter-groups", searches.SearchFilterGroupViewSet)

ONE = {"get": "retrieve", "put": "update", "delete": "destroy"}
MANY = {"get": "list", "post": "create"}
LINKS = {"get": "list", "post": "add"}
PROJECT = "data/projects/<id:project_id>"
# Where a malformed id in the path is told so instead of not being found.
ANY_PROJECT = "data/projects/<str:project_id>"
TEMPLATE = "data/project-templates/<str:template_id>"

LISTS = [
    path("data/projects/open", projects.ProjectViewSet.as_view({"get": "open"})),
    path("data/projects/all", projects.ProjectViewSet.as_view({"get": "all"})),
    path("data/user/context", user.UserViewSet.as_view({"get": "context"})),
    path("data/user/projects/open", user.UserViewSet.as_view({"get": "open_projects"})),
    path("actions/task-types/reorder", configuration.TaskTypeViewSet.as_view({"post": "reorder"})),
]
TEAM = [
    path(f"{PROJECT}/team", team.TeamViewSet.as_view({"get": "members", "post": "join"})),
    path(f"{PROJECT}/team/<id:person_id>", team.TeamViewSet.as_view({"put": "give_role", "delete": "leave"})),
    path(
        f"{PROJECT}/preview-account",
        team.PreviewAccountViewSet.as_view({"get": "read", "post": "renew", "put": "switch", "delete": "close"}),
    ),
]
LINKED = {"get": "linked", "post": "add"}
SETTINGS = [
    path(f"{PROJECT}/settings/batch", settings.LinkedTaskTypeViewSet.as_view({"post": "set_many"})),
    path(f"{PROJECT}/task-types", settings.LinkedTaskTypeViewSet.as_view({"get": "linked"})),
    path(f"{PROJECT}/settings/task-types", settings.LinkedTaskTypeViewSet.as_view({"post": "add"})),
    path(f"{PROJECT}/settings/task-types/<id:linked_id>", settings.LinkedTaskTypeViewSet.as_view({"delete": "remove"})),
    path(f"{PROJECT}/settings/asset-types", settings.LinkedAssetTypeViewSet.as_view({"post": "add"})),
    path(f"{PROJECT}/settings/asset-types/<id:linked_id>", settings.LinkedAssetTypeViewSet.as_view({"delete": "remove"})),
    path(f"{PROJECT}/settings/task-status", settings.LinkedTaskStatusViewSet.as_view(LINKED)),
    path(
        f"{PROJECT}/settings/task-status/<id:linked_id>",
        settings.LinkedTaskStatusViewSet.as_view({"put": "allow_clients", "delete": "remove"}),
    ),
    path(f"{PROJECT}/settings/status-automations", settings.LinkedAutomationViewSet.as_view(LINKED)),
    path(f"{PROJECT}/settings/status-automations/<id:linked_id>", settings.LinkedAutomationViewSet.as_view({"delete": "remove"})),
    path(f"{PROJECT}/settings/preview-background-files", settings.LinkedBackgroundViewSet.as_view(LINKED)),
    path(
        f"{PROJECT}/settings/preview-background-files/<id:linked_id>",
        settings.LinkedBackgroundViewSet.as_view({"delete": "remove"}),
    ),
    path("data/task-type-links", settings.LinkOptionsViewSet.as_view({"post": "rank_type"})),
    path("data/task-status-links", settings.LinkOptionsViewSet.as_view({"post": "rank_status"})),
    path(
        "actions/projects/<id:project_id>/task-type-links/reorder",
        settings.LinkOptionsViewSet.as_view({"post": "reorder_types"}),
    ),
    path(
        "actions/projects/<id:project_id>/task-status-links/reorder",
        settings.LinkOptionsViewSet.as_view({"post": "reorder_statuses"}),
    ),
    path(f"{PROJECT}/task-type-softwares", settings.TaskTypeSoftwareViewSet.as_view({"get": "list"})),
    path(f"{PROJECT}/task-types/<str:task_type_id>/softwares", settings.TaskTypeSoftwareViewSet.as_view({"post": "add"})),
    path(
        f"{PROJECT}/task-types/<str:task_type_id>/softwares/<str:software_id>",
        settings.TaskTypeSoftwareViewSet.as_view({"delete": "remove"}),
    ),
]
DESCRIPTORS = [
    path("data/metadata-descriptors/all-projects", descriptors.SharedDescriptorViewSet.as_view({"post": "create"})),
    path(
        "data/metadata-descriptors/all-projects/<str:field_name>",
        descriptors.SharedDescriptorViewSet.as_view({"put": "update", "delete": "destroy"}),
    ),
    path(
        "actions/metadata-descriptors/all-projects/reorder",
        descriptors.SharedDescriptorViewSet.as_view({"post": "reorder"}),
    ),
    path(f"{PROJECT}/metadata-descriptors", descriptors.ProjectDescriptorViewSet.as_view(MANY)),
    path(f"{PROJECT}/metadata-descriptors/reorder", descriptors.ProjectDescriptorViewSet.as_view({"post": "reorder"})),
    path(f"{PROJECT}/metadata-descriptors/<id:pk>", descriptors.ProjectDescriptorViewSet.as_view(ONE)),
]
ITEMS = f"{PROJECT}/schedule-items"
ANY_ITEMS = "data/projects/<str:project_id>/schedule-items/<str:task_type_id>"
PLANNING = [
    path(f"{PROJECT}/milestones", planning.ProjectMilestoneViewSet.as_view({"get": "list"})),
    path(ITEMS, planning.ProjectScheduleViewSet.as_view({"get": "list"})),
    path(f"{ITEMS}/task-types", planning.ProjectScheduleViewSet.as_view({"get": "of_task_types"})),
    *(
        path(f"{ANY_ITEMS}/{kind}", planning.ProjectScheduleViewSet.as_view({"get": "of_objects"}), {"kind": kind})
        for kind in ("asset-types", "episodes", "sequences", "edits")
    ),
]
ENTRIES = f"{ANY_PROJECT}/budgets/<budget:budget_id>/entries"
BUDGETS = [
    path(f"{ANY_PROJECT}/budgets", budgets.ProjectBudgetViewSet.as_view(MANY)),
    path(f"{ANY_PROJECT}/budgets/<budget:budget_id>", budgets.ProjectBudgetViewSet.as_view(ONE)),
    path(ENTRIES, budgets.ProjectBudgetEntryViewSet.as_view(MANY)),
    path(f"{ENTRIES}/<str:entry_id>", budgets.ProjectBudgetEntryViewSet.as_view(ONE)),
]
TEMPLATE_LINKS = {
    "task-types": templates.TemplateTaskTypeViewSet,
    "task-statuses": templates.TemplateTaskStatusViewSet,
    "asset-types": templates.TemplateAssetTypeViewSet,
    "status-automations": templates.TemplateAutomationViewSet,
    "preview-background-files": templates.TemplateBackgroundViewSet,
}
TEMPLATES = [
    path(
        "data/project-templates/from-project/<id:project_id>",
        templates.ProjectTemplateViewSet.as_view({"post": "from_project"}),
    ),
    path(
        f"{PROJECT}/apply-template/<str:template_id>",
        templates.ProjectTemplateViewSet.as_view({"post": "apply"}),
    ),
    path(f"{TEMPLATE}/metadata-descriptors", templates.ProjectTemplateViewSet.as_view({"put": "set_columns"})),
    path(
        f"{TEMPLATE}/default-preview-background-file",
        templates.ProjectTemplateViewSet.as_view({"put": "set_default_background"}),
    ),
    *(path(f"{TEMPLATE}/{name}", view.as_view(LINKS)) for name, view in TEMPLATE_LINKS.items()),
    *(path(f"{TEMPLATE}/{name}/<id:linked_id>", view.as_view({"delete": "remove"})) for name, view in TEMPLATE_LINKS.items()),
    *(
        path(f"actions/project-templates/<str:template_id>/{name}/reorder", TEMPLATE_LINKS[name].as_view({"post": "reorder"}))
        for name in ("task-types", "task-statuses")
    ),
]
SEARCHES = [
    path("data/user/filters", searches.OwnSearchViewSet.as_view(MANY)),
    path("data/user/filters/<id:pk>", searches.OwnSearchViewSet.as_view({"put": "update", "delete": "destroy"})),
    path("data/user/filter-groups", searches.OwnSearchGroupViewSet.as_view(MANY)),
    path("data/user/filter-groups/<id:pk>", searches.OwnSearchGroupViewSet.as_view(ONE)),
]
# A path of many parts, so no line of the table below.
PLUGIN_FRONTEND = "plugins/<str:plugin_id>/frontend"
PLUGIN_PAGES = [
    path(PLUGIN_FRONTEND, plugins.PluginFrontendViewSet.as_view({"get": "read"})),
    path(f"{PLUGIN_FRONTEND}/<path:path>", plugins.PluginFrontendViewSet.as_view({"get": "read"})),
]

urlpatterns = [
    *LISTS,
    *TEAM,
    *SETTINGS,
    *DESCRIPTORS,
    *PLANNING,
    *BUDGETS,
    *TEMPLATES,
    *SEARCHES,
    *router.urls,
]
