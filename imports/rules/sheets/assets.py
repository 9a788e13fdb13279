"""The sheet of assets."""

from collections.abc import Iterable
from typing import Any

from assets.models import Entity
from assets.querysets import ASSET, SHOT, TEMPORAL
from assets.rules.castings import recount_castings_of
from core.errors import Refusal
from imports.rules.sheets.columns import Column, Draft, TextColumn, invalid
from imports.rules.sheets.entities import NO_TV_SHOW, EntitySheet, Key
from production.models import EntityType, TaskType
from production.rules.announcements import announce_settings
from production.rules.configuration import create_entity_type

MAIN_PACK = "MP"
NO_TYPE = "An asset type is required in the Type column"
STRUCTURAL = {name.lower() for name in TEMPORAL}
LONGEST_TYPE = 30


class ReadyForColumn(Column):
    """The task type of shots that an asset is ready for."""

    takes_blank = True

    def __init__(self, task_types: list[TaskType]) -> None:
        super().__init__("Ready for", into="ready_for")
        self.task_types = {task_type.name: task_type for task_type in task_types if task_type.for_entity == SHOT}

    def clean(self, cell: str) -> Any:
        """The id of the task type; nothing for an empty cell. Raises a refusal."""
        if not cell.strip():
            return None
        if cell not in self.task_types:
            raise Refusal(f"Task type not found for {cell[:200]}")
        return self.task_types[cell].pk


class AssetSheet(EntitySheet):
    """Lines are assets, known by type and name. Every asset of the sheet gets the tasks of its workflow."""

    called = "assets"
    kind = ASSET
    task_kinds = (ASSET, None, "")
    place_names = ("Type", "Name", "Episode")

    def own_columns(self) -> list[Column]:
        """Description, resolution, and what the asset is ready for."""
        return [
            TextColumn("Description", into="description"),
            TextColumn("Resolution", into="resolution", in_data=True),
            ReadyForColumn(self.linked_types),
        ]

    def read_places(self) -> None:
        """Episodes, and the asset types of the studio and of the production."""
        self.read_episodes()
        self.types = {name.lower(): found for name, found in self.entity_types.items() if name.lower() not in STRUCTURAL}
        self.types_by_id: dict[Any, EntityType] = {}
        self.own_type_ids = set(self.project.asset_types.values_list("pk", flat=True))
        self.is_configured = bool(self.own_type_ids)
        self.added_types: dict[Any, EntityType] = {}
        links = EntityType.task_types.through.objects.values_list("entitytype_id", "tasktype_id")
        self.workflows: dict[Any, set[Any]] = {}
        for entity_type_id, task_type_id in links:
            self.workflows.setdefault(entity_type_id, set()).add(task_type_id)
        self.handled: list[Entity] = []

    def key_of(self, entity: Entity) -> Key:
        """Type and name."""
        return entity.entity_type_id, entity.name

    def place(self, draft: Draft) -> Key:
        """Type and name; the main episode goes into the row where the file has a column for it."""
        name = self.name_in(draft.line, "Name")
        entity_type = self.type_named(self.name_in(draft.line, "Type"))
        self.set_episode(draft)
        draft.values["name"] = name
        return entity_type.pk, name

    def type_of(self, key: Key) -> EntityType:
        """The asset type of the key."""
        return self.types_by_id[key[0]]

    def type_named(self, name: str) -> EntityType:
        """The asset type of a name, which may be new in a production that has not chosen its types. Raises a refusal."""
        word = name.strip().lower()
        if not word:
            raise Refusal(NO_TYPE)
        if word in STRUCTURAL:
            raise Refusal(f"{name} is not an asset type")
        if word not in self.types:
            if self.is_configured:
                raise Refusal(f"Asset type {name} is not configured for this project")
            if len(name) > LONGEST_TYPE:
                raise invalid(f"Type: longer than {LONGEST_TYPE} characters")
            self.types[word] = self.entity_types[name.strip()] = EntityType(name=name.strip())
        found = self.types[word]
        self.types_by_id[found.pk] = found
        if self.is_configured and found.pk not in self.own_type_ids:
            self.added_types[found.pk] = found
        return found

    def set_episode(self, draft: Draft) -> None:
        """Puts the main episode into the row: none for the main pack. Raises a refusal outside TV shows."""
        if draft.line.cell("Episode") is None:
            return
        name = self.name_in(draft.line, "Episode")
        if not self.is_tv_show:
            if name.strip():
                raise Refusal(NO_TV_SHOW)
            return
        draft.values["source_id"] = None if name.strip() in ("", MAIN_PACK) else self.episode(name).pk

    def plan(self, line: Any) -> None:
        """An asset is handled, even where it is left as it is."""
        super().plan(line)
        self.handled.append(self.report.instances[-1])

    def store_types(self, types: list[EntityType]) -> None:
        """Stores new asset types, and adds those to the production that it did not have."""
        for entity_type in types:
            if entity_type.name in TEMPORAL:
                super().store_types([entity_type])
            else:
                create_entity_type({"id": entity_type.pk, "name": entity_type.name}, relations={}, by=self.by)
        if self.added_types:
            self.project.asset_types.add(*self.added_types.values())
            announce_settings(self.project, by=self.by)

    def store_changes(self) -> None:
        """Counts castings anew where assets are ready for something else."""
        super().store_changes()
        moved = [entity.pk for entity, changes in self.changed.values() if "ready_for" in changes]
        if moved:
            recount_castings_of(moved, by=self.by)

    def told(self, entity: Entity) -> dict[str, Any]:
        """The type of a new asset."""
        return {"asset_type": str(entity.entity_type_id)} if self.kind_told(entity) == ASSET else {}

    def told_of_change(self, entity: Entity) -> dict[str, Any]:
        """The metadata of a changed asset."""
        return {"data": entity.data}

    def wanted_tasks(self) -> Iterable[tuple[TaskType, Entity]]:
        """The tasks of every asset's workflow."""
        for task_type in self.task_types:
            for entity in self.handled:
                workflow = self.workflows.get(entity.entity_type_id)
                if not workflow or task_type.pk in workflow:
                    yield task_type, entity
