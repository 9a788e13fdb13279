"""Back-office pages of productions, their templates, and what both are linked with."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from core.admin import RowInline, StudioAdmin, UnlistedAdmin, count_of, joined, linked, list_link, picture, swatch
from core.rules import set_relations
from core.signals import files_weighed
from core.transactions import whole_step
from production.jobs import delete_with_contents
from production.models import (
    Budget,
    MetadataDescriptor,
    Milestone,
    Project,
    ProjectPersonLink,
    ProjectStatus,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTaskTypeSoftwareLink,
    ProjectTemplate,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
    ScheduleItem,
)
from production.querysets import CLOSED, OPEN, TEMPORAL_TYPES
from production.rules.formats import with_formats
from production.rules.links import drop_link, store_link
from production.rules.projects import create_project, refuse_open, update_project
from production.rules.team import give_role, join_team, leave_team
from production.rules.templates import create_template, delete_template, update_template

ENTITY, TASK = apps.get_model("assets", "Entity"), apps.get_model("tasks", "Task")
CONTENTS = (ENTITY, TASK, apps.get_model("playlists", "Playlist"), ScheduleItem, Milestone, Budget, MetadataDescriptor)
BITRATES = ("hd_bitrate_compression", "ld_bitrate_compression")
CLIENT_FLAGS = (
    "is_clients_isolated",
    "is_client_stats_visible",
    "is_client_task_list_visible",
    "is_client_task_panel_visible",
)
REVIEW_FLAGS = (
    "is_preview_download_allowed",
    "is_set_preview_automated",
    "is_publish_default_for_artists",
    "is_single_preview_per_revision",
    "is_frame_in_numbering",
    "revision_padding",
    "max_retakes",
    BITRATES,
)


class TeamInline(RowInline):
    model = ProjectPersonLink
    fields = ("person", "role")
    verbose_name, verbose_name_plural = "member", "Team"


class TaskTypeInline(RowInline):
    model = ProjectTaskTypeLink
    fields = ("task_type", "priority", "is_client_visible", *BITRATES)
    verbose_name, verbose_name_plural = "task type", "Task types"


class TaskStatusInline(RowInline):
    model = ProjectTaskStatusLink
    fields = ("task_status", "priority", "is_client_allowed", "roles_for_board")
    verbose_name, verbose_name_plural = "task status", "Task statuses"


class DescriptorInline(RowInline):
    model = MetadataDescriptor
    fields = ("name", "entity_type", "task_type", "data_type", "choices", "for_client")
    verbose_name, verbose_name_plural = "metadata column", "Metadata columns"
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Columns hold values already: they are changed on their own page, where what stays fixed is seen."""
        return False


class MilestoneInline(RowInline):
    model = Milestone
    fields = ("date", "name", "task_type")


class BudgetInline(RowInline):
    model = Budget
    fields = ("name", "revision", "currency")
    readonly_fields = ("revision",)
    show_change_link = True


