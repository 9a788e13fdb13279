"""Uploads of previews: the bytes are stored first, then the record says so, and everybody is told."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from core.errors import BAD_JSON, Refusal, WrongParameter
from core.models import now
from core.transactions import on_commit, whole_step
from files import storage
from files.jobs import process_movie
from files.models import PreviewFile
from files.names import DOCUMENT, MOVIE, PICTURE, cut, extension_of, kind_of, plain_name, stem_of, stored_extension
from files.rules.main_previews import publish_preview
from files.rules.pictures import make_pictures
from files.rules.previews import add_preview
from files.rules.progress import put_variants, tell_added, tell_status, unfinished
from files.rules.removal import remove_preview
from files.rules.transcoding import process
from files.storage import FILES, MOVIES

EMPTY_MOVIE = "Uploaded movie could not be written to temporary storage or is empty; aborting before dispatching normalization."


def upload_preview(preview: PreviewFile, upload: Any, *, normalize: bool = True, wait: bool = False, by: Any) -> None:
    """Store the file of a preview. Movies are encoded in the background, unless the caller will `wait`.

    Raises Refusal for a second upload, and WrongParameter for files that can't be previews: of an unknown extension or empty,
    which takes the record away, or unreadable, which leaves it open for another upload.
    """
    if preview.original_name is not None:
        raise Refusal(BAD_JSON)
    name = plain_name(upload.name)
    try:
        kind = kind_of(extension_of(name))
        if kind == MOVIE and not upload.size:
            raise WrongParameter(EMPTY_MOVIE)
    except WrongParameter:
        remove_preview(preview, by=by)
        raise
    with storage.work_folder() as folder:
        path = storage.spool(upload, folder, "upload")
        {PICTURE: store_picture, MOVIE: store_movie, DOCUMENT: store_document}[kind](
            preview, path, name, normalize=normalize, wait=wait, by=by
        )


def claim(preview: PreviewFile, name: str) -> None:
    """Take the record for this upload; of two at once, one is refused. Raises Refusal."""
    extension = stored_extension(extension_of(name))
    values: dict[str, Any] = {"original_name": cut(stem_of(name), 250, 1000), "extension": extension, "updated_at": now()}
    if preview.status == "broken":
        values["data"] = None  # an upload that was cut off is forgotten
    if not PreviewFile.objects.filter(pk=preview.pk, original_name=None).update(status="processing", **values):
        raise Refusal(BAD_JSON)


def release(preview: PreviewFile) -> None:
    """Leave the record open for another upload, because storing this one failed."""
    PreviewFile.objects.filter(pk=preview.pk).update(original_name=None, extension=preview.extension)


def store_claimed(preview: PreviewFile, name: str, store: Callable[[], None]) -> None:
    """Take the record and store its bytes; when that fails, nothing was uploaded."""
    claim(preview, name)
    try:
        store()
    except BaseException:
        release(preview)
        raise


def store_picture(preview: PreviewFile, path: Path, name: str, *, by: Any, **how: Any) -> None:
    """Store a picture with its variants."""
    made = make_pictures(path, path.parent)
    store_claimed(preview, name, lambda: put_variants(preview.pk, made.files))
    values = {"width": made.width, "height": made.height, "file_size": made.files["original"].stat().st_size}
    finish_upload(preview.pk, values, tell_end=True, by=by)


def store_document(preview: PreviewFile, path: Path, name: str, *, by: Any, **how: Any) -> None:
    """Store any other file as it is."""
    store_claimed(preview, name, lambda: storage.put_path(FILES, "previews", preview.pk, path))
    finish_upload(preview.pk, {"file_size": path.stat().st_size}, tell_end=False, by=by)


@whole_step()
def finish_upload(preview_id: Any, values: dict[str, Any], *, tell_end: bool, by: Any) -> None:
    """The files of a picture or document are stored: the record says so, its task and entity show it, all are told."""
    if not unfinished(preview_id).update(status="ready", updated_at=now(), **values):
        return
    preview = PreviewFile.objects.select_related("task").get(pk=preview_id)
    if tell_end:
        tell_status(preview, by=by)
        publish_preview(preview, by=by)
    tell_status(preview, by=by)
    tell_added(preview, by=by)


def store_movie(preview: PreviewFile, path: Path, name: str, *, normalize: bool, wait: bool, by: Any) -> None:
    """Store a movie's source and have it encoded."""
    store_claimed(preview, name, lambda: storage.put_path(MOVIES, "source", preview.pk, path))
    if wait or not normalize or not settings.ENABLE_JOB_QUEUE:
        process(preview.pk, normalize=normalize, person_id=by.pk)
        tell_taken(preview.pk, by=by)
        return
    with whole_step():
        tell_taken(preview.pk, by=by)
        process_movie.enqueue(str(preview.pk), normalize, str(by.pk))


@whole_step()
def tell_taken(preview_id: Any, *, by: Any) -> None:
    """Tell that a movie was uploaded; whether it is finished by now, its status tells."""
    preview = PreviewFile.objects.select_related("task").filter(pk=preview_id).first()
    if preview is None:
        return
    tell_status(preview, by=by, with_status=preview.status == "processing")
    tell_added(preview, by=by)


@whole_step()
def add_uploaded(task: Any, comment: Any, uploads: Sequence[Any], *, by: Any) -> list[PreviewFile]:
    """Make previews of files that came with a comment, leaving out those of unknown kinds; the files follow after commit."""
    made = []
    for upload in uploads:
        try:
            kind_of(extension_of(plain_name(upload.name)))
        except WrongParameter:
            continue
        preview = add_preview(task, comment, by=by)
        on_commit(partial(upload_or_remove, preview, upload, by=by), robust=True)
        made.append(preview)
    return made


def upload_or_remove(preview: PreviewFile, upload: Any, *, by: Any) -> None:
    """Store the file of a preview that came with a comment; one that can't be read leaves no preview."""
    try:
        upload_preview(preview, upload, by=by)
    except WrongParameter:
        remaining = PreviewFile.objects.filter(pk=preview.pk, original_name=None).first()
        if remaining is not None:
            remove_preview(remaining, by=by)
