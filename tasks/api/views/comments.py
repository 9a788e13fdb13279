"""Comments as rows: the generic routes, reading a task's or a production's comments, and what changes a comment afterwards."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.pagination import ListOptions
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import Forbidden, NotFound, RowRefused
from people.permissions import (
    in_production,
    is_admin,
    is_no_client,
    is_no_vendor,
    manages_production,
    manages_somewhere,
    may_open_entity,
    role,
    role_in,
)
from production.models import TaskStatus
from tasks.api.bodies import MoveBody, ReplyBody
from tasks.api.loading import TaskRoutes, found, refuse_foreign_preview
from tasks.conversations import conversation, may_read, opened
from tasks.models import Comment, Task
from tasks.permissions import MANAGERS, has_department_of, is_assigned, is_mentioned, may_act_on, may_set_status, wrote_it
from tasks.readers import COMMENT, short_persons
from tasks.rules.comment_changes import delete_comment, edit_comment, move_comment, store_comment, toggle_acknowledgement
from tasks.rules.replies import delete_reply, reply_to_comment

OPEN_TO_OTHERS = {"pinned", "checklist"}


def task_of(comment: Comment) -> Task:
    """The comment's task with its production, type and entity. Raises NotFound where it has gone."""
    task: Task = found(Task, comment.object_id, "project", "task_type", "entity__entity_type")
    return task


class CommentViewSet(ResourceViewSet):
    """`/data/comments`."""

    reader = COMMENT
    access = {
        "list": is_admin,
        "create": is_admin,
        "retrieve": may_open_entity,
        "update": may_open_entity,
        "destroy": wrote_it | manages_production,
    }
    protected = (
        *("object_id", "object_type", "person_id", "editor_id"),
        *("previews", "acknowledgements", "mentions", "department_mentions"),
    )
    malformed_is_missing = True

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One comment with its author, the authors of its replies, and its files."""
        comment: Comment = found(Comment, self.row_id(), "person")
        task = task_of(comment)
        self.authorise(Scope(project_id=task.project_id, entity_id=task.entity_id))
        if not may_read(request.user, comment, task):
            raise Forbidden()
        as_client = role_in(request.user, task.project_id) == "client"
        with_previews = is_true(request.query_params.get("with_previews"))
        row = opened(comment.pk, with_previews=with_previews, for_client=as_client)
        if not is_true(request.query_params.get("relations", "true")):
            row = {name: value for name, value in row.items() if name not in COMMENT.relations}
        return Response(row)

    def get_object(self) -> Comment:
        """The comment with its author. Raises NotFound."""
        comment: Comment = found(Comment, self.row_id(), "person")
        return comment

    def scope_of(self, instance: Comment, body: dict[str, Any] | None = None) -> Scope:
        """The production of the comment's task; for a change, also whether this change of it may be."""
        task = Task.objects.select_related("project", "task_type", "entity").filter(pk=instance.object_id).first()
        self.of_task = task
        if body is not None and task is not None and not self.may_change(instance, task, body):
            raise Forbidden()
        return Scope(project_id=task and task.project_id, entity_id=task and task.entity_id, instance=instance, body=body or {})

    def may_change(self, comment: Comment, task: Task, body: dict[str, Any]) -> bool:
        """Managers change everything, authors what they said, supervisors pins, and those who work on the task its checklist."""
        person = self.request.user
        found_role = role_in(person, task.project_id)
        if found_role in MANAGERS:
            return True
        if found_role is None or not may_read(person, comment, task):
            return False
        is_author = comment.person_id == person.pk
        if "for_client" in body and body["for_client"] != comment.for_client:
            return False
        if "pinned" in body and body["pinned"] != comment.pinned and not has_department_of(person, task):
            return False
        ticks = "checklist" in body and body["checklist"] != comment.checklist
        if ticks and not (is_author or is_assigned(person, task) or has_department_of(person, task)):
            return False
        if body.keys() - OPEN_TO_OTHERS and not is_author:
            return False
        return self.keeps_identity(comment, body) and self.may_give_status(comment, task, body)

    def keeps_identity(self, comment: Comment, body: dict[str, Any]) -> bool:
        """The body does not hand the comment to somebody else or to another task."""
        stays = {"person_id": str(self.request.user.pk), "object_id": str(comment.object_id)}
        return all(str(body[name]).lower() == value for name, value in stays.items() if name in body)

    def may_give_status(self, comment: Comment, task: Task, body: dict[str, Any]) -> bool:
        """Another status than the comment's takes the right to act on the task, and to set that status."""
        status_id = body.get("task_status_id")
        if status_id is None or str(status_id).lower() == str(comment.task_status_id):
            return True
        status = found(TaskStatus, status_id)
        return may_act_on(self.request.user, task) and may_set_status(self.request.user, status, task.project_id)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """A checklist of nothing is an empty one; the preview that a comment names is of its task. What was said isn't unsaid:
        an update takes no text away. Raises RowRefused."""
        if instance is not None and values.get("text", "") is None:
            raise RowRefused("A required field is missing.")
        refuse_foreign_preview(values.get("preview_file_id"), instance.object_id if instance else values.get("object_id"))
        if "checklist" in values and values["checklist"] is None:
            values["checklist"] = []

    def perform_create(self, serializer: Any) -> Comment:
        """Stores the row as it is given, without what posting a comment does."""
        return store_comment(serializer.columns, serializer.related, by=self.request.user)

    def perform_update(self, serializer: Any) -> Comment:
        """Changes the comment, and what follows from it."""
        return edit_comment(serializer.instance.pk, serializer.columns, relations=serializer.related, by=self.request.user)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Deletes a comment of one's own, or any in a production that one manages."""
        return self.removed(self.row_id())

    def removed(self, comment_id: UUID) -> Response:
        """Deletes the comment. Raises NotFound, Forbidden."""
        comment: Comment = found(Comment, comment_id)
        self.authorise(self.scope_of(comment))
        delete_comment(comment.pk, by=self.request.user)
        return Response(status=204)


