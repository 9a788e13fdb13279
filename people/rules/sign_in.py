"""Signing in: credentials, the lock against guessing, sessions."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from core.errors import Refusal
from core.models import now
from core.transactions import whole_step
from people.models import LoginLog, Person, Session, UnknownLogin
from people.tokens import open_session, preview_is_open

ATTEMPTS, LOCK = 5, timedelta(seconds=60)
WRONG = "Wrong email or password."
LOCKED = "Too many failed login attempts, retry in a minute."
# Accounts that come from elsewhere with this password must choose another before their first login.
DEFAULT_PASSWORD = "default"  # noqa: S105
LOCAL, ANY_PASSWORD = "auth_local_classic", "auth_local_no_password"


class LoginRefused(Refusal):
    """The login failed; the payload says `login: false` and why."""

    def __init__(self, message: str, *, status: int = 400, error: bool = True, **more: object) -> None:
        super().__init__(message, **more)
        self.status = status
        self.error = error

    @property
    def payload(self) -> dict[str, object]:
        """`login` false, the message, and marks by which clients choose what to show."""
        start = {"error": True} if self.error else {}
        said = {"message": self.message} if self.message else {}
        return {**start, "login": False, **self.more, **said}


@dataclass(frozen=True)
class SignedIn:
    """A person with the session that was just opened for them and its two tokens."""

    person: Person
    session: Session
    access_token: str
    refresh_token: str


def find_account(name: str) -> Person | None:
    """The person of an address in any letter case, else of a desktop login; never a bot."""
    return Person.objects.of_address(name).first() or Person.objects.filter(is_bot=False, desktop_login=name).first()


def is_locked(person: Person) -> bool:
    """Too many failures lately: every attempt is refused for a minute."""
    failed = person.last_login_failed
    return (person.login_failed_attemps or 0) >= ATTEMPTS and failed is not None and failed > now() - LOCK


def open_to_attempts() -> Q:
    """The condition on a person's row that no lock runs."""
    few = Q(login_failed_attemps__isnull=True) | Q(login_failed_attemps__lt=ATTEMPTS)
    return few | Q(last_login_failed__isnull=True) | Q(last_login_failed__lte=now() - LOCK)


def count_failure(person: Person) -> bool:
    """Count a failed attempt, in the database so that parallel attempts all count; a lock that ran out starts afresh.

    False when parallel failures have locked the account meanwhile: the attempt is then neither counted nor told from a right one.
    """
    moment = now()
    row = Person.objects.filter(pk=person.pk)
    if row.filter(last_login_failed__lte=moment - LOCK, login_failed_attemps__gte=ATTEMPTS).update(
        login_failed_attemps=1, last_login_failed=moment
    ):
        return True
    failures = Coalesce(F("login_failed_attemps"), 0) + 1
    return bool(row.filter(open_to_attempts()).update(login_failed_attemps=failures, last_login_failed=moment))


def forget_failures(person: Person) -> bool:
    """Start the count afresh after a success. False when parallel failures have locked the account meanwhile."""
    if not person.login_failed_attemps and not Person.objects.filter(pk=person.pk, login_failed_attemps__gt=0).exists():
        return True
    return bool(Person.objects.filter(open_to_attempts(), pk=person.pk).update(login_failed_attemps=0))


def refuse_unknown(name: str, password: str) -> None:
    """Raises what a wrong password would, at the same cost: names that nobody has lock like those of accounts."""
    moment = now()
    UnknownLogin.objects.filter(last_failed__lte=moment - LOCK).delete()
    digest = sha256(name.lower().encode()).hexdigest()
    row, _ = UnknownLogin.objects.get_or_create(digest=digest)
    if row.failures >= ATTEMPTS:
        raise locked()
    make_password(password)
    if not UnknownLogin.objects.filter(pk=row.pk, failures__lt=ATTEMPTS).update(failures=F("failures") + 1, last_failed=moment):
        raise locked()
    raise LoginRefused(WRONG, error=False)


def locked() -> LoginRefused:
    """The refusal while a lock runs; the spelling of its mark is part of the API."""
    return LoginRefused(LOCKED, too_many_failed_login_attemps=True)


def password_fits(person: Person, password: str) -> bool:
    """The password is the person's, by the studio's way of checking it. Raises LoginRefused when there is none."""
    if settings.AUTH_STRATEGY == ANY_PASSWORD:
        return True
    if settings.AUTH_STRATEGY != LOCAL:
        raise LoginRefused("", status=409, error=False)
    return check_password(password, person.password)


def check_credentials(name: str, password: str) -> Person:
    """The person of these credentials. Raises LoginRefused; unknown names cost as much time as wrong passwords."""
    person = find_account(name)
    if person is None:
        refuse_unknown(name, password)
        raise LoginRefused(WRONG, error=False)
    if is_locked(person):
        raise locked()
    if not password_fits(person, password):
        raise LoginRefused(WRONG, error=False) if count_failure(person) else locked()
    if not person.active or not preview_is_open(person):
        raise LoginRefused("User is unactive, he cannot log in.", status=401, unactive=True)
    if not forget_failures(person):
        raise locked()
    return person


def second_factors(person: Person) -> list[str]:
    """The ways in which the person may prove themself beside the password; recovery codes come first."""
    enabled = [name for name in ("totp", "email_otp", "fido") if getattr(person, f"{name}_enabled")]
    return ["recovery_code", *enabled] if enabled else []


@whole_step()
def start_session(person: Person, *, origin: str, ip_address: str | None) -> SignedIn:
    """Open a session for a person who proved who they are, and note the login; sessions that ran out go."""
    person.sessions.filter(expires_at__lte=now()).delete()
    session, access, refresh = open_session(person)
    LoginLog.objects.create(person=person, origin=origin, ip_address=ip_address)
    return SignedIn(person, session, access, refresh)


def end_session(session_id: Any) -> None:
    """End a session: its tokens, and whatever was refreshed from it."""
    Session.objects.filter(pk=session_id, revoked=False).update(revoked=True)
