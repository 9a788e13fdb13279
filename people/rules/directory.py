"""Bringing the studio's people in line with its directory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from core.errors import Refusal
from core.rules import announce
from core.transactions import whole_step
from people.models import OneTimeToken, Person
from people.providers.directory import Entry
from people.rules.organisation import claim_seat
from people.rules.values import check_address
from people.tokens import revoke_tokens

CREATED, UPDATED, DISABLED, FAILED = "created", "updated", "disabled", "failed"
NAME_LENGTH, UID_LENGTH = 80, 60


@dataclass(frozen=True)
class Outcome:
    """What became of somebody in the directory; `person` and `entry` where both are there, and their picture may be looked at."""

    act: str
    line: str
    person: Person | None = None
    entry: Entry | None = None


@dataclass
class Staff:
    """The studio's people, each of whom is found by one entry at most."""

    people: list[Person] = field(
        default_factory=lambda: list(Person.objects.filter(is_bot=False, is_guest=False, preview_project=None))
    )
    found: set[Any] = field(default_factory=set)

    def take(self, entry: Entry) -> Person | None:
        """Whom the entry is about: by its lasting identifier, else by login, else by any of its addresses."""
        for fits in (by_uid, by_login, by_address):
            for person in self.people:
                if person.pk not in self.found and fits(person, entry):
                    self.found.add(person.pk)
                    return person
        return None

    def left(self) -> list[Person]:
        """Who came from the directory, and is in it no longer."""
        excluded = {login.lower() for login in settings.LDAP_EXCLUDED_ACCOUNTS}
        return [
            person
            for person in self.people
            if person.is_generated_from_ldap
            and person.active
            and person.pk not in self.found
            and (person.desktop_login or "").lower() not in excluded
        ]


def by_uid(person: Person, entry: Entry) -> bool:
    """Both have the same lasting identifier."""
    return bool(entry.uid) and person.ldap_uid == entry.uid


def by_login(person: Person, entry: Entry) -> bool:
    """Both sign in by the same name."""
    return (person.desktop_login or "").lower() == entry.login.lower()


def by_address(person: Person, entry: Entry) -> bool:
    """The person has one of the entry's addresses."""
    return (person.email or "").lower() in entry.emails


def bring_in_line(entries: Iterable[Entry]) -> Iterator[Outcome]:
    """Bring the studio's people in line with the directory, one after the other; what fails for one does not stop the others.

    Who left goes first and who is inactive next, so that their seats and addresses are free.
    """
    staff = Staff()
    pairs = [(entry, staff.take(entry)) for entry in sorted(entries, key=lambda entry: (entry.active, entry.login.lower()))]
    for leaver in staff.left():
        let_go(leaver)
        yield Outcome(DISABLED, f"User {leaver.desktop_login or leaver.email} disabled (not found in LDAP).")
    for entry, person in pairs:
        if person is not None:
            yield from updated(person, entry)
    for entry, person in pairs:
        if person is None and entry.active:
            yield created(entry)


@whole_step()
def let_go(person: Person) -> None:
    """Somebody left: they are signed out everywhere, and can't sign in again."""
    person.active = False
    person.save(update_fields=["active"])
    OneTimeToken.objects.filter(person=person).delete()
    revoke_tokens(person)
    announce(person, "update", by=None)


def told(entry: Entry, person: Person | None) -> dict[str, Any]:
    """The columns of a person that the directory decides. Raises Refusal for an address that is no good, or another's."""
    email, uid = entry.emails[0], entry.uid[:UID_LENGTH]
    if person is None or (person.email or "").lower() != email:
        email = check_address(email, person=person) or email
    return {
        "email": email,
        "first_name": entry.first_name[:NAME_LENGTH],
        "last_name": entry.last_name[:NAME_LENGTH],
        "active": entry.active,
        "is_generated_from_ldap": True,
        "desktop_login": entry.login[:NAME_LENGTH],
        **({"ldap_uid": uid} if uid else {}),
    }


def updated(person: Person, entry: Entry) -> Iterator[Outcome]:
    """Bring somebody up to date, if anything changed."""
    try:
        is_changed = update(person, entry)
    except (Refusal, IntegrityError) as failure:
        yield Outcome(FAILED, f"User {entry.login} update failed ({reason(failure)}).")
        return
    yield Outcome(UPDATED if is_changed else "", f"User {entry.login} updated." if is_changed else "", person, entry)


@whole_step()
def update(person: Person, entry: Entry) -> bool:
    """Give somebody the values that the directory has. False when they have them. Raises Refusal, IntegrityError."""
    changed = {name: value for name, value in told(entry, person).items() if value != kept(person, name)}
    if not changed:
        return False
    if changed.get("active"):
        claim_seat()
    if changed.get("active") is False:
        OneTimeToken.objects.filter(person=person).delete()
        revoke_tokens(person)
    Person.objects.select_for_update().get(pk=person.pk)
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    announce(person, "update", by=None)
    return True


def kept(person: Person, name: str) -> Any:
    """What the studio has; an address in other letter case is the same one, and nothing is as good as no."""
    value = getattr(person, name)
    if name == "email":
        return (value or "").lower()
    return bool(value) if name in ("active", "is_generated_from_ldap") else value


def created(entry: Entry) -> Outcome:
    """Take somebody on."""
    try:
        person = create(entry)
    except (Refusal, IntegrityError) as failure:
        return Outcome(FAILED, f"User {entry.login} creation failed ({reason(failure)}).")
    return Outcome(CREATED, f"User {entry.login} created.", person, entry)


@whole_step()
def create(entry: Entry) -> Person:
    """A new artist, who signs in with the directory's password alone. Raises Refusal, IntegrityError."""
    claim_seat()
    person = Person(**told(entry, None), role="user", password=make_password(None))
    person.save(force_insert=True)
    announce(person, "new", by=None)
    return person


def reason(failure: Exception) -> str:
    """Why somebody could not be stored."""
    if isinstance(failure, Refusal) and "limit" in failure.message:
        return f"limit reached, limit {settings.USER_LIMIT}"
    if isinstance(failure, IntegrityError) or (isinstance(failure, Refusal) and "in use" in failure.message):
        return "email duplicated?"
    return failure.message if isinstance(failure, Refusal) else type(failure).__name__
