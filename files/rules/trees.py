"""File trees: where a production wants its files, as templates of paths with tokens."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assets.models import AssetInstance, Entity
from assets.querysets import EPISODE, SCENE, SEQUENCE, SHOT
from core.errors import Refusal
from core.transactions import whole_step
from events.emit import emit
from files.models import OutputType
from files.rules.naming import slug
from people.models import Software
from production.models import TaskType
from tasks.models import Task

TOKEN = re.compile(r"<(\w*)(?:\.(\w+))?>")
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
FIELDS = ("name", "short_name", "number", "id")
STYLES: dict[Any, Callable[[str], str]] = {"uppercase": str.upper, "lowercase": str.lower}
TEMPLATE_KEYS = {SHOT: "shot", SEQUENCE: "sequence", SCENE: "scene", EPISODE: "episode"}


class FileRefused(Refusal):
    """A file can't have this path or revision; the payload has the message under a key of its own."""

    def __init__(self, message: str, key: str = "error", **more: Any) -> None:
        super().__init__(message, **more)
        self.key = key

    @property
    def payload(self) -> dict[str, Any]:
        """The message, and what was received where the route tells so."""
        return {self.key: self.message, **self.more}


class TreeUnusable(Exception):
    """The production's file tree has no place for such a file; the text is the reason that the API gives."""


@dataclass
class Place:
    """What a path is made of. For an output of an instance, `entity` is the asset and `temporal_entity` the shot or scene."""

    entity: Entity
    name: str = ""
    revision: int = 1
    task: Task | None = None
    task_type: TaskType | None = None
    software: Software | None = None
    output_type: OutputType | None = None
    representation: str = ""
    instance: AssetInstance | None = None
    temporal_entity: Entity | None = None


@whole_step()
def software_named(name: str, short_name: str, extension: str) -> Software:
    """The software of that name, made if there is none."""
    found, is_new = Software.objects.get_or_create(name=name, defaults={"short_name": short_name, "file_extension": extension})
    if is_new:
        emit("software:new", {"software_id": found.pk})
    return found


@whole_step()
def default_output_type() -> OutputType:
    """The output type that stands where none is given."""
    found, is_new = OutputType.objects.get_or_create(name="Geometry", defaults={"short_name": ""})
    if is_new:
        emit("output_type:new", {"output_type_id": found.pk})
    return found


def field_of(row: Any, field: str) -> str:
    """A field of what a token names; anything but the known fields means the name."""
    if row is None:
        return ""
    return str(getattr(row, field if field in FIELDS else "name", "") or "")


def sequence_of(place: Place) -> Entity | None:
    """The sequence that the entity is, or is in."""
    entity = place.temporal_entity or place.entity
    kind = entity.entity_type.name
    if kind == SEQUENCE:
        return entity
    return entity.parent if kind in (SHOT, SCENE) else None


def sequence(place: Place, field: str) -> str:
    """A sequence's value; `Seq2` becomes `S002`."""
    value = field_of(sequence_of(place), field)
    return f"S{value[3:].zfill(3)}" if "Seq" in value and field != "id" else value


def episode(place: Place, field: str) -> str:
    """The episode that the entity is, or is in; `e001` where there is none."""
    entity = place.temporal_entity or place.entity
    if entity.entity_type.name == EPISODE:
        return field_of(entity, field)
    found = sequence_of(place)
    return field_of(found.parent, field) if found and found.parent else "e001"


def asset_of(place: Place) -> Entity:
    """The asset. Raises TreeUnusable."""
    found = place.instance.asset if place.instance else place.entity
    if found is None:
        raise TreeUnusable("Given asset is null.")
    return found


def temporal(place: Place) -> Entity:
    """The shot or scene of an instance. Raises TreeUnusable."""
    if place.temporal_entity is None:
        raise TreeUnusable("Given temporal entity is null.")
    return place.temporal_entity


def instance(place: Place, field: str) -> str:
    """The instance's name, else its number in four digits."""
    if place.instance is None:
        return ""
    if field == "name" and place.instance.name:
        return place.instance.name
    return str(place.instance.number or 0).zfill(4)


def department(place: Place) -> Any:
    """The department of the task type at hand."""
    kind = place.task_type or (place.task.task_type if place.task else None)
    return kind.department if kind else None


