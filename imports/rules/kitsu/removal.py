"""Taking away what the other server took away."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from assets.models import Entity
from assets.rules.deletion import remove_entity
from core.errors import Refusal
from core.rules import delete_row
from core.transactions import whole_step
from files.models import AttachmentFile, PreviewFile
from files.rules.removal import remove_attachments, remove_preview
from people.models import Person
from playlists.models import Playlist
from playlists.rules.playlists import delete_playlist
from production.models import Project
from production.rules.projects import delete_project
from tasks.models import Comment, Task
from tasks.rules.comment_changes import delete_comment
from tasks.rules.tasks import delete_with_all

REMOVALS: dict[Any, Callable[[Any, Person], Any]] = {
    Project: lambda row, by: delete_project(row, force=True, by=by),
    Entity: lambda row, by: remove_entity(row.pk, force=True, by=by),
    Task: lambda row, by: delete_with_all([row], by=by),
    Comment: lambda row, by: delete_comment(row.pk, by=by),
    PreviewFile: lambda row, by: remove_preview(row, force=True, by=by),
    Playlist: lambda row, by: delete_playlist(row, by=by),
    AttachmentFile: lambda row, by: remove_attachments([row], force=True),
}


@whole_step()
def take_away(model: Any, pk: Any, *, by: Person) -> bool | str:
    """Remove a row with what hangs on it; false when it is not here, the reason when something still needs it."""
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            REMOVALS.get(model, lambda row, by: delete_row(row, by=by))(row, by)
    except (ProtectedError, RestrictedError, Refusal) as error:
        return str(error.args[0]) if error.args else type(error).__name__
    return True
