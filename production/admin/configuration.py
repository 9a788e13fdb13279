"""Back-office pages of the studio configuration that productions are made of."""

from typing import Any

from django.apps import apps
from django.contrib import admin

from core.admin import StudioAdmin, count_of, linked, list_link, picture, swatch
from production.models import (
    CustomAction,
    EntityType,
    MetadataDescriptor,
    Plugin,
    PreviewBackgroundFile,
    Project,
    SearchFilter,
    SearchFilterGroup,
    StatusAutomation,
    TaskStatus,
    TaskType,
)
from production.plugins.loading import loaded
from production.rules import configuration as rules
from production.rules.descriptors import create_descriptor, delete_descriptor, update_descriptor

ENTITY, TASK = apps.get_model("assets", "Entity"), apps.get_model("tasks", "Task")


@admin.register(EntityType)
class EntityTypeAdmin(StudioAdmin):
    list_display = ("name", "short_name", "description", "archived", "entities")
    list_filter = ("archived",)
    search_fields = ("name", "short_name")
    ordering = ("name",)
    counts = {"n_entities": count_of(ENTITY, "entity_type")}
    stem = "asset-type"

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> EntityType:
        return rules.create_entity_type(values, relations=relations, by=by)

    def delete_by_rule(self, row: EntityType, *, by: Any) -> None:
        rules.delete_entity_type(row, by=by)

    @admin.display(description="in use", ordering="n_entities")
    def entities(self, entity_type: Any) -> str:
        return list_link(ENTITY, entity_type.n_entities, entity_type__id__exact=entity_type.pk)


