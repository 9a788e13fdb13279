"""Who is meant by `@` in a text, and which tasks by `#`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from people.models import Department, Person
from production.models import ProjectPersonLink
from tasks.models import Task

HASHTAG = re.compile(r"#([a-z]*)", re.IGNORECASE)


@dataclass
class Mentions:
    """The people and departments that a text names."""

    person_ids: list[Any] = field(default_factory=list)
    department_ids: list[Any] = field(default_factory=list)


def names(text: str, name: str) -> bool:
    """The text has `@` and the exact name, followed by a space or by its end."""
    return bool(name) and re.search(f"@{re.escape(name)}(?= |\\n?\\Z)", text) is not None


def mentions_in(text: str | None, project_id: Any) -> Mentions:
    """Who of the production's team, preview accounts excepted, and which departments of the studio a text names."""
    if not text or "@" not in text:
        return Mentions()
    team = ProjectPersonLink.objects.order_by().filter(project_id=project_id, person__preview_project=None)
    people = team.values_list("person_id", "person__first_name", "person__last_name")
    departments = Department.objects.order_by().values_list("id", "name")
    return Mentions(
        [person_id for person_id, first, last in people if names(text, f"{first} {last}".strip())],
        [department_id for department_id, name in departments if names(text, name)],
    )


def people_of(mentions: Mentions, project_id: Any) -> list[Any]:
    """Everybody who is meant: the people, and the team's members of the departments. Who is meant twice is there twice."""
    found = list(mentions.person_ids)
    if mentions.department_ids:
        links = Person.departments.through.objects.filter(
            department_id__in=mentions.department_ids, person__team_links__project_id=project_id
        )
        found += [person_id for _, person_id in links.values_list("department_id", "person_id").distinct()]
    return found


def tagged(text: str | None, task: Task, siblings: Iterable[Task]) -> list[Task]:
    """The tasks of the same entity that a text's hashtags name by their task type, or all with `#all`; never its own type."""
    tags = {tag.lower() for tag in HASHTAG.findall(text or "")}
    others = [sibling for sibling in siblings if sibling.task_type_id != task.task_type_id and sibling.task_type is not None]
    if "all" in tags:
        return others
    return [sibling for sibling in others if sibling.task_type and sibling.task_type.name.lower() in tags]
