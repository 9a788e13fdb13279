"""The sheet of edits."""

from typing import Any

from assets.models import Entity
from assets.querysets import EDIT
from core.errors import Refusal
from imports.rules.sheets.columns import Column, Draft, TextColumn
from imports.rules.sheets.entities import NO_TV_SHOW, EntitySheet, Key


class EditSheet(EntitySheet):
    """Lines are edits, known by episode and name; missing episodes are made."""

    called = "edits"
    kind = EDIT
    task_kinds = (EDIT,)
    with_assignations = False
    place_names = ("Episode", "Name")

    def own_columns(self) -> list[Column]:
        """The description."""
        return [TextColumn("Description", into="description")]

    def read_places(self) -> None:
        """Episodes."""
        self.read_episodes()

    def key_of(self, entity: Entity) -> Key:
        """Episode and name. Outside TV shows an edit counts wherever it lies."""
        return entity.parent_id if self.is_tv_show else None, entity.name

    def place(self, draft: Draft) -> Key:
        """Episode and name; an empty cell is no episode. Raises a refusal outside TV shows."""
        name = self.name_in(draft.line, "Name")
        episode = self.name_in(draft.line, "Episode", required=False)
        if episode.strip() and not self.is_tv_show:
            raise Refusal(NO_TV_SHOW)
        draft.values["name"] = name
        if not episode.strip():
            return None, name
        draft.values["parent_id"] = self.episode(episode).pk
        return draft.values["parent_id"], name

    def blank(self, entity_type: Any, **values: Any) -> Entity:
        """An edit's description is empty where the file has none."""
        return super().blank(entity_type, **({"description": ""} if entity_type.name == EDIT else {}), **values)

    def told(self, entity: Entity) -> dict[str, Any]:
        """The episode of a new edit."""
        return {"parent_id": entity.parent_id} if entity.entity_type.name == EDIT else {}
