"""Named reads of entities, by kind and by who may see them."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

ASSET, SHOT, SEQUENCE, EPISODE, SCENE = "Asset", "Shot", "Sequence", "Episode", "Scene"
EDIT, CONCEPT, CONCEPT_FOLDER = "Edit", "Concept", "ConceptFolder"
# Entity types of these names always exist; every other type is a type of assets.
TEMPORAL = (SHOT, SCENE, SEQUENCE, EPISODE, EDIT, CONCEPT, CONCEPT_FOLDER)


def assigned_tasks(person: Any, entity: str = "pk") -> Exists:
    """A task of the entity is assigned to the person; `entity` names the outer query's column with the entity's id."""
    return Exists(apps.get_model("tasks", "Task").objects.order_by().filter(entity_id=OuterRef(entity), assignees=person))


class EntityQuerySet(models.QuerySet):
    """Entities, narrowed by words of the studio."""

    def of_kind(self, kind: str) -> "EntityQuerySet":
        """Those of one kind: `Asset`, or the name of a temporal type."""
        if kind == ASSET:
            return self.exclude(entity_type__name__in=TEMPORAL)
        return self.filter(entity_type__name=kind)

    def live(self) -> "EntityQuerySet":
        """Those that are not canceled."""
        return self.exclude(canceled=True)

    def assigned_to(self, person: Any) -> "EntityQuerySet":
        """Those with a task of this person."""
        return self.filter(assigned_tasks(person))

    def cast_in(self, entity_id: Any) -> "EntityQuerySet":
        """The assets cast in an entity."""
        return self.filter(pk__in=apps.get_model("assets", "EntityLink").objects.of_entity(entity_id).values("entity_out_id"))

    def of_episode(self, episode_id: Any) -> "EntityQuerySet":
        """Assets whose main episode it is, or that are cast in it."""
        links = apps.get_model("assets", "EntityLink").objects.of_entity(episode_id)
        return self.filter(models.Q(source_id=episode_id) | models.Q(pk__in=links.values("entity_out_id")))

    def with_shot_of(self, person: Any) -> "EntityQuerySet":
        """Sequences that hold a shot with a task of this person."""
        return self.filter(Exists(shots_of(person).filter(parent_id=OuterRef("pk"))))

    def with_own_shots(self, person: Any) -> "EntityQuerySet":
        """Episodes that hold a shot with a task of this person."""
        return self.filter(Exists(shots_of(person).filter(parent__parent_id=OuterRef("pk"))))

    def episode_with_work_of(self, person: Any) -> "EntityQuerySet":
        """Episodes that hold such a shot, or are the main episode of an asset with a task of this person."""
        assets = self.model.objects.order_by().of_kind(ASSET).assigned_to(person).filter(source_id=OuterRef("pk"))
        return self.filter(Exists(shots_of(person).filter(parent__parent_id=OuterRef("pk"))) | Exists(assets))


def shots_of(person: Any) -> EntityQuerySet:
    """The shots with a task of this person."""
    return apps.get_model("assets", "Entity").objects.order_by().of_kind(SHOT).assigned_to(person)


class EntityLinkQuerySet(models.QuerySet):
    """Casting links, narrowed by words of the studio."""

    def of_entity(self, entity_id: Any) -> "EntityLinkQuerySet":
        """What is cast in an entity."""
        return self.order_by().filter(entity_in_id=entity_id)

    def live(self) -> "EntityLinkQuerySet":
        """Those whose asset is not canceled."""
        return self.exclude(entity_out__canceled=True)
