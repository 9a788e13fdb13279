"""Telling the clients of a production that a playlist is ready."""

from typing import Any

from django.db.models import Q

from core.transactions import whole_step
from people.models import Person
from playlists.models import Playlist
from tasks.models import Notification
from tasks.rules.notifications import notify


def clients_of(project_id: Any) -> Any:
    """The people who are clients in a production, by their role there or else by their own; no bots, no preview accounts."""
    as_client = Q(team_links__role="client") | Q(team_links__role__isnull=True, role="client")
    people = Person.objects.order_by().exclude(role="admin").filter(active=True, is_bot=False, preview_project=None)
    return people.filter(as_client, team_links__project_id=project_id)


@whole_step()
def notify_clients(playlist: Playlist, *, studio_id: Any = None, department_id: Any = None, by: Person) -> None:
    """Tell the clients of the playlist's production, of one studio or department alone if asked, here and where they want it."""
    people = clients_of(playlist.project_id)
    if studio_id is not None:
        people = people.filter(studio_id=studio_id)
    if department_id is not None:
        people = people.filter(departments=department_id)
    ids = people.values_list("pk", flat=True).distinct()
    rows = [Notification(notification_type="playlist-ready", person_id=pk, author=by, playlist=playlist) for pk in ids]
    notify(rows, project_id=playlist.project_id, by=by)
