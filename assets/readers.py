"""What clients see of entities, casting links, asset instances and versions."""

from django.db.models import Case, Expression, F, TextField, Value, When

from assets.models import AssetInstance, Entity, EntityLink, EntityVersion
from assets.querysets import ASSET, CONCEPT, CONCEPT_FOLDER, EDIT, EPISODE, SCENE, SEQUENCE, SHOT, TEMPORAL
from core.projection import Projection
from core.sql import AsText, related_ids
from production.models import EntityType

RELATIONS = ("entities_out", "entities_in", "entity_concept_links", "instance_casting")
PROJECT_NAME: dict[str, Expression | F] = {"project_name": F("project__name")}
PARENT_NAMES = {**PROJECT_NAME, "sequence_name": F("parent__name")}
CONCEPT_LINKS = {"entity_concept_links": related_ids(Entity, "entity_concept_links")}


def base_type(path: str = "entity_type__name") -> Case:
    """`Asset`, or the temporal type's name."""
    return Case(When(**{f"{path}__in": TEMPORAL}, then=F(path)), default=Value(ASSET), output_field=TextField())


ENTITY = Projection(Entity, type="type", computed={"type": base_type()}, relations=RELATIONS)
UNTYPED = Projection(Entity, relations=RELATIONS)
ENTITIES = {kind: Projection(Entity, type=kind, relations=RELATIONS) for kind in (ASSET, *TEMPORAL)}
ENTITIES[CONCEPT] = Projection(Entity, type=CONCEPT, relations=RELATIONS[:2] + RELATIONS[3:], embedded=CONCEPT_LINKS)
# Rows of studio-wide lists, with the names of what holds them.
LISTED = {
    ASSET: ENTITIES[ASSET],
    SHOT: Projection(Entity, type=SHOT, computed=PARENT_NAMES),
    SCENE: Projection(Entity, type=SCENE, computed=PARENT_NAMES),
    EDIT: Projection(Entity, type=EDIT, computed=PROJECT_NAME),
    CONCEPT: Projection(Entity, type=CONCEPT, computed=PROJECT_NAME, embedded=CONCEPT_LINKS),
    SEQUENCE: ENTITIES[SEQUENCE],
    EPISODE: ENTITIES[EPISODE],
    CONCEPT_FOLDER: ENTITIES[CONCEPT_FOLDER],
}
# Single entities that answer no tasks.
OPENED = {
    SEQUENCE: Projection(
        Entity, type=SEQUENCE, computed={**PROJECT_NAME, "episode_id": AsText("parent_id"), "episode_name": F("parent__name")}
    ),
    EPISODE: Projection(Entity, type=EPISODE, computed=PROJECT_NAME),
    SCENE: Projection(
        Entity,
        type=SCENE,
        computed={
            **PARENT_NAMES,
            "sequence_id": AsText("parent_id"),
            "episode_id": AsText("parent__parent_id"),
            "episode_name": F("parent__parent__name"),
        },
    ),
}
ENTITY_LINK = Projection(EntityLink)
ASSET_INSTANCE = Projection(AssetInstance, relations=["shots"])
ASSET_TYPE = Projection(EntityType, type="AssetType", relations=["task_types"])
SHOT_VERSION = Projection(EntityVersion, type="ShotVersion")
EDIT_VERSION = Projection(EntityVersion, type="EditVersion")
