"""Persons: taking them on, changing and dismissing them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import Exists, OuterRef

from core.errors import BAD_FORMAT, Forbidden, NotFound, Refusal, RowRefused, WrongParameter
from core.models import now
from core.rules import announce, set_relations
from core.signals import row_leaving
from core.transactions import whole_step
from people.mail import Letter, post
from people.models import AppLoginCode, Department, EmailCode, OneTimeToken, Person, Session
from people.rules.organisation import claim_seat
from people.rules.passwords import is_protected, refuse_other_managers
from people.tokens import mint_api_token, revoke_tokens

SECRETS = (
    "password",
    "totp_secret",
    "email_otp_secret",
    "otp_recovery_codes",
    "fido_credentials",
    "jti",
    "login_failed_attemps",
    "last_login_failed",
    "oidc_issuer",
    "oidc_subject",
    "saml_issuer",
    "saml_subject",
)
SECOND_FACTORS = (
    "totp_enabled",
    "totp_secret",
    "email_otp_enabled",
    "email_otp_secret",
    "fido_enabled",
    "fido_credentials",
    "otp_recovery_codes",
    "preferred_two_factor_authentication",
)
PREVIEW = ("preview_project_id", "preview_opened_at", "preview_open_until")
# What no request writes at all: it changes by its own routes.
NEVER = ("password", "jti", "login_failed_attemps", "last_login_failed", *SECOND_FACTORS, *PREVIEW)
# What people may not change of themselves: rights, pay, identities and marks that the server or the studio sets.
NOT_BY_ONESELF = (
    *("role", "departments", "active", "archived", "is_bot", "is_guest", "has_avatar", "studio_id", "last_presence"),
    *("position", "seniority", "daily_salary", "contract_type", "shotgun_id"),
    *("is_generated_from_ldap", "ldap_uid", "oidc_issuer", "oidc_subject", "saml_issuer", "saml_subject"),
)
STILL_LINKED = "Some data are still linked to given person."
NO_DEPARTMENT = "Department ID matches no department"
# Rows that belong to a person although their column may be empty, so they go with them instead of losing their owner.
OWN_SECRETS = (Session, OneTimeToken, EmailCode, AppLoginCode, Person.departments.through)
GOES_ALONG = {"api_event", "search_filter", "search_filter_group", "time_spent", "day_off"}


def writable_by(person: Person, values: Mapping[str, Any], *, by: Person) -> dict[str, Any]:
    """What of these values `by` may write on the person: managers all, others only what concerns themselves alone."""
    barred = set() if by.is_admin else set(NOT_BY_ONESELF)
    if by.pk == person.pk and by.is_bot:
        barred.add("expiration_date")
    return {name: value for name, value in values.items() if name not in barred}


@whole_step()
def create_person(
    values: Mapping[str, Any], *, departments: Sequence[UUID], password: str | None, by: Person | None
) -> tuple[Person, str | None]:
    """Take a person on; a bot comes with its token. Without a password they wait for their invitation. Raises WrongParameter."""
    person = Person(**values, password=make_password(password or None))
    if not person.is_bot and not person.is_guest and person.active is not False:
        claim_seat({"limit": settings.USER_LIMIT})
    person.save(force_insert=True)
    set_relations(person, {"departments": list(departments)})
    token = mint_api_token(person) if person.is_bot else None
    announce(person, "new", by=by)
    return person, token


@whole_step()
def update_person(
    person: Person, values: Mapping[str, Any], *, departments: Sequence[UUID] | None, by: Person
) -> tuple[Person, str | None]:
    """Change a person. Returns a new API token where `expiration_date` was sent for a bot, or by the person themself.

    Raises Forbidden for preview accounts and for what protection forbids, WrongParameter when the studio is full.
    """
    if person.preview_project_id is not None:
        raise Forbidden()
    if is_protected(person) and by.pk != person.pk:
        refuse_on_protected(values)
    if values.get("active") and not person.active and not person.is_bot:
        claim_seat()
    if values.get("active") is False:
        OneTimeToken.objects.filter(person=person).delete()
        revoke_tokens(person)
    unchanged = "expiration_date" in values and is_past_and_unchanged(person, values["expiration_date"])
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    if departments is not None:
        set_relations(person, {"departments": list(departments)})
    mints = "expiration_date" in values and not unchanged and (person.is_bot or person.pk == by.pk)
    token = mint_api_token(person) if mints else None
    announce(person, "update", by=by)
    return person, token


def is_past_and_unchanged(person: Person, day: Any) -> bool:
    """The day is the person's own, and over: a client sent back what it had read."""
    return day is not None and day == person.expiration_date and day < now().date()


