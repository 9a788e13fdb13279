"""Assets that other productions may use."""

from typing import Any

from assets.models import Entity
from assets.querysets import EntityQuerySet
from core.models import now
from core.transactions import whole_step
from events.stamps import touch


@whole_step()
def share_assets(assets: EntityQuerySet, *, is_shared: bool) -> list[Any]:
    """Share assets, or end it; gives their ids. No event tells of it."""
    found = dict(assets.select_for_update(of=("self",), no_key=True).values_list("pk", "project_id"))
    Entity.objects.filter(pk__in=found).update(is_shared=is_shared, updated_at=now())
    for project_id in set(found.values()):
        touch(project_id)
    return list(found)
