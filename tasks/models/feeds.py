"""News of productions, notifications of people, and subscriptions."""

from django.db import models

from core.fields import CodeField, coded
from core.models import BaseModel


class News(BaseModel):
    """A comment in the feed of its production; `change` tells that it changed the status of the task."""

    held_by = "task"

    change = models.BooleanField(default=False)
    author = models.ForeignKey("people.Person", models.PROTECT, related_name="news")
    comment = models.ForeignKey("tasks.Comment", models.PROTECT, null=True, blank=True, related_name="news")
    task = models.ForeignKey("tasks.Task", models.PROTECT, related_name="news")
    preview_file = models.ForeignKey("files.PreviewFile", models.PROTECT, null=True, blank=True, related_name="news")

    class Meta(BaseModel.Meta):
        db_table = "news"
        verbose_name_plural = "news"
        indexes = [models.Index(fields=["-created_at"], name="news_newest")]


class CountedNews(models.Model):
    """What feeds count of a news, written by the database itself: its production, its comment's present status, its change."""

    news_id = models.UUIDField(primary_key=True)
    project_id = models.UUIDField(null=True)
    task_status_id = models.UUIDField(null=True)
    change = models.BooleanField()

    class Meta:
        db_table = "counted_news"
        indexes = [models.Index(fields=["project_id", "task_status_id", "change"], name="counted_news_of_production")]

    def __str__(self) -> str:
        return str(self.news_id)


class Notification(BaseModel):
    """What a person should know: a comment, a mention, a reply, an assignation, a playlist that is ready."""

    held_by = "task"

    read = models.BooleanField(default=False)
    change = models.BooleanField(default=False)
    notification_type = CodeField(
        max_length=20, choices=coded("comment", "mention", "assignation", "reply", "reply-mention", "playlist-ready")
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="notifications")
    author = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    comment = models.ForeignKey("tasks.Comment", models.PROTECT, null=True, blank=True, related_name="notifications")
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, blank=True, related_name="notifications")
    playlist = models.ForeignKey("playlists.Playlist", models.PROTECT, null=True, blank=True, related_name="notifications")
    reply_id = models.UUIDField(null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "notification"
        indexes = [models.Index(fields=["person", "-created_at"], name="notification_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "author", "comment", "reply_id", "playlist", "notification_type"], name="notification_unique"
            ),
        ]


class Subscription(BaseModel):
    """A person follows a task, or all tasks of one task type on the shots of a sequence (`entity`)."""

    held_by = "task"

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="subscriptions")
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, blank=True, related_name="subscriptions")
    entity = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="subscriptions")
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="subscriptions")

    class Meta(BaseModel.Meta):
        db_table = "subscription"
        constraints = [
            models.UniqueConstraint(fields=["person", "task_type", "entity"], name="subscription_unique_entity"),
            models.UniqueConstraint(fields=["person", "task"], name="subscription_unique_task"),
        ]