def refuse_on_protected(values: Mapping[str, Any]) -> None:
    """Raises Forbidden for what would lock a protected account out."""
    if values.get("active") is False:
        raise Forbidden("Can't set this person as inactive it's a protected account.")
    if values.get("role") is not None:
        raise Forbidden("Can't change the role of this person it's a protected account.")


def add_department(person: Person, department_id: Any, *, by: Person) -> None:
    """Make a person a member of a department. Raises WrongParameter for an unknown one."""
    change_departments(person, department_id, "add", by=by)


def remove_department(person: Person, department_id: Any, *, by: Person) -> None:
    """End a person's membership in a department, if there is one. Raises WrongParameter for an unknown department."""
    change_departments(person, department_id, "remove", by=by)


@whole_step()
def change_departments(person: Person, department_id: Any, act: str, *, by: Person) -> None:
    """Add or remove one department; the change is dated and announced."""
    department = Department.objects.filter(pk=department_id).first()
    if department is None:
        raise WrongParameter(NO_DEPARTMENT)
    getattr(person.departments, act)(department)
    person.save(update_fields=[])
    announce(person, "update", by=by)


@whole_step()
def clear_avatar(person: Person, *, by: Person) -> None:
    """Take a person's picture away: it is answered no longer."""
    person.has_avatar = False
    person.save(update_fields=["has_avatar"])
    announce(person, "update", by=by)


@whole_step()
def disable_second_factors(person: Person, *, by: Person, ip: str | None) -> None:
    """Remove every second factor of a person and their recovery codes. Raises Refusal for other managers and where none is."""
    if person.pk != by.pk and person.is_admin:
        raise Refusal("An admin can't disable 2FA for other admins.")
    refuse_other_managers(person, "An admin can't disable 2FA for other admins.", by=by)
    if not (person.totp_enabled or person.email_otp_enabled or person.fido_enabled):
        raise Refusal("Two factor authentication not enabled for this user.")
    for name in SECOND_FACTORS:
        setattr(person, name, False if name.endswith("_enabled") else None)
    person.save(update_fields=list(SECOND_FACTORS))
    EmailCode.objects.filter(person=person).delete()
    post(Letter("two-factor-disabled", person, ip=ip))


def references(person: Person) -> list[tuple[Any, str]]:
    """What may point at a person: model and column of every relation, those without a name on this side too."""
    found = []
    relations: Iterable[Any] = person._meta.get_fields(include_hidden=True)
    for relation in relations:
        points_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if points_here and relation.related_model not in OWN_SECRETS:
            found.append((relation.related_model, relation.field.name))
    return found


def is_linked(person: Person) -> bool:
    """Something of the studio points at the person. One statement."""
    points = {
        f"link_{number}": Exists(model._base_manager.filter(**{column: OuterRef("pk")}).order_by())
        for number, (model, column) in enumerate(references(person))
    }
    row = Person.objects.filter(pk=person.pk).annotate(**points).values(*points).first()
    return row is not None and any(row.values())


@whole_step()
def delete_person(person: Person, *, force: bool, by: Person) -> None:
    """Dismiss a person. With `force` what they did goes along, or loses its author. Raises Forbidden, Refusal."""
    if person.pk == by.pk:
        raise Forbidden()
    if is_protected(person):
        raise Forbidden("Can't delete this person it's a protected account.")
    if not force and is_linked(person):
        raise Refusal(STILL_LINKED)
    pk = person.pk
    try:
        if force:
            row_leaving.send(Person, instance=person, by=by)
            for model, column in references(person):
                let_go(model._base_manager.filter(**{column: person}), model, column)
        person.departments.clear()
        person.delete()
    except (models.ProtectedError, models.RestrictedError):
        raise Refusal(STILL_LINKED) from None
    person.pk = pk
    announce(person, "delete", by=by)


def let_go(rows: Any, model: type[models.Model], column: str) -> None:
    """Delete the rows that are a person's own; clear their name from those that only mention them."""
    field = model._meta.get_field(column)
    if field.null and model._meta.db_table not in GOES_ALONG:
        rows.update(**{column: None})
    else:
        rows.delete()


def person_of(pk: Any, *, human: bool = False) -> Person:
    """The person of an id. Raises NotFound, and Forbidden for a bot where only people make sense."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NotFound()
    if human and person.is_bot:
        raise Forbidden()
    return person


def new_password_of(value: Any) -> str | None:
    """The password that a new person was given, if any. Raises RowRefused when it is no text."""
    if value is not None and not isinstance(value, str):
        raise RowRefused(BAD_FORMAT)
    return value or None
