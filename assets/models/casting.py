"""Which assets stand in which entities: casting links, and instances placed in scenes, shots and other assets."""

from django.db import models

from assets.querysets import EntityLinkQuerySet
from core.fields import JsonField, is_object
from core.models import BaseModel


class AssetInstance(BaseModel):
    """One copy of an asset, placed in a scene or in another asset, and used in shots."""

    held_by = "asset"

    asset = models.ForeignKey("assets.Entity", models.PROTECT, related_name="asset_instances")
    name = models.CharField(max_length=80, null=True, blank=True)
    number = models.IntegerField(null=True, blank=True)
    description = models.CharField(max_length=200, null=True, blank=True)
    active = models.BooleanField(null=True, blank=True, default=True)
    data = JsonField(shape=is_object, null=True, blank=True)
    scene = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="scene_asset_instances")
    target_asset = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="+")
    entity = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="+")
    entity_type = models.ForeignKey("production.EntityType", models.PROTECT, null=True, blank=True, related_name="asset_instances")
    shots = models.ManyToManyField("assets.Entity", blank=True, related_name="instance_casting")

    class Meta(BaseModel.Meta):
        db_table = "asset_instance"
        constraints = [
            models.UniqueConstraint(fields=["asset", "target_asset", "scene", "number"], name="asset_instance_unique"),
        ]


class EntityLink(BaseModel):
    """An asset (`entity_out`) is cast in an entity (`entity_in`); `data.auto` marks what the episode's shots caused."""

    held_by = "entity_in"

    entity_in = models.ForeignKey("assets.Entity", models.PROTECT, related_name="links_out")
    entity_out = models.ForeignKey("assets.Entity", models.PROTECT, related_name="links_in")
    data = JsonField(shape=is_object, null=True, blank=True)
    nb_occurences = models.IntegerField(null=True, blank=True, default=1)
    label = models.CharField(max_length=80, null=True, blank=True, default="")

    objects = EntityLinkQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "entity_link"
        constraints = [
            models.UniqueConstraint(fields=["entity_in", "entity_out"], name="entity_link_unique"),
        ]
