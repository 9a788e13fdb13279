"""Previews: their records, revisions and order."""

from typing import Any
from uuid import uuid4

from django.db.models import F, Max, Q

from core.errors import Refusal
from core.transactions import whole_step
from events.emit import emit
from files.models import PreviewFile
from tasks.models import Comment, News, Task

TAKEN = (
    "Revision {} already exists for this task. Choose a different revision number, or omit it to let the revision auto-increment."
)
ONE_EACH = "Only one preview file is allowed per revision for this project."


def lock_task(task_id: Any) -> Task:
    """The task, held until the step ends: whoever decides about revisions and positions of its previews waits for the other."""
    return Task.objects.order_by().select_for_update(of=("self",)).select_related("project").get(pk=task_id)


def is_taken(task: Task, revision: int | None) -> bool:
    """The task has a main preview of that revision."""
    return PreviewFile.objects.filter(task=task, revision=revision, position=1).exists()


def next_revision(task: Task) -> int:
    """One more than the task's highest revision."""
    return (PreviewFile.objects.filter(task=task).aggregate(highest=Max("revision"))["highest"] or 0) + 1


@whole_step()
def add_preview(task: Task, comment: Comment, *, revision: int | None = None, by: Any) -> PreviewFile:
    """Make a preview of a comment's work, still without a file; all previews of a comment share its revision.

    A given revision is taken as it is. Raises Refusal when it exists already, or where a revision holds one preview at most.
    """
    task = lock_task(task.pk)
    first = comment.previews.order_by("created_at", "id").first()
    if revision is None:
        revision = first.revision if first else next_revision(task)
    elif first is None and is_taken(task, revision):
        raise Refusal(TAKEN.format(revision))
    return place_preview(task, comment, revision, by=by)


@whole_step()
def add_beside(task: Task, comment: Comment, preview: PreviewFile, *, by: Any) -> PreviewFile:
    """Make a further preview of the given one's revision. Raises Refusal where a revision holds one preview at most."""
    return place_preview(lock_task(task.pk), comment, preview.revision or 0, by=by)


def place_preview(task: Task, comment: Comment, revision: int | None, *, by: Any) -> PreviewFile:
    """Store the record at the end of its revision, link it to the comment and its news, and tell so."""
    position = PreviewFile.objects.filter(task=task, revision=revision).count() + 1
    if position > 1 and task.project and task.project.is_single_preview_per_revision:
        raise Refusal(ONE_EACH)
    preview = PreviewFile.objects.create(
        name=str(uuid4())[:13], task=task, revision=revision, position=position, person=by, extension="mp4", source="webgui"
    )
    comment.previews.add(preview)
    News.objects.filter(comment=comment).update(preview_file=preview)
    emit("preview-file:new", {"preview_file_id": preview.pk, "comment_id": comment.pk}, project_id=task.project_id, by=by)
    tell_comment(comment, task, by=by)
    return preview


def tell_comment(comment: Comment, task: Task, *, by: Any) -> None:
    """Tell that what hangs on a comment changed."""
    payload = {"comment_id": comment.pk, "task_id": task.pk, "person_id": comment.person_id, "for_client": comment.for_client}
    emit("comment:update", payload, project_id=task.project_id, by=by)


@whole_step()
def move_preview(preview: PreviewFile, position: int) -> list[Any]:
    """Put a preview at a place within its revision, counted from 1; other places change nothing. The ids in their order."""
    task_id: Any = preview.task_id
    if task_id:
        lock_task(task_id)
    revision = PreviewFile.objects.filter(task_id=task_id, revision=preview.revision)
    order = list(revision.order_by("position", "created_at", "id").values_list("pk", flat=True))
    if 1 <= position <= len(order) and preview.pk in order:
        order.remove(preview.pk)
        order.insert(position - 1, preview.pk)
        for place, pk in enumerate(order, start=1):
            revision.filter(~Q(position=place), pk=pk).update(position=place)
    return order


@whole_step()
def change_preview(preview: PreviewFile, values: dict[str, Any], *, by: Any) -> PreviewFile:
    """Change columns of a preview. A new revision of the main one takes the others along.

    Raises Refusal when the task has a main preview of the new revision already.
    """
    revision = values.get("revision", preview.revision)
    if preview.task_id and preview.position == 1 and revision != preview.revision:
        task = lock_task(preview.task_id)
        if is_taken(task, revision):
            raise Refusal(TAKEN.format(revision))
        others = PreviewFile.objects.filter(task=task, revision=preview.revision).exclude(pk=preview.pk)
        others.update(revision=revision, updated_at=F("updated_at"))
    for name, value in values.items():
        setattr(preview, name, value)
    preview.save(update_fields=list(values))
    emit("preview-file:update", {"preview_file_id": preview.pk}, heard_in=preview.production_id, by=by)
    return preview
