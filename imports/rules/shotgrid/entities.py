"""Episodes, sequences, scenes and shots of ShotGrid."""

from collections.abc import Iterable
from typing import Any, ClassVar

from assets.models import Entity
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, SHOT
from assets.readers import UNTYPED
from assets.rules.creation import temporal_type
from core.errors import Refusal
from core.signals import casting_changed
from events.stamps import touch
from imports.rules.shotgrid.base import PageImport, Skipped, by_shotgun_id, found, held
from imports.rules.shotgrid.castings import Castings
from imports.rules.shotgrid.entries import PlaceEntry, SceneEntry, SequenceEntry, ShotEntry
from production.models import Project

NO_PRODUCTION = "its production is not here"
ELSEWHERE = "It belongs to another production here."
TAKEN = "{parent} holds another {kind} named {name}."
FRAMES = ("sg_cut_in", "sg_cut_out", "sg_sequence")
Ref = tuple[Any, int]


class EntityImport(PageImport):
    """Entries that become entities of one kind. `strict` kinds are refused where their production is not here, others skipped."""

    model = Entity
    reader = UNTYPED
    strict: ClassVar[bool] = False

    def prepare(self, entries: list[Any]) -> None:
        """Productions, the entities of these ids, and those that have the same names."""
        self.read_projects(entries)
        self.read_types(entries)
        ids = [entry.id for entry in entries]
        rows = held(Entity.objects.of_kind(self.kind))
        self.known: dict[int, Any] = by_shotgun_id(rows, ids)
        self.places: dict[Any, Any] = {}
        within = Entity.objects.of_kind(self.kind).filter(project__in=[project.pk for project in self.projects.values()])
        for entity in found(within.defer("data", "description"), "name", [entry.code for entry in entries]):
            self.places.setdefault(self.place_of(entity), entity)

    def read_projects(self, entries: list[Any]) -> None:
        """The productions by their names, locked so that nobody else makes entities in them meanwhile."""
        names = [entry.project.name for entry in entries if entry.project is not None]
        self.projects: dict[Any, Project] = {project.name: project for project in found(held(Project.objects), "name", names)}

    def read_types(self, entries: list[Any]) -> None:
        """The type of all entries."""
        self.entity_type = temporal_type(self.kind)

    def linked(self, kind: str, ids: Iterable[Any]) -> dict[Ref, Any]:
        """Entities of another kind, by their production and ShotGrid id."""
        rows: dict[Ref, Any] = {}
        for row in found(Entity.objects.of_kind(kind).defer("data", "description"), "shotgun_id", ids):
            rows.setdefault((row.project_id, row.shotgun_id), row)
        return rows

    def place_of(self, entity: Any) -> Any:
        """What no two entities of the kind share."""
        return entity.project_id, entity.parent_id, entity.name

    def project_of(self, entry: Any) -> Project:
        """The production of an entry. Raises Skipped or a refusal where it is not here."""
        project = self.projects.get(entry.project.name) if entry.project is not None else None
        if project is None:
            raise Refusal(f"{NO_PRODUCTION.capitalize()}.") if self.strict else Skipped(NO_PRODUCTION)
        return project

    def put(self, entry: Any, project: Project, **values: Any) -> Any:
        """The entity of an entry with these values. Raises a refusal for one that belongs elsewhere, or whose place is taken."""
        entity = self.known.get(entry.id)
        if entity is not None and entity.project_id != project.pk:
            raise Refusal(ELSEWHERE)
        place = (project.pk, values.get("parent_id"), values["name"])
        twin = self.places.get(place)
        if twin is not None and twin.pk != getattr(entity, "pk", None) and values.get("parent_id") is not None:
            raise Refusal(TAKEN.format(parent="Its parent", kind=self.kind.lower(), name=values["name"]))
        if entity is None:
            type_values = {"entity_type": self.entity_type} if "entity_type_id" not in values else {}
            entity = self.make(project=project, shotgun_id=entry.id, creator=self.by, **type_values, **values)
            self.known[entry.id] = entity
        else:
            former = self.place_of(entity)
            if self.places.get(former) is entity or getattr(self.places.get(former), "pk", None) == entity.pk:
                del self.places[former]
            self.change(entity, **values)
        self.places.setdefault(self.place_of(entity), entity)
        return entity

    def store(self) -> None:
        """Stores the entities; readers of boards learn that something changed."""
        super().store()
        for project_id in {row.project_id for row in (*self.created, *(row for row, _ in self.changed.values()))}:
            touch(project_id)


