"""Signing in: credentials, the lock against guessing, sessions."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from core.errors import Refusal
from core.models import now
from core.transactions import whole_step
from people.models import LoginLog, Person, Session
from people.rules.attempts import TooOften, count_attempt, has_spare_attempts
from people.rules.second_factors import Proof, ask_for_code, is_proven, must_set_up, second_factors, session_claims
from people.tokens import open_session, preview_is_open

ATTEMPTS, LOCK = 5, timedelta(seconds=60)
WRONG = "Wrong email or password."
MISSING_CODE = "A two-factor authentication code is required."
WRONG_CODE = "Wrong two-factor authentication code."
SETUP_FIRST = "Set up two-factor authentication in the studio's site first."
LOCKED = "Too many failed login attempts, retry in a minute."
# Accounts that come from elsewhere with this password must choose another before their first login.
DEFAULT_PASSWORD = "default"  # noqa: S105
NOTHING = Proof()
LOCAL, ANY_PASSWORD, DIRECTORY = "auth_local_classic", "auth_local_no_password", "auth_remote_ldap"
AWAY = "A server error occurred. Please contact your administrator."
# Who asks the directory in vain, where somebody's absence from it must take as long as their presence.
NOBODY = "callboard-nobody"
log = logging.getLogger("callboard.identity")


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
    """A person with the session that was just opened for them and its two tokens; `restricted` allows setting up 2FA alone."""

    person: Person
    session: Session
    access_token: str
    refresh_token: str
    restricted: bool = False


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
    key = f"login:{name.lower()}"
    if not has_spare_attempts(key, most=ATTEMPTS):
        raise locked()
    make_password(password)
    fits = accepted_by_directory(NOBODY, password) if settings.AUTH_STRATEGY == DIRECTORY else False
    if not count_attempt(key, most=ATTEMPTS, within=LOCK):
        raise locked()
    raise wrong(fits)


def wrong(fits: bool | None) -> LoginRefused:
    """The refusal of a password: a wrong one, or one (None) that can't be checked at the moment."""
    return LoginRefused(AWAY, status=503) if fits is None else LoginRefused(WRONG, error=False)


def locked() -> LoginRefused:
    """The refusal while a lock runs; the spelling of its mark is part of the API."""
    return LoginRefused(LOCKED, too_many_failed_login_attemps=True)


def password_fits(person: Person, password: str) -> bool | None:
    """The password is the person's, by the studio's way of checking it. None while the directory, which knows, is away.

    Raises LoginRefused when there is no such way.
    """
    if settings.AUTH_STRATEGY == ANY_PASSWORD:
        return True
    if settings.AUTH_STRATEGY == LOCAL:
        return check_password(password, person.password)
    if settings.AUTH_STRATEGY != DIRECTORY:
        raise LoginRefused("", status=409, error=False)
    # Both are asked for everybody: the time that it takes must not tell who is in the directory.
    login = person.desktop_login if person.is_generated_from_ldap else NOBODY
    by_directory, by_studio = accepted_by_directory(login or NOBODY, password), check_password(password, person.password)
    if person.is_generated_from_ldap:
        return by_directory if login else False
    if settings.LDAP_FALLBACK and by_studio:
        return True
    return None if by_directory is None else False


def accepted_by_directory(login: str, password: str) -> bool | None:
    """The directory takes the password for that login; None while it is away."""
    from people.providers import directory

    try:
        return directory.accepts(login, password)
    except directory.DirectoryAway as failure:
        log.error("the directory can't check passwords: %s", failure)
        return None


