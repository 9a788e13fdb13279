"""The sheet of castings."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from assets.models import Entity, EntityLink
from assets.querysets import ASSET, EPISODE, SHOT
from assets.rules.announcing import kind_of
from assets.rules.castings import count_casts, tell_link
from assets.rules.creation import hold
from core.errors import Refusal
from core.models import now
from core.signals import casting_changed
from core.words import slug
from events.emit import emit
from imports.rules.sheets.base import CREATED, SKIPPED, SheetImport
from imports.rules.sheets.columns import MISSING, Draft, NumberColumn, TextColumn, invalid
from imports.rules.sheets.entities import BATCH, TV_SHOW
from imports.rules.sheets.places import Places, key_of
from imports.sheets.reading import Line, Sheet
from people.models import Person

DEFAULT_LABEL = "fixed"
LONGEST_LABEL = 80
NOT_FOUND = "The asset, or where it is cast, is not found."
NAMES = ("Asset Type", "Asset", "Parent", "Name")
Pair = tuple[Any, Any]


class Occurrences(NumberColumn):
    """How often the asset is there, 1 unless it is said."""

    smallest = 0
    takes_blank = True

    def clean(self, cell: str) -> int:
        """The number. Raises a refusal where it is none."""
        return super().clean(cell) if cell.strip() else 1


class Label(TextColumn):
    """What the casting is called, as a plain word."""

    def clean(self, cell: str) -> str:
        """The word. Raises a refusal where it is too long."""
        if len(cell) > LONGEST_LABEL:
            raise invalid(f"Label: longer than {LONGEST_LABEL} characters")
        return slug(cell)[:LONGEST_LABEL]


class CastingSheet(SheetImport):
    """Lines cast an asset in a shot, an asset or an episode; those whose names are unknown are left out."""

    called = "casting"
    columns = (Occurrences("Occurences", into="nb_occurences", required=True), Label("Label", into="label"))

    def __init__(self, project_id: Any, *, by: Person, update: bool = False) -> None:
        super().__init__(by=by, update=update)
        self.project_id = project_id
        self.new: list[EntityLink] = []
        self.changed: dict[Any, EntityLink] = {}
        self.seen: Counter[tuple[Any, ...]] = Counter()

    def prepare(self, sheet: Sheet) -> None:
        """Locks the production and reads its entities and links. Raises NotFound."""
        self.project = hold(self.project_id)
        self.is_tv_show = self.project.production_type == TV_SHOW
        self.places = Places(self.project.pk, ASSET, SHOT, EPISODE, with_episodes=self.is_tv_show)
        links = EntityLink.objects.order_by().filter(entity_in__project=self.project)
        self.links: dict[Pair, EntityLink] = {(link.entity_in_id, link.entity_out_id): link for link in links}

    def names_read(self) -> set[str]:
        """All columns of the sheet."""
        return {"Episode", *NAMES, *(name for column in self.columns for name in column.names)}

    def plan(self, line: Line) -> None:
        """Finds the link of a line, or makes it, and sets its number and label."""
        for name in NAMES:
            if line.cell(name) is None:
                raise Refusal(MISSING.format(name=name))
        draft = Draft(line)
        for column in self.columns:
            column.read(draft)
        found = self.pair(line)
        if found is None:
            self.report.note(line, SKIPPED, NOT_FOUND)
            return
        entity, asset = found
        link = self.links.get((entity.pk, asset.pk))
        if link is None:
            self.cast(entity, asset, draft)
            self.report.note(line, CREATED)
        else:
            self.report.note_change(line, self.change(link, entity, draft))

    def pair(self, line: Line) -> tuple[Entity, Entity] | None:
        """Where the line casts what. Of several of one name the first line is about the oldest, the second about the next."""
        cells = line.cells
        assets = self.places.assets.get(key_of(cells["Asset Type"], cells["Asset"]), [])
        targets = self.places.targets(line.cell("Episode"), cells["Parent"], cells["Name"])
        pairs = [(entity, asset) for entity in targets for asset in assets]
        if not pairs:
            return None
        linked = [pair for pair in pairs if (pair[0].pk, pair[1].pk) in self.links] or pairs[:1]
        key = (pairs[0][0].pk, pairs[0][1].pk)
        self.seen[key] += 1
        return linked[min(self.seen[key], len(linked)) - 1]

    def cast(self, entity: Entity, asset: Entity, draft: Draft) -> None:
        """A new link."""
        values = {"label": DEFAULT_LABEL, **draft.values}
        link = EntityLink(entity_in=entity, entity_out=asset, data=None, **values)
        link.updated_at = link.created_at
        self.links[entity.pk, asset.pk] = link
        self.new.append(link)

    def change(self, link: EntityLink, entity: Entity, draft: Draft) -> set[str]:
        """Sets on a link what the line says, as far as it is different; gives the names of the columns."""
        changes = draft.changes(link)
        for name, value in changes.items():
            setattr(link, name, value)
        if changes and not link._state.adding:
            link.entity_in = entity
            self.changed[link.pk] = link
        return set(changes)

    def store(self) -> None:
        """Stores the links with what follows for episodes, counts and statistics."""
        automatic = self.automatic_links() if self.is_tv_show else []
        EntityLink.objects.bulk_create([*self.new, *automatic], batch_size=BATCH)
        for link in self.changed.values():
            link.updated_at = now()
        if self.changed:
            fields = ["nb_occurences", "label", "updated_at"]
            EntityLink.objects.bulk_update(self.changed.values(), fields, batch_size=BATCH)
        for link in self.new:
            tell_link(link, "new", link.entity_in, by=self.by)
        for link in self.changed.values():
            tell_link(link, "update", link.entity_in, by=self.by)
        for link in automatic:
            emit("asset:update", {"asset_id": link.entity_out_id}, project_id=self.project.pk, by=self.by)
        self.settle(automatic)

    def automatic_links(self) -> list[EntityLink]:
        """What the new castings of shots cast in their episodes."""
        found: dict[Pair, EntityLink] = {}
        for link in self.new:
            shot = link.entity_in
            episode_id = shot.parent.parent_id if kind_of(shot) == SHOT and shot.parent is not None else None
            key = (episode_id, link.entity_out_id)
            if episode_id is not None and key not in self.links and key not in found:
                found[key] = EntityLink(entity_in_id=episode_id, entity_out_id=link.entity_out_id, label="", data={"auto": True})
        return list(found.values())

    def settle(self, automatic: Iterable[EntityLink]) -> None:
        """Counts what is cast where castings changed, tells of it, and has the statistics of shots made anew."""
        added: dict[Any, list[str]] = {}
        for link in self.new:
            added.setdefault(link.entity_in_id, []).append(str(link.entity_out_id))
        entities = {link.entity_in_id: link.entity_in for link in (*self.new, *self.changed.values())}
        counts = count_casts([*entities, *(link.entity_in_id for link in automatic)])
        for pk, entity in entities.items():
            word = {SHOT: "shot", EPISODE: "episode"}.get(kind_of(entity), "asset")
            payload = {f"{word}_id": pk, "nb_entities_out": counts.get(pk, 0)}
            payload |= {"added_asset_ids": sorted(added.get(pk, [])), "removed_asset_ids": []}
            emit(f"{word}:casting-update", payload, project_id=self.project.pk, by=self.by)
        shot_ids = [pk for pk, entity in entities.items() if kind_of(entity) == SHOT]
        if shot_ids:
            casting_changed.send(Entity, shot_ids=shot_ids, by=self.by)