class EpisodeImport(EntityImport):
    """Episodes."""

    kind = EPISODE
    entry = PlaceEntry

    def plan(self, entry: PlaceEntry) -> Any:
        """An episode."""
        return self.put(entry, self.project_of(entry), name=entry.code, description=entry.description)


class SequenceImport(EntityImport):
    """Sequences; one whose name another has in the same place is left to that."""

    kind = SEQUENCE
    entry = SequenceEntry

    def prepare(self, entries: list[Any]) -> None:
        """Also the episodes that hold them."""
        super().prepare(entries)
        self.episodes = self.linked(EPISODE, [entry.episode.id for entry in entries if entry.episode is not None])

    def plan(self, entry: SequenceEntry) -> Any:
        """A sequence."""
        project = self.project_of(entry)
        episode = self.episodes.get((project.pk, entry.episode.id)) if entry.episode and entry.episode.id is not None else None
        parent_id = episode.pk if episode is not None else None
        twin, known = self.places.get((project.pk, parent_id, entry.code)), self.known.get(entry.id)
        if twin is not None and twin.pk != getattr(known, "pk", None):
            if known is None:
                raise Skipped(f"another sequence there is named {entry.code}")
            return self.change(known, description=entry.description)
        return self.put(entry, project, name=entry.code, description=entry.description, parent_id=parent_id)


class SceneImport(EntityImport):
    """Scenes."""

    kind = SCENE
    entry = SceneEntry
    strict = True

    def prepare(self, entries: list[Any]) -> None:
        """Also the sequences that hold them."""
        super().prepare(entries)
        self.sequences = self.linked(SEQUENCE, [link.id for entry in entries for link in entry.sequence_sg_scenes_1_sequences[:1]])

    def plan(self, entry: SceneEntry) -> Any:
        """A scene, in the first of its sequences."""
        project = self.project_of(entry)
        first = next(iter(entry.sequence_sg_scenes_1_sequences), None)
        sequence = self.sequences.get((project.pk, first.id)) if first is not None else None
        return self.put(entry, project, name=entry.code, parent_id=sequence.pk if sequence is not None else None)


class ShotImport(EntityImport):
    """Shots with their frames, the studio's own fields and their casting."""

    kind = SHOT
    entry = ShotEntry
    strict = True

    def prepare(self, entries: list[Any]) -> None:
        """Also sequences, scenes, and assets with what is cast now."""
        super().prepare(entries)
        self.sequences = self.linked(SEQUENCE, [entry.sg_sequence.id for entry in entries if entry.sg_sequence is not None])
        self.scenes = self.linked(SCENE, [entry.scene_id for entry in entries if type(entry.scene_id) is int])
        self.assets = self.linked(ASSET, [link.id for entry in entries for link in entry.assets])
        self.castings = Castings()
        self.castings.read(shot.pk for shot in self.known.values())

    def plan(self, entry: ShotEntry) -> Any:
        """A shot."""
        project = self.project_of(entry)
        sequence = self.sequences.get((project.pk, entry.sg_sequence.id)) if entry.sg_sequence and entry.sg_sequence.id else None
        scene = self.scenes.get((project.pk, entry.scene_id)) if type(entry.scene_id) is int else None
        first, duration = entry.sg_cut_in, entry.sg_cut_duration
        last = first if first is None or duration is None else first + duration
        shot = self.put(
            entry,
            project,
            name=entry.code,
            parent_id=sequence.pk if sequence is not None else None,
            source_id=scene.pk if scene is not None else None,
            data={**entry.custom(*FRAMES), "frame_in": first, "frame_out": last},
        )
        assets = [self.assets.get((project.pk, link.id)) for link in entry.assets]
        if self.castings.replace(shot.pk, [asset.pk for asset in assets if asset is not None]):
            self.recount(shot)
        return shot

    def recount(self, shot: Any) -> None:
        """A shot whose casting alone changes is a changed shot."""
        if shot.pk not in self.created_ids and shot.pk not in self.changed:
            self.report.counts["unchanged"] -= 1
        self.touch(shot)

    def store(self) -> None:
        """Also the castings, and what depends on them."""
        super().store()
        if changed := self.castings.store():
            casting_changed.send(Entity, shot_ids=sorted(changed), by=self.by)