@admin.register(TaskType)
class TaskTypeAdmin(StudioAdmin):
    list_display = (
        "name",
        "short_name",
        "for_entity",
        linked("department"),
        "shade",
        "priority",
        "allow_timelog",
        "archived",
        "tasks",
    )
    list_filter = ("for_entity", "department", "archived", "allow_timelog")
    search_fields = ("name", "short_name")
    ordering = ("for_entity", "priority", "name")
    counts = {"n_tasks": count_of(TASK, "task_type")}

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> TaskType:
        return rules.create_task_type(values, by=by)

    def update_by_rule(self, row: TaskType, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> TaskType:
        return rules.update_task_type(row, values, by=by)

    def delete_by_rule(self, row: TaskType, *, by: Any) -> None:
        rules.delete_task_type(row, force=False, by=by)

    def describe(self, task_type: TaskType) -> str:
        return f"{task_type.name} ({task_type.for_entity})" if task_type.for_entity else task_type.name

    @admin.display(description="colour", ordering="color")
    def shade(self, task_type: TaskType) -> str:
        return swatch(task_type.color)

    @admin.display(description="tasks", ordering="n_tasks")
    def tasks(self, task_type: Any) -> str:
        return list_link(TASK, task_type.n_tasks, task_type__id__exact=task_type.pk)


@admin.register(TaskStatus)
class TaskStatusAdmin(StudioAdmin):
    called = ("task status", "task statuses")
    list_display = (
        "name",
        "short_name",
        "shade",
        "priority",
        "is_default",
        "is_wip",
        "is_feedback_request",
        "is_retake",
        "is_done",
        "tasks",
    )
    list_filter = ("archived", "is_done", "is_retake", "is_feedback_request", "is_wip", "for_concept")
    search_fields = ("name", "short_name")
    ordering = ("priority", "name")
    counts = {"n_tasks": count_of(TASK, "task_status")}

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> TaskStatus:
        return rules.create_task_status(values, by=by)

    def update_by_rule(self, row: TaskStatus, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> TaskStatus:
        return rules.update_task_status(row, values, by=by)

    @admin.display(description="colour", ordering="color")
    def shade(self, status: TaskStatus) -> str:
        return swatch(status.color)

    @admin.display(description="tasks", ordering="n_tasks")
    def tasks(self, status: Any) -> str:
        return list_link(TASK, status.n_tasks, task_status__id__exact=status.pk)


@admin.register(StatusAutomation)
class StatusAutomationAdmin(StudioAdmin):
    list_display = ("describe", "entity_type", "out_field_type", "import_last_revision", "archived")
    list_filter = ("entity_type", "out_field_type", "archived")
    search_fields = ("in_task_type__name", "in_task_status__name", "out_task_type__name", "out_task_status__name")
    described_by = ("in_task_type", "in_task_status", "out_task_type", "out_task_status")

    @admin.display(description="automation")
    def describe(self, row: StatusAutomation) -> str:
        cause = f"{row.in_task_type or 'Any task'} is {row.in_task_status or 'changed'}"
        if row.out_field_type == "ready_for":
            return f"{cause} → ready for {row.out_task_type or '?'}"
        return f"{cause} → {row.out_task_type or '?'} becomes {row.out_task_status or '?'}"

    def delete_by_rule(self, row: StatusAutomation, *, by: Any) -> None:
        rules.delete_automation(row, by=by)


@admin.register(MetadataDescriptor)
class MetadataDescriptorAdmin(StudioAdmin):
    called = ("metadata column", "metadata columns")
    list_display = (
        "name",
        "field_name",
        linked("project"),
        "entity_type",
        linked("task_type"),
        "data_type",
        "for_client",
        "position",
    )
    list_filter = ("entity_type", "data_type", "for_client", "project")
    search_fields = ("name", "field_name", "project__name")
    ordering = ("project__name", "entity_type", "position", "name")
    readonly_fields = ("field_name", "position")
    fixed = ("project", "entity_type", "task_type")

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> MetadataDescriptor:
        departments = [str(pk) for pk in relations.get("departments", ())]
        task_type_id = values.get("task_type_id") and str(values["task_type_id"])
        wanted = {name: values.get(name) for name in ("name", "entity_type", "data_type", "choices", "for_client")}
        column: Any = {**wanted, "choices": wanted["choices"] or [], "task_type_id": task_type_id, "departments": departments}
        return create_descriptor(Project.objects.get(pk=values["project_id"]), column, by=by)

    def update_by_rule(self, row: Any, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> MetadataDescriptor:
        wanted = {name: values.get(name, getattr(row, name)) for name in ("name", "data_type", "choices", "for_client")}
        departments = relations.get("departments", list(row.departments.values_list("pk", flat=True)))
        return update_descriptor(row, **{**wanted, "choices": wanted["choices"] or []}, departments=departments, by=by)

    def delete_by_rule(self, row: MetadataDescriptor, *, by: Any) -> None:
        delete_descriptor(row, by=by)


@admin.register(SearchFilterGroup)
class SearchFilterGroupAdmin(StudioAdmin):
    list_display = (
        "name",
        "list_type",
        "entity_type",
        "shade",
        "is_shared",
        linked("person", order="person__last_name"),
        linked("project"),
    )
    list_filter = ("list_type", "is_shared", "project")
    search_fields = ("name", "person__first_name", "person__last_name")

    @admin.display(description="colour", ordering="color")
    def shade(self, group: SearchFilterGroup) -> str:
        return swatch(group.color)


@admin.register(SearchFilter)
class SearchFilterAdmin(StudioAdmin):
    list_display = (
        "name",
        "search_query",
        "list_type",
        "is_shared",
        linked("person", order="person__last_name"),
        linked("project"),
    )
    list_filter = ("list_type", "is_shared", "project")
    search_fields = ("name", "search_query", "person__first_name", "person__last_name")


@admin.register(CustomAction)
class CustomActionAdmin(StudioAdmin):
    list_display = ("name", "url", "entity_type", "is_ajax")
    list_filter = ("entity_type", "is_ajax")
    search_fields = ("name", "url")


@admin.register(Plugin)
class PluginAdmin(StudioAdmin):
    list_display = (
        "name",
        "plugin_id",
        "version",
        "runs",
        "maintainer_name",
        "frontend_project_enabled",
        "frontend_studio_enabled",
    )
    list_filter = ("frontend_project_enabled", "frontend_studio_enabled")
    search_fields = ("name", "plugin_id", "maintainer_name")

    @admin.display(boolean=True, description="loaded")
    def runs(self, plugin: Plugin) -> bool:
        """This server loaded it, in this version, when it started."""
        running = loaded.get(plugin.plugin_id)
        return running is not None and running.manifest.version == plugin.version


@admin.register(PreviewBackgroundFile)
class PreviewBackgroundFileAdmin(StudioAdmin):
    called = ("preview background", "preview backgrounds")
    list_display = ("name", "thumbnail", "is_default", "archived", "original_name", "file_size", "projects")
    list_filter = ("is_default", "archived")
    search_fields = ("name", "original_name")
    readonly_fields = ("thumbnail", "original_name", "extension", "file_size")
    counts = {"n_projects": count_of(Project.preview_background_files.through, "previewbackgroundfile")}

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> PreviewBackgroundFile:
        return rules.create_background(values, by=by)

    def update_by_rule(
        self, row: PreviewBackgroundFile, values: dict[str, Any], relations: dict[str, Any], *, by: Any
    ) -> PreviewBackgroundFile:
        return rules.update_background(row, values, by=by)

    def delete_by_rule(self, row: PreviewBackgroundFile, *, by: Any) -> None:
        rules.delete_background(row, by=by)

    @admin.display(description="picture")
    def thumbnail(self, background: PreviewBackgroundFile) -> str:
        return picture("preview-background-files", background, exists=background.extension, text=background.name)

    @admin.display(description="productions", ordering="n_projects")
    def projects(self, background: Any) -> int:
        return background.n_projects
