"""Finding assets, shots and episodes by what sheets call them: letter case, accents and punctuation do not count."""

from typing import Any

from assets.models import Entity
from assets.querysets import ASSET, EPISODE, SHOT
from core.words import slug

Key = tuple[str, ...]
Found = dict[Key, list[Entity]]
MAIN_PACK = "MP"


def key_of(*parts: str | None) -> Key:
    """What names are compared by."""
    return tuple(slug(part or "") for part in parts)


class Places:
    """The assets, shots and episodes of a production by their names, the oldest of a name first. One statement for each kind."""

    def __init__(self, project_id: Any, *kinds: str, with_episodes: bool) -> None:
        self.project_id, self.with_episodes = project_id, with_episodes
        self.assets: Found = {}
        self.shots: Found = {}
        self.episodes: Found = {}
        if ASSET in kinds:
            for asset in self.read(ASSET, "entity_type"):
                self.assets.setdefault(key_of(asset.entity_type.name, asset.name), []).append(asset)
        if SHOT in kinds:
            for shot in self.read(SHOT, "entity_type", "parent__parent"):
                self.shots.setdefault(self.shot_key(shot), []).append(shot)
        if EPISODE in kinds:
            for episode in self.read(EPISODE, "entity_type"):
                self.episodes.setdefault(key_of(episode.name), []).append(episode)

    def read(self, kind: str, *related: str) -> Any:
        """The production's entities of a kind, without what nobody asks about."""
        found = Entity.objects.of_kind(kind).filter(project_id=self.project_id).order_by("created_at", "id")
        return found.select_related(*related).defer("data", "description").iterator()

    def shot_key(self, shot: Entity) -> Key:
        """Sequence and name, after the episode where that counts."""
        sequence = shot.parent
        names = [sequence.name if sequence else None, shot.name]
        if self.with_episodes:
            names.insert(0, sequence.parent.name if sequence and sequence.parent else None)
        return key_of(*names)

    def targets(self, episode: str | None, parent: str, name: str) -> list[Entity]:
        """What a line of a casting is about: shots, else assets, else the episode itself."""
        place = None if episode == MAIN_PACK else episode
        shot_key = key_of(place, parent, name) if self.with_episodes else key_of(parent, name)
        found = self.shots.get(shot_key) or self.assets.get(key_of(parent, name))
        if not found and not place and parent == EPISODE:
            found = self.episodes.get(key_of(name))
        return found or []
