"""ShotGrid's entries as its API gives them: the keys that are read, and what their values may be."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.fields import is_color

LARGEST = 2**31 - 1
COLOR = r"^\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*$"


def hexadecimal(value: str) -> str:
    """ShotGrid's `r,g,b` as `#rrggbb`."""
    color = "#" + "".join(f"{int(part):02x}" for part in value.split(","))
    if not is_color(color):
        raise ValueError("each part of a colour is a number from 0 to 255")
    return color


def moment(value: Any) -> Any:
    """The first 19 characters of a moment; what follows is a fraction and UTC."""
    return value[:19] if isinstance(value, str) else value


def listed(value: Any) -> Any:
    """Nothing is an empty list."""
    return [] if value is None else value


def blank(value: Any) -> Any:
    """Nothing is an empty text."""
    return "" if value is None else value


def naive(value: datetime) -> datetime:
    """A moment as naive UTC, in the years that calendars of clients know."""
    if not 1900 <= value.year <= 3000:
        raise ValueError("a year from 1900 to 3000 is expected")
    return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value


Number = Annotated[int, Field(strict=True, ge=-LARGEST, le=LARGEST)]
ShotGridId = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Name = Annotated[str, Field(min_length=1, max_length=160)]
Color = Annotated[str, Field(pattern=COLOR), AfterValidator(hexadecimal)]
Day = Annotated[datetime, AfterValidator(naive)]
Moment = Annotated[datetime, BeforeValidator(moment), AfterValidator(naive)]
Minutes = Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)]


class Part(BaseModel):
    """A piece of an entry; other keys are left alone."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Link(Part):
    """Another entry, by its id."""

    id: ShotGridId


class LooseLink(Part):
    """Another entry, perhaps by its name alone."""

    id: ShotGridId | None = None
    name: str | None = None


class TypedLink(Part):
    """Another entry, by its type and id."""

    id: ShotGridId
    type: str


class Movie(Part):
    """An uploaded movie."""

    url: str | None = None
    name: str | None = None


Links = Annotated[list[Link], BeforeValidator(listed)]


class Entry(Part):
    """What every entry has. `needed` keys are refused when they are missing; an entry without another required key is skipped."""

    needed: ClassVar[frozenset[str]] = frozenset()

    id: ShotGridId


class CustomEntry(Entry):
    """An entry whose custom fields are kept."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    def custom(self, *but: str) -> dict[str, Any]:
        """The fields of the studio's own that have a value."""
        fields = {**self.__dict__, **(self.model_extra or {})}
        return {key: value for key, value in fields.items() if key.startswith("sg_") and key not in but and value is not None}


class PersonEntry(Entry):
    """A person."""

    firstname: Annotated[str, BeforeValidator(blank), Field(max_length=80)]
    lastname: Annotated[str, BeforeValidator(blank), Field(max_length=80)]
    email: Annotated[str, Field(max_length=255)] | None
    login: Annotated[str, Field(max_length=80)] | None
    sg_status_list: str | None = "act"
    permission_rule_set: LooseLink | None = None
    department: LooseLink | None = None


class ProjectEntry(CustomEntry):
    """A production."""

    needed = frozenset({"sg_status"})

    name: Annotated[str, Field(min_length=1, max_length=80)]
    sg_status: Annotated[str, Field(min_length=1, max_length=20)] | None


class PlaceEntry(Entry):
    """An episode."""

    code: Name
    description: str | None
    project: LooseLink | None


class SequenceEntry(PlaceEntry):
    """A sequence."""

    episode: LooseLink | None = None


class SceneEntry(Entry):
    """A scene."""

    code: Name
    project: LooseLink | None
    sequence_sg_scenes_1_sequences: Links = []


class ShotEntry(CustomEntry):
    """A shot."""

    code: Name
    project: LooseLink | None
    sg_cut_in: Number | None
    sg_cut_duration: Number | None
    sg_sequence: LooseLink | None = None
    assets: Links = []

    @property
    def scene_id(self) -> Any:
        """The id of the scene that the shot comes from, if it names one."""
        scene = (self.model_extra or {}).get("sg_scene")
        return scene.get("id") if isinstance(scene, dict) else None


class AssetEntry(Entry):
    """An asset."""

    needed = frozenset({"sg_asset_type"})

    code: Name
    description: str | None
    sg_asset_type: Annotated[str, Field(min_length=1, max_length=30)] | None
    project: LooseLink | None
    parents: Links = []


class StepEntry(Entry):
    """A pipeline step: a task type."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    short_name: Annotated[str, BeforeValidator(blank), Field(max_length=20)] = ""
    color: Color = "#000000"
    entity_type: Annotated[str, Field(min_length=1, max_length=30)] | None = "Asset"


class StatusEntry(Entry):
    """A task status."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    code: Annotated[str, Field(min_length=1, max_length=10)]
    bg_color: Color | None = None


class TaskEntry(Entry):
    """A task."""

    needed = frozenset({"step", "project"})

    cached_display_name: Annotated[str, Field(min_length=1, max_length=80)]
    step: Link | None
    project: Link | None
    entity: TypedLink | None
    sg_status_list: str | None
    created_by: LooseLink | None
    start_date: Day | None
    due_date: Day | None
    duration: Minutes | None
    sg_sort_order: Number | None
    task_assignees: Links


class VersionEntry(Entry):
    """A version: a preview."""

    needed = frozenset({"sg_task"})

    code: Annotated[str, Field(max_length=250)]
    description: str | None
    sg_task: Link | None
    user: LooseLink | None = None
    sg_uploaded_movie: Movie | None


class NoteEntry(Entry):
    """A note: a comment."""

    needed = frozenset({"tasks"})

    content: str | None
    created_at: Moment
    tasks: Links
    user: LooseLink | None


class ConnectionEntry(Entry):
    """A person's place in the team of a production."""

    project: Link
    user: Link
