"""Cancelling and deleting entities, with all that hangs on them or not at all."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.deletion import ProtectedError, RestrictedError

from assets.models import AssetInstance, Entity, EntityLink, EntityVersion
from assets.querysets import ASSET, CONCEPT, CONCEPT_FOLDER, EDIT, EPISODE, SCENE, SEQUENCE, SHOT
from assets.rules.announcing import kind_of, tell
from assets.rules.castings import recount_castings_of, refresh_shots
from assets.rules.updating import hold_entity, store_changes
from core.errors import REFERENCED, Refusal, RowRefused
from core.rules import wipe
from core.signals import row_leaving
from core.transactions import whole_step
from people.models import Person
from production.models import Project, ScheduleItem

CANCELABLE = (ASSET, SHOT, EDIT, CONCEPT)
LINKED = "Some data are still linked to this {kind}."
STILL_USED = (ProtectedError, RestrictedError, IntegrityError)


@whole_step()
def remove_entity(entity_id: Any, *, force: bool = False, by: Person) -> None:
    """Delete an entity. Without `force`, one with tasks is only canceled, and one that holds others is refused; a scene is
    canceled where something still refers to it, whether forced or not."""
    entity = hold_entity(entity_id)
    kind = kind_of(entity)
    if kind == SCENE:
        remove_scene(entity, by=by)
    elif kind in CANCELABLE and not force and entity.tasks.exists():
        cancel_entity(entity, by=by)
    elif force or kind in CANCELABLE:
        erase(entity, by=by)
    elif not deleted_alone(entity):
        raise Refusal(LINKED.format(kind=kind.lower()))
    else:
        tell(entity, "delete", by=by, kind=kind)


@whole_step()
def cancel_entity(entity: Entity, *, by: Person) -> None:
    """Take an entity out of the production without deleting it."""
    store_changes(entity, {"canceled": True}, {})
    kind = kind_of(entity)
    tell(entity, "update", by=by, kind=kind)
    if kind == ASSET:
        recount_castings_of([entity.pk], by=by)


def remove_scene(scene: Entity, *, by: Person) -> None:
    """Delete a scene, or cancel it where something refers to it; either way it is told as deleted."""
    if not deleted_alone(scene):
        store_changes(scene, {"canceled": True}, {})
    tell(scene, "delete", by=by, kind=SCENE)


def deleted_alone(entity: Entity) -> bool:
    """Deletes the row if nothing refers to it; whether it is gone. Its id stays known."""
    pk = entity.pk
    try:
        with transaction.atomic():
            entity.delete()
    except STILL_USED:
        return False
    finally:
        entity.pk = pk
    return True


def erase(entity: Entity, *, by: Person) -> None:
    """Delete an entity with all that it holds: its tasks and files, its castings, what lies in a sequence or an episode."""
    kind, pk = kind_of(entity), entity.pk
    for part in parts_of(entity, kind):
        erase(part, by=by)
    row_leaving.send(Entity, instance=entity, by=by)
    tell(entity, "delete", by=by, kind=kind)
    shot_ids = list(
        EntityLink.objects.order_by()
        .filter(entity_out=entity, entity_in__entity_type__name=SHOT)
        .values_list("entity_in_id", flat=True)
    )
    let_go(entity, by=by)
    entity.delete()
    entity.pk = pk
    refresh_shots(shot_ids, by=by)


def parts_of(entity: Entity, kind: str) -> list[Entity]:
    """What goes with an entity: shots and scenes of a sequence; sequences and main assets of an episode."""
    held = Entity.objects.select_related("entity_type").order_by("created_at", "id")
    if kind == SEQUENCE:
        return list(held.filter(parent=entity, entity_type__name__in=[SHOT, SCENE]))
    if kind == EPISODE:
        return [*held.filter(parent=entity).of_kind(SEQUENCE), *held.filter(source=entity).of_kind(ASSET)]
    return []


def let_go(entity: Entity, *, by: Person) -> None:
    """Undo every reference to an entity within this room and in the schedule."""
    for instance in AssetInstance.objects.filter(Q(asset=entity) | Q(target_asset=entity) | Q(scene=entity) | Q(entity=entity)):
        row_leaving.send(AssetInstance, instance=instance, by=by)
        instance.delete()
    EntityLink.objects.filter(Q(entity_in=entity) | Q(entity_out=entity)).delete()
    Entity.objects.filter(parent=entity).update(parent=None)
    Entity.objects.filter(source=entity).update(source=None)
    ScheduleItem.objects.filter(object_id=entity.pk).delete()


@whole_step()
def remove_entities(project_id: Any, entity_ids: Iterable[str], *, force: bool, by: Person) -> list[str]:
    """Delete or cancel assets, shots, edits and concepts of a production; canceled ones and concepts go for good. Gives the ids
    of those handled."""
    handled = []
    for entity_id in entity_ids:
        entity = Entity.objects.select_related("entity_type").filter(pk=entity_id, project_id=project_id).first()
        if entity is None or kind_of(entity) not in CANCELABLE:
            continue
        remove_entity(entity.pk, force=force or bool(entity.canceled) or kind_of(entity) == CONCEPT, by=by)
        handled.append(entity_id)
    return handled


@whole_step()
def delete_row(entity: Entity, *, by: Person) -> None:
    """Delete an entity and its links. Raises RowRefused, and changes nothing, where anything else refers to it."""
    entity = hold_entity(entity.pk)
    kind, pk = kind_of(entity), entity.pk
    if entity.versions.exists():
        raise RowRefused(REFERENCED)
    EntityLink.objects.filter(Q(entity_in=entity) | Q(entity_out=entity)).delete()
    if kind == SEQUENCE:
        entity.subscriptions.all().delete()
    entity.delete()
    entity.pk = pk
    tell(entity, "delete", by=by, kind=kind)


@whole_step()
def delete_folder(folder_id: Any, *, by: Person) -> None:
    """Delete a folder of concepts, whose concepts move out of it first."""
    folder = hold_entity(folder_id)
    for concept in Entity.objects.select_for_update(of=("self",)).filter(parent=folder).order_by("pk"):
        store_changes(concept, {"parent_id": None}, {})
        tell(concept, "update", by=by)
    pk = folder.pk
    folder.delete()
    folder.pk = pk
    tell(folder, "delete", by=by, kind=CONCEPT_FOLDER)


def forget_production(sender: Any, *, instance: Project, by: Person, **kwargs: Any) -> None:
    """A production is deleted with everything: its entities go too, once the higher rooms have let go of them.

    It costs one statement per table however large the production is; shots elsewhere that cast its assets are counted anew.
    """
    entities = Entity.objects.filter(project=instance)
    ids = entities.order_by().values("pk")
    placed = Q(asset__in=ids) | Q(target_asset__in=ids) | Q(scene__in=ids) | Q(entity__in=ids)
    cast = EntityLink.objects.order_by().filter(Q(entity_in__in=ids) | Q(entity_out__in=ids))
    elsewhere = cast.filter(entity_in__entity_type__name=SHOT).exclude(entity_in__project=instance)
    shot_ids = list(elsewhere.values_list("entity_in_id", flat=True).distinct())
    instances = AssetInstance.objects.order_by().filter(placed)
    wipe(AssetInstance.shots.through.objects.filter(Q(assetinstance__in=instances.values("pk")) | Q(entity__in=ids)))
    wipe(instances)
    wipe(cast)
    wipe(Entity.entity_concept_links.through.objects.filter(Q(from_entity__in=ids) | Q(to_entity__in=ids)))
    wipe(EntityVersion.objects.filter(entity__in=ids))
    others = Entity.objects.exclude(project=instance)
    others.filter(parent__in=ids).update(parent=None)
    others.filter(source__in=ids).update(source=None)
    wipe(entities)
    if shot_ids:
        refresh_shots(shot_ids, by=by)
