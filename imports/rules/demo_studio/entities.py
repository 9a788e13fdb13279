"""The productions of a demonstration studio with their assets, shots and castings."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from assets.models import Entity, EntityLink
from imports.rules.demo_studio.configuration import ASSET_TYPES, Configuration
from imports.rules.demo_studio.draft import Draft, spread
from imports.rules.demo_studio.people import People
from imports.rules.demo_studio.words import ADJECTIVES, NOUNS, PRODUCTIONS
from people.models import Person
from production.models import (
    MetadataDescriptor,
    Milestone,
    Project,
    ProjectPersonLink,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ScheduleItem,
    TaskType,
)

SHOTS_PER_SEQUENCE = 20
WEATHER = ["clear", "rain", "snow", "fog"]
DESCRIPTORS: tuple[tuple[str, str, str, list[str]], ...] = (  # kind of entity, name, kind of value, choices
    ("Asset", "Difficulty", "list", ["easy", "medium", "hard"]),
    ("Asset", "Rigged", "boolean", []),
    ("Shot", "Weather", "list", WEATHER),
    ("Shot", "Lens", "number", []),
)
MILESTONES = ("Story locked", "Animation complete", "Delivery")


@dataclass
class Production:
    """A production in the making: its rows, which are added once the work on them is told."""

    project: Project
    team: list[Person]
    task_types: dict[str, list[TaskType]]
    assets: list[Entity] = field(default_factory=list)
    shots: list[Entity] = field(default_factory=list)

    @property
    def makers(self) -> list[Person]:
        """Those of the team to whom tasks are assigned."""
        return [person for person in self.team if person.role in ("user", "vendor")]

    @property
    def reviewers(self) -> list[Person]:
        """Those of the team who review."""
        return [person for person in self.team if person.role in ("supervisor", "manager")]


def production_name(number: int) -> tuple[str, str]:
    """The name and the kind of a production."""
    name, kind = PRODUCTIONS[number % len(PRODUCTIONS)]
    return (name if number < len(PRODUCTIONS) else f"{name} {number // len(PRODUCTIONS) + 1}"), kind


def found_production(draft: Draft, number: int, tasks: dict[str, int], configuration: Configuration, people: People) -> Production:
    """A production with its team, task types, statuses, milestones and metadata columns; the first has everybody in its team."""
    name, kind = production_name(number)
    project = draft.add(
        draft.new(
            Project,
            name=name,
            production_type=kind,
            project_status_id=configuration.open_status.pk,
            start_date=draft.first_day,
            end_date=draft.today + timedelta(days=90),
            data={},
        )
    )
    everybody = people.everybody
    team = everybody if number == 0 else [p for n, p in enumerate(everybody) if p.role != "user" or n % 2 == number % 2]
    for person in team:
        draft.add(draft.new(ProjectPersonLink, project_id=project.pk, person_id=person.pk))
    task_types = {kind: configuration.task_types[kind][:count] for kind, count in tasks.items()}
    for types in task_types.values():
        for priority, task_type in enumerate(types, 1):
            draft.add(draft.new(ProjectTaskTypeLink, project_id=project.pk, task_type_id=task_type.pk, priority=priority))
    for priority, status in enumerate(configuration.statuses.values(), 1):
        draft.add(draft.new(ProjectTaskStatusLink, project_id=project.pk, task_status_id=status.pk, priority=priority))
    for asset_type in ASSET_TYPES:
        draft.link(Project.asset_types.through, project_id=project.pk, entitytype_id=configuration.entity_types[asset_type].pk)
    describe_and_plan(draft, project, task_types)
    return Production(project, team, task_types)


def describe_and_plan(draft: Draft, project: Project, task_types: dict[str, list[TaskType]]) -> None:
    """The metadata columns, the milestones and the schedule of a production."""
    for position, (kind, name, value, choices) in enumerate(DESCRIPTORS, 1):
        names = {"name": name, "field_name": name.lower(), "data_type": value}
        more: dict[str, Any] = {"choices": choices, "position": position, **names}
        draft.add(draft.new(MetadataDescriptor, project_id=project.pk, entity_type=kind, **more))
    for number, name in enumerate(MILESTONES):
        draft.add(draft.new(Milestone, project_id=project.pk, name=name, date=draft.today + timedelta(days=30 * number)))
    for number, task_type in enumerate(kind for types in task_types.values() for kind in types):
        start = draft.first_day + timedelta(days=15 * number)
        dates: dict[str, Any] = {"start_date": start, "end_date": start + timedelta(days=150), "man_days": 60}
        draft.add(draft.new(ScheduleItem, project_id=project.pk, task_type_id=task_type.pk, **dates))


def new_entity(draft: Draft, production: Production, type_id: object, name: str, people: People, **values: Any) -> Entity:
    """An entity of the first weeks."""
    author = people.reviewers[0].pk
    at = draft.moment(draft.random.randrange(20))
    return draft.new(
        Entity, at=at, name=name, project_id=production.project.pk, entity_type_id=type_id, created_by=author, **values
    )


def asset_name(kind: str, number: int) -> str:
    """The name of an asset, different for every number of its type."""
    nouns = NOUNS[kind]
    round_, place = divmod(number, len(ADJECTIVES) * len(nouns))
    name = f"{ADJECTIVES[place % len(ADJECTIVES)]} {nouns[place // len(ADJECTIVES)]}"
    return name if not round_ else f"{name} {round_ + 1}"


def draw_assets(draft: Draft, production: Production, count: int, configuration: Configuration, people: People) -> None:
    """The assets, equally many of every type."""
    for number in range(count):
        kind = ASSET_TYPES[number % len(ASSET_TYPES)]
        type_id = configuration.entity_types[kind].pk
        values = {"data": {"difficulty": draft.pick(["easy", "medium", "hard"]), "rigged": number % 3 == 0}, "description": ""}
        name = asset_name(kind, number // len(ASSET_TYPES))
        production.assets.append(new_entity(draft, production, type_id, name, people, **values))


def draw_shots(draft: Draft, production: Production, count: int, configuration: Configuration, people: People) -> None:
    """The shots, twenty to a sequence."""
    types = configuration.entity_types
    sequence: Any = None
    for number in range(count):
        if number % SHOTS_PER_SEQUENCE == 0:
            name = f"SQ{number // SHOTS_PER_SEQUENCE + 1:03}"
            sequence = draft.add(new_entity(draft, production, types["Sequence"].pk, name, people, description="", data={}))
        frames = draft.random.randrange(24, 240)
        values = {"data": {"fps": 25, "frame_in": 1001, "frame_out": 1000 + frames, "weather": draft.pick(WEATHER), "lens": 35}}
        name = f"SH{(number % SHOTS_PER_SEQUENCE + 1) * 10:04}"
        shot = new_entity(draft, production, types["Shot"].pk, name, people, parent_id=sequence.pk, nb_frames=frames, **values)
        production.shots.append(shot)


def cast(draft: Draft, productions: list[Production], total: int) -> None:
    """So many casting links over the shots of all productions, as far as there are assets."""
    shots = [(production, shot) for production in productions for shot in production.shots]
    for (production, shot), count in zip(shots, spread(total, len(shots)), strict=True):
        chosen = draft.random.sample(production.assets, min(count, len(production.assets)))
        shot.nb_entities_out = len(chosen)
        for asset in chosen:
            times = 1 if draft.random.random() < 0.9 else 2
            draft.add(draft.new(EntityLink, entity_in_id=shot.pk, entity_out_id=asset.pk, nb_occurences=times))
