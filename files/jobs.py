"""Work on files that people do not wait for."""

from django_tasks import task

from files.rules import transcoding


@task()
def process_movie(preview_id: str, normalize: bool = True, person_id: str | None = None) -> None:
    """Encode the movie of a preview."""
    transcoding.process(preview_id, normalize=normalize, person_id=person_id)


@task()
def process_main_frame(preview_id: str, number: int) -> None:
    """Make a frame of a movie its picture."""
    transcoding.show_frame(preview_id, number)
