"""What happens to a comment after it was posted: editing, deleting, moving, acknowledging."""

from collections.abc import Mapping
from typing import Any

from core.errors import WrongParameter
from core.rules import set_relations
from core.signals import row_leaving
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from tasks.models import Comment, News, Notification, Task
from tasks.rules import news, notifications
from tasks.rules.life_cycle import announce_status, announce_task, lock_task, lock_tasks, replay
from tasks.rules.mentions import mentions_in


def lock_comment(comment_id: Any) -> Comment:
    """Lock a comment against other writers until the step ends. Raises the model's DoesNotExist."""
    return Comment.objects.select_for_update(no_key=True).get(pk=comment_id)


def task_of(comment: Comment) -> Task | None:
    """The comment's task, locked; None when it has gone."""
    return Task.objects.filter(pk=comment.object_id).first() and lock_task(comment.object_id)


def announce_comment(comment: Comment, act: str, *, project_id: Any, by: Person) -> None:
    """Tell what became of a comment."""
    payload = {
        "comment_id": comment.pk,
        "task_id": comment.object_id,
        "person_id": comment.person_id,
        "for_client": comment.for_client,
    }
    emit(f"comment:{act}", payload, project_id=project_id, heard_in=project_id or comment.production_id, by=by)


@whole_step()
def store_comment(values: Mapping[str, Any], relations: Mapping[str, list[Any]], *, by: Person) -> Comment:
    """Store a comment as it is given, without what posting one does to its task."""
    comment = Comment(**values)
    comment.save(force_insert=True)
    set_relations(comment, relations)
    announce_comment(comment, "new", project_id=None, by=by)
    return comment


@whole_step()
def edit_comment(
    comment_id: Any, values: Mapping[str, Any], *, relations: Mapping[str, list[Any]] | None = None, by: Person
) -> Comment:
    """Change a comment: its mentions are read and told anew, and another status has the task's history read anew."""
    task = task_of(Comment.objects.get(pk=comment_id))
    comment = lock_comment(comment_id)
    former_status_id = comment.task_status_id
    for name, value in values.items():
        setattr(comment, name, value)
    comment.editor = by
    comment.save(update_fields=[*values, "editor"])
    set_relations(comment, relations or {})
    project_id = task.project_id if task else None
    if task is not None:
        rebuild_mentions(comment, task, by=by)
        if values.get("task_status_id") and comment.task_status_id != former_status_id:
            replay(task)
            announce_task(task, by=by)
            announce_status(task, former_status_id, new_id=comment.task_status_id, person_id=comment.person_id, by=by)
    announce_comment(comment, "update", project_id=project_id, by=by)
    return comment


def rebuild_mentions(comment: Comment, task: Task, *, by: Person) -> None:
    """Replace whom a comment names, and tell all of them again."""
    mentions = mentions_in(comment.text, task.project_id)
    comment.mentions.set(mentions.person_ids)
    comment.department_mentions.set(mentions.department_ids)
    Notification.objects.filter(comment=comment, notification_type="mention").delete()
    notifications.notify(notifications.of_mentions(comment, task, mentions), project_id=task.project_id, by=by)


@whole_step()
def delete_comment(comment_id: Any, *, by: Person) -> None:
    """Delete a comment with its notifications, news and files; the task's history is read anew."""
    task = task_of(Comment.objects.get(pk=comment_id))
    comment = lock_comment(comment_id)
    project_id = task.project_id if task else None
    Notification.objects.filter(comment=comment).delete()
    news.withdraw(News.objects.filter(comment=comment), project_id=project_id, by=by)
    row_leaving.send(Comment, instance=comment, by=by)
    comment.delete()
    payload = {"comment_id": comment_id, "task_id": comment.object_id} if task else {"comment_id": comment_id}
    emit("comment:delete", payload, project_id=project_id, by=by)
    if task is not None:
        move = replay(task)
        announce_task(task, by=by)
        if move.changed:
            announce_status(task, move.previous_id, person_id=comment.person_id, by=by)


@whole_step()
def move_comment(comment_id: Any, *, source_id: Any, target_id: Any, by: Person) -> Comment:
    """Move a comment to another task of the same entity. Raises WrongParameter where that makes no sense."""
    tasks = {task.pk: task for task in lock_tasks({source_id, target_id})}
    comment = lock_comment(comment_id)
    source, target = tasks[source_id], tasks[target_id]
    refuse_move(comment, source, target)
    Notification.objects.filter(comment=comment).delete()
    news.withdraw(News.objects.filter(comment=comment), project_id=source.project_id, by=by)
    comment.object_id = target.pk
    comment.save(update_fields=["object_id"])
    move = None
    for task in (source, target):
        move = replay(task)
        announce_task(task, by=by)
    emit("comment:delete", {"comment_id": comment.pk, "task_id": source.pk}, project_id=source.project_id, by=by)
    payload = {
        "comment_id": comment.pk,
        "task_id": target.pk,
        "task_status_id": comment.task_status_id,
        "person_id": comment.person_id,
        "for_client": comment.for_client,
    }
    emit("comment:new", payload, project_id=target.project_id, by=by)
    changed = bool(move and move.changed)
    told = notifications.of_comment(comment, target, change=changed, mentions=mentions_in(comment.text, target.project_id))
    notifications.notify(told, project_id=target.project_id, by=by)
    news.publish(comment, target, change=changed, by=by)
    return comment


def refuse_move(comment: Comment, source: Task, target: Task) -> None:
    """Raises WrongParameter unless the comment may move from one task to the other."""
    if comment.object_id != source.pk:
        raise WrongParameter("Comment does not belong to the given task.")
    if source.pk == target.pk:
        raise WrongParameter("Source and target tasks must be different.")
    if source.entity_id != target.entity_id:
        raise WrongParameter("A comment can only be moved between tasks of the same entity.")
    if comment.preview_file_id is not None or comment.previews.exists():
        raise WrongParameter("A comment attached to a preview revision cannot be moved.")


@whole_step()
def toggle_acknowledgement(comment_id: Any, *, project_id: Any, by: Person) -> None:
    """Acknowledge a comment, or take the acknowledgement back."""
    comment = lock_comment(comment_id)
    links = Comment.acknowledgements.through.objects
    taken_back, _ = links.filter(comment=comment, person=by).delete()
    if not taken_back:
        links.create(comment=comment, person=by)
    name = "comment:unacknowledge" if taken_back else "comment:acknowledge"
    emit(name, {"comment_id": comment.pk, "person_id": by.pk}, project_id=project_id, by=by, stored=False)
