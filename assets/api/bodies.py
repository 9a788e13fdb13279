"""Bodies of known fields. Refusals name their classes, in words that clients know."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from core.api.converters import is_uuid
from core.api.parsers import Body

Name = Annotated[str, Field(min_length=1, max_length=160)]
Frames = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Occurrences = Annotated[int, Field(ge=0, le=2**31 - 1)]
Label = Annotated[str, Field(max_length=80)]
# No metadata at all are empty ones.
Data = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]


def checked_id(value: str) -> str:
    """An id in the one form that the API writes. Raises ValueError."""
    if not is_uuid(value):
        raise ValueError("must be a valid UUID")
    return value.lower()


def with_id(value: dict[str, Any]) -> dict[str, Any]:
    """An entity named by its id. Raises ValueError."""
    if "id" not in value:
        raise ValueError("must have an id")
    return value


CheckedId = Annotated[str, AfterValidator(checked_id)]


class NewEpisodeSchema(Body):
    """An episode to make."""

    name: Name
    status: Any = "running"
    description: str | None = ""
    data: Data = {}


class NewSequenceSchema(Body):
    """A sequence to make."""

    name: Name
    episode_id: UUID | None = None
    description: str | None = ""
    data: Data = {}


class NewShotSchema(Body):
    """A shot to make."""

    name: Name
    sequence_id: UUID | None = None
    data: Data = {}
    nb_frames: Frames | None = None
    description: str | None = None


class NewSceneSchema(Body):
    """A scene to make."""

    name: Name
    sequence_id: UUID | None = None


class NewEditSchema(Body):
    """An edit to make."""

    name: Name
    description: str | None = ""
    data: Data = {}
    episode_id: UUID | None = None


class NewAssetSchema(Body):
    """An asset to make."""

    name: Name
    description: str | None = ""
    data: Data = {}
    is_shared: bool = False
    episode_id: UUID | None = None


class NewConceptSchema(Body):
    """A concept to make."""

    name: Name
    data: Data = {}
    description: str | None = None
    entity_concept_links: list[Annotated[dict[str, Any], AfterValidator(with_id)]] = []
    parent_id: CheckedId | None = None


class ConceptFolderSchema(Body):
    """The name of a folder of concepts."""

    name: Name


class MoveConceptsSchema(Body):
    """Concepts on their way to a folder, or out of any."""

    concept_ids: list[CheckedId]
    concept_folder_id: CheckedId | None = None


class UpdateShotSchema(Body):
    """The checked part of a shot's change."""

    name: Name | None = None
    description: str | None = None
    nb_frames: Frames | None = None
    data: dict[str, Any] | None = None
    parent_id: UUID | None = None
    canceled: bool | None = None


class CastingEntrySchema(Body):
    """One asset of a casting."""

    asset_id: UUID
    nb_occurences: Occurrences = 1
    label: Label = ""


class CastAssetSchema(Body):
    """One asset to cast in several entities, or to take out of them."""

    entity_ids: Annotated[list[UUID], Field(min_length=1)]
    nb_occurences: Occurrences | None = None
    label: Label | None = None


class AddSceneAssetInstanceSchema(Body):
    """An asset to place in a scene."""

    asset_id: UUID
    description: Annotated[str, Field(max_length=200)] | None = None


class AssetInstanceSchema(Body):
    """An asset to place in another."""

    asset_to_instantiate_id: UUID
    description: Annotated[str, Field(max_length=200)] | None = None


class AddAssetInstanceSchema(Body):
    """An instance to use in a shot."""

    asset_instance_id: UUID


class AddShotToSceneSchema(Body):
    """A shot that comes from a scene."""

    shot_id: UUID


class SetSharedAssetsSchema(Body):
    """Which assets other productions may use, or may no longer."""

    asset_ids: list[UUID] | None = None
    is_shared: bool = True


class SearchSchema(Body):
    """The words to search for, in which production and in which indexes, and which part of what is found."""

    query: str
    project_id: UUID | None = None
    limit: int = Field(default=3, ge=1)
    offset: int = Field(default=0, ge=0)
    index_names: list[str] = ["assets", "shots", "persons"]
