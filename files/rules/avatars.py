"""The pictures of persons, productions and the studio."""

from typing import Any

from core.transactions import whole_step
from events.emit import emit
from files import storage
from files.rules.pictures import make_pictures
from files.storage import PICTURES


def set_avatar(owner: Any, upload: Any, *, kind: str, by: Any) -> None:
    """Store the picture of a person, production or studio; `kind` is its part of event names. Raises WrongParameter."""
    with storage.work_folder() as folder:
        made = make_pictures(storage.spool(upload, folder, "upload"), folder, "avatar")
        storage.put_path(PICTURES, "thumbnails", owner.pk, made.files["thumbnails"])
    mark_avatar(owner, True, kind=kind, by=by)


def follow_avatar(owner: Any, content: bytes, *, kind: str) -> bool:
    """Store a picture that is kept elsewhere, unless it is the one that is stored. False when it is. Raises WrongParameter."""
    with storage.work_folder() as folder:
        source = folder / "source"
        source.write_bytes(content)
        picture = make_pictures(source, folder, "avatar").files["thumbnails"]
        former = storage.local_file(PICTURES, "thumbnails", owner.pk) if owner.has_avatar else None
        if former is not None and former.read_bytes() == picture.read_bytes():
            return False
        storage.put_path(PICTURES, "thumbnails", owner.pk, picture)
    mark_avatar(owner, True, kind=kind, by=None)
    return True


@whole_step()
def mark_avatar(owner: Any, has_avatar: bool, *, kind: str, by: Any) -> None:
    """Note whether there is a picture, and tell so."""
    owner.has_avatar = has_avatar
    owner.save(update_fields=["has_avatar"])
    emit(f"{kind}:update", {f"{kind}_id": owner.pk}, project_id=owner.pk if kind == "project" else None, by=by)
    if has_avatar:
        emit(f"{kind}:set-thumbnail", {f"{kind}_id": owner.pk}, by=by)
