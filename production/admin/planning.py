"""Back-office pages of milestones, schedules and budgets."""

from typing import Any

from django.apps import apps
from django.contrib import admin

from core.admin import RowInline, StudioAdmin, count_of, link_to, linked, list_link
from production.models import Budget, BudgetEntry, EntityType, Milestone, ProductionScheduleVersion, Project, ScheduleItem
from production.rules import budgets
from production.rules.schedule import create_item, delete_version, update_item

ENTITY = apps.get_model("assets", "Entity")


@admin.register(Milestone)
class MilestoneAdmin(StudioAdmin):
    list_display = ("name", "date", linked("project"), linked("task_type"))
    list_filter = ("project", "task_type")
    search_fields = ("name", "project__name")
    date_hierarchy = "date"
    ordering = ("-date", "name")


class TaskLinkInline(RowInline):
    model = apps.get_model("tasks", "ProductionScheduleVersionTaskLink")
    fields = ("task", "start_date", "due_date", "estimation")
    verbose_name, verbose_name_plural = "planned task", "Planned tasks"
    max_num = 500


@admin.register(ProductionScheduleVersion)
class ScheduleVersionAdmin(StudioAdmin):
    called = ("schedule version", "schedule versions")
    list_display = ("name", linked("project"), linked("source", "made from"), "locked", "canceled", "tasks")
    list_filter = ("locked", "canceled", "project")
    search_fields = ("name", "project__name")
    ordering = ("project__name", "name")
    counts = {"n_tasks": count_of(TaskLinkInline.model, "production_schedule_version")}

    def delete_by_rule(self, row: ProductionScheduleVersion, *, by: Any) -> None:
        delete_version(row, by=by)

    @admin.display(description="planned tasks", ordering="n_tasks")
    def tasks(self, version: Any) -> str:
        return list_link(TaskLinkInline.model, version.n_tasks, production_schedule_version__id__exact=version.pk)


@admin.register(ScheduleItem)
class ScheduleItemAdmin(StudioAdmin):
    list_display = ("describe", linked("project"), linked("task_type"), "start_date", "end_date", "man_days")
    list_filter = ("project", "task_type")
    search_fields = ("project__name", "task_type__name")
    date_hierarchy = "start_date"
    readonly_fields = ("subject",)
    hidden = ("object_id",)
    described_by = ("project", "task_type")
    sections = ((None, ("project", "task_type", "subject")),)

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> ScheduleItem:
        return create_item(values, by=by)

    def update_by_rule(self, row: ScheduleItem, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> ScheduleItem:
        return update_item(row, values, by=by)

    @admin.display(description="schedule item")
    def describe(self, item: ScheduleItem) -> str:
        return f"{item.task_type or 'Production'} in {item.project or 'no production'}"

    @admin.display(description="of the group")
    def subject(self, item: ScheduleItem) -> str:
        """The sequence, episode or asset type whose part of the task type is planned here."""
        rows = (model.objects.filter(pk=item.object_id).first() for model in (ENTITY, EntityType)) if item.object_id else ()
        return link_to(next((row for row in rows if row is not None), None))


class BudgetEntryInline(RowInline):
    model = BudgetEntry
    fields = ("department", "person", "position", "seniority", "start_date", "months_duration", "daily_salary")
    show_change_link = True


@admin.register(Budget)
class BudgetAdmin(StudioAdmin):
    list_display = ("name", linked("project"), "revision", "currency", "entries")
    list_filter = ("project", "currency")
    search_fields = ("name", "project__name")
    ordering = ("project__name", "name", "revision")
    inlines = (BudgetEntryInline,)
    readonly_fields = ("revision",)
    fixed = ("project",)
    takes_along = True
    counts = {"n_entries": count_of(BudgetEntry, "budget")}

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Budget:
        return budgets.create_budget(
            Project.objects.get(pk=values["project_id"]), name=values["name"], currency=values.get("currency"), by=by
        )

    def update_by_rule(self, row: Budget, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Budget:
        return budgets.update_budget(row, name=values.get("name"), currency=values.get("currency"), by=by)

    def delete_by_rule(self, row: Budget, *, by: Any) -> None:
        budgets.delete_budget(row, by=by)

    @admin.display(description="entries", ordering="n_entries")
    def entries(self, budget: Any) -> str:
        return list_link(BudgetEntry, budget.n_entries, budget__id__exact=budget.pk)


@admin.register(BudgetEntry)
class BudgetEntryAdmin(StudioAdmin):
    called = ("budget entry", "budget entries")
    list_display = (
        "describe",
        linked("budget"),
        linked("department"),
        "position",
        "seniority",
        "start_date",
        "months_duration",
        "daily_salary",
    )
    list_filter = ("department", "position", "seniority")
    list_select_related = ("budget", "department", "person")
    search_fields = ("person__first_name", "person__last_name", "budget__name", "department__name")
    date_hierarchy = "start_date"
    described_by = ("person", "department")
    fixed = ("budget",)

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> BudgetEntry:
        own = {name: value for name, value in values.items() if name != "budget_id"}
        return budgets.create_entry(Budget.objects.get(pk=values["budget_id"]), own, by=by)

    def update_by_rule(self, row: BudgetEntry, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> BudgetEntry:
        return budgets.replace_entry(row, values, by=by)

    def delete_by_rule(self, row: BudgetEntry, *, by: Any) -> None:
        budgets.delete_entry(row, by=by)

    @admin.display(description="for")
    def describe(self, entry: BudgetEntry) -> str:
        return str(entry.person or f"{entry.department} {entry.position or ''}".strip())
