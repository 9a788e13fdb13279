"""Facts about a person and a playlist, beside those of `people.permissions`."""

from collections.abc import Collection
from typing import Any

from core.api.access import Scope, check
from core.errors import Forbidden
from people.models import Person
from people.permissions import manages_production, manages_somewhere, role_in, supervises_production
from tasks.models import Task


def is_for_clients(playlist: Any) -> bool:
    """The playlist, as a row or as what clients see of one, is shown to clients."""
    return bool(playlist["for_client"] if isinstance(playlist, dict) else playlist.for_client)


@check(scoped=True)
def sees_playlist(person: Any, scope: Scope) -> bool:
    """Member, no vendor; a client only where the playlist is for clients."""
    found = role_in(person, scope.project_id)
    if found in (None, "vendor"):
        return False
    return found != "client" or is_for_clients(scope.instance)


@check(scoped=True)
def made_playlist(person: Any, scope: Scope) -> bool:
    """Supervisor of the production who made the playlist, or whose playlist nobody knows who made it."""
    is_own = scope.instance.created_by in (None, person.pk)
    return is_own and role_in(person, scope.project_id) == "supervisor"


@check(scoped=True)
def is_shown_as_client(person: Any, scope: Scope) -> bool:
    """Client of the production for whom the playlist is."""
    return role_in(person, scope.project_id) == "client" and is_for_clients(scope.instance)


changes_playlist = manages_production | made_playlist
downloads_playlist = supervises_production | is_shown_as_client
handles_builds = manages_production | is_shown_as_client
# Who manages a production by their role there alone hands out no links: guests come in from outside the studio.
shares_playlist = manages_somewhere & manages_production


def refuse_foreign_work(person: Person, project_id: Any, entity_ids: Collection[Any]) -> None:
    """Raises Forbidden for a vendor of the production who has no task of one of the entities. One statement for vendors."""
    if role_in(person, project_id) != "vendor":
        return
    own = Task.assignees.through.objects.filter(person=person, task__entity__in=entity_ids)
    if set(own.values_list("task__entity_id", flat=True)) != set(entity_ids):
        raise Forbidden()
