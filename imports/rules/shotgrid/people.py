"""People of ShotGrid, and their places in teams."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower
from email_validator import EmailNotValidError, validate_email

from core.errors import Refusal
from core.rules import announce
from core.transactions import hold
from imports.rules.sheets.base import UPDATED, in_chunks
from imports.rules.sheets.persons import claim_seats
from imports.rules.shotgrid.base import UNCHANGED, PageImport, Skipped, by_shotgun_id, found, found_or_made, held
from imports.rules.shotgrid.entries import ConnectionEntry, PersonEntry
from people.models import Department, Person
from people.readers import PERSON
from production.models import Project, ProjectPersonLink
from production.readers import PROJECT
from production.rules.announcements import announce_settings

PSEUDO = "changeme@email.com"
ROLES = {"Manager": "manager", "Admin": "admin"}
BLACK = "#000000"


class PersonImport(PageImport):
    """People, known by ShotGrid id or e-mail address. Of those who are here already only the department changes.

    New ones have no password: they wait for their invitation.
    """

    kind = "Person"
    model = Person
    reader = PERSON
    entry = PersonEntry

    def prepare(self, entries: list[Any]) -> None:
        """Departments, and the people of these ids and addresses."""
        hold("people")
        names = dict.fromkeys((e.department.name for e in entries if e.department and e.department.name), BLACK)
        for name in names:
            if len(name) > 80:
                raise Refusal("The name of a department has at most 80 characters.")
        self.departments, new = found_or_made(Department, names)
        for department in new:
            announce(department, "new", by=self.by)
        people = Person.objects.filter(is_bot=False)
        self.known = by_shotgun_id(people, [entry.id for entry in entries])
        addresses = {entry.email.lower() for entry in entries if entry.email}
        named = found(people.alias(address=Lower("email")), "address", addresses)
        self.by_address: dict[Any, Any] = {str(person.email).lower(): person for person in named}
        there = {person.pk for person in (*self.known.values(), *self.by_address.values())}
        self.member_of: dict[Any, set[Any]] = {}
        self.joined: dict[Any, Any] = {}
        for ids in in_chunks(there):
            links = Person.departments.through.objects.filter(person_id__in=ids)
            for person_id, department_id in links.values_list("person_id", "department_id"):
                self.member_of.setdefault(person_id, set()).add(department_id)

    def plan(self, entry: PersonEntry) -> Any:
        """A person."""
        address = (entry.email or "").strip()
        if address.lower() == PSEUDO:
            raise Skipped("nobody has that address")
        person = self.known.get(entry.id) or self.by_address.get(address.lower() if address else None)
        is_new = person is None
        if person is None:
            person = self.take_on(entry, self.checked(address) if address else None)
        department = self.departments.get(entry.department.name) if entry.department and entry.department.name else None
        moves = self.move(person, department) if department is not None and person.preview_project_id is None else False
        if not is_new and person.pk not in self.created_ids:
            self.report.counts[UPDATED if moves else UNCHANGED] += 1
        return person

    def move(self, person: Any, department: Department) -> bool:
        """Puts a person into this department alone; tells whether that is new."""
        if self.member_of.get(person.pk) == {department.pk}:
            return False
        self.joined[person.pk] = department.pk
        self.member_of[person.pk] = {department.pk}
        return True

    def checked(self, address: str) -> str:
        """An e-mail address. Raises a refusal where it is none."""
        try:
            return validate_email(address, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError as error:
            raise Refusal(f"email: {error}") from None

    def take_on(self, entry: PersonEntry, address: str | None) -> Any:
        """A new person."""
        group = entry.permission_rule_set.name if entry.permission_rule_set else None
        person = self.make(
            shotgun_id=entry.id,
            first_name=entry.firstname,
            last_name=entry.lastname,
            email=address,
            desktop_login=entry.login,
            active=entry.sg_status_list == "act",
            role=ROLES.get(group or "", "user"),
        )
        self.known[entry.id] = person
        if address:
            self.by_address[address.lower()] = person
        return person

    def store(self) -> None:
        """Stores new people, as far as the studio has seats, and the departments of all."""
        claim_seats(sum(bool(person.active) for person in self.created))
        for person in self.created:
            person.password = make_password(None)
        super().store()
        members = Person.departments.through
        for ids in in_chunks(self.joined):
            members.objects.filter(person_id__in=ids).delete()
        members.objects.bulk_create([members(person_id=pk, department_id=d) for pk, d in self.joined.items()])


class ConnectionImport(PageImport):
    """Places in teams, known by the id of ShotGrid's connection."""

    kind = "ProjectUserConnection"
    model = ProjectPersonLink
    reader = PROJECT
    entry = ConnectionEntry

    def prepare(self, entries: list[Any]) -> None:
        """Productions, people, and who is in the teams."""
        self.projects = by_shotgun_id(held(Project.objects), [entry.project.id for entry in entries])
        people = Person.objects.filter(is_bot=False, preview_project=None)
        self.people = by_shotgun_id(people, [entry.user.id for entry in entries])
        self.known = by_shotgun_id(ProjectPersonLink.objects, [entry.id for entry in entries])
        links = ProjectPersonLink.objects.filter(project__in=[project.pk for project in self.projects.values()])
        rows = found(links, "person_id", [person.pk for person in self.people.values()])
        self.members = {(link.project_id, link.person_id): link for link in rows}

    def plan(self, entry: ConnectionEntry) -> Any:
        """A place in a team; the row is the production's."""
        project, person = self.projects.get(entry.project.id), self.people.get(entry.user.id)
        if project is None:
            raise Skipped("its production is not here")
        if person is None:
            self.report.counts[UNCHANGED] += 1
            self.report.remarks.append(f"{self.kind} {entry.id}: its person is not here")
            return project
        known = self.known.get(entry.id)
        if known is not None:
            self.report.counts[UNCHANGED] += 1
            return project
        member = self.members.get((project.pk, person.pk))
        if member is None:
            member = self.make(project=project, person=person, shotgun_id=entry.id)
            self.members[project.pk, person.pk] = member
        else:
            self.change(member, shotgun_id=entry.id)
        self.known[entry.id] = member
        return project

    def store(self) -> None:
        """Stores the places; each team that grew is told of once."""
        super().store()
        projects = {project.pk: project for project in self.projects.values()}
        for project_id in {link.project_id for link in self.created}:
            announce_settings(projects[project_id], by=self.by)
