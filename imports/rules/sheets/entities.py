"""What the sheets of assets, shots and edits share: finding what is there, planning each line, storing all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from assets.models import Entity
from assets.querysets import EPISODE, SEQUENCE
from assets.readers import UNTYPED
from assets.rules.announcing import tell
from assets.rules.creation import hold
from core.errors import Refusal
from core.models import now
from imports.rules.sheets.base import CREATED, SKIPPED, SheetImport
from imports.rules.sheets.columns import MISSING, Column, Draft, invalid
from imports.rules.sheets.metadata import metadata_columns
from imports.rules.sheets.work import Work, WorkColumns, WorkStore
from imports.sheets.reading import Line, Sheet
from people.models import Person
from production.models import EntityType, MetadataDescriptor, TaskType

TV_SHOW = "tvshow"
LONGEST_NAME = 160
BATCH = 500
ALREADY_THERE = "It is there already."
NO_TV_SHOW = "An episode column is present for a production that isn't a TV Show"
Key = tuple[Any, ...]


class EntitySheet(SheetImport):
    """A sheet whose lines are entities of one kind.

    Of several entities of one key the first line is about the oldest, the second about the next, in the order of exports.
    """

    reader = UNTYPED
    kind: ClassVar[str]
    task_kinds: ClassVar[tuple[str | None, ...]]
    with_assignations: ClassVar[bool] = True
    place_names: ClassVar[tuple[str, ...]]

    def __init__(self, project_id: Any, *, by: Person, update: bool = False) -> None:
        super().__init__(by=by, update=update)
        self.project_id = project_id
        self.created: list[Entity] = []
        self.created_ids: set[Any] = set()
        self.new_places: list[Entity] = []
        self.changed: dict[Any, tuple[Entity, set[str]]] = {}
        self.works: list[Work] = []
        self.seen: Counter[Key] = Counter()

    # What the lines may refer to

    def prepare(self, sheet: Sheet) -> None:
        """Locks the production, so that of two imports of one file the second finds what the first made. Raises NotFound."""
        self.project = hold(self.project_id)
        self.is_tv_show = self.project.production_type == TV_SHOW
        linked = TaskType.objects.filter(pk__in=self.project.task_type_links.values("task_type_id"))  # type: ignore[attr-defined]
        self.linked_types = list(linked.order_by("priority", "name", "id"))
        self.task_types = [task_type for task_type in self.linked_types if task_type.for_entity in self.task_kinds]
        descriptors = MetadataDescriptor.objects.filter(project=self.project, entity_type=self.kind, task_type=None)
        self.columns: list[Column] = [*self.own_columns(), *metadata_columns(list(descriptors), sheet.columns)]
        self.work_columns = WorkColumns(self.task_types, sheet.columns, with_assignations=self.with_assignations)
        self.work_columns.read_present(self.project)
        self.entity_types = {entity_type.name: entity_type for entity_type in EntityType.objects.order_by("created_at", "id")}
        self.known: dict[Key, list[Entity]] = {}
        self.read_places()
        for entity in self.entities(self.kind):
            self.known.setdefault(self.key_of(entity), []).append(entity)

    def entities(self, kind: str) -> Iterator[Entity]:
        """The production's entities of a kind, the oldest first, each with its type."""
        found = Entity.objects.of_kind(kind).filter(project=self.project).order_by("created_at", "id")
        return found.select_related("entity_type").iterator()

    def own_columns(self) -> list[Column]:
        """The columns of the kind that are neither its place, metadata nor tasks."""
        raise NotImplementedError

    def read_places(self) -> None:
        """Reads what entities of the kind lie in."""
        raise NotImplementedError

    def key_of(self, entity: Entity) -> Key:
        """By what a line knows the entity."""
        raise NotImplementedError

    def names_read(self) -> set[str]:
        """The columns of the kind, of metadata and of tasks."""
        return {*self.place_names, *(name for column in self.columns for name in column.names), *self.work_columns.all_names()}

    # Planning

    def place(self, draft: Draft) -> Key:
        """The key of the line's entity; puts into the row where it lies. Raises a refusal."""
        raise NotImplementedError

    def plan(self, line: Line) -> None:
        """Finds the line's entity or makes it, changes it where changes are wanted, and keeps what is to be done about tasks."""
        draft = Draft(line)
        key = self.place(draft)
        for column in self.columns:
            column.read(draft)
        works = self.work_columns.read(line)
        found = self.match(key)
        if found is not None and not self.update:
            self.report.note(line, SKIPPED, ALREADY_THERE, found)
            return
        entity = found if found is not None else self.make(key)
        changes = self.change(entity, draft)
        works = self.work_columns.news(works, entity)
        self.works += works
        if found is None:
            self.report.note(line, CREATED, None, entity)
        else:
            self.report.note_change(line, {*changes, *(work.task_type.name for work in works)}, entity)

    def match(self, key: Key) -> Entity | None:
        """The entity of a key, or None."""
        same = self.known.get(key)
        if not same:
            return None
        number = self.seen[key]
        self.seen[key] += 1
        return same[min(number, len(same) - 1)]

    def make(self, key: Key) -> Entity:
        """A new entity, not stored yet."""
        entity = self.blank(self.type_of(key))
        self.created.append(entity)
        self.created_ids.add(entity.pk)
        self.known[key] = [entity]
        return entity

    def type_of(self, key: Key) -> EntityType:
        """The type of a new entity of that key."""
        return self.kind_type(self.kind)

    def blank(self, entity_type: EntityType, **values: Any) -> Entity:
        """An entity of the production as it is before its own values."""
        entity = Entity(project=self.project, entity_type=entity_type, creator=self.by, data={}, **values)
        entity.updated_at = entity.created_at
        return entity

    def change(self, entity: Entity, draft: Draft) -> set[str]:
        """Sets on an entity what the line says, as far as it is different; gives the names of the columns."""
        if entity.pk in self.created_ids:
            changes, data = dict(draft.values), {**(entity.data or {}), **draft.data}
        else:
            changes, data = draft.changes(entity), draft.merged(entity.data)
        if data != (entity.data or {}):
            changes["data"] = data
        changes |= self.deduced(entity, draft, changes)
        for name, value in changes.items():
            setattr(entity, name, value)
        if changes and entity.pk not in self.created_ids:
            self.changed.setdefault(entity.pk, (entity, set()))[1].update(changes)
        return set(changes)

    def deduced(self, entity: Entity, draft: Draft, changes: dict[str, Any]) -> dict[str, Any]:
        """What follows from the changes of a line."""
        return {}

    def kind_type(self, kind: str) -> EntityType:
        """The entity type of a temporal kind; a missing one is made with the rest."""
        if kind not in self.entity_types:
            self.entity_types[kind] = EntityType(name=kind)
        return self.entity_types[kind]

    def name_in(self, line: Line, column: str, *, required: bool = True) -> str:
        """A name in a column. Raises a refusal where the column is missing or the name too long."""
        cell = line.cell(column)
        if cell is None and required:
            raise Refusal(MISSING.format(name=column))
        if len(cell or "") > LONGEST_NAME:
            raise invalid(f"{column}: longer than {LONGEST_NAME} characters")
        return cell or ""

    def episode(self, name: str) -> Entity:
        """The episode of a name, made where it is missing."""
        if name not in self.episodes:
            self.episodes[name] = self.blank(self.kind_type(EPISODE), name=name, description="")
            self.new_places.append(self.episodes[name])
        return self.episodes[name]

    def read_episodes(self) -> None:
        """Reads the production's episodes."""
        self.episodes: dict[str, Entity] = {}
        for episode in self.entities(EPISODE):
            self.episodes.setdefault(episode.name, episode)

    # Storing

    def store(self) -> None:
        """Stores what was planned: places and entities in a few statements, then tasks, then what was said about these."""
        types = [entity_type for entity_type in self.entity_types.values() if entity_type._state.adding]
        self.store_types(types)
        Entity.objects.bulk_create([*self.new_places, *self.created], batch_size=BATCH)
        for entity in (*self.new_places, *self.created):
            tell(entity, "new", by=self.by, kind=self.kind_told(entity), **self.told(entity))
        self.store_changes()
        work = WorkStore(self.project, self.works, by=self.by)
        work.make_tasks(self.wanted_tasks())
        work.carry_out()

    def store_types(self, types: list[EntityType]) -> None:
        """Stores the entity types that were missing."""
        EntityType.objects.bulk_create(types, ignore_conflicts=True)

    def store_changes(self) -> None:
        """Stores what was changed of entities that were there."""
        entities = [entity for entity, _ in self.changed.values()]
        names = {name for _, changes in self.changed.values() for name in changes}
        for entity in entities:
            entity.updated_at = now()
        if entities:
            Entity.objects.bulk_update(entities, sorted({*names, "updated_at"}), batch_size=BATCH)
        for entity in entities:
            tell(entity, "update", by=self.by, kind=self.kind, **self.told_of_change(entity))

    def kind_told(self, entity: Entity) -> str:
        """The kind of a new entity: the sheet's own, or that of a place."""
        return entity.entity_type.name if entity.entity_type.name in (EPISODE, SEQUENCE) else self.kind

    def told(self, entity: Entity) -> dict[str, Any]:
        """What the event of a new entity says beside its id."""
        return {}

    def told_of_change(self, entity: Entity) -> dict[str, Any]:
        """What the event of a changed entity says beside its id."""
        return {}

    def wanted_tasks(self) -> Iterable[tuple[TaskType, Entity]]:
        """The tasks that entities of the sheet are to have; what they have already is left alone."""
        return ((task_type, entity) for task_type in self.task_types for entity in self.created)
