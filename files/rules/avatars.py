"""The pictures of persons, productions and the studio."""

from typing import Any

from core.transactions import whole_step
from events.emit import emit
from files import storage
from files.rules.pictures import AVATAR, contained, read_picture, write_png
from files.storage import PICTURES


def set_avatar(owner: Any, upload: Any, *, kind: str, by: Any) -> None:
    """Store the picture of a person, production or studio; `kind` is its part of event names. Raises WrongParameter."""
    with storage.work_folder() as folder:
        picture = contained(read_picture(storage.spool(upload, folder, "upload")), AVATAR)
        storage.put_path(PICTURES, "thumbnails", owner.pk, write_png(picture, folder / "avatar.png"))
    mark_avatar(owner, True, kind=kind, by=by)


@whole_step()
def mark_avatar(owner: Any, has_avatar: bool, *, kind: str, by: Any) -> None:
    """Note whether there is a picture, and tell so."""
    owner.has_avatar = has_avatar
    owner.save(update_fields=["has_avatar"])
    emit(f"{kind}:update", {f"{kind}_id": owner.pk}, by=by)
    if has_avatar:
        emit(f"{kind}:set-thumbnail", {f"{kind}_id": owner.pk}, by=by)
