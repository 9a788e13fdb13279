"""Accounts of people who sign in by the word of an identity provider."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from core.api.converters import is_uuid
from core.errors import Refusal
from core.rules import announce, set_relations
from core.transactions import hold, whole_step
from people.models import Department, Person, Studio
from people.providers.identities import Identity
from people.rules.passwords import is_protected
from people.rules.values import check_address, check_country

CANNOT = "This account cannot be signed in to with this identity. Ask an administrator."
NO_ACCOUNT = "There is no account for this address. Ask an administrator."
NO_NAMES = "The identity provider tells no first_name and last_name."
BAD_ADDRESS = "The identity provider tells no valid e-mail address."
LENGTHS = {"first_name": 80, "last_name": 80, "phone": 30}


class SignOnRefused(Refusal):
    """A sign-on by an identity provider came to nothing; the payload has the words under `error`."""

    @property
    def payload(self) -> dict[str, Any]:
        """The words."""
        return {"error": self.message}


@whole_step()
def person_of_identity(identity: Identity) -> Person:
    """The person of an identity: found by it or by the address, bound to it, updated by what it tells, or made.

    An inactive person is found and left as they are. Raises SignOnRefused.
    """
    hold(f"identity:{identity.kind}")
    person = bound_person(identity) or claimed_person(identity)
    if person is None:
        return new_person(identity)
    if person.preview_project_id is not None or person.is_guest:
        raise SignOnRefused(CANNOT)
    if person.active:
        update_from(person, identity)
    return person


def bound_person(identity: Identity) -> Person | None:
    """The person who is bound to the identity."""
    if not identity.subject:
        return None
    named = {f"{identity.kind}_issuer": identity.issuer, f"{identity.kind}_subject": identity.subject}
    return Person.objects.select_for_update(of=("self",)).filter(is_bot=False, **named).first()


def claimed_person(identity: Identity) -> Person | None:
    """The person of the identity's address; an identity with a subject is bound to them. Raises SignOnRefused."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk__in=Person.objects.of_address(identity.email)).first()
    if person is None or not identity.subject or not person.active:
        return person
    issuer, subject = f"{identity.kind}_issuer", f"{identity.kind}_subject"
    is_taken = getattr(person, issuer) == identity.issuer and getattr(person, subject)
    if is_taken or is_protected(person):
        raise SignOnRefused(CANNOT)
    setattr(person, issuer, identity.issuer)
    setattr(person, subject, identity.subject)
    person.save(update_fields=[issuer, subject])
    return person


def new_person(identity: Identity) -> Person:
    """A new artist who signs in by the identity provider alone. Raises SignOnRefused."""
    if not (settings.SAML_CREATE_PEOPLE if identity.kind == "saml" else settings.OIDC_CREATE_PEOPLE):
        raise SignOnRefused(NO_ACCOUNT)
    values = cleaned_values(identity)
    if identity.kind == "oidc":
        values = {"first_name": "", "last_name": "", **values}
    elif not {"first_name", "last_name"} <= set(values):
        raise SignOnRefused(NO_NAMES)
    try:
        email = check_address(identity.email)
    except Refusal:
        raise SignOnRefused(BAD_ADDRESS) from None
    named = {f"{identity.kind}_issuer": identity.issuer, f"{identity.kind}_subject": identity.subject} if identity.subject else {}
    person = Person(**values, **named, email=email, role="user", password=make_password(None))
    person.save(force_insert=True)
    set_relations(person, {"departments": departments_of(identity) or []})
    announce(person, "new", by=None)
    return person


@whole_step()
def release(person: Person, *, by: Person) -> None:
    """Let go of the identities that a person is bound to; the next one that comes with their address is bound."""
    columns = ["saml_issuer", "saml_subject", "oidc_issuer", "oidc_subject"]
    for column in columns:
        setattr(person, column, None)
    person.save(update_fields=columns)
    announce(person, "update", by=by)


def update_from(person: Person, identity: Identity) -> None:
    """Bring a person up to date with what the identity provider tells of them; nothing is written where nothing changed."""
    changed = {name: value for name, value in cleaned_values(identity).items() if getattr(person, name) != value}
    departments = departments_of(identity)
    moved = departments is not None and set(departments) != set(person.departments.values_list("pk", flat=True))
    if not changed and not moved:
        return
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    if moved:
        set_relations(person, {"departments": departments or []})
    announce(person, "update", by=None)


def cleaned_values(identity: Identity) -> dict[str, Any]:
    """The columns of a person that the identity provider told, as they are stored; what makes no sense is left out."""
    values: dict[str, Any] = {name: inert(value)[: LENGTHS[name]] for name, value in identity.values.items() if name in LENGTHS}
    if "country" in identity.values:
        with suppress(Refusal):
            values["country"] = check_country(inert(identity.values["country"]))
    if identity.studio is not None and (studio := named_rows(Studio, [identity.studio])):
        values["studio_id"] = studio[0]
    return values


def inert(text: str) -> str:
    """The text without NUL characters, which no column takes, and without blanks around it."""
    return text.replace("\x00", "").strip()


def departments_of(identity: Identity) -> list[UUID] | None:
    """The ids of the departments that the identity provider told; unknown ones are left out. None when it tells none."""
    return None if identity.departments is None else named_rows(Department, list(identity.departments))


def named_rows(model: Any, names: list[str]) -> list[UUID]:
    """The ids of rows that are told by id or by name, in any letter case."""
    wanted = Q(pk__in=[name for name in names if is_uuid(name)])
    for name in names:
        wanted |= Q(name__iexact=inert(name))
    return list(model.objects.filter(wanted).values_list("pk", flat=True)) if names else []
