"""The routes of previews and attachments of a comment."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope, check
from core.api.parsers import typed_body
from core.api.values import is_true
from core.api.views import ApiViewSet
from core.errors import Forbidden, NotFound
from files.api.bodies import NewPreview
from files.api.found import comment_of, task_of
from files.api.uploaded import uploads_of
from files.models import PreviewFile
from files.readers import PREVIEW_FILE, SHORT_ATTACHMENT
from files.rules.attachments import attach_files
from files.rules.previews import add_beside, add_preview
from files.rules.removal import remove_attachment, remove_preview
from people.permissions import manages_production, role_in
from tasks.models import Comment, Task
from tasks.permissions import acts_on_task


@check(scoped=True)
def wrote_comment(person: Any, scope: Scope) -> bool:
    """The comment is the person's own, in a production of theirs."""
    return scope.instance.person_id == person.pk and role_in(person, scope.project_id) is not None


def insist_readable(person: Any, comment: Comment, task: Task) -> None:
    """Clients read what is written for or by clients, and where these are kept apart only their own. Raises Forbidden."""
    if role_in(person, task.project_id) != "client" or comment.for_client or comment.person_id == person.pk:
        return
    if role_in(comment.person, task.project_id) != "client" or (task.project and task.project.is_clients_isolated):
        raise Forbidden()


class CommentPreviewViewSet(ApiViewSet):
    """`/actions/tasks/<id>/comments/<id>/…`: previews of a comment's work."""

    access = dict.fromkeys(("add", "add_beside", "remove"), acts_on_task)

    def authorised(self, task_id: UUID, comment_id: UUID) -> tuple[Task, Comment]:
        """Task and comment of the path, once this person may act on the task. Raises NotFound where they are strangers."""
        task = task_of(task_id)
        self.authorise(Scope(project_id=task.project_id, entity_id=task.entity_id, instance=task))
        comment = comment_of(comment_id)
        if comment.object_id != task.pk:
            raise NotFound()
        return task, comment

    def add(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """A preview, still without a file."""
        body = typed_body(request, NewPreview)
        task, comment = self.authorised(task_id, comment_id)
        preview = add_preview(task, comment, revision=body.revision, by=request.user)
        return Response(PREVIEW_FILE.one(preview.pk), status=201)

    def add_beside(self, request: Request, task_id: UUID, comment_id: UUID, preview_id: UUID) -> Response:
        """A further preview of a preview's revision."""
        task, comment = self.authorised(task_id, comment_id)
        beside = PreviewFile.objects.filter(pk=preview_id, task=task).first()
        if beside is None:
            raise NotFound()
        return Response(PREVIEW_FILE.one(add_beside(task, comment, beside, by=request.user).pk), status=201)

    def remove(self, request: Request, task_id: UUID, comment_id: UUID, preview_id: UUID) -> Response:
        """Takes a preview away from the comment, and altogether."""
        task, comment = self.authorised(task_id, comment_id)
        preview = PreviewFile.objects.filter(pk=preview_id, task=task, comments=comment).first()
        if preview is None:
            raise NotFound()
        insist_readable(request.user, comment, task)
        force = is_true(request.query_params.get("force"))
        if force:
            self.authorise(Scope(project_id=task.project_id), manages_production)
        remove_preview(preview, force=force, by=request.user)
        return Response(status=204)


class CommentAttachmentViewSet(ApiViewSet):
    """Files that hang on a comment."""

    access = dict.fromkeys(("add", "remove"), wrote_comment | manages_production)

    def authorised(self, task_id: UUID, comment_id: UUID) -> Comment:
        """The comment, once this person may change what hangs on it. Raises NotFound, Forbidden."""
        task, comment = task_of(task_id), comment_of(comment_id)
        self.authorise(Scope(project_id=task.project_id, instance=comment))
        if comment.object_id != task.pk:
            raise Forbidden()
        return comment

    def add(self, request: Request, task_id: UUID, comment_id: UUID) -> Response:
        """Every file sent, whatever its field is called."""
        comment = self.authorised(task_id, comment_id)
        made = attach_files(uploads_of(request), comment=comment, by=request.user)
        return Response([{name: getattr(attachment, name) for name in SHORT_ATTACHMENT} for attachment in made], status=201)

    def remove(self, request: Request, task_id: UUID, comment_id: UUID, attachment_id: UUID) -> Response:
        """Deletes one file of the comment."""
        remove_attachment(self.authorised(task_id, comment_id), attachment_id)
        return Response(status=204)
