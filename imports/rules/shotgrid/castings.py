"""Castings that entries replace as a whole: the assets of shots, the children of assets."""

from collections.abc import Iterable
from typing import Any

from assets.models import EntityLink
from assets.rules.castings import count_casts
from imports.rules.sheets.base import in_chunks
from imports.rules.shotgrid.base import BATCH


class Castings:
    """What is cast in entities, and what is to be. Links that stay keep their number and label."""

    def __init__(self) -> None:
        self.links: dict[Any, dict[Any, Any]] = {}
        self.wanted: dict[Any, set[Any]] = {}

    def read(self, entity_ids: Iterable[Any]) -> None:
        """Reads what is cast now."""
        for ids in in_chunks(entity_ids):
            links = EntityLink.objects.order_by("pk").filter(entity_in_id__in=ids)
            for entity_id, asset_id, link_id in links.values_list("entity_in_id", "entity_out_id", "pk"):
                self.links.setdefault(entity_id, {})[asset_id] = link_id

    def replace(self, entity_id: Any, asset_ids: Iterable[Any]) -> bool:
        """Casts exactly these assets in an entity; tells whether that changes anything."""
        self.wanted[entity_id] = set(asset_ids) - {entity_id}
        return self.wanted[entity_id] != self.links.get(entity_id, {}).keys()

    def store(self) -> set[Any]:
        """Stores the castings and how many live assets they hold; gives the ids of the entities whose casting changed."""
        gone, new = [], []
        changed = {pk for pk, wanted in self.wanted.items() if wanted != self.links.get(pk, {}).keys()}
        for pk in changed:
            links = self.links.get(pk, {})
            gone += [link_id for asset_id, link_id in links.items() if asset_id not in self.wanted[pk]]
            new += [EntityLink(entity_in_id=pk, entity_out_id=asset_id) for asset_id in self.wanted[pk] if asset_id not in links]
        for ids in in_chunks(gone):
            EntityLink.objects.filter(pk__in=ids).delete()
        for link in new:
            link.updated_at = link.created_at
        EntityLink.objects.bulk_create(new, batch_size=BATCH)
        count_casts(changed)
        return changed
