"""Casting: which assets stand in which entities, and what that does to episodes and counts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from assets.models import Entity, EntityLink
from assets.querysets import EPISODE, SHOT, EntityQuerySet
from assets.rules.announcing import kind_of
from core.models import now
from core.projection import chunks
from core.signals import casting_changed
from core.transactions import whole_step
from events.emit import emit
from people.models import Person

Entry = Mapping[str, Any]
MANY = 500


def hold_entities(entity_ids: Iterable[Any]) -> list[Entity]:
    """The entities and the episodes of those that are shots, locked in one order; the entities come back in that order."""
    wanted = {UUID(str(pk)) for pk in entity_ids}
    shots = Entity.objects.order_by().filter(pk__in=wanted, entity_type__name=SHOT, parent__parent__isnull=False)
    episode_ids = set(shots.values_list("parent__parent_id", flat=True))
    held = Entity.objects.filter(pk__in=wanted | episode_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return [entity for entity in held.select_related("entity_type", "parent") if entity.pk in wanted]


def episode_of(entity: Entity) -> UUID | None:
    """The episode of a shot."""
    return entity.parent.parent_id if entity.parent is not None and kind_of(entity) == SHOT else None


@whole_step()
def replace_casting(entity_id: Any, entries: Sequence[Entry], *, by: Person) -> None:
    """Cast exactly these assets in an entity: entries of `asset_id`, `nb_occurences`, `label`; of a repeated asset the last counts.

    Ids that lead nowhere are told as added, but cast nothing. Links are made anew, also those of assets that stay.
    """
    (entity,) = hold_entities([entity_id])
    wanted = {UUID(str(entry["asset_id"])): entry for entry in entries}
    before = set(EntityLink.objects.of_entity(entity.pk).values_list("entity_out_id", flat=True))
    EntityLink.objects.of_entity(entity.pk).delete()
    known = set(castable(entity.project_id, by).filter(pk__in=wanted).values_list("pk", flat=True))
    links = [
        EntityLink(
            entity_in=entity, entity_out_id=pk, nb_occurences=entry["nb_occurences"], label=entry.get("label") or "", data=None
        )
        for pk, entry in wanted.items()
        if pk in known
    ]
    added, removed = set(wanted) - before, before - set(wanted)
    if kind_of(entity) == SHOT:
        cast_in_episode(entity, [link for link in links if link.entity_out_id in added], by=by)
    EntityLink.objects.bulk_create(links)
    for link in links:
        tell_link(link, "new", entity, by=by)
    settle(entity, added, removed, by=by)
    if kind_of(entity) == EPISODE:
        for asset_id in wanted:
            emit("asset:update", {"asset_id": asset_id}, project_id=entity.project_id, by=by)


def castable(project_id: Any, by: Person) -> EntityQuerySet:
    """What a person may cast in a production: its own entities, shared ones, and those of their other productions."""
    if by.is_admin:
        return Entity.objects.order_by()
    own = Q(project_id=project_id) | Q(project_id__in=by.team_links.values("project_id"))
    return Entity.objects.order_by().filter(own | Q(is_shared=True))


def tell_link(link: EntityLink, act: str, entity: Entity, *, by: Person) -> None:
    """Emit that a casting link is new, or has another number."""
    payload = {"entity_link_id": link.pk, "nb_occurences": link.nb_occurences}
    if act == "new":
        payload |= {"entity_in_id": link.entity_in_id, "entity_out_id": link.entity_out_id}
    emit(f"entity-link:{act}", payload, project_id=entity.project_id, by=by)


def cast_in_episode(shot: Entity, links: Collection[EntityLink], *, by: Person) -> None:
    """Cast in the shot's episode what it does not cast yet, marked as done by itself."""
    episode_id = episode_of(shot)
    if episode_id is None or not links:
        return
    there = set(EntityLink.objects.of_entity(episode_id).values_list("entity_out_id", flat=True))
    new = [link for link in links if link.entity_out_id not in there]
    EntityLink.objects.bulk_create(
        [
            EntityLink(entity_in_id=episode_id, entity_out_id=link.entity_out_id, label=link.label, data={"auto": True})
            for link in new
        ]
    )
    for link in new:
        emit("asset:update", {"asset_id": link.entity_out_id}, project_id=shot.project_id, by=by)
    if new:
        count_cast(episode_id)


def count_cast(entity_id: Any) -> int:
    """Store anew how many live assets are cast in an entity; the number."""
    number = EntityLink.objects.of_entity(entity_id).live().count()
    Entity.objects.filter(pk=entity_id).update(nb_entities_out=number, updated_at=now())
    return number


def count_casts(entity_ids: Iterable[Any]) -> dict[Any, int]:
    """Likewise for many entities, in two statements for some hundreds of them; the numbers by id."""
    counts: dict[Any, int] = dict.fromkeys(entity_ids, 0)
    for ids in chunks(list(counts), MANY):
        links = EntityLink.objects.order_by().filter(entity_in_id__in=ids).live()
        counts |= dict(links.values_list("entity_in_id").annotate(number=Count("id")))
    rows = [Entity(pk=pk, nb_entities_out=number, updated_at=now()) for pk, number in counts.items()]
    if rows:
        Entity.objects.bulk_update(rows, ["nb_entities_out", "updated_at"], batch_size=MANY)
    return counts


def settle(entity: Entity, added: Collection[UUID], removed: Collection[UUID], *, by: Person) -> None:
    """What follows from a changed casting: the entity's count and its event, the shot's statistics, the episode's links."""
    kind = kind_of(entity)
    tell_casting(entity.pk, kind, entity.project_id, added, removed, by=by)
    if kind == SHOT:
        casting_changed.send(Entity, shot_ids=[entity.pk], by=by)
        drop_from_episode(entity, removed, by=by)
    elif kind == EPISODE and removed:
        drop_from_shots(entity, removed, by=by)


