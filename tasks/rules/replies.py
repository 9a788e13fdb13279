"""Replies to comments."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from core.errors import NotFound
from core.models import now
from core.signals import files_attached, reply_leaving
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from tasks.models import Comment, Notification, Task
from tasks.rules import notifications
from tasks.rules.comment_changes import lock_comment
from tasks.rules.life_cycle import to_second
from tasks.rules.mentions import mentions_in


@whole_step()
def reply_to_comment(comment_id: Any, task: Task, *, text: str, by: Person, uploads: Sequence[Any] = ()) -> dict[str, Any]:
    """Add a reply to a comment, beside those that others add at the same instant. The answer is the reply as it is stored."""
    comment = lock_comment(comment_id)
    mentions = mentions_in(text, task.project_id)
    moment = to_second(now()).isoformat()
    reply = {
        "id": str(uuid4()),
        "date": moment,
        "created_at": moment,
        "person_id": str(by.pk),
        "text": text,
        "mentions": [str(person_id) for person_id in mentions.person_ids],
        "department_mentions": [str(department_id) for department_id in mentions.department_ids],
    }
    told = notifications.of_reply(comment, task, reply, mentions)
    comment.replies = [*(comment.replies or []), reply]
    comment.save(update_fields=["replies"])
    if uploads:
        files_attached.send(Comment, comment=comment, reply_id=reply["id"], uploads=uploads, by=by)
    payload = {"task_id": task.pk, "comment_id": comment.pk, "reply_id": reply["id"]}
    emit("comment:reply", payload, project_id=task.project_id, by=by)
    notifications.notify(told, project_id=task.project_id, by=by)
    return reply


@whole_step()
def delete_reply(comment_id: Any, reply_id: Any, task: Task, *, by: Person) -> None:
    """Remove a reply with its files and notifications. Raises NotFound when there is no such reply."""
    comment = lock_comment(comment_id)
    kept = [reply for reply in comment.replies or [] if str(reply.get("id")) != str(reply_id)]
    if len(kept) == len(comment.replies or []):
        raise NotFound()
    comment.replies = kept
    comment.save(update_fields=["replies"])
    Notification.objects.filter(comment=comment, reply_id=reply_id).delete()
    reply_leaving.send(Comment, comment=comment, reply_id=reply_id, by=by)
    payload = {"task_id": task.pk, "comment_id": comment.pk, "reply_id": reply_id}
    emit("comment:delete-reply", payload, project_id=task.project_id, by=by, stored=False)
