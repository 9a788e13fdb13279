"""What people say about tasks."""

from typing import Any

from django.db import models

from core.fields import JsonField, is_list_of_objects, is_list_of_texts, is_object
from core.models import BaseModel
from tasks.models.tasks import Task


class Comment(BaseModel):
    """What somebody said about a task (`object_id`), the status it gave the task, and the replies."""

    shotgun_id = models.IntegerField(null=True, blank=True)
    object_id = models.UUIDField()
    object_type = models.CharField(max_length=80)
    text = models.TextField(null=True, blank=True)
    data = JsonField(shape=is_object, null=True, blank=True)
    replies = JsonField(shape=is_list_of_objects, null=True, blank=True, default=list)
    checklist = JsonField(shape=is_list_of_objects, null=True, blank=True, default=list)
    pinned = models.BooleanField(null=True, blank=True)
    for_client = models.BooleanField(null=True, blank=True, default=False)
    links = JsonField(shape=is_list_of_texts, null=True, blank=True)
    task_status = models.ForeignKey("production.TaskStatus", models.PROTECT, null=True, blank=True, related_name="comments")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="comments")
    editor = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    preview_file = models.ForeignKey("files.PreviewFile", models.PROTECT, null=True, blank=True, related_name="+")
    previews = models.ManyToManyField("files.PreviewFile", blank=True, related_name="comments")
    mentions = models.ManyToManyField("people.Person", blank=True, related_name="mentioned_in")
    department_mentions = models.ManyToManyField("people.Department", blank=True, related_name="mentioned_in")
    acknowledgements = models.ManyToManyField("people.Person", blank=True, related_name="acknowledged")

    class Meta(BaseModel.Meta):
        db_table = "comment"
        indexes = [
            models.Index(fields=["object_id", "-created_at"], name="comment_of_object"),
            models.Index(fields=["-updated_at", "-created_at", "id"], name="comment_last_changed"),
        ]

    @property
    def production_id(self) -> Any:
        """The production of its task."""
        return Task.objects.order_by().filter(pk=self.object_id).values_list("project_id", flat=True).first()