def tell_casting(
    entity_id: Any, kind: str, project_id: Any, added: Collection[Any] = (), removed: Collection[Any] = (), *, by: Person | None
) -> None:
    """Store the count of an entity's live cast, and emit its `casting-update`."""
    word = {SHOT: "shot", EPISODE: "episode"}.get(kind, "asset")
    payload = {
        f"{word}_id": entity_id,
        "nb_entities_out": count_cast(entity_id),
        "added_asset_ids": sorted(map(str, added)),
        "removed_asset_ids": sorted(map(str, removed)),
    }
    emit(f"{word}:casting-update", payload, project_id=project_id, by=by)


def drop_from_episode(shot: Entity, asset_ids: Collection[UUID], *, by: Person) -> None:
    """Take out of the shot's episode what none of its shots casts any more, as far as it got there by itself."""
    episode_id = episode_of(shot)
    if episode_id is None or not asset_ids:
        return
    used = EntityLink.objects.order_by().filter(entity_in__parent__parent_id=episode_id, entity_in__entity_type__name=SHOT)
    still = set(used.filter(entity_out_id__in=asset_ids).values_list("entity_out_id", flat=True))
    automatic = EntityLink.objects.of_entity(episode_id).filter(entity_out_id__in=set(asset_ids) - still, data__auto=True)
    for link in automatic.order_by("entity_out_id"):
        link.delete()
        tell_casting(episode_id, EPISODE, shot.project_id, removed=[link.entity_out_id], by=by)
        emit("asset:update", {"asset_id": link.entity_out_id}, project_id=shot.project_id, by=by)


def drop_from_shots(episode: Entity, asset_ids: Collection[UUID], *, by: Person) -> None:
    """Take assets that left an episode's casting out of all its shots."""
    links = EntityLink.objects.order_by().filter(
        entity_in__parent__parent_id=episode.pk, entity_in__entity_type__name=SHOT, entity_out_id__in=asset_ids
    )
    dropped: dict[UUID, list[UUID]] = {}
    for shot_id, asset_id in links.order_by("entity_in_id").values_list("entity_in_id", "entity_out_id"):
        dropped.setdefault(shot_id, []).append(asset_id)
    list(Entity.objects.filter(pk__in=dropped).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    EntityLink.objects.filter(entity_in_id__in=dropped, entity_out_id__in=asset_ids).delete()
    for shot_id, gone in dropped.items():
        tell_casting(shot_id, SHOT, episode.project_id, by=by)
        tell_casting(shot_id, SHOT, episode.project_id, removed=gone, by=by)
    if dropped:
        casting_changed.send(Entity, shot_ids=list(dropped), by=by)


@whole_step()
def replace_castings(castings: Mapping[Any, Sequence[Entry]], *, by: Person) -> None:
    """Replace the casting of several entities."""
    hold_entities(castings)
    for entity_id, entries in castings.items():
        replace_casting(entity_id, entries, by=by)


@whole_step()
def cast_asset(asset: Entity, entity_ids: Iterable[Any], *, nb_occurences: int | None, label: str | None, by: Person) -> None:
    """Cast one asset in several entities; none of it takes it out; what is None stays as it is, or is 1 and no label."""
    for entity in hold_entities(entity_ids):
        link = EntityLink.objects.of_entity(entity.pk).filter(entity_out=asset).first()
        if nb_occurences == 0:
            if link is not None:
                link.delete()
            settle(entity, (), [asset.pk] if link else (), by=by)
            continue
        is_new = link is None
        link = link or EntityLink(entity_in=entity, entity_out=asset, nb_occurences=1, label="")
        link.nb_occurences = link.nb_occurences if nb_occurences is None else nb_occurences
        link.label = link.label if label is None else label
        if is_new and kind_of(entity) == SHOT:
            cast_in_episode(entity, [link], by=by)
        link.save()
        tell_link(link, "new" if is_new else "update", entity, by=by)
        settle(entity, [asset.pk] if is_new else (), (), by=by)
        if kind_of(entity) == EPISODE:
            emit("asset:update", {"asset_id": asset.pk}, project_id=entity.project_id, by=by)


@whole_step()
def remove_link(link: EntityLink, *, by: Person) -> None:
    """Take one asset out of one entity; the shots of an episode keep it."""
    (entity,) = hold_entities([link.entity_in_id])
    asset_id = link.entity_out_id
    if not EntityLink.objects.filter(pk=link.pk).delete()[0]:
        return
    if kind_of(entity) == EPISODE:
        tell_casting(entity.pk, EPISODE, entity.project_id, removed=[asset_id], by=by)
    else:
        settle(entity, (), [asset_id], by=by)


def recount_castings_of(asset_ids: Iterable[Any], *, by: Person | None) -> None:
    """Refresh the statistics of every shot that an asset is cast in, and the shot's own count where it does not fit any more."""
    links = EntityLink.objects.order_by().filter(entity_out_id__in=list(asset_ids), entity_in__entity_type__name=SHOT)
    refresh_shots(list(links.values_list("entity_in_id", flat=True).distinct()), by=by)


def refresh_shots(shot_ids: Collection[Any], *, by: Person | None) -> None:
    """Correct the counts of shots, and have their statistics made anew."""
    shots = Entity.objects.filter(pk__in=shot_ids).order_by("pk").select_for_update(no_key=True)
    for shot_id, project_id, counted in shots.values_list("pk", "project_id", "nb_entities_out"):
        if EntityLink.objects.of_entity(shot_id).live().count() != counted:
            tell_casting(shot_id, SHOT, project_id, by=by)
    if shot_ids:
        casting_changed.send(Entity, shot_ids=list(shot_ids), by=by)
