"""Makers of single rows with sensible values; every value can be overridden."""

from itertools import count

from assets.models import Entity
from people.models import Department, Person
from production.models import EntityType, Project, ProjectPersonLink, ProjectStatus, TaskStatus, TaskType
from tasks.models import Task

numbers = count(1)


def make_person(**overrides) -> Person:
    """A person who signs in with `mysecretpassword`."""
    number = next(numbers)
    password = overrides.pop("password", "mysecretpassword")
    values = {"first_name": "Person", "last_name": str(number), "email": f"person{number}@example.com", **overrides}
    return Person.objects.create_user(password=password, **values)


def make_department(**overrides) -> Department:
    """A department."""
    return Department.objects.create(**{"name": f"Department {next(numbers)}", "color": "#112233", **overrides})


def make_project(**overrides) -> Project:
    """An open production without a team."""
    status = (
        overrides.pop("project_status", None) or ProjectStatus.objects.get_or_create(name="Open", defaults={"color": "#000000"})[0]
    )
    return Project.objects.create(**{"name": f"Production {next(numbers)}", "project_status": status, **overrides})


def join_team(project: Project, *people: Person, role: str | None = None) -> None:
    """Puts people into a production's team, with a role of their own there if one is given."""
    for person in people:
        ProjectPersonLink.objects.create(project=project, person=person, role=role)


def make_task_type(**overrides) -> TaskType:
    """A task type for shots."""
    return TaskType.objects.create(**{"name": f"Task type {next(numbers)}", "for_entity": "Shot", **overrides})


def make_task_status(**overrides) -> TaskStatus:
    """A task status."""
    number = next(numbers)
    return TaskStatus.objects.create(**{"name": f"Status {number}", "short_name": f"s{number}", "color": "#445566", **overrides})


def make_entity_type(**overrides) -> EntityType:
    """An asset type, unless the name is one of the temporal types."""
    name = overrides.pop("name", None) or f"Type {next(numbers)}"
    return EntityType.objects.get_or_create(name=name, defaults=overrides)[0]


def make_entity(kind: str, project: Project, **overrides) -> Entity:
    """An entity of a type by the type's name, such as `Shot` or `Character`."""
    values = {"name": f"{kind} {next(numbers)}", "entity_type": make_entity_type(name=kind), "data": {}, **overrides}
    return Entity.objects.create(project=project, **values)


def make_asset(project: Project, **overrides) -> Entity:
    """A character, unless `kind` says otherwise."""
    return make_entity(overrides.pop("kind", "Character"), project, **overrides)


def make_sequence(project: Project, **overrides) -> Entity:
    """A sequence of no episode."""
    return make_entity("Sequence", project, **overrides)


def make_shot(project: Project, **overrides) -> Entity:
    """A shot, in a sequence of its own unless `parent` says otherwise."""
    parent = overrides.pop("parent") if "parent" in overrides else make_sequence(project)
    return make_entity("Shot", project, parent=parent, **overrides)


def make_task(project: Project, **overrides) -> Task:
    """A task of a shot, of a type and a status of its own unless they are given."""
    entity = overrides.pop("entity", None) or make_shot(project)
    values = {
        "name": "main",
        "entity": entity,
        "task_type": overrides.pop("task_type", None) or make_task_type(),
        "task_status": overrides.pop("task_status", None) or make_task_status(),
        **overrides,
    }
    assignees = values.pop("assignees", ())
    task = Task.objects.create(project=project, **values)
    task.assignees.set(assignees)
    return task
