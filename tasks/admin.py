"""Back-office pages of tasks, what is said about them, the time spent on them, and who is told."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.text import Truncator

from core.admin import (
    NewestInline,
    ReadOnlyAdmin,
    RowInline,
    StudioAdmin,
    colored,
    count_of,
    described,
    link_to,
    linked,
    list_link,
    named_subject,
    panel,
    picture,
    subject_name,
    with_emptied_keys,
)
from core.errors import RowRefused
from core.models import now
from tasks.jobs import send_again
from tasks.models import (
    Comment,
    FailedMessage,
    News,
    Notification,
    ProductionScheduleVersionTaskLink,
    Subscription,
    Task,
    TimeSpent,
)
from tasks.rules.comment_changes import delete_comment, edit_comment
from tasks.rules.tasks import create_task, delete_task, update_task
from tasks.rules.time_spents import create_time_spent, delete_time_spent, update_time_spent

ENTITIES = apps.get_model("assets", "Entity")
COMMENTS_SHOWN = 30
PERSON, ENTITY = "person__last_name", "task__entity__name"


def hours(minutes: float | None) -> str:
    """Minutes as people read them."""
    return f"{(minutes or 0) / 60:.1f} h"


def brief(text: str | None) -> str:
    """The beginning of a text."""
    return Truncator(" ".join((text or "").split())).chars(80) or "(no text)"


class TimeSpentInline(RowInline):
    model = TimeSpent
    fields = ("date", "person", "duration")
    verbose_name, verbose_name_plural = "time spent", "Time spent, in minutes"


class PreviewInline(NewestInline):
    model = apps.get_model("files", "PreviewFile")
    fields = ("thumbnail", "revision", "position", "original_name", "status", "validation_status", "person", "created_at")
    readonly_fields = fields
    verbose_name_plural = "Newest previews"

    @admin.display(description="picture")
    def thumbnail(self, preview: Any) -> str:
        return picture("preview-files", preview, exists=preview.status == "ready", text=preview.original_name or "")


class DueFilter(admin.SimpleListFilter):
    """Tasks by when they are due; late ones are those not done."""

    title, parameter_name = "due", "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", "Late"), ("week", "Within a week"), ("none", "No due date")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "late":
            return queryset.filter(due_date__lt=now()).exclude(task_status__is_done=True)
        if self.value() == "week":
            return queryset.filter(due_date__gte=now(), due_date__lt=now() + timedelta(days=7))
        return queryset.filter(due_date=None) if self.value() == "none" else queryset


@admin.register(Task)
class TaskAdmin(StudioAdmin):
    large = True
    list_display = (
        "describe",
        linked("project"),
        "status",
        "people",
        "due_date",
        "planned",
        "worked",
        "comments",
    )
    list_filter = ("project", "task_type", "task_status", DueFilter)
    list_select_related = ("task_status",)
    search_fields = ("entity__name", "name", "assignees__first_name", "assignees__last_name")
    ordering = ("-updated_at",)
    inlines = (TimeSpentInline, PreviewInline)
    described_by = ("entity__parent", "task_type")
    hidden = ("last_preview_file_id",)
    counts = {"n_comments": count_of(Comment, "object_id")}
    readonly_fields = (
        "discussion",
        "duration",
        "retake_count",
        "real_start_date",
        "end_date",
        "done_date",
        "last_comment_date",
        "nb_assets_ready",
        "shotgun_id",
    )
    sections = (
        (None, ("project", "entity", "task_type", "name", "task_status", "priority", "difficulty", "description")),
        ("People", ("assignees", "assigner")),
        ("Plan", (("start_date", "due_date"), "estimation", "duration", "nb_drawings")),
        ("Progress", ("completion_rate", "retake_count", "real_start_date", "end_date", "done_date", "last_comment_date")),
        ("Comments", ("discussion",)),
    )

    fixed = ("project",)

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Task:
        entity = ENTITIES.objects.select_related("entity_type").filter(pk=values["entity_id"]).first()
        if entity is None or values["task_type_id"] is None:
            raise RowRefused("A task needs an entity and a task type.")
        if values["project_id"] not in (None, entity.project_id):
            raise RowRefused("The task and its entity must be in the same production.")
        values = {**values, "project_id": entity.project_id}
        return create_task(values, assignees=relations.get("assignees", ()), entity=entity, by=by)

    def update_by_rule(self, row: Task, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Task:
        return update_task(row.pk, with_emptied_keys(values, row), assignees=relations.get("assignees"), by=by)

    def delete_by_rule(self, row: Task, *, by: Any) -> None:
        delete_task(row, by=by)

    @admin.display(description="task", ordering="entity__name")
    def describe(self, task: Task) -> str:
        entity, task_type = task.entity, task.task_type
        places = [part.name for part in (entity and entity.parent, entity) if part is not None]
        return f"{' / '.join(places) or task.name} · {task_type.name if task_type else 'no task type'}"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("assignees")

    @admin.display(description="status", ordering="task_status__name")
    def status(self, task: Task) -> str:
        status = task.task_status
        return self.empty_value_display if status is None else colored(status.color, status.name)

    @admin.display(description="assignees")
    def people(self, task: Task) -> str:
        return ", ".join(str(person) for person in task.assignees.all()) or self.empty_value_display

    @admin.display(description="estimation", ordering="estimation")
    def planned(self, task: Task) -> str:
        return hours(task.estimation)

    @admin.display(description="time spent", ordering="duration")
    def worked(self, task: Task) -> str:
        return hours(task.duration)

    @admin.display(description="comments", ordering="n_comments")
    def comments(self, task: Any) -> str:
        return list_link(Comment, task.n_comments, object_id=task.pk)

    @admin.display(description="newest comments")
    def discussion(self, task: Task) -> str:
        """The newest comments; all of them are a list page away."""
        if task._state.adding:
            return self.empty_value_display
        newest = Comment.objects.filter(object_id=task.pk).select_related("person", "task_status").order_by("-created_at")
        rows = [
            (link_to(c, f"{c.created_at:%Y-%m-%d %H:%M}"), c.person, c.task_status or self.empty_value_display, brief(c.text))
            for c in newest[:COMMENTS_SHOWN]
        ]
        return panel(("When", "Who", "Status", "Text"), rows)


@admin.register(Comment)
class CommentAdmin(StudioAdmin):
    large = True
    list_display = (
        "describe",
        "subject",
        linked("person", order=PERSON),
        "task_status",
        "for_client",
        "pinned",
        "created_at",
    )
    list_filter = ("task_status", "for_client", "pinned", "created_at")
    search_fields = ("text", "person__first_name", "person__last_name")
    ordering = ("-created_at",)
    hidden = ("object_id", "object_type")
    readonly_fields = (
        "subject",
        "person",
        "editor",
        "preview_file",
        "task_status",
        "shotgun_id",
        "mentions",
        "department_mentions",
    )
    sections = ((None, ("subject", "person", "task_status", "text", "checklist", "pinned", "for_client")),)

    takes_along = True

    def update_by_rule(self, row: Comment, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Comment:
        return edit_comment(row.pk, values, relations=relations, by=by)

    def delete_by_rule(self, row: Comment, *, by: Any) -> None:
        delete_comment(row.pk, by=by)

    @admin.display(description="comment", ordering="text")
    def describe(self, comment: Comment) -> str:
        return brief(comment.text)

    def get_queryset(self, request: HttpRequest) -> Any:
        """The comments, each with its task's name."""
        return super().get_queryset(request).annotate(**subject_name(Task, "object_id", "entity__name", "task_type__name"))

    @admin.display(description="task", ordering="subject_1")
    def subject(self, comment: Any) -> str:
        return named_subject(Task, comment)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments are written where people work: they change statuses and tell people."""
        return False


@admin.register(TimeSpent)
class TimeSpentAdmin(StudioAdmin):
    called = ("time spent", "time spent")
    list_display = (
        "describe",
        linked("person", order=PERSON),
        linked("task", order=ENTITY),
        "date",
        "worked",
    )
    list_filter = ("date", "task__project", "task__task_type")
    list_select_related = ("person", "task__entity__parent", "task__task_type")
    search_fields = ("person__first_name", "person__last_name", "task__entity__name")
    date_hierarchy = "date"
    ordering = ("-date",)
    described_by = ("person",)

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> TimeSpent:
        return create_time_spent(values, by=by)

    def update_by_rule(self, row: TimeSpent, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> TimeSpent:
        return update_time_spent(row, values, by=by)

    def delete_by_rule(self, row: TimeSpent, *, by: Any) -> None:
        delete_time_spent(row, by=by)

    @admin.display(description="time spent", ordering="date")
    def describe(self, row: TimeSpent) -> str:
        return f"{row.person or 'Nobody'}, {row.date}"

    @admin.display(description="duration", ordering="duration")
    def worked(self, row: TimeSpent) -> str:
        return hours(row.duration)


@admin.register(ProductionScheduleVersionTaskLink)
class ScheduleTaskLinkAdmin(StudioAdmin):
    called = ("planned task", "planned tasks")
    list_display = ("describe", linked("production_schedule_version", "version"), "start_date", "due_date", "planned")
    list_filter = ("production_schedule_version__project", "production_schedule_version")
    search_fields = ("task__entity__name", "production_schedule_version__name")
    list_select_related = ("task__entity__parent", "task__task_type", "production_schedule_version")
    described_by = ("task__entity__parent", "task__task_type")

    @admin.display(description="planned task", ordering="task__entity__name")
    def describe(self, link: ProductionScheduleVersionTaskLink) -> str:
        return described(link.task)

    @admin.display(description="estimation", ordering="estimation")
    def planned(self, link: ProductionScheduleVersionTaskLink) -> str:
        return hours(link.estimation)


@admin.register(News)
class NewsAdmin(ReadOnlyAdmin):
    list_display = (
        "describe",
        linked("author", order="author__last_name"),
        linked("task", order=ENTITY),
        "change",
        "created_at",
    )
    list_filter = ("task__project", "change", "created_at")
    list_select_related = ("author", "comment", "task__entity__parent", "task__task_type")
    search_fields = ("comment__text", "author__first_name", "author__last_name")
    ordering = ("-created_at",)
    described_by = ("comment",)

    @admin.display(description="news")
    def describe(self, news: News) -> str:
        return brief(news.comment.text if news.comment else None)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    deletable = True
    hidden = ("reply_id",)
    list_display = (
        "describe",
        linked("person", "for", order=PERSON),
        linked("author", order="author__last_name"),
        linked("task", order=ENTITY),
        "read",
        "created_at",
    )
    list_filter = ("notification_type", "read", "created_at")
    list_select_related = ("person", "author", "task__entity__parent", "task__task_type")
    search_fields = ("person__first_name", "person__last_name", "author__first_name", "author__last_name")
    ordering = ("-created_at",)

    @admin.display(description="notification", ordering="notification_type")
    def describe(self, notification: Notification) -> str:
        return notification.get_notification_type_display()


@admin.register(FailedMessage)
class FailedMessageAdmin(ReadOnlyAdmin):
    called = ("failed message", "failed messages")
    deletable = True
    list_display = (
        "describe",
        "way",
        linked("notification__person", "to", order="notification__person__last_name"),
        "reason",
        "updated_at",
    )
    list_filter = ("way", "updated_at")
    list_select_related = ("notification__person",)
    search_fields = ("reason", "notification__person__first_name", "notification__person__last_name")
    ordering = ("-updated_at",)
    actions = ("send",)

    @admin.display(description="message", ordering="notification__notification_type")
    def describe(self, message: FailedMessage) -> str:
        return message.notification.get_notification_type_display()

    @admin.action(description="Send the chosen messages again")
    def send(self, request: HttpRequest, queryset: Any) -> None:
        """Tries them anew."""
        count = send_again(queryset)
        messages.success(request, f"{count} messages are tried again.")


@admin.register(Subscription)
class SubscriptionAdmin(StudioAdmin):
    list_display = (
        "describe",
        linked("person", order=PERSON),
        linked("task", order=ENTITY),
        linked("entity"),
        linked("task_type"),
    )
    list_filter = ("task_type",)
    list_select_related = ("person", "task__entity__parent", "task__task_type", "entity__project", "entity__parent", "task_type")
    search_fields = ("person__first_name", "person__last_name", "entity__name", "task__entity__name")
    described_by = ("person",)

    @admin.display(description="subscription", ordering="person__last_name")
    def describe(self, subscription: Subscription) -> str:
        return f"{subscription.person} follows"
