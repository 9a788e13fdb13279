"""Making entities: of a name, a kind and a place there is one, however many ask for it at once; assets alone may be doubled."""

from collections.abc import Iterable, Mapping
from typing import Any

from assets.models import Entity
from assets.querysets import ASSET, CONCEPT, CONCEPT_FOLDER, EDIT, EPISODE, SCENE, SEQUENCE, SHOT, TEMPORAL
from assets.rules.announcing import tell
from core.errors import NotFound, WrongParameter
from core.transactions import whole_step
from people.models import Person
from production.models import EntityType, Project

STATUSES = tuple(code for code, _ in Entity._meta.get_field("status").choices or ())


def temporal_type(kind: str) -> EntityType:
    """The entity type of a temporal kind, made anew where it is missing."""
    return EntityType.objects.get_or_create(name=kind)[0]


def part_of(project_id: Any, kind: str, entity_id: Any) -> Entity | None:
    """The production's entity of that kind and id, or None where no id is given. Raises NotFound."""
    if entity_id is None:
        return None
    found = Entity.objects.of_kind(kind).filter(pk=entity_id, project_id=project_id).first()
    if found is None:
        raise NotFound()
    return found


def hold(project_id: Any) -> Project:
    """The production, locked until the step ends, so that two makers of one name go one after the other. Raises NotFound."""
    project = Project.objects.select_for_update(no_key=True).filter(pk=project_id).first()
    if project is None:
        raise NotFound()
    return project


def find_or_store(
    project_id: Any, kind: str, values: Mapping[str, Any], *, by: Person, anywhere: bool = False, **told: Any
) -> tuple[Entity, bool]:
    """The entity of that name, kind and parent (with `anywhere`, whatever its parent), and whether it is new."""
    hold(project_id)
    same = Entity.objects.of_kind(kind).filter(project_id=project_id, name=values["name"])
    if not anywhere:
        same = same.filter(parent=values.get("parent"))
    found = same.order_by("created_at", "id").first()
    if found is not None:
        return found, False
    return store(project_id, kind, temporal_type(kind), values, by=by, **told), True


def store(project_id: Any, kind: str, entity_type: EntityType, values: Mapping[str, Any], *, by: Person, **told: Any) -> Entity:
    """A new entity, told with `told` in the event."""
    entity = Entity(project_id=project_id, entity_type=entity_type, creator=by, **values)
    entity.save(force_insert=True)
    tell(entity, "new", by=by, kind=kind, **told)
    return entity


@whole_step()
def create_episode(project_id: Any, *, name: str, status: str | None, description: str | None, data: Any, by: Person) -> Entity:
    """Make an episode; an unknown status counts as `running`."""
    values = {"name": name, "status": status if status in STATUSES else "running", "description": description, "data": data}
    return find_or_store(project_id, EPISODE, values, by=by, anywhere=True)[0]


@whole_step()
def create_sequence(project_id: Any, *, name: str, episode_id: Any, description: str | None, data: Any, by: Person) -> Entity:
    """Make a sequence, in an episode or in none."""
    parent = part_of(project_id, EPISODE, episode_id)
    return find_or_store(project_id, SEQUENCE, {"name": name, "parent": parent, "description": description, "data": data}, by=by)[0]


@whole_step()
def create_shot(
    project_id: Any, *, name: str, sequence_id: Any, nb_frames: int | None, description: str | None, data: Any, by: Person
) -> Entity:
    """Make a shot, in a sequence or in none."""
    sequence = part_of(project_id, SEQUENCE, sequence_id)
    values = {"name": name, "parent": sequence, "nb_frames": nb_frames, "description": description, "data": data}
    return find_or_store(project_id, SHOT, values, by=by, episode_id=sequence and sequence.parent_id)[0]


@whole_step()
def create_scene(project_id: Any, *, name: str, sequence_id: Any, by: Person) -> Entity:
    """Make a scene, in a sequence or in none."""
    return find_or_store(
        project_id, SCENE, {"name": name, "parent": part_of(project_id, SEQUENCE, sequence_id), "data": {}}, by=by
    )[0]


@whole_step()
def create_edit(project_id: Any, *, name: str, episode_id: Any, description: str | None, data: Any, by: Person) -> Entity:
    """Make an edit, of an episode or of none."""
    parent = part_of(project_id, EPISODE, episode_id)
    values = {"name": name, "parent": parent, "description": description, "data": data}
    return find_or_store(project_id, EDIT, values, by=by, parent_id=parent and parent.pk)[0]


@whole_step()
def create_asset(
    project_id: Any,
    asset_type_id: Any,
    *,
    name: str,
    description: str | None,
    data: Any,
    is_shared: bool,
    episode_id: Any,
    by: Person,
) -> Entity:
    """Make an asset. There may be two of a name. Raises NotFound where the type is none of assets'."""
    entity_type = EntityType.objects.exclude(name__in=TEMPORAL).filter(pk=asset_type_id).first()
    if entity_type is None:
        raise NotFound()
    values = {
        "name": name,
        "description": description,
        "data": data,
        "is_shared": is_shared,
        "source": part_of(project_id, EPISODE, episode_id),
    }
    return store(project_id, ASSET, entity_type, values, by=by, asset_type=str(entity_type.pk))


@whole_step()
def create_concept(
    project_id: Any, *, name: str, folder_id: Any, linked_ids: Iterable[Any], description: str | None, data: Any, by: Person
) -> Entity:
    """Make a concept, in a folder or in none, linked with entities of its production; unknown ones are left out."""
    folder = part_of(project_id, CONCEPT_FOLDER, folder_id)
    values = {"name": name, "parent": folder, "description": description, "data": data}
    concept, is_new = find_or_store(project_id, CONCEPT, values, by=by, anywhere=True)
    if is_new:
        concept.entity_concept_links.set(Entity.objects.filter(pk__in=list(linked_ids)))
    return concept


@whole_step()
def create_concept_folder(project_id: Any, *, name: str, by: Person) -> Entity:
    """Make a folder of concepts."""
    return find_or_store(project_id, CONCEPT_FOLDER, {"name": name}, by=by, anywhere=True)[0]


def check_status(status: Any) -> None:
    """Raises WrongParameter for a status that no entity can have."""
    if status not in STATUSES:
        raise WrongParameter("Invalid status")