def ways_in(person: Person) -> list[str]:
    """How the person may sign in as the studio is set up, in words for studio managers."""
    if person.is_bot or person.is_guest or not person.active:
        return []
    by_directory = settings.AUTH_STRATEGY == DIRECTORY and person.is_generated_from_ldap
    by_studio = settings.AUTH_STRATEGY == LOCAL or (
        settings.AUTH_STRATEGY == DIRECTORY and settings.LDAP_FALLBACK and not person.is_generated_from_ldap
    )
    ways = {
        "the password of the directory": by_directory and bool(person.desktop_login),
        "a password of the studio": by_studio and person.has_usable_password(),
        "any password": settings.AUTH_STRATEGY == ANY_PASSWORD,
        f"SAML ({settings.SAML_IDP_NAME or 'identity provider'})": settings.SAML_ENABLED and bool(person.email),
        f"OpenID Connect ({settings.OIDC_IDP_NAME or 'provider'})": settings.OIDC_ENABLED and bool(person.email),
        "a token for scripts": bool(person.jti),
    }
    return [way for way, is_open in ways.items() if is_open]


def must_choose_another(person: Person, password: str) -> bool:
    """The password is the one that accounts from elsewhere come with; it never opens an account."""
    by_studio = settings.AUTH_STRATEGY == LOCAL or (settings.AUTH_STRATEGY == DIRECTORY and not person.is_generated_from_ldap)
    return by_studio and password == DEFAULT_PASSWORD


def check_credentials(name: str, password: str, proof: Proof = NOTHING) -> Person:
    """The person of these credentials. Raises LoginRefused; unknown names cost as much time as wrong passwords.

    Failures are forgotten once all is right: whoever knows the password alone does not get further attempts at the code.
    """
    person = Person.objects.of_login(name)
    if person is None:
        refuse_unknown(name, password)
        raise LoginRefused(WRONG, error=False)
    if is_locked(person):
        raise locked()
    fits = password_fits(person, password)
    if not fits:
        raise wrong(fits) if count_failure(person) else locked()
    if not person.active or not preview_is_open(person):
        raise LoginRefused("User is unactive, he cannot log in.", status=401, unactive=True)
    check_second_factor(person, proof)
    if not forget_failures(person):
        raise locked()
    return person


def check_second_factor(person: Person, proof: Proof) -> None:
    """Raises LoginRefused unless the person has no second factor, or proves one; wrong codes count as wrong passwords do."""
    factors = second_factors(person)
    if not factors:
        return
    if not proof.kinds(person):
        raise LoginRefused(
            MISSING_CODE,
            missing_OTP=True,
            preferred_two_factor_authentication=person.preferred_two_factor_authentication,
            two_factor_authentication_enabled=factors,
        )
    if not is_proven(person, proof):
        raise LoginRefused(WRONG_CODE, wrong_OTP=True) if count_failure(person) else locked()


def check_manager(name: str, password: str, code: str) -> Person:
    """The studio manager of these credentials, for the back-office, where one field takes every kind of code.

    Who is to be sent codes gets one as soon as the password is right. Raises LoginRefused.
    """
    try:
        person = check_credentials(name, password, Proof.of_any_kind(code))
    except LoginRefused as refusal:
        if "email_otp" in refusal.more.get("two_factor_authentication_enabled", ()):
            with suppress(TooOften):
                ask_for_code(name, ip=None)
        raise
    if must_choose_another(person, password) or not person.is_staff:
        raise LoginRefused(WRONG, error=False)
    if must_set_up(person):
        raise LoginRefused(SETUP_FIRST)
    return person


@whole_step()
def start_session(person: Person, *, origin: str, ip_address: str | None, skip_2fa_setup: bool = False) -> SignedIn:
    """Open a session for a person who proved who they are, and note the login; sessions that ran out go."""
    person.sessions.filter(expires_at__lte=now()).delete()
    LoginLog.objects.create(person=person, origin=origin, ip_address=ip_address)
    return further_session(person, skip_2fa_setup=skip_2fa_setup)


def further_session(person: Person, *, skip_2fa_setup: bool = False) -> SignedIn:
    """A further session of a person who is signed in; without a second factor it may be one for setting one up."""
    claims = session_claims(person, skip_2fa_setup=skip_2fa_setup)
    session, access, refresh = open_session(person, **claims)
    return SignedIn(person, session, access, refresh, restricted="requires_2fa_setup" in claims)


def end_session(session_id: Any) -> None:
    """End a session: its tokens, and whatever was refreshed from it."""
    Session.objects.filter(pk=session_id, revoked=False).update(revoked=True)
