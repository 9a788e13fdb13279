"""What the back-office opens with: open productions and how far they are, what happened last, what went wrong."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django_tasks_db.models import DBTaskResult

from assets.models import Entity
from events.models import ApiEvent
from files.models import Transcoding
from files.rules.usage import recorded_use
from production.models import Project
from tasks.models import Task

PRODUCTIONS, EVENTS, JOBS = 30, 12, 8
TEMPORAL = {"Shot": "shots", "Sequence": "", "Episode": "", "Scene": "", "Edit": "", "Concept": ""}


@dataclass
class Progress:
    """One open production in numbers."""

    project: Project
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tasks: int = 0
    done: int = 0
    stored: int = 0

    @property
    def assets(self) -> int:
        """How many assets it has."""
        return self.counts["assets"]

    @property
    def shots(self) -> int:
        """How many shots it has."""
        return self.counts["shots"]

    @property
    def percentage(self) -> int:
        """The part of its tasks that is done, in hundredths."""
        return 100 * self.done // self.tasks if self.tasks else 0


def open_productions() -> list[Progress]:
    """The open productions by name, in five statements."""
    projects = Project.objects.filter(project_status__name="Open").select_related("project_status").order_by("name")[:PRODUCTIONS]
    found: dict[UUID, Progress] = {project.pk: Progress(project) for project in projects}
    entities = Entity.objects.filter(project__in=list(found), canceled=False).order_by()
    for project_id, kind, count in entities.values_list("project", "entity_type__name").annotate(count=Count("pk")):
        if of := TEMPORAL.get(kind, "assets"):
            found[project_id].counts[of] += count
    tasks = Task.objects.filter(project__in=list(found)).order_by().values_list("project")
    numbers = tasks.annotate(count=Count("pk"), done=Count("pk", filter=Q(task_status__is_done=True)))
    for project_id, count, done in numbers:
        found[project_id].tasks, found[project_id].done = count, done
    for project_id, size in recorded_use(found).items():
        found[project_id].stored = size
    return list(found.values())


def overview() -> dict[str, Any]:
    """Everything that the dashboard shows, by the names that its template uses."""
    return {
        "productions": open_productions(),
        "latest_events": ApiEvent.objects.select_related("user", "project").order_by("-created_at", "-id")[:EVENTS],
        "encodings": Transcoding.objects.select_related("preview").filter(preview__status="processing")[:JOBS],
        "failed_jobs": DBTaskResult.objects.failed().order_by("-finished_at")[:JOBS],
    }
