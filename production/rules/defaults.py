"""The configuration that a new studio starts with, for each kind of studio."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.transactions import hold, whole_step
from people.models import Department
from production.models import EntityType, ProjectStatus, TaskStatus, TaskType
from production.querysets import CLOSED, OPEN, TEMPORAL_TYPES

Step = tuple[str, str | None, str, int, str]  # name, department, colour, priority, for_entity

PROJECT_STATUS_COLOR = "#000000"
STATUSES: list[dict[str, Any]] = [
    {"name": "Todo", "short_name": "todo", "color": "#f5f5f5", "is_default": True},
    {"name": "Work In Progress", "short_name": "wip", "color": "#3273dc", "is_wip": True},
    {"name": "Waiting For Approval", "short_name": "wfa", "color": "#ab26ff", "is_feedback_request": True},
    {"name": "Retake", "short_name": "retake", "color": "#ff3860", "is_retake": True},
    {"name": "Done", "short_name": "done", "color": "#22d160", "is_done": True},
    {"name": "Ready To Start", "short_name": "ready", "color": "#fbc02d"},
    {"name": "Neutral", "short_name": "neutral", "color": "#CCCCCC", "is_default": True, "for_concept": True},
    {"name": "Approved", "short_name": "approved", "color": "#66BB6A", "for_concept": True},
    {"name": "Rejected", "short_name": "rejected", "color": "#E81123", "for_concept": True},
]


@dataclass(frozen=True)
class Domain:
    """What a kind of studio works with."""

    asset_types: tuple[str, ...]
    departments: dict[str, str]
    steps: tuple[Step, ...] = field(default=())


ANIMATION_3D = Domain(
    asset_types=("Character", "Prop", "Environment", "FX"),
    departments={
        "Modeling": "#78909C",
        "Animation": "#009688",
        "FX": "#26C6DA",
        "Compositing": "#F06292",
        "Concept": "#8D6E63",
        "Layout": "#7CB342",
    },
    steps=(
        ("Concept", None, "#8D6E63", 1, "Concept"),
        ("Concept", "Concept", "#8D6E63", 1, "Asset"),
        ("Modeling", "Modeling", "#78909C", 2, "Asset"),
        ("Shading", "Modeling", "#64B5F6", 3, "Asset"),
        ("Rigging", "Animation", "#9CCC65", 4, "Asset"),
        ("Storyboard", "Concept", "#43A047", 1, "Shot"),
        ("Layout", "Layout", "#7CB342", 2, "Shot"),
        ("Animation", "Animation", "#009688", 3, "Shot"),
        ("Lighting", "Compositing", "#F9A825", 4, "Shot"),
        ("FX", "FX", "#26C6DA", 5, "Shot"),
        ("Rendering", "Compositing", "#F06292", 6, "Shot"),
        ("Compositing", "Compositing", "#ff5252", 7, "Shot"),
        ("Edit", "Compositing", "#9b298c", 8, "Edit"),
    ),
)
ANIMATION_2D = Domain(
    asset_types=("Character", "Prop", "Background", "FX"),
    departments={"Concept": "#8D6E63", "Layout": "#7CB342", "Animation": "#009688", "Compositing": "#F06292"},
    steps=(
        ("Concept", "Concept", "#8D6E63", 1, "Asset"),
        ("Storyboard", "Concept", "#43A047", 1, "Shot"),
        ("Layout", "Layout", "#7CB342", 2, "Shot"),
        ("Animation", "Animation", "#009688", 3, "Shot"),
        ("Clean-up", "Animation", "#4DB6AC", 4, "Shot"),
        ("Color", "Compositing", "#F9A825", 5, "Shot"),
        ("Compositing", "Compositing", "#ff5252", 6, "Shot"),
        ("Edit", "Compositing", "#9b298c", 7, "Edit"),
        ("Concept", "Concept", "#8D6E63", 1, "Concept"),
    ),
)
VISUAL_EFFECTS = Domain(
    asset_types=("Character", "Prop", "Environment", "FX", "Vehicle"),
    departments={
        "Modeling": "#78909C",
        "Animation": "#009688",
        "FX": "#26C6DA",
        "Compositing": "#F06292",
        "Concept": "#8D6E63",
        "Layout": "#7CB342",
        "Matchmove": "#5C6BC0",
        "DMP": "#8D6E63",
    },
    steps=(
        ("Concept", "Concept", "#8D6E63", 1, "Asset"),
        ("Modeling", "Modeling", "#78909C", 2, "Asset"),
        ("Shading", "Modeling", "#64B5F6", 3, "Asset"),
        ("Rigging", "Animation", "#9CCC65", 4, "Asset"),
        ("Matchmove", "Matchmove", "#5C6BC0", 1, "Shot"),
        ("Rotomation", "Matchmove", "#7986CB", 2, "Shot"),
        ("Storyboard", "Concept", "#43A047", 1, "Shot"),
        ("Layout", "Layout", "#7CB342", 2, "Shot"),
        ("Animation", "Animation", "#009688", 3, "Shot"),
        ("Lighting", "Compositing", "#F9A825", 4, "Shot"),
        ("FX", "FX", "#26C6DA", 5, "Shot"),
        ("Rendering", "Compositing", "#F06292", 6, "Shot"),
        ("Compositing", "Compositing", "#ff5252", 7, "Shot"),
        ("DMP", "DMP", "#A1887F", 8, "Shot"),
        ("Edit", "Compositing", "#9b298c", 9, "Edit"),
        ("Concept", "Concept", "#8D6E63", 1, "Concept"),
    ),
)
GAMES = Domain(
    asset_types=("Character", "Prop", "Environment", "FX", "UI"),
    departments={
        "Game Design": "#7B1FA2",
        "Level Design": "#00897B",
        "Character Art": "#78909C",
        "Environment Art": "#43A047",
        "Animation": "#009688",
        "VFX": "#26C6DA",
        "QA": "#E53935",
    },
    steps=(
        ("Game Design", "Game Design", "#7B1FA2", 1, "Asset"),
        ("Level Design", "Level Design", "#00897B", 2, "Asset"),
        ("Character Art", "Character Art", "#78909C", 3, "Asset"),
        ("Environment Art", "Environment Art", "#43A047", 4, "Asset"),
        ("Animation", "Animation", "#009688", 5, "Asset"),
        ("VFX", "VFX", "#26C6DA", 6, "Asset"),
        ("Concept", "Character Art", "#8D6E63", 1, "Concept"),
        ("QA", "QA", "#E53935", 1, "Shot"),
    ),
)
DOMAINS = {"3d": ANIMATION_3D, "2d": ANIMATION_2D, "vfx": VISUAL_EFFECTS, "games": GAMES}


@whole_step()
def install_defaults(domain: str = "3d") -> dict[str, int]:
    """Store what the studio misses of its kind's configuration, found by name; answers how many rows of each kind are new."""
    hold("default configuration")
    kind = DOMAINS[domain]
    return {
        "project statuses": add_missing(ProjectStatus, ({"name": n, "color": PROJECT_STATUS_COLOR} for n in (OPEN, CLOSED))),
        "entity types": add_missing(EntityType, ({"name": name} for name in (*TEMPORAL_TYPES, *kind.asset_types))),
        "departments": add_missing(Department, ({"name": n, "color": c} for n, c in kind.departments.items())),
        "task types": add_steps(kind.steps),
        "task statuses": add_missing(TaskStatus, STATUSES, key="short_name"),
    }


def add_missing(model: Any, rows: Iterable[dict[str, Any]], key: str = "name") -> int:
    """Store the rows whose key the table does not hold yet, dated one after the other; answers their number."""
    known = set(model.objects.values_list(key, flat=True))
    missing = [model(**row) for row in rows if row[key] not in known]
    model.objects.bulk_create(missing)
    return len(missing)


def add_steps(steps: Iterable[Step]) -> int:
    """Store the task types that are missing, by name and kind of entity; answers their number."""
    known = set(TaskType.objects.values_list("name", "for_entity"))
    departments = dict(Department.objects.values_list("name", "pk"))
    missing = [
        TaskType(
            name=name,
            short_name="",
            color=color,
            priority=priority,
            for_entity=for_entity,
            department_id=departments.get(department or ""),
        )
        for name, department, color, priority, for_entity in steps
        if (name, for_entity) not in known
    ]
    TaskType.objects.bulk_create(missing)
    return len(missing)


def project_status(name: str) -> ProjectStatus:
    """The status of that name; the built-in ones come back when somebody deleted them."""
    return ProjectStatus.objects.get_or_create(name=name, defaults={"color": PROJECT_STATUS_COLOR})[0]