@admin.register(Project)
class ProjectAdmin(StudioAdmin):
    called = ("production", "productions")
    large = True
    list_display = (
        "name",
        "code",
        "avatar",
        "status",
        "production_type",
        "start_date",
        "end_date",
        "team_size",
        "assets",
        "shots",
        "tasks",
    )
    list_filter = ("project_status", "production_type", "production_style")
    list_select_related = ("project_status",)
    search_fields = ("name", "code")
    date_hierarchy = "start_date"
    ordering = ("name",)
    actions = ("close", "reopen")
    inlines = (TeamInline, TaskTypeInline, TaskStatusInline, DescriptorInline, MilestoneInline, BudgetInline)
    hidden = ("has_avatar",)
    readonly_fields = ("avatar", "contents", "storage", "shotgun_id")
    counts = {
        "n_team": count_of(ProjectPersonLink, "project"),
        "n_entities": count_of(ENTITY, "project"),
        "n_temporal": count_of(ENTITY, "project", entity_type__name__in=TEMPORAL_TYPES),
        "n_shots": count_of(ENTITY, "project", entity_type__name="Shot"),
        "n_tasks": count_of(TASK, "project"),
    }
    sections = (
        (None, ("name", "code", "project_status", "description", "avatar", "contents", "storage")),
        ("Calendar", (("start_date", "end_date"), "man_days", "nb_episodes", "episode_span")),
        ("Form", ("production_type", "production_style", "fps", "ratio", "resolution", "homepage")),
        ("Clients", CLIENT_FLAGS),
        ("Review", REVIEW_FLAGS),
    )

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Project:
        return create_project(with_formats(values), relations=relations, by=by)

    def update_by_rule(self, row: Project, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Project:
        return update_project(row, with_formats(values, row), relations=relations, by=by)

    def delete_by_rule(self, row: Project, *, by: Any) -> None:
        refuse_open(row)
        delete_with_contents(row, by=by)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # Counted, since what a production holds is far too much to be read and named.
        projects = list(objs)
        counts = {self.opts.verbose_name_plural: len(projects)}
        for model in CONTENTS:
            counts[model._meta.verbose_name_plural] = model.objects.filter(project__in=projects).count()
        return [str(project) for project in projects], counts, set(), []

    @admin.display(description="status", ordering="project_status__name")
    def status(self, project: Project) -> str:
        return str(project.project_status or self.empty_value_display)

    @admin.display(description="picture")
    def avatar(self, project: Project) -> str:
        return picture("projects", project, exists=project.has_avatar, text=project.name)

    @admin.display(description="team", ordering="n_team")
    def team_size(self, project: Any) -> int:
        return project.n_team

    @admin.display(description="assets")
    def assets(self, project: Any) -> str:
        return list_link(ENTITY, project.n_entities - project.n_temporal, project__id__exact=project.pk, kind="asset")

    @admin.display(description="shots", ordering="n_shots")
    def shots(self, project: Any) -> str:
        return list_link(ENTITY, project.n_shots, project__id__exact=project.pk, kind="shot")

    @admin.display(description="tasks", ordering="n_tasks")
    def tasks(self, project: Any) -> str:
        return list_link(TASK, project.n_tasks, project__id__exact=project.pk)

    @admin.display(description="contents")
    def contents(self, project: Project) -> str:
        if project._state.adding:
            return self.empty_value_display
        lists = [
            (ENTITY, "Assets", {"kind": "asset"}),
            (ENTITY, "Shots", {"kind": "shot"}),
            (TASK, "Tasks", {}),
            (apps.get_model("playlists", "Playlist"), "Playlists", {}),
            (ScheduleItem, "Schedule", {}),
            (apps.get_model("events", "ApiEvent"), "Events", {}),
        ]
        links = (list_link(model, text, project__id__exact=project.pk, **narrowed) for model, text, narrowed in lists)
        return joined(links)

    @admin.display(description="stored files")
    def storage(self, project: Project) -> str:
        if project._state.adding:
            return self.empty_value_display
        kinds = [kind for _, kinds in files_weighed.send(Project, project_ids=[project.pk]) for kind in kinds.items()]
        sizes = [(name, by_project.get(project.pk, 0)) for name, by_project in kinds]
        parts = joined(f"{filesizeformat(size)} of {name}" for name, size in sizes)
        return format_html("{} ({})", filesizeformat(sum(size for _, size in sizes)), parts)

    @admin.action(description="Close the chosen productions")
    def close(self, request: HttpRequest, queryset: Any) -> None:
        self.give_status(request, queryset, CLOSED)

    @admin.action(description="Reopen the chosen productions")
    def reopen(self, request: HttpRequest, queryset: Any) -> None:
        self.give_status(request, queryset, OPEN)

    def give_status(self, request: HttpRequest, queryset: Any, name: str) -> None:
        """Gives the chosen productions a status, each by its rule."""
        status, _ = ProjectStatus.objects.get_or_create(name=name, defaults={"color": "#000000"})
        projects = list(queryset.exclude(project_status=status).order_by("name"))
        for project in projects:
            self.update_by_rule(project, {"project_status_id": status.pk}, {}, by=request.user)
        messages.success(request, f"{name}: {len(projects)} of {queryset.count()} productions changed.")


class TemplateTaskTypeInline(RowInline):
    model = ProjectTemplateTaskTypeLink
    fields = ("task_type", "priority", "is_client_visible", *BITRATES)
    verbose_name, verbose_name_plural = "task type", "Task types"


class TemplateTaskStatusInline(RowInline):
    model = ProjectTemplateTaskStatusLink
    fields = ("task_status", "priority", "is_client_allowed", "roles_for_board")
    verbose_name, verbose_name_plural = "task status", "Task statuses"


@admin.register(ProjectTemplate)
class ProjectTemplateAdmin(StudioAdmin):
    called = ("production template", "production templates")
    list_display = ("name", "production_type", "production_style", "fps", "resolution", "task_types", "task_statuses")
    list_filter = ("production_type", "production_style")
    search_fields = ("name", "description")
    ordering = ("name",)
    inlines = (TemplateTaskTypeInline, TemplateTaskStatusInline)
    counts = {
        "n_task_types": count_of(ProjectTemplateTaskTypeLink, "project_template"),
        "n_task_statuses": count_of(ProjectTemplateTaskStatusLink, "project_template"),
    }
    sections = (
        (None, ("name", "description")),
        ("Form", ("production_type", "production_style", "fps", "ratio", "resolution", "homepage")),
        ("Clients", CLIENT_FLAGS),
        ("Review", REVIEW_FLAGS),
    )

    @whole_step()
    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> ProjectTemplate:
        template = create_template(with_formats(values), by=by)
        set_relations(template, relations)
        return template

    def update_by_rule(
        self, row: ProjectTemplate, values: dict[str, Any], relations: dict[str, Any], *, by: Any
    ) -> ProjectTemplate:
        return update_template(row, with_formats(values, row), relations=relations, by=by)

    def delete_by_rule(self, row: ProjectTemplate, *, by: Any) -> None:
        delete_template(row, by=by)

    @admin.display(description="task types", ordering="n_task_types")
    def task_types(self, template: Any) -> int:
        return template.n_task_types

    @admin.display(description="task statuses", ordering="n_task_statuses")
    def task_statuses(self, template: Any) -> int:
        return template.n_task_statuses


@admin.register(ProjectStatus)
class ProjectStatusAdmin(StudioAdmin):
    called = ("production status", "production statuses")
    list_display = ("name", "shade", "projects")
    search_fields = ("name",)
    ordering = ("name",)
    counts = {"n_projects": count_of(Project, "project_status")}

    @admin.display(description="colour", ordering="color")
    def shade(self, status: ProjectStatus) -> str:
        return swatch(status.color)

    @admin.display(description="productions", ordering="n_projects")
    def projects(self, status: Any) -> str:
        return list_link(Project, status.n_projects, project_status__id__exact=status.pk)


class LinkAdmin(UnlistedAdmin):
    """A link of a production or template: what is told is that its owner changed."""

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Any:
        return store_link(self.model(), values, by=by)

    def update_by_rule(self, row: Any, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Any:
        return store_link(row, values, by=by)

    def delete_by_rule(self, row: Any, *, by: Any) -> None:
        drop_link(row, by=by)


@admin.register(ProjectPersonLink)
class TeamLinkAdmin(UnlistedAdmin):
    called = ("team member", "team members")
    fixed = ("project", "person")
    list_display = ("person", "role", linked("project"), "created_at")
    list_display_links = ("person",)
    list_filter = ("role", "project")
    search_fields = ("person__first_name", "person__last_name", "project__name")
    described_by = ("person", "project")

    def describe(self, link: ProjectPersonLink) -> str:
        return f"{link.person} in {link.project}"

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> ProjectPersonLink:
        project = Project.objects.get(pk=values["project_id"])
        join_team(project, str(values["person_id"]), role=values.get("role"), by=by)
        return ProjectPersonLink.objects.get(project=project, person_id=values["person_id"])

    @whole_step()
    def update_by_rule(self, row: Any, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> ProjectPersonLink:
        if set(values) != {"role"}:  # in the team's list another person, or another production, took this line
            leave_team(row.project, row.person_id, by=by)
            kept = {"project_id": row.project_id, "person_id": row.person_id, "role": row.role}
            return self.create_by_rule({**kept, **values}, relations, by=by)
        give_role(row.project, row.person_id, role=values["role"], by=by)
        return ProjectPersonLink.objects.get(pk=row.pk)

    def delete_by_rule(self, row: ProjectPersonLink, *, by: Any) -> None:
        leave_team(row.project, row.person_id, by=by)


@admin.register(ProjectTaskTypeLink)
class TaskTypeLinkAdmin(LinkAdmin):
    list_display = ("task_type", linked("project"), "priority", "is_client_visible")
    list_filter = ("project", "task_type")
    search_fields = ("project__name", "task_type__name")


@admin.register(ProjectTaskStatusLink)
class TaskStatusLinkAdmin(LinkAdmin):
    list_display = ("task_status", linked("project"), "priority", "is_client_allowed")
    list_filter = ("project", "task_status")
    search_fields = ("project__name", "task_status__name")


@admin.register(ProjectTemplateTaskTypeLink)
class TemplateTaskTypeLinkAdmin(LinkAdmin):
    list_display = ("task_type", linked("project_template"), "priority", "is_client_visible")
    list_filter = ("project_template", "task_type")
    search_fields = ("project_template__name", "task_type__name")


@admin.register(ProjectTemplateTaskStatusLink)
class TemplateTaskStatusLinkAdmin(LinkAdmin):
    list_display = ("task_status", linked("project_template"), "priority", "is_client_allowed")
    list_filter = ("project_template", "task_status")
    search_fields = ("project_template__name", "task_status__name")


@admin.register(ProjectTaskTypeSoftwareLink)
class SoftwareLinkAdmin(LinkAdmin):
    list_display = ("software", linked("task_type"), linked("project"))
    list_filter = ("project", "task_type", "software")
    search_fields = ("project__name", "task_type__name", "software__name")
