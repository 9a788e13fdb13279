"""The work of a demonstration studio: tasks with their assignees, comments, previews, news, notifications and time spents."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assets.models import Entity
from events.models import ApiEvent
from files.models import PreviewFile
from imports.rules.demo_studio.configuration import Configuration
from imports.rules.demo_studio.draft import HISTORY_DAYS, Draft
from imports.rules.demo_studio.entities import Production
from imports.rules.demo_studio.words import REMARKS
from people.models import Person
from tasks.models import Comment, News, Notification, Subscription, Task, TimeSpent

PATH = ("wip", "wfa", "retake", "wfa", "done")  # the statuses that a task's comments set, one after the other
HOT_TASKS, HOT_WEIGHT = 10, 20  # a few tasks are talked about much more than the others
RECENT_DAYS = 14


@dataclass
class Job:
    """A task in the making: who does it, who reviews it, and the comments that are still to be added."""

    task: Task
    entity: Entity
    makers: list[Person]
    reviewer: Person
    comments: list[Comment] = field(default_factory=list)
    previews: int = 0


def open_jobs(draft: Draft, production: Production, configuration: Configuration) -> list[Job]:
    """A task of every task type for each asset and shot, with its dates, estimation and assignees."""
    jobs = []
    makers, reviewers = production.makers, production.reviewers
    kinds = ((production.assets, production.task_types["Asset"]), (production.shots, production.task_types["Shot"]))
    for entities, task_types in kinds:
        for entity in entities:
            for step, task_type in enumerate(task_types):
                reviewer, start = draft.pick(reviewers), draft.moment(20 + step * 25 + draft.random.randrange(25), hour=0)
                start = start.replace(hour=0, minute=0, second=0, microsecond=0)
                task = draft.new(
                    Task,
                    at=entity.created_at + timedelta(minutes=5),
                    name="main",
                    project_id=production.project.pk,
                    task_type_id=task_type.pk,
                    task_status_id=configuration.statuses["todo"].pk,
                    entity_id=entity.pk,
                    assigner_id=reviewer.pk,
                    priority=draft.random.choices((0, 1, 2, 3), (80, 12, 6, 2))[0],
                    difficulty=draft.random.randrange(1, 6),
                    estimation=480.0 * draft.random.randrange(1, 6),
                    start_date=start,
                    due_date=start + timedelta(days=draft.random.randrange(3, 20)),
                    nb_assets_ready=0,
                    data={},
                )
                jobs.append(Job(task, entity, assigned(draft, makers), reviewer))
    return jobs


def assigned(draft: Draft, makers: list[Person]) -> list[Person]:
    """Mostly one person, at times two or nobody."""
    chance = draft.random.random()
    if chance < 0.05:
        return []
    return draft.random.sample(makers, 2 if chance > 0.93 and len(makers) > 1 else 1)


def discuss(draft: Draft, jobs: list[Job], total: int, configuration: Configuration) -> None:
    """So many comments over the tasks, each moving its task along."""
    weights = [HOT_WEIGHT if number < HOT_TASKS else 1 for number in range(len(jobs))]
    counts = Counter(draft.random.choices(range(len(jobs)), weights, k=total)) if jobs else {}
    for number, job in enumerate(jobs):
        days = sorted(draft.random.randrange(30, HISTORY_DAYS) for _ in range(counts.get(number, 0)))
        for step, day in enumerate(days):
            comment_on(draft, job, step, draft.moment(day), configuration)


def comment_on(draft: Draft, job: Job, step: int, at: datetime, configuration: Configuration) -> None:
    """The next comment of a task, by whoever speaks in that state, and what it does to the task."""
    short = PATH[min(step, len(PATH) - 1)]
    status = configuration.statuses[short]
    author = job.reviewer if short in ("retake", "done") or not job.makers else job.makers[0]
    task, changed = job.task, job.task.task_status_id != status.pk
    task.task_status_id, task.last_comment_date, task.updated_at = status.pk, at, at
    if changed and short == "retake":
        task.retake_count = (task.retake_count or 0) + 1
        task.end_date = None
    elif changed and short == "wip":
        task.real_start_date = task.real_start_date or at
    elif changed and short == "wfa":
        task.end_date = at
    elif changed:
        task.done_date = at
    about: dict[str, Any] = {"object_id": task.pk, "object_type": "Task", "task_status_id": status.pk}
    comment = draft.new(Comment, at=at, text=draft.pick(REMARKS), pinned=False, person_id=author.pk, data={}, **about)
    job.comments.append(comment)
    tell(draft, job, comment, author, changed)


def tell(draft: Draft, job: Job, comment: Comment, author: Person, changed: bool) -> None:
    """The news, the notifications and the event that a comment causes."""
    about: dict[str, Any] = {"task_id": job.task.pk, "comment_id": comment.pk, "at": comment.created_at, "author_id": author.pk}
    draft.add(draft.new(News, change=changed, **about))
    read = (draft.today - comment.created_at.date()).days > RECENT_DAYS
    for person in {person.pk: person for person in (*job.makers, job.reviewer)}.values():
        if person.pk != author.pk:
            draft.add(draft.new(Notification, person_id=person.pk, notification_type="comment", change=changed, read=read, **about))
    data = {"comment_id": str(comment.pk), "task_id": str(job.task.pk), "task_status_id": str(comment.task_status_id)}
    data["project_id"] = str(job.task.project_id)
    event: dict[str, Any] = {"name": "comment:new", "user_id": author.pk, "project_id": job.task.project_id, "data": data}
    draft.add(draft.new(ApiEvent, at=comment.created_at, **event))


def publish(draft: Draft, jobs: list[Job], total: int, configuration: Configuration) -> dict[Any, PreviewFile]:
    """So many previews, one to a comment: those that ask for approval first. Returns the last one of each entity."""
    asking = configuration.statuses["wfa"].pk
    spoken = [(job, comment) for job in jobs for comment in job.comments]
    draft.random.shuffle(spoken)
    spoken.sort(key=lambda pair: pair[1].task_status_id != asking)
    latest: dict[Any, PreviewFile] = {}
    for job, comment in sorted(spoken[:total], key=lambda pair: pair[1].created_at):
        job.previews += 1
        preview = draft.new(
            PreviewFile,
            at=comment.created_at,
            name=str(draft.new_id())[:13],
            original_name=f"playblast_v{job.previews:03}",
            revision=job.previews,
            extension="png",
            source="webgui",
            status="ready",
            file_size=250_000,
            width=1920,
            height=1080,
            task_id=job.task.pk,
            person_id=comment.person_id,
        )
        draft.add(preview)
        draft.link(Comment.previews.through, comment_id=comment.pk, previewfile_id=preview.pk)
        comment.preview_file_id = job.task.last_preview_file_id = preview.pk
        job.entity.preview_file_id, latest[job.entity.pk] = preview.pk, preview
    return latest


def note_hours(draft: Draft, jobs: list[Job], total: int) -> None:
    """So many time spents of the assignees, which add up to the durations of their tasks."""
    busy = [job for job in jobs if job.makers and job.comments]
    taken: set[tuple[UUID, int]] = set()
    while busy and len(taken) < min(total, len(busy) * 20):
        job, day = draft.pick(busy), draft.random.randrange(30, HISTORY_DAYS)
        key = (job.task.pk, day)
        if key in taken:
            continue
        taken.add(key)
        minutes = 60.0 * draft.random.randrange(1, 9)
        job.task.duration = (job.task.duration or 0) + minutes
        at = draft.moment(day)
        draft.add(draft.new(TimeSpent, at=at, date=at.date(), duration=minutes, task_id=job.task.pk, person_id=job.makers[0].pk))


def close_jobs(draft: Draft, jobs: list[Job]) -> None:
    """Adds the finished tasks and comments, the assignments, and the subscriptions of some reviewers."""
    for job in jobs:
        draft.add(job.task)
        for comment in job.comments:
            draft.add(comment)
        for person in job.makers:
            draft.link(Task.assignees.through, task_id=job.task.pk, person_id=person.pk)
        if draft.random.random() < 0.05:
            draft.add(draft.new(Subscription, at=job.task.created_at, person_id=job.reviewer.pk, task_id=job.task.pk))
