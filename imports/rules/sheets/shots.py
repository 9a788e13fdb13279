"""The sheet of shots."""

from typing import Any

from assets.models import Entity
from assets.querysets import SEQUENCE, SHOT
from core.errors import Refusal
from imports.rules.sheets.columns import Column, Draft, FrameColumn, TextColumn
from imports.rules.sheets.entities import EntitySheet, Key

FRAMES = ("frame_in", "frame_out")


class ShotSheet(EntitySheet):
    """Lines are shots, known by episode, sequence and name; missing episodes and sequences are made."""

    called = "shots"
    kind = SHOT
    task_kinds = (SHOT,)
    place_names = ("Episode", "Sequence", "Name")

    def own_columns(self) -> list[Column]:
        """Description, frames, speed and resolution."""
        return [
            TextColumn("Description", into="description"),
            FrameColumn("Nb Frames", "Frames", into="nb_frames"),
            FrameColumn("Frame In", "In", into="frame_in", in_data=True),
            FrameColumn("Frame Out", "Out", into="frame_out", in_data=True),
            TextColumn("FPS", into="fps", in_data=True),
            TextColumn("Resolution", into="resolution", in_data=True),
        ]

    def read_places(self) -> None:
        """Episodes and sequences. Outside TV shows a sequence counts wherever it lies."""
        self.read_episodes()
        self.sequences: dict[Key, Entity] = {}
        self.episode_ids: dict[Any, Any] = {}
        for sequence in sorted(self.entities(SEQUENCE), key=lambda found: found.parent_id is not None):
            place = sequence.parent_id if self.is_tv_show else None
            self.sequences.setdefault((place, sequence.name), sequence)

    def key_of(self, entity: Entity) -> Key:
        """Sequence and name."""
        return entity.parent_id, entity.name

    def place(self, draft: Draft) -> Key:
        """Sequence and name. Raises a refusal where one of them is empty."""
        episode = self.filled(draft, "Episode") if self.is_tv_show else None
        sequence = self.filled(draft, "Sequence")
        name = self.filled(draft, "Name")
        parent = self.sequence(self.episode(episode) if episode else None, sequence)
        draft.values["name"] = name
        draft.values["parent_id"] = parent.pk
        return parent.pk, name

    def filled(self, draft: Draft, column: str) -> str:
        """A name that must not be empty. Raises a refusal."""
        name = self.name_in(draft.line, column)
        if not name.strip():
            raise Refusal(f"{column} cannot be empty")
        return name

    def sequence(self, episode: Entity | None, name: str) -> Entity:
        """The sequence of a name in an episode, made where it is missing."""
        key = (episode and episode.pk, name)
        if key not in self.sequences:
            self.sequences[key] = self.blank(self.kind_type(SEQUENCE), name=name, description="", parent=episode)
            self.new_places.append(self.sequences[key])
        found = self.sequences[key]
        self.episode_ids[found.pk] = found.parent_id
        return found

    def blank(self, entity_type: Any, **values: Any) -> Entity:
        """A shot has no frames before its own values."""
        return super().blank(entity_type, **({"nb_frames": 0} if entity_type.name == SHOT else {}), **values)

    def deduced(self, entity: Entity, draft: Draft, changes: dict[str, Any]) -> dict[str, Any]:
        """The number of frames, where the line gives none but moves the first or the last of them."""
        data = changes.get("data", entity.data) or {}
        first, last = (data.get(name) for name in FRAMES)
        if "nb_frames" in draft.values or all((entity.data or {}).get(name) == data.get(name) for name in FRAMES):
            return {}
        if type(first) is not int or type(last) is not int or last <= first:
            return {}
        return {"nb_frames": last - first + 1} if entity.nb_frames != last - first + 1 else {}

    def told(self, entity: Entity) -> dict[str, Any]:
        """The episode of a new shot."""
        if entity.entity_type.name != SHOT:
            return {}
        return {"episode_id": self.episode_ids.get(entity.parent_id)}
