"""The panoramas in front of which reviewers see 3D previews."""

from contextlib import suppress
from typing import Any

from django.db.models import ProtectedError

from core.errors import WrongParameter
from core.signals import row_leaving
from core.transactions import whole_step
from events.emit import emit
from files import storage
from files.names import cut, extension_of, plain_name, stem_of
from files.rules import movies
from files.rules.movies import MovieBroken
from files.rules.pictures import make_pictures
from files.storage import PICTURES
from production.models import PreviewBackgroundFile

HDR = "hdr"


def upload_background(background: PreviewBackgroundFile, upload: Any, *, by: Any) -> None:
    """Store the panorama of a background with its thumbnail.

    Raises WrongParameter for what is no Radiance picture; a background that never had a picture goes then.
    """
    name = plain_name(upload.name)
    extension = extension_of(name)
    try:
        if extension != HDR:
            raise WrongParameter(f"Wrong file format, extension: {extension}")
        store_panorama(background, upload)
    except WrongParameter:
        if background.extension is None:
            with suppress(ProtectedError):  # a production shows it already
                remove_background(background, by=by)
        raise
    with whole_step():
        background.original_name, background.extension = cut(stem_of(name), 250, 1000), HDR
        background.file_size = upload.size
        background.save(update_fields=["original_name", "extension", "file_size"])
        emit("preview-background-file:update", {"preview_background_file_id": background.pk}, by=by)
        emit("preview-background-file:add-file", {"preview_background_file_id": background.pk, "extension": HDR}, by=by)


def store_panorama(background: PreviewBackgroundFile, upload: Any) -> None:
    """Store the file and its thumbnail. Raises WrongParameter when it can't be read."""
    with storage.work_folder() as folder:
        path = storage.spool(upload, folder, "upload.hdr")
        try:
            picture = movies.read_panorama(path, folder / "panorama.png")
            thumbnail = make_pictures(picture, folder, "background").files["thumbnails"]
        except (MovieBroken, OSError, WrongParameter):
            raise WrongParameter(f"Error while saving preview background file and thumbnail: {background.pk}") from None
        storage.put_path(PICTURES, "preview-backgrounds", background.pk, path)
        storage.put_path(PICTURES, "thumbnails", background.pk, thumbnail)


@whole_step()
def remove_background(background: PreviewBackgroundFile, *, by: Any) -> None:
    """Take away a background that never got its picture. Raises ProtectedError when a production uses it."""
    pk = background.pk
    row_leaving.send(PreviewBackgroundFile, instance=background, by=by)
    background.delete()
    emit("preview-background-file:delete", {"preview_background_file_id": pk}, by=by)
