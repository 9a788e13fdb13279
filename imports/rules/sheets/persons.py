"""The sheet of people."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from email_validator import EmailNotValidError, validate_email

from core.errors import Refusal, WrongParameter
from core.rules import announce
from core.transactions import hold
from imports.rules.sheets.base import CREATED, SKIPPED, SheetImport
from imports.rules.sheets.columns import Column, Draft, NumberColumn, TextColumn, invalid, truth_of
from imports.rules.sheets.entities import ALREADY_THERE, BATCH
from imports.sheets.reading import Line, Sheet
from people.models import Department, Person, Studio
from people.readers import PERSON
from people.rules.organisation import current_organisation, seated_people
from people.rules.persons import update_person
from people.rules.values import countries

LONGEST_NAME, LONGEST_PHONE = 80, 30
ROLES = {
    "user": "Artist",
    "admin": "Studio Manager",
    "supervisor": "Supervisor",
    "manager": "Production Manager",
    "client": "Client",
    "vendor": "Vendor",
}


def claim_seats(count: int) -> None:
    """Raises WrongParameter where the studio has not so many seats left. Until the transaction ends nobody else can claim one."""
    current_organisation(lock=True)
    if count and seated_people().count() + count > settings.USER_LIMIT:
        raise WrongParameter("User limit reached.", {"limit": settings.USER_LIMIT})


def labelled(column: str) -> dict[str, str]:
    """The codes of a person's column with the labels that sheets have for them."""
    return {code: code.capitalize() for code, _ in Person._meta.get_field(column).choices}  # type: ignore[union-attr]


