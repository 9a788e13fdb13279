"""Notifications: who is told what about a task, and when they have read it."""

from collections.abc import Iterable
from typing import Any

from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from tasks.jobs import send_messages
from tasks.models import Comment, Notification, Subscription, Task
from tasks.rules.mentions import Mentions, people_of


def followers(task: Task) -> list[Any]:
    """The task's assignees, its subscribers, and those of its type on its entity's sequence; each once, in one statement."""
    assignees = Task.assignees.through.objects.filter(task_id=task.pk).values_list("person_id")
    subscribers = Subscription.objects.order_by().filter(task_id=task.pk).values_list("person_id")
    parent_id = task.entity.parent_id if task.entity else None
    if parent_id is None:
        return [row[0] for row in assignees.union(subscribers)]
    wider = Subscription.objects.order_by().filter(entity_id=parent_id, task_type_id=task.task_type_id).values_list("person_id")
    return [row[0] for row in assignees.union(subscribers, wider)]


def notify(rows: Iterable[Notification], *, project_id: Any, by: Person | None) -> None:
    """Store notifications in one statement and tell each one's recipient, and nobody else, here and where they want it."""
    rows = list(rows)
    if not rows:
        return
    Notification.objects.bulk_create(rows)
    for row in rows:
        payload = {"notification_id": row.pk, "person_id": row.person_id}
        emit("notification:new", payload, project_id=project_id, by=by, stored=False, only_for=[row.person_id])
    send_messages(rows)


def of_comment(comment: Comment, task: Task, *, change: bool, mentions: Mentions) -> list[Notification]:
    """What a new comment causes: `comment` to the task's followers and `mention` to whom it names, its author excepted."""
    # Of a comment said in the past people hear now.
    common = {"author_id": comment.person_id, "comment": comment, "task": task, "created_at": comment.updated_at}
    told = [person_id for person_id in followers(task) if person_id != comment.person_id]
    rows = [Notification(notification_type="comment", change=change, person_id=person_id, **common) for person_id in told]
    named = [person_id for person_id in people_of(mentions, task.project_id) if person_id != comment.person_id]
    return rows + [Notification(notification_type="mention", person_id=person_id, **common) for person_id in named]


def of_mentions(comment: Comment, task: Task, mentions: Mentions) -> list[Notification]:
    """`mention` to everybody whom an edited comment names, its author included."""
    return [
        Notification(
            notification_type="mention",
            person_id=person_id,
            author_id=comment.person_id,
            comment=comment,
            task=task,
            created_at=comment.created_at,
        )
        for person_id in people_of(mentions, task.project_id)
    ]


def of_reply(comment: Comment, task: Task, reply: dict[str, Any], mentions: Mentions) -> list[Notification]:
    """What a reply causes: `reply` to followers, earlier repliers and the comment's author, `reply-mention` to whom it names."""
    author_id = reply["person_id"]
    common = {"author_id": author_id, "comment": comment, "task": task, "reply_id": reply["id"]}
    told = {str(person_id) for person_id in (*followers(task), comment.person_id)}
    told |= {str(former["person_id"]) for former in comment.replies or [] if former.get("person_id")}
    known = Person.objects.order_by().filter(pk__in=told - {author_id}).values_list("pk", flat=True)
    rows = [Notification(notification_type="reply", person_id=person_id, **common) for person_id in known]
    named = [person_id for person_id in people_of(mentions, task.project_id) if str(person_id) != author_id]
    return rows + [Notification(notification_type="reply-mention", person_id=person_id, **common) for person_id in named]


def of_assignation(task: Task, person: Person, *, by: Person) -> list[Notification]:
    """`assignation` to the assignee, unless they took the task themself."""
    if person.pk == by.pk:
        return []
    return [Notification(notification_type="assignation", person=person, author=by, task=task)]


@whole_step()
def mark_notification(notification: Notification, *, read: bool, by: Person) -> Notification:
    """Set whether a notification was read."""
    notification.read = read
    notification.save(update_fields=["read"])
    payload = {"person_id": by.pk, "notification_id": notification.pk}
    emit("notification:read" if read else "notification:unread", payload, by=by, only_for=[by])
    return notification


@whole_step()
def mark_all_as_read(*, by: Person) -> None:
    """Set all of a person's notifications as read."""
    Notification.objects.filter(person=by, read=False).update(read=True)
    emit("notification:all-read", {"person_id": by.pk}, by=by, only_for=[by])
