"""Posting comments: what is said, what it does to the task, and whom it reaches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.models import now
from core.signals import files_attached, previews_attached, revision_reused
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import TaskStatus, TaskType
from tasks.models import Comment, Task
from tasks.rules import automations, news, notifications
from tasks.rules.life_cycle import (
    announce_status,
    announce_task,
    follow_comment,
    lock_siblings,
    lock_tasks,
    refuse_retakes_beyond_cap,
)
from tasks.rules.mentions import Mentions, mentions_in, tagged


@dataclass(frozen=True)
class Draft:
    """A comment before it is posted. `author` speaks in somebody else's name; without one, whoever posts is the author.

    Without `created_at` it is said now; without `status` the task keeps its own. `uploads` become attachments, `previews`
    previews of the comment. Unless it `spreads`, hashtags in it copy it nowhere.
    """

    status: TaskStatus | None
    text: str = ""
    author: Person | None = None
    checklist: Sequence[dict[str, Any]] = ()
    links: Sequence[str] = ()
    for_client: bool = False
    created_at: datetime | None = None
    uploads: Sequence[Any] = ()
    previews: Sequence[Any] = ()
    spreads: bool = True


@dataclass
class Step:
    """What one posting has at hand: the locked tasks of the entity, who acts, and which automations ran already."""

    siblings: Mapping[Any, Task]
    by: Person
    fired: set[Any] = field(default_factory=set)


@whole_step()
def post_comment(task: Task, draft: Draft, *, by: Person) -> Comment:
    """Store a comment on a task with all that follows from it. Raises the model's DoesNotExist when the task has gone."""
    step = Step(lock_siblings(task), by)
    if task.pk not in step.siblings:
        raise Task.DoesNotExist
    return say(step.siblings[task.pk], draft, step)


def say(task: Task, draft: Draft, step: Step, *, is_copy: bool = False) -> Comment:
    """Post within a step that holds the task's lock: the comment, its copies, the task's move, who is told, what it sets off."""
    if draft.status is not None:
        refuse_retakes_beyond_cap(task, draft.status)
    mentions = mentions_in(draft.text, task.project_id)
    comment = store(task, draft, mentions, by=step.by)
    if draft.spreads and not is_copy:
        for sibling in tagged(draft.text, task, step.siblings.values()):
            text = f"{draft.text}\n\n____\nFrom {name_of(task.task_type)} task"
            say(sibling, Draft(status=sibling.task_status, text=text, author=draft.author), step, is_copy=True)
    move = follow_comment(task, comment, draft.status)
    announce_task(task, by=step.by)
    if move.changed:
        announce_status(task, move.previous_id, person_id=comment.person_id, by=step.by)
        if draft.status is not None and draft.status.is_feedback_request:
            announce_review(task, move.previous_id, comment, by=step.by)
    told = notifications.of_comment(comment, task, change=move.changed, mentions=mentions)
    notifications.notify(told, project_id=task.project_id, by=step.by)
    news.publish(comment, task, change=move.changed, by=step.by)
    run_automations(task, draft, step)
    return comment


def store(task: Task, draft: Draft, mentions: Mentions, *, by: Person) -> Comment:
    """Store the comment's row, its mentions and its files, and tell of it."""
    author = draft.author or by
    comment = Comment(
        object_id=task.pk,
        object_type="Task",
        text=draft.text,
        checklist=list(draft.checklist),
        links=list(draft.links),
        for_client=draft.for_client,
        task_status=draft.status,
        person=author,
        created_at=draft.created_at or now(),
    )
    comment.save(force_insert=True)
    if draft.created_at is not None:  # said in the past, but written now
        comment.save(update_fields=["updated_at"])
    link_mentions(comment, mentions)
    payload = {
        "comment_id": comment.pk,
        "task_id": task.pk,
        "task_status_id": comment.task_status_id,
        "person_id": author.pk,
        "for_client": comment.for_client,
    }
    if draft.uploads:
        files_attached.send(Comment, comment=comment, reply_id=None, uploads=draft.uploads, by=by)
    emit("comment:new", payload, project_id=task.project_id, by=by)
    if draft.previews:
        previews_attached.send(Comment, comment=comment, task=task, uploads=draft.previews, by=by)
    return comment


def link_mentions(comment: Comment, mentions: Mentions) -> None:
    """Store whom a new comment names."""
    if mentions.person_ids:
        people = Comment.mentions.through
        people.objects.bulk_create([people(comment=comment, person_id=pk) for pk in mentions.person_ids])
    if mentions.department_ids:
        departments = Comment.department_mentions.through
        departments.objects.bulk_create([departments(comment=comment, department_id=pk) for pk in mentions.department_ids])


def announce_review(task: Task, previous_id: Any, comment: Comment, *, by: Person) -> None:
    """Tell that a task asks for feedback now."""
    payload = {
        "task_id": task.pk,
        "new_task_status_id": task.task_status_id,
        "previous_task_status_id": previous_id,
        "person_id": comment.person_id,
        "comment_id": comment.pk,
    }
    emit("task:to-review", payload, project_id=task.project_id, by=by)


def name_of(row: TaskType | TaskStatus | None) -> str:
    """The name of a task's type or status, which it may lack."""
    return row.name if row else "no"


def run_automations(task: Task, draft: Draft, step: Step) -> None:
    """Do what the production's automations say about the status that the task has now; each runs once in a step."""
    for automation in automations.that_apply(task):
        if automation.pk in step.fired:
            continue
        step.fired.add(automation.pk)
        if automation.out_field_type == "ready_for":
            automations.declare_ready(task, automation, by=step.by)
            continue
        target = automations.target_of(automation, step.siblings.values())
        if target is not None:
            text = f"Change triggered by {name_of(task.task_type)} set to {name_of(task.task_status)}"
            comment = say(target, Draft(status=automation.out_task_status, text=text, author=draft.author), step)
            if automation.import_last_revision:
                revision_reused.send(Comment, task=task, comment=comment, target=target, by=step.by)


@whole_step()
def post_comments(drafts: Iterable[tuple[Task, Draft]], *, by: Person) -> list[Comment]:
    """Post several comments, one after the other, all of them or none."""
    drafts = list(drafts)
    entity_ids = {task.entity_id for task, _ in drafts if task.entity_id}
    if len(entity_ids) > 1:
        lock_tasks(Task.objects.filter(entity_id__in=entity_ids).values_list("pk", flat=True))
    return [post_comment(task, draft, by=by) for task, draft in drafts]
