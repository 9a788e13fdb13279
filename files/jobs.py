"""Work on files that people do not wait for."""

from django_tasks import task

from core.errors import Refusal
from files import storage
from files.models import PreviewFile
from files.rules import extraction, transcoding
from files.storage import PICTURES


@task()
def process_movie(preview_id: str, normalize: bool = True, person_id: str | None = None) -> None:
    """Encode the movie of a preview."""
    transcoding.process(preview_id, normalize=normalize, person_id=person_id)


@task()
def process_main_frame(preview_id: str, number: int) -> None:
    """Make a frame of a movie its picture."""
    transcoding.show_frame(preview_id, number)


@task()
def make_missing_tile(preview_id: str) -> str:
    """Make the tile of a ready movie that has none any more. Nothing is left to do where the movie itself is gone."""
    preview = PreviewFile.objects.filter(pk=preview_id, status="ready").first()
    if preview is None or storage.is_stored(PICTURES, "tiles", preview.pk):
        return "There is nothing to make."
    try:
        with storage.work_folder() as folder:
            extraction.renew_tile(preview, folder)
    except Refusal:
        return "There is no movie that it could be made of."
    return "Made."
