"""Changing entities: metadata merges, names stay single, shots remember what they were."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from assets.models import Entity, EntityVersion
from assets.querysets import ASSET, CONCEPT, CONCEPT_FOLDER, SHOT
from assets.rules.announcing import kind_of, tell
from assets.rules.castings import recount_castings_of
from assets.rules.creation import check_status, hold, part_of
from core.errors import REFERENCED, NotFound, Refusal, WrongParameter
from core.rules import set_relations
from core.transactions import whole_step
from people.models import Person
from production.models import EntityType

PLACE = ("name", "entity_type_id", "parent_id")
TAKEN = (
    "An entity with name '{name}', project_id '{project_id}', entity_type_id '{entity_type_id}', and parent_id '{parent_id}'"
    " already exists. The combination of these fields must be unique."
)
FOLD_AFTER_CHANGE, FOLD_AFTER_CREATION = timedelta(seconds=60), timedelta(seconds=300)


def hold_entity(entity_id: Any) -> Entity:
    """The entity, locked until the step ends. Raises NotFound."""
    held = Entity.objects.select_for_update(of=("self",), no_key=True).select_related("entity_type")
    entity = held.filter(pk=entity_id).first()
    if entity is None:
        raise NotFound()
    return entity


def check_place(entity: Entity, values: Mapping[str, Any]) -> None:
    """Raises Refusal for an unknown kind, WrongParameter where another entity has the name, kind and parent already."""
    if all(name not in values or values[name] == getattr(entity, name) for name in PLACE):
        return
    place = {name: values.get(name, getattr(entity, name)) for name in PLACE} | {"project_id": entity.project_id}
    if not EntityType.objects.filter(pk=place["entity_type_id"]).exists():
        raise Refusal(REFERENCED)
    if (
        Entity.objects.filter(**{k: v for k, v in place.items() if v is not None}, **null_parent(place))
        .exclude(pk=entity.pk)
        .exists()
    ):
        raise WrongParameter(TAKEN.format(**place))


def null_parent(place: Mapping[str, Any]) -> dict[str, bool]:
    """Here, no parent equals no parent."""
    return {"parent__isnull": True} if place["parent_id"] is None else {}


@whole_step()
def update_entity(entity_id: Any, values: Mapping[str, Any], *, relations: Mapping[str, list[Any]], by: Person) -> Entity:
    """Change the given columns of an entity. `data` merges into what is there; a shot keeps a version of what it was."""
    entity = hold_entity(entity_id)
    if any(name in values for name in PLACE):
        hold(entity.project_id)
        check_place(entity, values)
    if "status" in values:
        check_status(values["status"])
    before = Entity(name=entity.name, data=entity.data, ready_for=entity.ready_for)
    merged = {**(entity.data or {}), **(values.get("data") or {})}
    store_changes(entity, {**values, "data": merged}, relations)
    kind = kind_of(entity)
    if kind == SHOT:
        remember_version(entity, before, by=by)
    if kind == ASSET and before.ready_for != entity.ready_for:
        recount_castings_of([entity.pk], by=by)
    tell(entity, "update", by=by, kind=kind)
    return entity


def store_changes(entity: Entity, values: Mapping[str, Any], relations: Mapping[str, list[Any]]) -> None:
    """Write the columns and relation lists."""
    for name, value in values.items():
        setattr(entity, name, value)
    entity.save(update_fields=list(values))
    set_relations(entity, relations)


@whole_step()
def update_shot(shot_id: Any, values: Mapping[str, Any], *, by: Person) -> Entity:
    """Change the given columns of a shot. `data` replaces what is there, and no version is kept."""
    shot = hold_entity(shot_id)
    if "status" in values:
        check_status(values["status"])
    store_changes(shot, values, {})
    tell(shot, "update", by=by, kind=SHOT)
    return shot


def frame_range(data: Any) -> tuple[Any, Any]:
    """First and last frame; what is missing is 0."""
    known = data or {}
    return known.get("frame_in") or 0, known.get("frame_out") or 0


def remember_version(shot: Entity, before: Entity, *, by: Person) -> None:
    """Keep the name that a shot had and the metadata that it has now, when its name or frame range changed."""
    old, new = frame_range(before.data), frame_range(shot.data)
    if old == new and before.name == shot.name:
        return
    latest = EntityVersion.objects.filter(entity=shot).order_by("-created_at", "-id").first()
    if latest is not None and continues(latest, shot, before, by):
        latest.data = shot.data
        latest.save(update_fields=["data"])
        return
    EntityVersion.objects.create(entity=shot, name=before.name, data=shot.data, person=by)


def continues(latest: EntityVersion, shot: Entity, before: Entity, by: Person) -> bool:
    """The change goes on with what the same person changed a moment ago, so it adds no version of its own."""
    moment = shot.updated_at.replace(microsecond=0)
    changed, created = (date.replace(microsecond=0) for date in (latest.updated_at, latest.created_at))
    if latest.person_id != by.pk or moment - changed > FOLD_AFTER_CHANGE or moment - created > FOLD_AFTER_CREATION:
        return False
    old, new, kept = frame_range(before.data), frame_range(shot.data), frame_range(latest.data)
    if old != new and latest.name != before.name:
        return False
    return all(was != becomes or becomes == there for was, becomes, there in zip(old, new, kept, strict=True))


@whole_step()
def rename_folder(folder_id: Any, name: str, *, by: Person) -> Entity:
    """Give a folder of concepts another name. Raises WrongParameter where the production has that folder."""
    folder = hold_entity(folder_id)
    hold(folder.project_id)
    others = Entity.objects.of_kind(CONCEPT_FOLDER).filter(project_id=folder.project_id, name=name)
    if others.exclude(pk=folder.pk).exists():
        raise WrongParameter("A concept folder with this name already exists.")
    store_changes(folder, {"name": name}, {})
    tell(folder, "update", by=by, kind=CONCEPT_FOLDER)
    return folder


@whole_step()
def move_concepts(project_id: Any, concept_ids: list[str], folder_id: Any, *, by: Person) -> list[str]:
    """Put concepts of a production into a folder, or out of any; gives the ids of those moved, in the order asked."""
    folder = part_of(project_id, CONCEPT_FOLDER, folder_id)
    held = Entity.objects.select_for_update(of=("self",), no_key=True).of_kind(CONCEPT).filter(project_id=project_id)
    concepts = {str(concept.pk): concept for concept in held.filter(pk__in=concept_ids).order_by("pk")}
    moved = [concepts[pk] for pk in dict.fromkeys(concept_ids) if pk in concepts]
    for concept in moved:
        store_changes(concept, {"parent_id": folder and folder.pk}, {})
        tell(concept, "update", by=by, kind=CONCEPT)
    return [str(concept.pk) for concept in moved]
