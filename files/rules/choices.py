"""Choosing by hand what stands for an entity."""

from typing import Any

from django.conf import settings

from assets.models import Entity
from core.errors import NotFound, WrongParameter
from core.transactions import whole_step
from files.jobs import process_main_frame
from files.models import PreviewFile
from files.names import is_movie
from files.rules.main_previews import set_main_preview
from files.rules.transcoding import show_frame

NO_MOVIE = "Can't use a given frame on non movie preview"


def choose_main_preview(preview: PreviewFile, *, frame: int | None = None, wait: bool = False, by: Any) -> Entity:
    """Let a preview stand for its entity; `frame`, counted from 1, becomes the picture of a movie, later unless the caller waits.

    Raises WrongParameter for a frame of what is no movie, NotFound for a preview without an entity.
    """
    if frame is not None and not is_movie(preview.extension):
        raise WrongParameter(NO_MOVIE)
    if frame is not None and (wait or not settings.ENABLE_JOB_QUEUE):
        show_frame(preview.pk, frame)
    with whole_step():
        entity = Entity.objects.select_related("entity_type").filter(tasks=preview.task_id).first() if preview.task_id else None
        if entity is None:
            raise NotFound()
        set_main_preview(entity, preview, by=by)
        if frame is not None and settings.ENABLE_JOB_QUEUE and not wait:
            process_main_frame.enqueue(str(preview.pk), frame)
    return entity
