"""The studio's configuration: statuses, departments, types. What is there already is used as it is."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from imports.rules.demo_studio.draft import Draft
from people.models import Department
from production.models import EntityType, ProjectStatus, TaskStatus, TaskType

TEMPORAL_TYPES = ("Shot", "Scene", "Sequence", "Episode", "Edit", "Concept", "ConceptFolder")
ASSET_TYPES = ("Character", "Prop", "Environment", "FX")
DEPARTMENTS = {
    "Modeling": "#78909C",
    "Animation": "#009688",
    "FX": "#26C6DA",
    "Compositing": "#F06292",
    "Concept": "#8D6E63",
    "Layout": "#7CB342",
}
TASK_TYPES = {  # name: department, colour, kind of entity; in the order of work
    "Concept": ("Concept", "#8D6E63", "Asset"),
    "Modeling": ("Modeling", "#78909C", "Asset"),
    "Shading": ("Modeling", "#64B5F6", "Asset"),
    "Rigging": ("Animation", "#9CCC65", "Asset"),
    "Grooming": ("Modeling", "#A1887F", "Asset"),
    "Lookdev": ("Compositing", "#FFB74D", "Asset"),
    "Storyboard": ("Concept", "#43A047", "Shot"),
    "Layout": ("Layout", "#7CB342", "Shot"),
    "Animation": ("Animation", "#009688", "Shot"),
    "Lighting": ("Compositing", "#F9A825", "Shot"),
    "FX": ("FX", "#26C6DA", "Shot"),
    "Rendering": ("Compositing", "#F06292", "Shot"),
    "Compositing": ("Compositing", "#ff5252", "Shot"),
}
STATUSES: dict[str, tuple[str, str, str]] = {  # short name: name, colour, flag
    "todo": ("Todo", "#f5f5f5", "is_default"),
    "wip": ("Work In Progress", "#3273dc", "is_wip"),
    "wfa": ("Waiting For Approval", "#ab26ff", "is_feedback_request"),
    "retake": ("Retake", "#ff3860", "is_retake"),
    "done": ("Done", "#22d160", "is_done"),
}


@dataclass
class Configuration:
    """The studio's tables that productions draw on, by name."""

    open_status: ProjectStatus
    entity_types: dict[str, EntityType]
    departments: dict[str, Department]
    task_types: dict[str, list[TaskType]]
    statuses: dict[str, TaskStatus]


def found_or_new(draft: Draft, model: type[models.Model], key: dict[str, Any], **values: Any) -> Any:
    """The row that has the key already, or a further one."""
    found = model._base_manager.filter(**key).order_by("created_at").first()
    return found or draft.add(draft.new(model, **key, **values))


def configure(draft: Draft) -> Configuration:
    """The studio's configuration; costs a statement per row of it."""
    departments = {name: found_or_new(draft, Department, {"name": name}, color=color) for name, color in DEPARTMENTS.items()}
    task_types: dict[str, list[TaskType]] = {"Asset": [], "Shot": []}
    for name, (department, color, kind) in TASK_TYPES.items():
        values = {"department_id": departments[department].pk, "color": color, "priority": len(task_types[kind]) + 1}
        key = {"name": name, "for_entity": kind}
        task_types[kind].append(found_or_new(draft, TaskType, key, short_name="", **values))
    return Configuration(
        open_status=found_or_new(draft, ProjectStatus, {"name": "Open"}, color="#000000"),
        entity_types={name: found_or_new(draft, EntityType, {"name": name}) for name in TEMPORAL_TYPES + ASSET_TYPES},
        departments=departments,
        task_types=task_types,
        statuses={
            short: found_or_new(draft, TaskStatus, {"short_name": short}, name=name, color=color, **{flag: True})
            for short, (name, color, flag) in STATUSES.items()
        },
    )
