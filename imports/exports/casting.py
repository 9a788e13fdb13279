"""The sheet of a production's castings, in the form that the import of castings reads."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from assets.models import EntityLink
from assets.querysets import EPISODE, SHOT, TEMPORAL
from core.sql import CHUNK
from imports.exports.order import blanks_first
from imports.rules.sheets.entities import TV_SHOW
from imports.rules.sheets.places import MAIN_PACK
from production.models import Project

COLUMNS = ["Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"]
ASSET_PATHS = ("entity_out__entity_type__name", "entity_out__name")
SHOT_PATHS = ("entity_in__parent__parent__name", "entity_in__parent__name", "entity_in__name")
IN_ASSET_PATHS = ("entity_in__source__name", "entity_in__entity_type__name", "entity_in__name")
Cells = list[Any]


class CastingExport:
    """Castings of shots, of assets (of an episode and the main pack, or of the latter alone) or of the episodes. One statement."""

    def __init__(self, project: Project, *, episode_id: Any = None, of_shots: bool = False) -> None:
        self.is_tv_show = project.production_type == TV_SHOW
        self.of_episodes = episode_id == "all"
        self.of_shots = of_shots and episode_id not in ("all", "main")
        links = EntityLink.objects.order_by().filter(entity_in__project=project)
        if self.of_episodes:
            self.paths, self.links = IN_ASSET_PATHS, links.filter(entity_in__entity_type__name=EPISODE)
        elif self.of_shots:
            of_kind = links.filter(entity_in__entity_type__name=SHOT)
            self.paths = SHOT_PATHS
            self.links = of_kind.filter(entity_in__parent__parent_id=episode_id) if episode_id else of_kind
        else:
            self.paths = IN_ASSET_PATHS
            self.links = self.in_assets(links.exclude(entity_in__entity_type__name__in=TEMPORAL), episode_id)

    def in_assets(self, links: Any, episode_id: Any) -> Any:
        """Castings of assets: those of the main pack are always among them."""
        main_pack = Q(entity_in__source=None)
        if episode_id == "main":
            return links.filter(main_pack)
        return links.filter(main_pack | Q(entity_in__source_id=episode_id)) if episode_id and self.is_tv_show else links

    @property
    def with_episode(self) -> bool:
        """The sheet has a column for the episode."""
        return self.is_tv_show and not self.of_episodes

    @property
    def header(self) -> Cells:
        """The names of the columns."""
        return ["Episode", *COLUMNS] if self.with_episode else COLUMNS

    def rows(self) -> Iterator[Cells]:
        """The rows, in the order of their names; of equal ones the oldest first."""
        ties = [F(f"{side}__{column}").asc() for side in ("entity_in", "entity_out") for column in ("created_at", "id")]
        rows = self.links.order_by(*blanks_first(*self.paths, *ASSET_PATHS), *ties)
        values = rows.values_list(*self.paths, *ASSET_PATHS, "nb_occurences", "label")
        for episode, *cells in values.iterator(chunk_size=CHUNK):
            place = episode if self.of_shots else episode or MAIN_PACK
            yield [place, *cells] if self.with_episode else cells
