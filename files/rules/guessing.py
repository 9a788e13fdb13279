"""What a path is about: a production's file tree read backwards."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from assets.models import AssetInstance, Entity
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, SHOT
from files.models import OutputType
from files.rules.trees import STYLES, TOKEN, TreeUnusable, mode_of
from people.models import Department
from production.models import EntityType, Project, TaskType
from tasks.models import Task

Guess = dict[str, str]
Found = dict[str, Any]
LONGEST_PATH, LONGEST_TREE = 4_000, 200


def guesses(project: Project, path: str, separator: str = "/") -> list[Guess]:
    """What the production's templates make of a path, each with the ids found in it; none where no template fits."""
    tree = project.file_tree if isinstance(project.file_tree, dict) and separator else {}
    made: list[Guess] = []
    for mode in list(tree)[:LONGEST_TREE]:
        for template, tokens in readings(tree, mode, path[:LONGEST_PATH], separator):
            guess = {"Template": template, **resolved(project, tokens)}
            if guess not in made:
                made.append(guess)
    return made


def readings(tree: Any, mode: str, path: str, separator: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each template of a mode that a path fits, by name, with the texts in the places of its tokens."""
    try:
        part = mode_of(tree, mode)
    except TreeUnusable:
        return
    folders = part.get("folder_path")
    if not isinstance(folders, dict):
        return
    style = STYLES.get(folders.get("style") if isinstance(folders.get("style"), str) else None, str)
    root = style(f"{part['mountpoint']}{separator}{part['root']}{separator}")
    given = style(path)
    if not given.startswith(root):
        return
    elements = given[len(root) :].split(separator)
    for name in sorted(folders, key=lambda key: (len(key), key))[:LONGEST_TREE]:
        if name != "style" and isinstance(folders[name], str):
            tokens = read_template(folders[name].split("/"), elements, style)
            if tokens:
                yield name, tokens


def read_template(template: list[str], elements: list[str], style: Callable[[str], str]) -> list[tuple[str, str]] | None:
    """The tokens of a template with the texts that stand for them in a path; None where the path does not fit."""
    tokens = []
    for wanted, given in zip(template, elements, strict=False):
        marks = list(TOKEN.finditer(wanted))
        if not marks:
            if style(wanted) != given:
                return None
            continue
        before, after = style(wanted[: marks[0].start()]), style(wanted[marks[-1].end() :])
        tokens.append((marks[0][1], given.removeprefix(before).removesuffix(after)))
    return tokens


def resolved(project: Project, tokens: list[tuple[str, str]]) -> Guess:
    """The ids of what the texts name, from left to right, up to the first that names nothing."""
    found: Found = {}
    for token, text in tokens:
        value = FINDERS[token](project, text, found) if token in FINDERS else None
        if value is None:
            break
        found[token] = value
    return {token: str(getattr(value, "pk", value)) for token, value in found.items()}


def named(rows: "QuerySet[Any]", text: str) -> Any:
    """The first row of that name; `_` may stand for a blank, letter case does not count."""
    spaced = text.replace("_", " ")
    return rows.filter(Q(name__iexact=spaced) | Q(name__iexact=text)).order_by("created_at", "id").first()


def project_named(project: Project, text: str, found: Found) -> Any:
    """The production itself."""
    return project if project.name.lower() in (text.lower(), text.replace("_", " ").lower()) else None


def placed(kind: str, parent: str = "", *, needs: str = "") -> Callable[[Project, str, Found], Any]:
    """A finder of entities of one kind, within the `parent` where that is known; without what it `needs` none is found."""

    def find(project: Project, text: str, found: Found) -> Any:
        if needs and needs not in found:
            return None
        rows = Entity.objects.of_kind(kind).filter(project=project)  # type: ignore[attr-defined]
        return named(rows.filter(parent=found[parent]) if parent in found else rows, text)

    return find


def asset(project: Project, text: str, found: Found) -> Any:
    """An asset of the type found before."""
    if not {"Project", "AssetType"} <= found.keys():
        return None
    return named(Entity.objects.of_kind(ASSET).filter(project=project, entity_type=found["AssetType"]), text)  # type: ignore[attr-defined]


def task(project: Project, text: str, found: Found) -> Any:
    """A task of the type and the entity found before."""
    entity = next((found[token] for token in ("Shot", "Scene", "Asset") if token in found), None)
    if entity is None or "TaskType" not in found:
        return None
    return named(Task.objects.filter(entity=entity, task_type=found["TaskType"]), text)


def task_type(project: Project, text: str, found: Found) -> Any:
    """A task type, the production's own first."""
    return named(project.task_types.all(), text) or named(TaskType.objects.all(), text)


def temporal_entity(project: Project, text: str, found: Found) -> Any:
    """An entity of the type found before, within the sequence where that is known."""
    rows = Entity.objects.filter(project=project)
    if "TemporalEntityType" in found:
        rows = rows.filter(entity_type=found["TemporalEntityType"])
    return named(rows.filter(parent=found["Sequence"]) if "Sequence" in found else rows, text)


def instance(project: Project, text: str, found: Found) -> Any:
    """An instance of the asset found before, by name or number."""
    rows = AssetInstance.objects.filter(asset__project=project)
    if "Asset" in found:
        rows = rows.filter(asset=found["Asset"])
    by_number = rows.filter(number=int(text)).order_by("created_at", "id").first() if re.fullmatch(r"\d{1,9}", text) else None
    return named(rows, text) or by_number


def words(project: Project, text: str, found: Found) -> Any:
    """The text itself."""
    return text.replace("_", " ")


def version(project: Project, text: str, found: Found) -> Any:
    """A whole number."""
    return str(int(text)) if re.fullmatch(r"\d{1,9}", text) else None


FINDERS: dict[str, Callable[[Project, str, Found], Any]] = {
    "Project": project_named,
    "AssetType": lambda p, text, found: named(EntityType.objects.all(), text),
    "Asset": asset,
    "Episode": placed(EPISODE),
    "Sequence": placed(SEQUENCE, "Episode", needs="Project"),
    "Scene": placed(SCENE, "Sequence"),
    "Shot": placed(SHOT, "Sequence", needs="Sequence"),
    "Department": lambda p, text, found: named(Department.objects.all(), text),
    "TaskType": task_type,
    "Task": task,
    "OutputType": lambda p, text, found: named(OutputType.objects.all(), text),
    "TemporalEntityType": lambda p, text, found: named(EntityType.objects.all(), text),
    "TemporalEntity": temporal_entity,
    "Instance": instance,
    "Name": words,
    "Representation": words,
    "Version": version,
}
