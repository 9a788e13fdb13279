"""Passwords: choosing one, and the secrets by which a person who has none proves who they are."""

import secrets
import string
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from core.errors import Refusal
from core.models import now
from core.transactions import whole_step
from people.mail import Letter, post
from people.models import OneTimeToken, Person
from people.rules.attempts import count_letter
from people.rules.sign_in import count_failure, forget_failures, is_locked
from people.tokens import revoke_tokens

ALPHABET = string.ascii_uppercase + string.digits
TOKEN_LENGTH = 64
RESET_LIFETIME, INVITATION_LIFETIME = timedelta(hours=2), timedelta(days=7)
TOO_SHORT, NO_MATCH = "Password is too short.", "Confirmation password doesn't match."
WRONG_TOKEN = "Wrong or expired token."  # noqa: S105
LOCKED = "Too many failed login attempts."
PASSWORD, REGISTRATION = "password", "registration"


def check_new_password(password: str, confirmation: str) -> None:
    """Raises Refusal when a new password is too short, or was not repeated alike."""
    if len(password) < settings.MIN_PASSWORD_LENGTH:
        raise Refusal(TOO_SHORT)
    if password != confirmation:
        raise Refusal(NO_MATCH)


def store_password(person: Person, encoded: str, *, keep: str | None = None) -> None:
    """Store a hashed password. The person's sessions end, all but the one to keep; tokens of scripts and pending secrets too."""
    person.password = encoded
    person.save(update_fields=["password"])
    person.one_time_tokens.filter(kind=PASSWORD).delete()
    revoke_tokens(person, keep=keep)


def change_own_password(person: Person, *, old: str, new: str, confirmation: str, session_id: str | None, ip: str | None) -> None:
    """Change one's own password. Wrong old ones count as failed logins do. Raises Refusal."""
    if is_locked(person):
        raise Refusal(LOCKED, too_many_failed_login_attemps=True)
    if not check_password(old, person.password):
        if not count_failure(person):
            raise Refusal(LOCKED, too_many_failed_login_attemps=True)
        raise Refusal("Old password is wrong.")
    if not forget_failures(person):
        raise Refusal(LOCKED, too_many_failed_login_attemps=True)
    check_new_password(new, confirmation)
    encoded = make_password(new)
    with whole_step():
        store_password(person, encoded, keep=session_id)
        post(Letter("password-changed", person, ip=ip))


def choose_password_of(person: Person, password: str, *, by: Person, session_id: str | None, ip: str | None) -> None:
    """Give a person a new password, as a studio manager. Raises Refusal for other managers and protected accounts."""
    refuse_other_managers(person, "An admin can't change another admin's password.", by=by)
    if len(password) < settings.MIN_PASSWORD_LENGTH:
        raise Refusal(TOO_SHORT)
    encoded = make_password(password)
    with whole_step():
        store_password(person, encoded, keep=session_id if person.pk == by.pk else None)
        post(Letter("password-changed-by-admin", person, ip=ip))


def refuse_other_managers(person: Person, sentence: str, *, by: Person) -> None:
    """Raises Refusal for another studio manager who has a password, and for protected accounts of others."""
    if person.pk == by.pk:
        return
    if person.is_admin and person.has_usable_password():
        raise Refusal(sentence)
    if is_protected(person):
        raise Refusal("This user is in protected accounts.")


def is_protected(person: Person) -> bool:
    """The account stands under the server's protection: others cannot lock it out."""
    return person.email is not None and person.email.lower() in {email.lower() for email in settings.PROTECTED_ACCOUNTS}


def digest_of(token: str) -> str:
    """What is kept of a secret."""
    return sha256(token.encode()).hexdigest()


def new_token(person: Person, *, kind: str, email: str, lifetime: timedelta) -> str:
    """Make a secret that opens one door once, and keep its digest."""
    token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    OneTimeToken.objects.filter(person=person, expires_at__lte=now()).delete()
    OneTimeToken.objects.create(person=person, kind=kind, email=email, digest=digest_of(token), expires_at=now() + lifetime)
    return token


def spend_token(kind: str, token: str, **conditions: object) -> bool:
    """Use a secret up. False when it is none, ran out, or somebody used it an instant before."""
    rows = OneTimeToken.objects.filter(kind=kind, digest=digest_of(token), expires_at__gt=now(), **conditions)
    return bool(rows.delete()[0])


def site_address(path: str, **query: str) -> str:
    """An address of the site as people reach it."""
    return f"{settings.DOMAIN_PROTOCOL}://{settings.DOMAIN_NAME}/{path}" + (f"?{urlencode(query)}" if query else "")


@whole_step()
def replace_reset_token(person: Person, *, email: str, lifetime: timedelta = RESET_LIFETIME) -> str:
    """A fresh secret for a new password; the person's former ones are void."""
    person.one_time_tokens.filter(kind=PASSWORD).delete()
    return new_token(person, kind=PASSWORD, email=email, lifetime=lifetime)


def ask_for_reset(email: str, *, ip: str | None) -> None:
    """Send the person of an address a link to choose a new password. Unknown addresses cost the same and get nothing.

    Raises TooOften, whoever it is.
    """
    count_letter("reset", email)
    person = Person.objects.of_address(email).filter(active=True, preview_project=None).first()
    if person is None:
        with transaction.atomic():
            new_token(Person(pk=uuid4()), kind=PASSWORD, email=email[:255], lifetime=RESET_LIFETIME)
            transaction.set_rollback(True)
        return
    with whole_step():
        token = replace_reset_token(person, email=email)
        post(Letter("password-reset", person, link=site_address("reset-change-password", email=email, token=token), ip=ip))


def reset_password(*, email: str, token: str, new: str, confirmation: str) -> None:
    """Choose a new password by the secret that was sent. A refused password leaves the secret usable. Raises Refusal."""
    rows = OneTimeToken.objects.filter(kind=PASSWORD, digest=digest_of(token), email=email, expires_at__gt=now())
    row = rows.select_related("person").first()
    if row is None:
        raise Refusal(WRONG_TOKEN)
    check_new_password(new, confirmation)
    encoded = make_password(new)
    with whole_step():
        if not spend_token(PASSWORD, token, email=email):
            raise Refusal(WRONG_TOKEN)
        store_password(row.person, encoded)


@whole_step()
def invite(person: Person, *, by: Person) -> None:
    """Send a person the link by which they choose their first password. Raises Refusal when there is no address."""
    email = address_of(person)
    token = replace_reset_token(person, email=email, lifetime=INVITATION_LIFETIME)
    link = site_address("reset-change-password", email=email, token=token, type="new")
    post(Letter("invitation", person, link=link))


@whole_step()
def reset_link(person: Person, *, by: Person) -> str:
    """A link by which a person chooses a new password, to be handed over by a studio manager. Pending ones stay usable."""
    refuse_other_managers(person, "An admin can't change another admin's password.", by=by)
    email = address_of(person)
    token = new_token(person, kind=PASSWORD, email=email, lifetime=RESET_LIFETIME)
    return site_address("reset-change-password", email=email, token=token)


def address_of(person: Person) -> str:
    """The person's address. Raises Refusal when there is none."""
    if not person.email:
        raise Refusal("This person has no email address.")
    return person.email
