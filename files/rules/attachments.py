"""Attachments of comments, replies and chat messages."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from core.errors import WrongParameter
from core.transactions import on_commit, whole_step
from files import storage
from files.models import AttachmentFile
from files.names import NOT_PLAIN, cut, extension_of, plain_name
from files.rules.pictures import make_pictures
from files.storage import FILES, PICTURES

THUMBNAILED = ("image/png", "image/x-png", "image/jpg")


def attach_files(
    uploads: Sequence[Any], *, comment: Any = None, reply_id: Any = None, chat_message: Any = None, by: Any = None
) -> list[AttachmentFile]:
    """Store files and their records, which hang on a comment, a reply of it or a chat message.

    The bytes are stored first; when the records can't be, the bytes are taken away again.
    """
    made: list[AttachmentFile] = []
    try:
        for upload in uploads:
            made.append(store_attachment(upload, comment=comment, reply_id=reply_id, chat_message=chat_message))
        with whole_step():
            AttachmentFile.objects.bulk_create(made)
    except BaseException:
        for attachment in made:
            storage.remove(FILES, "attachments", attachment.pk)
        raise
    for attachment in made if chat_message is not None else []:
        on_commit(partial(make_thumbnail, attachment.pk, attachment.mimetype), robust=True)
    return made


def store_attachment(upload: Any, **owner: Any) -> AttachmentFile:
    """Store one file; its record is still to be saved."""
    name = plain_name(upload.name)
    attachment = AttachmentFile(
        name=name,
        extension=extension_of(name),
        size=upload.size,
        mimetype=cut(NOT_PLAIN.sub("", upload.content_type or ""), 255, 255),
        **owner,
    )
    storage.put(FILES, "attachments", attachment.pk, upload.file)
    return attachment


def make_thumbnail(pk: Any, mimetype: str | None) -> None:
    """Store the small picture of an attached picture; what can't be read has none."""
    if mimetype not in THUMBNAILED:
        return
    path = storage.local_file(FILES, "attachments", pk)
    if path is None:
        return
    with storage.work_folder() as folder:
        try:
            made = make_pictures(path, folder, "attached")
        except WrongParameter:
            return
        storage.put_path(PICTURES, "thumbnails", pk, made.files["thumbnails"])
