"""Castings as clients read them: flat queries, nothing per row but its shape."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Q

from assets.models import EntityLink
from assets.querysets import SHOT, TEMPORAL
from assets.readers import ENTITY_LINK
from core.projection import Row
from core.sql import AsText, Prepared, values_of

BY_ASSET = ("entity_out__entity_type__name", "entity_out__name", "id")


def named_rows(found: tuple[list[str], list[tuple[Any, ...]]]) -> list[Row]:
    """The rows of a kept statement."""
    names, rows = found
    return [dict(zip(names, values, strict=True)) for values in rows]


def casting_of(entity_id: Any) -> list[Row]:
    """What is cast in one entity, by asset type and name; canceled assets are left out."""
    return named_rows(CASTING.fetch(entity_id))


def casting_query(entity_id: Any) -> Any:
    """The links of one entity with the assets' names."""
    links = EntityLink.objects.of_entity(entity_id).live().order_by(*BY_ASSET)
    return links.values(
        "nb_occurences",
        "label",
        asset_id=AsText("entity_out_id"),
        asset_name=F("entity_out__name"),
        asset_type_name=F("entity_out__entity_type__name"),
        ready_for=AsText("entity_out__ready_for"),
        episode_id=AsText("entity_out__source_id"),
        preview_file_id=AsText("entity_out__preview_file_id"),
        is_shared=F("entity_out__is_shared"),
        project_id=AsText("entity_out__project_id"),
    )


def casting_query_of_many(links: Any, without: tuple[str, ...] = ()) -> Any:
    """The links of many entities with the assets' names, entity by entity."""
    fields = {
        "sequence_name": F("entity_in__parent__name"),
        "is_shared": F("entity_out__is_shared"),
        "project_id": AsText("entity_out__project_id"),
    }
    rows = links.live().order_by("entity_in__parent__name", "entity_in__name", "entity_in_id", *BY_ASSET)
    return rows.values(
        "nb_occurences",
        "label",
        _in=AsText("entity_in_id"),
        asset_id=AsText("entity_out_id"),
        asset_name=F("entity_out__name"),
        asset_type_name=F("entity_out__entity_type__name"),
        preview_file_id=AsText("entity_out__preview_file_id"),
        **{name: column for name, column in fields.items() if name not in without},
    )


def by_entity(links: Any, without: tuple[str, ...] = ()) -> dict[str, list[Row]]:
    """Castings of many entities, by the id of the entity; each holds its assets by type and name."""
    return gathered(*values_of(casting_query_of_many(links, without)))


def by_shot(sequence_id: Any) -> dict[str, list[Row]]:
    """The same of the shots of a sequence."""
    return gathered(*SEQUENCE_CASTING.fetch(sequence_id))


def gathered(names: list[str], rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Row]]:
    """Rows of casting links by the entity."""
    found: dict[str, list[Row]] = {}
    for values in rows:
        row = dict(zip(names, values, strict=True))
        row["name"] = row["asset_name"]
        found.setdefault(row.pop("_in"), []).append(row)
    return found


def cast_in_shots(asset_id: Any) -> list[Row]:
    """The live shots of sequences that an asset is cast in, by episode, sequence and name."""
    return [{**row, "episode_id": row["episode_id"] or "None"} for row in named_rows(SHOTS_OF_ASSET.fetch(asset_id))]


def shots_of_asset(asset_id: Any) -> Any:
    """The links of an asset with those shots."""
    links = EntityLink.objects.filter(entity_out_id=asset_id, entity_in__entity_type__name=SHOT, entity_in__parent__isnull=False)
    place = ("entity_in__parent__parent__name", "entity_in__parent__name", "entity_in__name")
    rows = links.exclude(entity_in__canceled=True).order_by(F(place[0]).asc(nulls_first=True), *place[1:], "id")
    return rows.values(
        "nb_occurences",
        shot_id=AsText("entity_in_id"),
        shot_name=F("entity_in__name"),
        sequence_name=F("entity_in__parent__name"),
        episode_id=AsText("entity_in__parent__parent_id"),
        episode_name=F("entity_in__parent__parent__name"),
        preview_file_id=AsText("entity_in__preview_file_id"),
    )


def cast_in_assets(asset_id: Any) -> list[Row]:
    """The assets that an asset is cast in, by type and name."""
    return named_rows(ASSETS_OF_ASSET.fetch(asset_id))


def assets_of_asset(asset_id: Any) -> Any:
    """The links of an asset with those assets."""
    links = EntityLink.objects.filter(~Q(entity_in__entity_type__name__in=TEMPORAL), entity_out_id=asset_id)
    rows = links.order_by("entity_in__entity_type__name", "entity_in__name", "id")
    return rows.values(
        "nb_occurences",
        asset_id=AsText("entity_in_id"),
        asset_name=F("entity_in__name"),
        asset_type_name=F("entity_in__entity_type__name"),
        preview_file_id=AsText("entity_in__preview_file_id"),
    )


CASTING = Prepared(casting_query)
SEQUENCE_CASTING = Prepared(
    lambda pk: casting_query_of_many(EntityLink.objects.filter(entity_in__parent_id=pk, entity_in__entity_type__name=SHOT))
)
SHOTS_OF_ASSET = Prepared(shots_of_asset)
ASSETS_OF_ASSET = Prepared(assets_of_asset)


def link_rows(links: Any) -> Iterator[Row]:
    """Casting links as their plain rows."""
    return ENTITY_LINK.shape(ENTITY_LINK.query(links))


def dated(row: Row) -> Row:
    """A link with its dates to the microsecond, so that a reader can go on from there."""
    return {**row, **{name: row[name].isoformat(timespec="microseconds") for name in ("created_at", "updated_at")}}
