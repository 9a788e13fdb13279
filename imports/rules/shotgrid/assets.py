"""Assets of ShotGrid."""

from typing import Any

from assets.models import Entity
from assets.querysets import ASSET, TEMPORAL
from core.errors import Refusal
from core.transactions import hold
from events.emit import emit
from imports.rules.shotgrid.base import Skipped, by_shotgun_id, held
from imports.rules.shotgrid.castings import Castings
from imports.rules.shotgrid.entities import NO_PRODUCTION, EntityImport
from imports.rules.shotgrid.entries import AssetEntry
from production.models import EntityType, Project
from production.rules.configuration import create_entity_type

STRUCTURAL = {name.lower() for name in TEMPORAL}


class AssetImport(EntityImport):
    """Assets with their types, and the castings of the assets that hold them.

    `children` collects what each parent holds, by the parents' ShotGrid ids. What a page names replaces what a parent held;
    whoever brings several pages collects first, with `casts` false, and calls `cast_children` with all of it.
    """

    kind = ASSET
    entry = AssetEntry
    casts = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.children: dict[int, list[int]] = {}

    def read_projects(self, entries: list[Any]) -> None:
        """The productions by their ShotGrid ids."""
        ids = [entry.project.id for entry in entries if entry.project is not None]
        self.projects = by_shotgun_id(held(Project.objects), ids)

    def project_of(self, entry: AssetEntry) -> Project:
        """The production of an entry. Raises Skipped where it is not here."""
        project = self.projects.get(entry.project.id) if entry.project is not None else None
        if project is None:
            raise Skipped(NO_PRODUCTION)
        return project

    def read_types(self, entries: list[Any]) -> None:
        """The asset types of all entries; those that are missing are made. Raises a refusal for names of other kinds."""
        names = dict.fromkeys(entry.sg_asset_type for entry in entries if entry.sg_asset_type is not None)
        for name in names:
            if name.lower() in STRUCTURAL:
                raise Refusal(f"{name} is not an asset type")
        hold("entity types")
        types = list(EntityType.objects.order_by("created_at", "id"))
        self.types = {entity_type.name: entity_type for entity_type in types}
        folded = {entity_type.name.casefold(): entity_type for entity_type in types}
        for name in names:
            if name not in self.types:
                made = folded.get(name.casefold()) or create_entity_type({"name": name}, relations={}, by=self.by)
                self.types[name] = folded[name.casefold()] = made

    def place_of(self, entity: Any) -> Any:
        """An asset may have the name of another."""
        return entity.pk

    def plan(self, entry: AssetEntry) -> Any:
        """An asset."""
        project = self.project_of(entry)
        if entry.sg_asset_type is None:
            raise Skipped("it has no asset type")
        entity_type = self.types[entry.sg_asset_type]
        values = {"name": entry.code, "description": entry.description, "entity_type_id": entity_type.pk}
        asset = self.put(entry, project, **values)
        for parent in entry.parents:
            self.children.setdefault(parent.id, []).append(entry.id)
        return asset

    def store(self) -> None:
        """Also the castings, unless somebody collects them."""
        super().store()
        if self.casts:
            cast_children(self.children, by=self.by)


def cast_children(children: dict[int, list[int]], *, by: Any) -> int:
    """Cast in each parent exactly its children, all by their ShotGrid ids; gives how many castings changed."""
    ids = {*children, *(child for names in children.values() for child in names)}
    assets = by_shotgun_id(held(Entity.objects.of_kind(ASSET).defer("data", "description")), ids)
    castings = Castings()
    parents = {pk: assets[pk] for pk in children if pk in assets}
    castings.read(parent.pk for parent in parents.values())
    for pk, parent in parents.items():
        own = [assets[child] for child in children[pk] if child in assets]
        castings.replace(parent.pk, [asset.pk for asset in own if asset.project_id == parent.project_id])
    changed = castings.store()
    for parent in parents.values():
        if parent.pk in changed:
            emit("asset:update", {"asset_id": parent.pk}, project_id=parent.project_id, by=by)
    return len(changed)
