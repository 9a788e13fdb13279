"""Instances of assets: placed in scenes and in other assets, used in shots; and the shots that come from a scene."""

import re
import unicodedata
from typing import Any

from django.db.models import Max

from assets.models import AssetInstance, Entity
from assets.querysets import SHOT
from assets.rules.announcing import tell
from assets.rules.castings import castable
from assets.rules.updating import hold_entity, store_changes
from core.errors import NotFound, WrongParameter
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import EntityType

CAMERA = "Camera"


def instance_name(asset: Entity, number: int) -> str:
    """`Hero_0001`: the asset's name in plain letters and underscores, and the number."""
    plain = unicodedata.normalize("NFKD", asset.name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
    return f"{word[:70]}_{number:04}"


@whole_step()
def place_in_scene(scene_id: Any, asset_id: Any, *, description: str | None, by: Person) -> AssetInstance:
    """Place one more copy of an asset in a scene. Raises NotFound."""
    scene = hold_entity(scene_id)
    instance = place(asset_id, description, by, scene=scene)
    payload = {"scene_id": scene.pk, "asset_id": instance.asset_id, "asset_instance_id": instance.pk}
    emit("asset_instance:new", payload, heard_in=scene.project_id, by=by)
    return instance


@whole_step()
def place_in_asset(target_id: Any, asset_id: Any, *, description: str | None, by: Person) -> AssetInstance:
    """Place one more copy of an asset in another. Raises NotFound."""
    target = hold_entity(target_id)
    instance = place(asset_id, description, by, target_asset=target)
    payload = {"asset_id": target.pk, "asset_instantiated": str(instance.asset_id), "asset_instance_id": instance.pk}
    emit("asset_instance:new", payload, heard_in=target.project_id, by=by)
    return instance


def place(asset_id: Any, description: str | None, by: Person, **where: Entity) -> AssetInstance:
    """A new instance with the next number of its place, whose row the caller has locked. Raises NotFound."""
    (there,) = where.values()
    asset = castable(there.project_id, by).filter(pk=asset_id).first()
    if asset is None:
        raise NotFound()
    last = AssetInstance.objects.filter(asset=asset, **where).aggregate(last=Max("number"))["last"] or 0
    return AssetInstance.objects.create(
        asset=asset, number=last + 1, name=instance_name(asset, last + 1), description=description, **where
    )


@whole_step()
def use_in_shot(shot_id: Any, instance_id: Any, *, by: Person) -> None:
    """Use an instance in a shot. Raises NotFound, or WrongParameter where it is used there already."""
    shot = hold_entity(shot_id)
    instance = AssetInstance.objects.filter(pk=instance_id, asset__in=castable(shot.project_id, by)).first()
    if instance is None:
        raise NotFound()
    if instance.shots.filter(pk=shot.pk).exists():
        raise WrongParameter("The asset instance is already in this shot.")
    instance.shots.add(shot)
    payload = {"shot_id": shot.pk, "asset_instance_id": instance.pk}
    emit("asset_instance:add-to-shot", payload, heard_in=shot.project_id, by=by)


@whole_step()
def take_out_of_shot(shot_id: Any, instance_id: Any, *, by: Person) -> None:
    """Use an instance in a shot no longer. Raises NotFound where it is not."""
    shot = hold_entity(shot_id)
    if not AssetInstance.shots.through.objects.filter(assetinstance_id=instance_id, entity_id=shot.pk).delete()[0]:
        raise NotFound()
    payload = {"shot_id": shot.pk, "asset_instance_id": instance_id}
    emit("asset_instance:remove-from-shot", payload, heard_in=shot.project_id, by=by)


@whole_step()
def camera_type(*, by: Person) -> EntityType:
    """The asset type of cameras, made on its first use."""
    found, is_new = EntityType.objects.get_or_create(name=CAMERA)
    if is_new:
        emit("asset-type:new", {"asset_type_id": found.pk}, by=by)
    return found


@whole_step()
def add_to_scene(scene: Entity, shot_id: Any, *, by: Person) -> Entity:
    """A shot comes from a scene now. Raises NotFound where there is no such shot in the scene's production."""
    shot = shot_of(scene, shot_id)
    store_changes(shot, {"source_id": scene.pk}, {})
    tell(shot, "update", by=by, kind=SHOT)
    emit("shot:add-to-scene", {"scene_id": scene.pk, "shot_id": shot.pk}, project_id=scene.project_id, by=by)
    return shot


@whole_step()
def remove_from_scene(scene: Entity, shot_id: Any, *, by: Person) -> None:
    """A shot comes from no scene any more. Raises NotFound where there is no such shot in the scene's production."""
    shot = shot_of(scene, shot_id)
    store_changes(shot, {"source_id": None}, {})
    tell(shot, "update", by=by, kind=SHOT)
    emit("shot:remove-from-scene", {"scene_id": scene.pk, "shot_id": shot.pk}, project_id=scene.project_id, by=by)


def shot_of(scene: Entity, shot_id: Any) -> Entity:
    """The shot of that id, of the scene's production, locked. Raises NotFound."""
    shot = hold_entity(shot_id)
    if shot.entity_type.name != SHOT or shot.project_id != scene.project_id:
        raise NotFound()
    return shot
