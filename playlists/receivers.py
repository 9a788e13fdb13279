"""What this room does when lower rooms tell that rows leave."""

from typing import Any

from assets.models import Entity
from core.rules import wipe
from core.signals import row_leaving
from playlists.models import BuildJob, Playlist, PlaylistShareLink
from playlists.rules.playlists import delete_playlist
from production.models import Project
from tasks.models import Notification


def project_leaves(sender: Any, *, instance: Project, by: Any, **kwargs: Any) -> None:
    """A production takes its playlists along, one statement per table."""
    playlists = Playlist.objects.filter(project=instance)
    for playlist in playlists:
        row_leaving.send(Playlist, instance=playlist, by=by)
    ids = playlists.order_by().values("pk")
    for rows in (Notification, BuildJob, PlaylistShareLink):
        wipe(rows.objects.filter(playlist__in=ids))
    wipe(playlists)


def entity_leaves(sender: Any, *, instance: Entity, by: Any, **kwargs: Any) -> None:
    """An episode takes its playlists along."""
    for playlist in Playlist.objects.filter(episode=instance):
        delete_playlist(playlist, by=by)


def connect() -> None:
    """Listen from now on."""
    row_leaving.connect(project_leaves, sender=Project, dispatch_uid="playlists.project_leaves")
    row_leaving.connect(entity_leaves, sender=Entity, dispatch_uid="playlists.entity_leaves")
