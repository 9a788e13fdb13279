"""Lengths of shots, read from their previews."""

from typing import Any

from django.db.models import OuterRef, Subquery

from assets.models import Entity
from assets.querysets import SHOT
from core.models import now
from core.transactions import whole_step
from events.stamps import touch
from files.models import PreviewFile
from production.models import Project
from production.rules.formats import frames_per_second

BATCH = 500
LONGEST = 2**31 - 1


@whole_step()
def measure_shots(project: Project, task_type_id: Any, episode_id: Any = None) -> list[Entity]:
    """Give each shot of the production, or of one episode, the number of frames of its latest preview of a task type.

    Shots without such a preview, or whose preview has no length yet, keep their number. Returns the measured shots.
    """
    previews = PreviewFile.objects.filter(task__task_type_id=task_type_id, task__entity_id=OuterRef("pk"))
    latest = Subquery(previews.order_by("-created_at", "-id").values("duration")[:1])
    shots = Entity.objects.order_by("pk").of_kind(SHOT).filter(project=project)
    if episode_id is not None:
        shots = shots.filter(parent__parent_id=episode_id)
    measured = list(shots.annotate(seconds=latest).filter(seconds__isnull=False).only("id", "nb_frames"))
    rate, moment = frames_per_second(project.fps), now()
    for shot in measured:
        shot.nb_frames = min(round(shot.seconds * rate), LONGEST)
        shot.updated_at = moment
    Entity.objects.bulk_update(measured, ["nb_frames", "updated_at"], batch_size=BATCH)
    touch(str(project.pk))
    return measured
