"""A few people with fixed roles in one small production."""

from dataclasses import dataclass

from people.models import Person
from production.models import Project
from tests.makers import join_team, make_person, make_project

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")


@dataclass
class Cast:
    """One person of every role in the team of `project`; `outsider` is an artist in no team."""

    project: Project
    admin: Person
    manager: Person
    supervisor: Person
    user: Person
    client: Person
    vendor: Person
    outsider: Person

    def of(self, role: str) -> Person:
        """The person of a role."""
        return getattr(self, role)


def gather() -> Cast:
    """Stores the cast."""
    project = make_project(name="The Lantern")
    people = {role: make_person(role=role, first_name=role.capitalize(), email=f"{role}@studio.example") for role in ROLES}
    join_team(project, *people.values())
    return Cast(project=project, outsider=make_person(role="user", first_name="Outsider"), **people)