TOKENS: dict[str, Callable[[Place, str], str]] = {
    "Project": lambda p, f: field_of(p.entity.project, f),
    "Task": lambda p, f: field_of(p.task, f),
    "TaskType": lambda p, f: field_of(p.task_type or (p.task.task_type if p.task else None), f),
    "Department": lambda p, f: field_of(department(p), f),
    "Shot": lambda p, f: field_of(p.temporal_entity or p.entity, f),
    "Scene": lambda p, f: field_of(p.temporal_entity or p.entity, f),
    "Asset": lambda p, f: field_of(asset_of(p), f),
    "AssetType": lambda p, f: field_of(asset_of(p).entity_type, f),
    "Sequence": sequence,
    "Episode": episode,
    "TemporalEntity": lambda p, f: field_of(temporal(p), f),
    "TemporalEntityType": lambda p, f: temporal(p).entity_type.name.lower(),
    "Instance": instance,
    "Software": lambda p, f: field_of(p.software or software_named("3dsmax", "max", ".max"), f),
    "OutputType": lambda p, f: field_of(p.output_type or default_output_type(), f).lower(),
    "Representation": lambda p, f: p.representation,
    "Name": lambda p, f: p.name,
    "OutputFile": lambda p, f: p.name,
    "WorkingFile": lambda p, f: p.name,
    "Version": lambda p, f: str(p.revision).zfill(3),
    "Revision": lambda p, f: str(p.revision).zfill(3),
}


def mode_of(tree: Any, mode: str) -> dict[str, Any]:
    """A mode's part of a production's tree. Raises TreeUnusable."""
    if not isinstance(tree, dict):
        raise TreeUnusable("No tree can be found for given project.")
    if mode not in tree:
        raise TreeUnusable(f"Mode {mode} cannot be found on given tree.")
    part = tree[mode]
    if not isinstance(part, dict) or not all(isinstance(part.get(key), str) for key in ("mountpoint", "root")):
        raise TreeUnusable(f"Can't find given mode ({mode}) in given tree.")
    return part


def template_key(place: Place) -> str:
    """Which template of a mode suits what the file is for."""
    if place.instance is not None:
        is_temporal = temporal(place).entity_type.name in TEMPLATE_KEYS
        return "instance" if is_temporal else "instance_asset"
    return TEMPLATE_KEYS.get(place.entity.entity_type.name, "asset")


def template_of(place: Place, part: dict[str, Any], kind: str) -> tuple[str, Callable[[str], str]]:
    """The template of a folder or a file name with the style of its values. Raises TreeUnusable."""
    templates = part.get(kind)
    found = templates.get(template_key(place)) if isinstance(templates, dict) else None
    if not isinstance(found, str):
        raise TreeUnusable("")
    style = templates.get("style")  # type: ignore[union-attr]
    return found, STYLES.get(style if isinstance(style, str) else None, str)


def render(place: Place, template: str, style: Callable[[str], str]) -> str:
    """A template with the values in place of its tokens. Raises TreeUnusable."""

    def value(match: re.Match[str]) -> str:
        token, field = match[1], match[2] or "name"
        if token not in TOKENS:
            raise TreeUnusable(f"Unknown data type: {token}.")
        text = TOKENS[token](place, field)
        return style(text if field == "id" else slug(text))

    return TOKEN.sub(value, template)


def folder(place: Place, mode: str, separator: str = "/") -> str:
    """The folder for a file of this mode. Raises TreeUnusable."""
    part = mode_of(place.entity.project.file_tree, mode)
    template, style = template_of(place, part, "folder_path")
    rendered = separator.join(render(place, element, style) for element in template.split("/"))
    start = separator.join(text for text in (part["mountpoint"], part["root"]) if text or text == part["mountpoint"])
    return f"{start}{separator}{rendered}"


def file_name(place: Place, mode: str) -> str:
    """The name, without extension, for a file of this mode. Raises TreeUnusable."""
    part = mode_of(place.entity.project.file_tree, mode)
    template, style = template_of(place, part, "file_name")
    rendered = render(place, template, str.lower)
    name = style(slug(rendered))
    for pk in UUID4.findall(rendered):
        name = name.replace(style(slug(pk)), pk)
    return name
