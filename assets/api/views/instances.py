"""The routes of asset instances."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import AddAssetInstanceSchema, AddSceneAssetInstanceSchema, AssetInstanceSchema
from assets.api.views.base import EntityViewSet
from assets.models import AssetInstance, Entity
from assets.querysets import ASSET, SCENE, SHOT
from assets.readers import ASSET_INSTANCE, UNTYPED
from assets.rules.instances import (
    camera_type,
    place_in_asset,
    place_in_scene,
    take_out_of_shot,
    use_in_shot,
)
from core.api.parsers import typed_body
from core.api.views import ResourceViewSet
from core.errors import REFERENCED, RowRefused
from core.projection import Row
from people.permissions import is_admin, may_open_entity


class AssetInstanceViewSet(ResourceViewSet):
    """`/data/asset-instances`."""

    reader = ASSET_INSTANCE
    production = "asset__project_id"
    entity = "asset_id"
    protected = ("number",)
    access = {
        "list": is_admin,
        "retrieve": may_open_entity,
        "create": is_admin,
        "update": may_open_entity,
        "destroy": is_admin,
    }

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """What an instance is placed in is of the asset's production. Raises RowRefused."""
        asset = Entity.objects.filter(pk=values.get("asset_id") or (instance and instance.asset_id)).first()
        production = instance.scope_project_id if instance else asset and asset.project_id
        around = [values.get(name) for name in ("asset_id", "entity_id", "scene_id", "target_asset_id")]
        found = Entity.objects.filter(pk__in=[pk for pk in around if pk])
        if found.exclude(project_id=production).exists():
            raise RowRefused(REFERENCED)

    def perform_destroy(self, instance: AssetInstance) -> None:
        """Deletes an instance that no shot uses. Raises RowRefused."""
        if instance.shots.exists():
            raise RowRefused(REFERENCED)
        super().perform_destroy(instance)


class PlacedInstanceViewSet(EntityViewSet):
    """Instances by where they are."""

    kind = ASSET
    access = {
        "of_scene": may_open_entity,
        "cameras_of_scene": may_open_entity,
        "of_shot": may_open_entity,
        "in_shots": may_open_entity,
        "in_scenes": may_open_entity,
        "in_asset": may_open_entity,
        "place_in_scene": may_open_entity,
        "place_in_asset": may_open_entity,
        "use_in_shot": may_open_entity,
        "take_out_of_shot": may_open_entity,
    }

    def grouped(self, instances: Any, key: str) -> Response:
        """Instances by the id under a key."""
        groups: dict[str, list[Row]] = {}
        for row in ASSET_INSTANCE.rows(instances.order_by("asset_id", "number", "id")):
            groups.setdefault(str(row[key]), []).append(row)
        return Response(groups)

    def of_scene(self, request: Request, scene_id: UUID) -> Response:
        """The instances in a scene, by asset."""
        return self.grouped(AssetInstance.objects.filter(scene=self.open(scene_id, kind=SCENE)), "asset_id")

    def cameras_of_scene(self, request: Request, scene_id: UUID) -> Response:
        """The cameras in a scene, by asset. The asset type of cameras is made where it is missing."""
        scene = self.open(scene_id, kind=SCENE)
        cameras = AssetInstance.objects.filter(scene=scene, asset__entity_type=camera_type(by=self.person))
        return self.grouped(cameras, "asset_id")

    def of_shot(self, request: Request, shot_id: UUID) -> Response:
        """The instances in a shot, by asset."""
        return self.grouped(AssetInstance.objects.filter(shots=self.open(shot_id, kind=SHOT)), "asset_id")

    def in_shots(self, request: Request, asset_id: UUID) -> Response:
        """An asset's instances, by the shots that use them."""
        uses = AssetInstance.shots.through.objects.filter(assetinstance__asset=self.open(asset_id))
        instances = {row["id"]: row for row in ASSET_INSTANCE.rows(AssetInstance.objects.order_by().filter(asset_id=asset_id))}
        groups: dict[str, list[Row]] = {}
        for shot_id, pk in uses.order_by("assetinstance__number").values_list("entity_id", "assetinstance_id"):
            groups.setdefault(str(shot_id), []).append(instances[str(pk)])
        return Response(groups)

    def in_scenes(self, request: Request, asset_id: UUID) -> Response:
        """An asset's instances, by the scenes that they are in."""
        return self.grouped(AssetInstance.objects.filter(asset=self.open(asset_id)), "scene_id")

    def in_asset(self, request: Request, asset_id: UUID) -> Response:
        """The instances in an asset, by the asset that they are of."""
        return self.grouped(AssetInstance.objects.filter(target_asset=self.open(asset_id)), "asset_id")

    def placed(self, instance: AssetInstance) -> Response:
        """A new instance."""
        return Response(ASSET_INSTANCE.one(instance.pk, relations=False), status=201)

    def place_in_scene(self, request: Request, scene_id: UUID) -> Response:
        """Places one more copy of an asset in a scene."""
        body, scene = typed_body(request, AddSceneAssetInstanceSchema), self.open(scene_id, kind=SCENE)
        return self.placed(place_in_scene(scene.pk, body.asset_id, description=body.description, by=self.person))

    def place_in_asset(self, request: Request, asset_id: UUID) -> Response:
        """Places one more copy of an asset in another."""
        body, target = typed_body(request, AssetInstanceSchema), self.open(asset_id)
        return self.placed(place_in_asset(target.pk, body.asset_to_instantiate_id, description=body.description, by=self.person))

    def use_in_shot(self, request: Request, shot_id: UUID) -> Response:
        """Uses an instance in a shot."""
        body, shot = typed_body(request, AddAssetInstanceSchema), self.open(shot_id, kind=SHOT)
        use_in_shot(shot.pk, body.asset_instance_id, by=self.person)
        return Response(UNTYPED.one(shot.pk, relations=False), status=201)

    def take_out_of_shot(self, request: Request, shot_id: UUID, instance_id: UUID) -> Response:
        """Uses an instance in a shot no longer."""
        take_out_of_shot(self.open(shot_id, kind=SHOT).pk, instance_id, by=self.person)
        return Response(status=204)