class TaskCommentViewSet(TaskRoutes):
    """`/data/tasks/<id>/comments` and what hangs on single comments there."""

    access = {
        "of_task": may_open_entity,
        "one": may_open_entity,
        "remove": wrote_it | manages_production,
        "acknowledge": may_open_entity,
        "reply": in_production,
        "remove_reply": is_admin | wrote_it,
        "of_project": in_production & is_no_vendor & is_no_client,
        "move": manages_somewhere,
    }

    def of_task(self, request: Request, task_id: UUID) -> Response:
        """The comments of a task that the person may read, newest first."""
        return Response(conversation(self.task(task_id), reader=request.user))

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """All comments of a production, the last changed first."""
        project = self.project(project_id)
        options = ListOptions.of(request.query_params, relations=True)
        tasks = Task.objects.order_by().filter(project=project)
        comments = Comment.objects.filter(object_id__in=tasks.values("pk")).order_by("-updated_at", "-created_at", "id")
        if options.page < 1:
            return json_array(COMMENT.rows(comments, relations=True))
        rows = COMMENT.shape(COMMENT.query(options.slice(comments), relations=True))
        return Response(options.envelope(list(rows), comments.order_by().count()))

    def comment(self, task: Task, comment_id: UUID) -> Comment:
        """The comment of the task. Raises NotFound, also for a comment of another task."""
        comment: Comment = found(Comment, comment_id, "person")
        if comment.object_id != task.pk:
            raise NotFound()
        return comment

    def one(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """One comment, without its relations."""
        task = self.task(task_id)
        comment = self.comment(task, comment_id)
        if not may_read(request.user, comment, task):
            raise Forbidden()
        return Response(COMMENT.one(comment.pk, relations=False))

    def remove(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """Deletes a comment of the task, one's own or in a production that one manages."""
        comment: Comment = found(Comment, comment_id)
        if comment.object_id != task_id:
            raise NotFound()
        task = task_of(comment)
        self.authorise(Scope(project_id=task.project_id, instance=comment))
        delete_comment(comment.pk, by=request.user)
        return Response(status=204)

    def acknowledge(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """Acknowledges a comment that the person may read, or takes it back."""
        task = self.task(task_id)
        comment = self.comment(task, comment_id)
        if not may_read(request.user, comment, task):
            raise Forbidden()
        toggle_acknowledgement(comment.pk, project_id=task.project_id, by=request.user)
        return Response(COMMENT.one(comment.pk))

    def reply(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """Replies to a comment, with files if any came."""
        body = typed_body(request, ReplyBody)
        task = self.task(task_id)
        comment: Comment = found(Comment, comment_id, "person")
        if comment.object_id != task.pk or not self.may_reply(comment, task):
            raise Forbidden()
        uploads = [file for _, files in request.FILES.lists() for file in files]
        reply = reply_to_comment(comment.pk, task, text=body.text, by=request.user, uploads=uploads)
        answer = {**reply, "person": short_persons([request.user.pk])[str(request.user.pk)]}
        return Response(answer if not uploads else {**answer, "attachment_files": self.files_of(comment, reply["id"])})

    def files_of(self, comment: Comment, reply_id: str) -> list[dict[str, Any]]:
        """The attachments of a reply in short."""
        files = comment.attachment_files.filter(reply_id=reply_id).order_by("created_at", "id")
        return list(files.values("id", "name", "extension", "size", "reply_id"))

    def may_reply(self, comment: Comment, task: Task) -> bool:
        """The author, or who may act on the task or is mentioned there; in a thread with clients only they and managers."""
        person = self.request.user
        found_role = role_in(person, task.project_id)
        by_client = role(comment.person, Scope(project_id=task.project_id)) == "client"
        if (by_client or comment.for_client) and found_role not in (*MANAGERS, "client"):
            return False
        if found_role == "client" and not may_read(person, comment, task):
            return False
        if found_role == "client" and by_client and comment.person.studio_id != person.studio_id:
            return False
        return comment.person_id == person.pk or may_act_on(person, task) or is_mentioned(person, task)

    def remove_reply(self, request: Request, task_id: UUID, comment_id: UUID, reply_id: UUID) -> Response:
        """Removes a reply of one's own; studio managers remove any."""
        task = found(Task, task_id)
        comment = self.comment(task, comment_id)
        reply = next((reply for reply in comment.replies or [] if reply.get("id") == str(reply_id)), None)
        if reply is None:
            raise NotFound()
        self.authorise(Scope(project_id=task.project_id, instance=reply))
        delete_reply(comment.pk, reply_id, task, by=request.user)
        return Response(COMMENT.one(comment.pk, relations=False))

    def move(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """Moves a comment to another task of the entity."""
        body = typed_body(request, MoveBody)
        source, target = self.task(task_id, may_open_entity), self.task(body.target_task_id, may_open_entity)
        comment: Comment = found(Comment, comment_id)
        move_comment(comment.pk, source_id=source.pk, target_id=target.pk, by=request.user)
        return Response(COMMENT.one(comment.pk))
