"""The routes of attachment files."""

import re
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, UUIDField
from django.db.models.functions import Coalesce
from rest_framework.request import Request

from assets.models import Entity
from core.api.access import Scope, check
from core.api.renderers import json_array
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import NotFound
from core.projection import Row
from core.rules import announce
from files import storage
from files.api.serving import SAFE_INLINE, serve_file
from files.models import AttachmentFile
from files.readers import ATTACHMENT_FILE
from files.rules.removal import remove_attachments
from files.storage import FILES, PICTURES
from people.permissions import is_admin, may_open_entity
from production.models import Project
from tasks.conversations import may_read
from tasks.models import Comment, Task

KIND = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?")
UNKNOWN_KIND = "application/octet-stream"


def serve_attachment(request: Request, pk: UUID, row: Row, *, public: bool = False) -> Any:
    """The file of an attachment by its record; what a browser could run, it only downloads. None where it is not whole."""
    path = storage.local_file(FILES, "attachments", pk)
    if path is None or path.stat().st_size != row["size"]:
        return None
    kind = row["mimetype"] if KIND.fullmatch(row["mimetype"] or "") else UNKNOWN_KIND
    return serve_file(
        request,
        path,
        content_type=kind,
        modified=row["updated_at"],
        filename=row["name"] or "file",
        as_attachment=kind not in SAFE_INLINE,
        public=public,
    )


def of_owner(column: str, of_entity: str) -> Coalesce:
    """What the comment's task has in `column`, else what the chat's entity has in `of_entity`."""
    tasks = Task.objects.order_by().filter(pk=OuterRef("comment__object_id")).values(column)
    entities = Entity.objects.order_by().filter(pk=OuterRef("chat_message__chat__object_id")).values(of_entity)
    return Coalesce(Subquery(tasks[:1]), Subquery(entities[:1]), output_field=UUIDField())


SCOPE = {"scope_project_id": of_owner("project_id", "project_id"), "scope_entity_id": of_owner("entity_id", "pk")}


@check(scoped=True)
def is_attached(person: Any, scope: Scope) -> bool:
    """The file hangs on a comment or a chat message that still leads to a production."""
    return scope.project_id is not None


@check(scoped=True)
def may_read_its_comment(person: Any, scope: Scope) -> bool:
    """The person may read the comment on which the file hangs; files of a chat are for whoever may open its entity."""
    comment = Comment.objects.select_related("person").filter(pk=scope.instance["comment_id"]).first()
    task = comment and Task.objects.select_related("project").filter(pk=comment.object_id).first()
    return task is None or may_read(person, comment, task)


may_open_attachment = is_attached & may_open_entity & may_read_its_comment


class AttachmentFileViewSet(ResourceViewSet):
    """`/data/attachment-files`."""

    reader = ATTACHMENT_FILE
    access = {
        **dict.fromkeys(("list", "create", "update", "destroy"), is_admin),
        **dict.fromkeys(("retrieve", "fetch", "thumbnail"), may_open_attachment),
    }

    def scope_paths(self) -> dict[str, Any]:
        """Where a file belongs is known by what it hangs on."""
        return SCOPE

    def perform_destroy(self, instance: AttachmentFile) -> None:
        """Deletes the record with its file."""
        pk = instance.pk
        remove_attachments([instance])
        instance.pk = pk
        announce(instance, "delete", by=self.request.user)

    def found(self, pk: UUID) -> dict[str, Any]:
        """What serving needs, once this person may see it. Raises NotFound, Forbidden."""
        columns = {"project_id": SCOPE["scope_project_id"], "entity_id": SCOPE["scope_entity_id"], "chat": F("chat_message_id")}
        names = ("name", "size", "mimetype", "updated_at", "comment_id")
        row = AttachmentFile.objects.order_by().filter(pk=pk).values(*names, **columns).first()
        if row is None:
            raise NotFound()
        self.authorise(Scope(project_id=row["project_id"], entity_id=row["entity_id"], instance=row))
        return row

    def fetch(self, request: Request, pk: UUID, file_name: str) -> Any:
        """The file itself; what a browser could run, it only downloads."""
        row = self.found(pk)
        served = serve_attachment(request, pk, row, public=True)
        if served is None:
            raise NotFound()
        return served

    def thumbnail(self, request: Request, pk: UUID) -> Any:
        """The small picture of a picture in a chat."""
        row = self.found(pk)
        path = storage.local_file(PICTURES, "thumbnails", pk) if row["chat"] else None
        return serve_file(request, path, content_type="image/png", modified=row["updated_at"])


class AttachmentListViewSet(ApiViewSet):
    """Attachments of a task or a production."""

    access = dict.fromkeys(("of_task", "of_project"), is_admin)

    def of_task(self, request: Request, task_id: UUID) -> Any:
        """Those of a task's comments."""
        if not Task.objects.filter(pk=task_id).exists():
            raise NotFound()
        return json_array(ATTACHMENT_FILE.rows(AttachmentFile.objects.filter(comment__object_id=task_id)))

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """Those of the comments of a production's tasks."""
        if not Project.objects.filter(pk=project_id).exists():
            raise NotFound()
        tasks = Task.objects.order_by().filter(project_id=project_id).values("pk")
        return json_array(ATTACHMENT_FILE.rows(AttachmentFile.objects.filter(comment__object_id__in=tasks)))