class EmailColumn(Column):
    """An e-mail address, with its domain in lower case."""

    takes_blank = True

    def clean(self, cell: str) -> str:
        """The address. Raises a refusal where it is none."""
        try:
            return validate_email(cell.strip(), check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise invalid(f"Email: {cell[:200]} ({error})") from None


class ChoiceColumn(Column):
    """One of a few codes, by code or label, in any letter case."""

    def __init__(self, name: str, choices: dict[str, str]) -> None:
        super().__init__(name, into=name.lower().replace(" ", "_"))
        self.labels = choices
        self.codes = {word.lower(): code for code, label in choices.items() for word in (code, label)}

    def clean(self, cell: str) -> str:
        """The code. Raises a refusal that names the labels."""
        code = self.codes.get(cell.strip().lower())
        if code is None:
            raise invalid(f"{self.names[0]}: {cell[:80]} (accepted values: {', '.join(self.labels.values())})")
        return code


class CountryColumn(Column):
    """A country's two letters."""

    def clean(self, cell: str) -> str:
        """The letters in upper case. Raises a refusal where they are no country's."""
        code = cell.strip().upper()
        if code not in countries():
            raise invalid(f"{self.names[0]}: {cell[:80]}")
        return code


class SalaryColumn(NumberColumn):
    """What a day of the person costs."""

    smallest = 0

    def refusal(self, cell: str, error: ValueError) -> Refusal:
        """Names the column."""
        return invalid(f"{self.names[0]}: {cell[:80]}")


class PhoneColumn(TextColumn):
    """A telephone number; an empty cell is none."""

    takes_blank = False


class TruthColumn(Column):
    """Yes or no."""

    def clean(self, cell: str) -> bool:
        """What the word says. Raises a refusal for other words."""
        return truth_of(cell, self.names[0])


class NamedColumn(Column):
    """A row of another table by its exact name; with `many`, several of them between commas."""

    def __init__(self, name: str, *, into: str, model: Any, many: bool = False) -> None:
        super().__init__(name, into=into)
        self.model, self.many = model, many
        self.found = {row.name: row.pk for row in model.objects.order_by("created_at", "id")}

    def clean(self, cell: str) -> Any:
        """The id, or the ids. Raises a refusal for an unknown name."""
        names = (
            [name.strip() for name in cell.split(",") if name.strip()] if self.many and cell not in self.found else [cell.strip()]
        )
        for name in names:
            if name not in self.found:
                raise Refusal(f"{self.model.__name__} not found: {name[:200]}")
        ids = list(dict.fromkeys(self.found[name] for name in names))
        return ids if self.many else ids[0]


class PersonSheet(SheetImport):
    """Lines are people, known by their e-mail addresses. New ones have no password: they wait for their invitation."""

    called = "people"
    reader = PERSON

    def __init__(self, *, by: Person, update: bool = False) -> None:
        super().__init__(by=by, update=update)
        self.created: dict[Any, Person] = {}
        self.departments: dict[Any, list[Any]] = {}
        self.changed: list[tuple[Person, dict[str, Any], list[Any] | None]] = []

    def prepare(self, sheet: Sheet) -> None:
        """Reads studios, departments and people; one import of people at a time."""
        hold("people")
        self.columns: list[Column] = [
            TextColumn("First Name", into="first_name", required=True, longest=LONGEST_NAME),
            TextColumn("Last Name", into="last_name", required=True, longest=LONGEST_NAME),
            EmailColumn("Email", into="email", required=True),
            PhoneColumn("Phone", into="phone", longest=LONGEST_PHONE),
            ChoiceColumn("Role", ROLES),
            ChoiceColumn("Contract Type", labelled("contract_type")),
            ChoiceColumn("Position", labelled("position")),
            ChoiceColumn("Seniority", labelled("seniority")),
            CountryColumn("Country", into="country"),
            SalaryColumn("Daily Salary", into="daily_salary"),
            NamedColumn("Studio", into="studio_id", model=Studio),
            NamedColumn("Departments", into="departments", model=Department, many=True),
            TruthColumn("Active", into="active"),
        ]
        people = Person.objects.filter(is_bot=False).exclude(email=None).order_by("created_at", "id")
        self.known = {str(person.email).lower(): person for person in people}
        links = Person.departments.through.objects.values_list("person_id", "department_id")
        self.member_of: dict[Any, set[Any]] = {}
        for person_id, department_id in links:
            self.member_of.setdefault(person_id, set()).add(department_id)

    def names_read(self) -> set[str]:
        """All columns of the sheet."""
        return {name for column in self.columns for name in column.names}

    def plan(self, line: Line) -> None:
        """Takes the person on, or changes what the line says differently of them."""
        draft = Draft(line)
        for column in self.columns:
            column.read(draft)
        departments = draft.values.pop("departments", None)
        address = draft.values["email"].lower()
        person = self.known.get(address)
        if person is None:
            person = self.take_on(draft, departments)
            self.report.note(line, CREATED, None, person)
        elif not self.update:
            self.report.note(line, SKIPPED, ALREADY_THERE, person)
        else:
            self.report.note_change(line, self.change(person, draft, departments), person)

    def take_on(self, draft: Draft, departments: list[Any] | None) -> Person:
        """A new person, not stored yet."""
        person = Person(**draft.values)
        person.updated_at = person.created_at
        self.known[draft.values["email"].lower()] = self.created[person.pk] = person
        self.departments[person.pk] = departments or []
        return person

    def change(self, person: Person, draft: Draft, departments: list[Any] | None) -> set[str]:
        """Keeps what the line says differently of a person; gives the names of the columns."""
        del draft.values["email"]
        changes = draft.changes(person)
        if person.pk in self.created:
            for name, value in changes.items():
                setattr(person, name, value)
            self.departments[person.pk] = departments or self.departments[person.pk]
            return set(changes)
        moved = departments if departments and set(departments) != self.member_of.get(person.pk, set()) else None
        if changes or moved:
            self.changed.append((person, changes, moved))
        return {*changes, *(["departments"] if moved else ())}

    def store(self) -> None:
        """Stores new people in a few statements, and changes the others one by one, as protection and seats demand."""
        people = list(self.created.values())
        claim_seats(sum(person.active is not False for person in people))
        for person in people:
            person.password = make_password(None)
        Person.objects.bulk_create(people, batch_size=BATCH)
        members = Person.departments.through
        links = [
            members(person_id=pk, department_id=department_id) for pk, ids in self.departments.items() for department_id in ids
        ]
        members.objects.bulk_create(links, batch_size=BATCH)
        for person in people:
            announce(person, "new", by=self.by)
        for person, changes, departments in self.changed:
            update_person(person, changes, departments=departments, by=self.by)
