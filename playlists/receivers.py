"""What this room does when lower rooms tell that rows leave."""

from typing import Any

from assets.models import Entity
from core.rules import wipe
from core.signals import job_given_up, job_retried, row_leaving, worker_looks_around
from files.rules.purging import OWNERS
from files.rules.removal import drop_objects
from files.storage import MOVIES
from playlists.models import BuildJob, Playlist, PlaylistShareLink
from playlists.rules.building import STORED
from playlists.rules.playlists import delete_playlist
from playlists.rules.recovery import abandon, reopen_for, resume_builds
from production.models import Project
from tasks.models import Notification


def project_leaves(sender: Any, *, instance: Project, by: Any, **kwargs: Any) -> None:
    """A production takes its playlists along, one statement per table."""
    playlists = Playlist.objects.filter(project=instance)
    for playlist in playlists:
        row_leaving.send(Playlist, instance=playlist, by=by)
    ids = playlists.order_by().values("pk")
    for job_id in BuildJob.objects.filter(playlist__in=ids).values_list("pk", flat=True):
        drop_objects([(MOVIES, STORED)], job_id, force=True)
    for rows in (Notification, BuildJob, PlaylistShareLink):
        wipe(rows.objects.filter(playlist__in=ids))
    wipe(playlists)


def entity_leaves(sender: Any, *, instance: Entity, by: Any, **kwargs: Any) -> None:
    """An episode takes its playlists along."""
    for playlist in Playlist.objects.filter(episode=instance):
        delete_playlist(playlist, by=by)


def worker_looks(sender: Any, **kwargs: Any) -> None:
    """A worker has time to look after builds whose work was cut off."""
    resume_builds()


def job_ends(sender: Any, *, path: str, arguments: list[Any], **kwargs: Any) -> None:
    """A job was given up."""
    abandon(path, arguments)


def job_returns(sender: Any, *, path: str, arguments: list[Any], **kwargs: Any) -> None:
    """A failed job is to run again."""
    reopen_for(path, arguments)


def connect() -> None:
    """Listen from now on."""
    OWNERS[MOVIES][STORED] = (BuildJob,)
    row_leaving.connect(project_leaves, sender=Project, dispatch_uid="playlists.project_leaves")
    row_leaving.connect(entity_leaves, sender=Entity, dispatch_uid="playlists.entity_leaves")
    for signal, receiver in ((worker_looks_around, worker_looks), (job_given_up, job_ends), (job_retried, job_returns)):
        signal.connect(receiver, dispatch_uid=f"playlists.{receiver.__name__}")
