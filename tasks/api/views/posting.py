"""Posting comments: one, a batch, many at once, and clients' comments repeated for the team."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import loose_body, typed_body, words_of
from core.errors import Forbidden, NotFound, WrongBody, WrongParameter
from people.models import Person
from people.permissions import manages_production, role_in, row_by_row
from production.models import Project, TaskStatus
from tasks.api.bodies import Batch, BatchedComment, CommentBody, CopyBody, ManyComment, moment_of
from tasks.api.loading import TaskRoutes, found
from tasks.conversations import created, whole_previews
from tasks.listings import author_role
from tasks.models import Comment, Task
from tasks.permissions import MANAGERS, acts_on_task, comments_on_task, is_assigned, may_set_status, supervises_task
from tasks.rules.comments import Draft, post_comment, post_comments

MANY = TypeAdapter(list[ManyComment])
NEEDED = ("project", "task_type", "entity__entity_type")


class PostingViewSet(TaskRoutes):
    """`/actions/tasks/<id>/comment` and its plural forms."""

    access = {
        "post_one": comments_on_task,
        "batch": acts_on_task,
        "batch_of_task": acts_on_task,
        "many": row_by_row,
        "copy": manages_production,
    }

    def post_one(self, request: Request, task_id: UUID) -> Response:
        """Posts a comment that gives the task a status."""
        body = typed_body(request, CommentBody)
        status = found(TaskStatus, body.task_status_id)
        task = self.task(task_id, task_status=status)
        uploads = [file for _, files in request.FILES.lists() for file in files]
        draft = self.draft(task, status, body, text=body.comment, uploads=uploads)
        return Response(created([post_comment(task, draft, by=request.user)])[0], status=201)

    def draft(self, task: Task, status: TaskStatus, body: CommentBody | BatchedComment, *, text: str, **files: Any) -> Draft:
        """The comment of a body. Only managers speak in another's name, in the past, or to clients."""
        own = Draft(status=status, text=text, checklist=body.checklist, links=body.links, **files)
        if role_in(self.request.user, task.project_id) not in MANAGERS:
            return own
        author = found(Person, body.person_id) if body.person_id else None
        return Draft(**{**vars(own), "author": author, "created_at": moment_of(body.created_at), "for_client": body.for_client})

    def batch_of_task(self, request: Request, task_id: UUID) -> Response:
        """Posts several comments on a task."""
        return self.posted([(str(task_id), body) for body in self.batched()])

    def batch(self, request: Request) -> Response:
        """Posts several comments, each on a task that it names."""
        return self.posted([(body.task_id, body) for body in self.batched()])

    def batched(self) -> list[BatchedComment]:
        """The comments of the body. Raises WrongParameter where there are none."""
        value = loose_body(self.request)
        if not isinstance(value, dict) or "comments" not in value:
            raise WrongParameter("Missing required parameter: comments")
        return typed_body(self.request, Batch).comments

    def posted(self, entries: list[tuple[str, BatchedComment]]) -> Response:
        """Posts the comments with their files, all or none, and answers them with their previews."""
        drafts = []
        for index, (task_id, body) in enumerate(entries):
            status, task = found(TaskStatus, body.task_status_id), self.task(task_id)
            if not may_set_status(self.request.user, status, task.project_id):
                raise Forbidden()
            files = {"uploads": self.files("attachment_file", index), "previews": self.files("preview_file", index)}
            drafts.append((task, self.draft(task, status, body, text=body.text, **files)))
        self.authorised = True
        rows = created(post_comments(drafts, by=self.request.user))
        previews = whole_previews(row["id"] for row in rows)
        return Response([{**row, "preview_files": previews.get(row["id"], [])} for row in rows], status=201)

    def files(self, kind: str, index: int) -> list[Any]:
        """The uploads of one comment of a batch, whose part names end in its number and theirs."""
        part = re.compile(rf"{kind}-{index}(?!\d)")
        return [file for name, files in self.request.FILES.lists() if part.search(name) for file in files]

    def many(self, request: Request, project_id: UUID) -> Response:
        """Posts comments on those of the named tasks that the person works on, supervises or manages."""
        found(Project, project_id)
        entries = [entry for entry in many_of(loose_body(request)) if entry.is_whole]
        statuses = {row.pk: row for row in TaskStatus.objects.filter(pk__in={entry.task_status_id for entry in entries})}
        tasks = {task.pk: task for task in Task.objects.select_related(*NEEDED).filter(pk__in={e.object_id for e in entries})}
        drafts = []
        for entry in entries:
            task, status = tasks.get(entry.object_id), statuses.get(entry.task_status_id)
            if task is None:
                raise NotFound()
            if not self.works_on(task):
                continue
            if status is None:
                raise NotFound()
            if not may_set_status(request.user, status, task.project_id):
                raise Forbidden()
            drafts.append((task, Draft(status=status, text=entry.comment or "", links=entry.links)))
        return Response(created(post_comments(drafts, by=request.user)), status=201)

    def works_on(self, task: Task) -> bool:
        """The person manages or supervises the task, or is assigned to it."""
        person = self.request.user
        return role_in(person, task.project_id) is not None and (supervises_task(person, task) or is_assigned(person, task))

    def copy(self, request: Request, project_id: UUID) -> Response:
        """Repeats the newest client comment of each of the tasks, in the name of who asks."""
        project = self.project(project_id)
        body = typed_body(request, CopyBody)
        tasks = Task.objects.select_related(*NEEDED, "task_status").filter(project=project, pk__in=body.task_ids).order_by("pk")
        by_id = {task.pk: task for task in tasks}
        drafts = [
            (by_id[pk], Draft(status=by_id[pk].task_status, text=f"{body.prefix}\n\n{text}" if body.prefix else text))
            for pk, text in newest_of_clients(by_id, project.pk).items()
        ]
        return Response(created(post_comments(drafts, by=request.user)), status=201)


def newest_of_clients(task_ids: Iterable[UUID], project_id: UUID) -> dict[UUID, str]:
    """The text of the newest comment of a client on each of the tasks, where there is one."""
    comments = Comment.objects.filter(object_id__in=list(task_ids)).annotate(author_role=author_role(project_id))
    rows = comments.filter(author_role="client").order_by("created_at", "id").values_list("object_id", "text")
    return {task_id: text or "" for task_id, text in rows}


def many_of(value: Any) -> list[ManyComment]:
    """The entries of a bare array. Raises WrongParameter, WrongBody."""
    if not isinstance(value, list):
        raise WrongParameter("Request body must be a JSON array.")
    try:
        return MANY.validate_python(value)
    except ValidationError as failure:
        raise WrongBody([{"field": ".".join(map(str, e["loc"])), "message": words_of(e)} for e in failure.errors()]) from None
