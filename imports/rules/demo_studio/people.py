"""The people of a demonstration studio."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from imports.rules.demo_studio.configuration import Configuration
from imports.rules.demo_studio.draft import Draft
from imports.rules.demo_studio.words import FIRST_NAMES, LAST_NAMES
from people.models import Person

PASSWORD = "mysecretpassword"  # noqa: S105 the password that every demonstration has
ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")
SHARES = {"manager": 20, "supervisor": 10, "client": 20, "vendor": 20}  # one in so many people, and at least one


@dataclass
class People:
    """The people by role."""

    by_role: dict[str, list[Person]]

    @property
    def everybody(self) -> list[Person]:
        """All of them."""
        return [person for people in self.by_role.values() for person in people]

    @property
    def reviewers(self) -> list[Person]:
        """Those who answer to what artists publish."""
        return self.by_role["supervisor"] + self.by_role["manager"]

    @property
    def makers(self) -> list[Person]:
        """Those to whom tasks are assigned."""
        return self.by_role["user"] + self.by_role["vendor"]


def roles_of(count: int) -> list[str]:
    """The role of each of so many people: one admin, some of every other role, and artists."""
    roles = [role for role, share in SHARES.items() for _ in range(max(1, count // share))]
    return ["admin", *roles, *["user"] * (count - 1 - len(roles))]


def engage(draft: Draft, count: int, configuration: Configuration) -> People:
    """So many people; the first of each role signs in as `<role>@example.com`, an account of that address is used as it is."""
    password = make_password(PASSWORD)
    departments = list(configuration.departments.values())
    by_role: dict[str, list[Person]] = {role: [] for role in ROLES}
    for number, role in enumerate(roles_of(count)):
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        last = LAST_NAMES[(number * 7 + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
        address = role if not by_role[role] else f"{first}.{last}{number}"
        email = f"{address}@example.com".lower()
        person = Person.objects.of_address(email).first()
        if person is None:
            names: dict[str, Any] = {"first_name": first, "last_name": last}
            person = draft.new(Person, **names, email=email, password=password, role=role, at=draft.moment(0, hour=8), data={})
            draft.add(person)
            if role in ("user", "supervisor", "vendor"):
                draft.link(Person.departments.through, person_id=person.pk, department_id=departments[number % len(departments)].pk)
        by_role[role].append(person)
    return People(by_role)
