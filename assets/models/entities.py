"""Entities: one table for assets, shots, sequences, episodes, scenes, edits, concepts and their folders."""

from django.db import models

from assets.querysets import EntityQuerySet
from core.fields import CodeField, JsonField, NamedKey, coded, is_object
from core.models import BaseModel


class Entity(BaseModel):
    """Whatever a production makes; its entity type says what it is.

    `parent` is what holds it: shot and scene → sequence, sequence and edit → episode, concept → folder. `source` is an asset's main
    episode, or the scene that a shot comes from.
    """

    name = models.CharField(max_length=160)
    code = models.CharField(max_length=160, null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    shotgun_id = models.IntegerField(null=True, blank=True)
    canceled = models.BooleanField(null=True, blank=True, default=False)
    nb_frames = models.IntegerField(null=True, blank=True)
    nb_entities_out = models.IntegerField(null=True, blank=True, default=0)
    is_casting_standby = models.BooleanField(null=True, blank=True, default=False)
    is_shared = models.BooleanField(default=False)
    status = CodeField(max_length=20, choices=coded("standby", "running", "complete", "canceled"), default="running")
    project = models.ForeignKey("production.Project", models.PROTECT, related_name="entities")
    entity_type = models.ForeignKey("production.EntityType", models.PROTECT, related_name="entities")
    parent = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="children")
    source = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="sourced")
    preview_file = models.ForeignKey("files.PreviewFile", models.SET_NULL, null=True, blank=True, related_name="+")
    data = JsonField(shape=is_object, null=True, blank=True)
    ready_for_type = NamedKey("production.TaskType", models.PROTECT, id_name="ready_for", null=True, blank=True, related_name="+")
    creator = NamedKey("people.Person", models.PROTECT, id_name="created_by", null=True, blank=True, related_name="+")

    entities_out = models.ManyToManyField(
        "self",
        through="assets.EntityLink",
        through_fields=("entity_in", "entity_out"),
        symmetrical=False,
        related_name="entities_in",
    )
    entity_concept_links = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="linked_concepts")

    objects = EntityQuerySet.as_manager()

    class Meta(BaseModel.Meta):
        db_table = "entity"
        verbose_name_plural = "entities"
        indexes = [
            models.Index(fields=["project", "entity_type"], name="entity_of_production"),
            models.Index(fields=["-updated_at", "-created_at", "id"], name="entity_last_changed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name", "project", "entity_type", "parent"], name="entity_unique"),
        ]


class EntityVersion(BaseModel):
    """A former name and frame range of a shot, or another former state of an entity."""

    name = models.CharField(max_length=160)
    data = JsonField(shape=is_object, null=True, blank=True)
    entity = models.ForeignKey("assets.Entity", models.CASCADE, related_name="versions")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(BaseModel.Meta):
        db_table = "entity_version"
