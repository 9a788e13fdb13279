"""Signing in: credentials, the lock against guessing, sessions."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q

from core.errors import Refusal
from core.models import now
from people.models import Person
from people.tokens import preview_is_open

ATTEMPTS, LOCK = 5, timedelta(seconds=60)
WRONG = "Wrong email or password."


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
        return {**start, "login": False, **self.more, "message": self.message}


def find_account(name: str) -> Person | None:
    """The person of an address in any letter case, else of a desktop login; never a bot."""
    people = Person.objects.filter(is_bot=False)
    return people.filter(email__iexact=name).first() or people.filter(desktop_login=name).first()


def is_locked(person: Person) -> bool:
    """Too many failures lately: every attempt is refused for a minute."""
    failed = person.last_login_failed
    return (person.login_failed_attemps or 0) >= ATTEMPTS and failed is not None and failed > now() - LOCK


def count_failure(person: Person) -> None:
    """Count a failed attempt, in the database so that parallel attempts all count; a lock that ran out starts afresh."""
    moment = now()
    stale = Q(last_login_failed__lt=moment - LOCK, login_failed_attemps__gte=ATTEMPTS)
    if not Person.objects.filter(stale, pk=person.pk).update(login_failed_attemps=1, last_login_failed=moment):
        Person.objects.filter(pk=person.pk).update(login_failed_attemps=F("login_failed_attemps") + 1, last_login_failed=moment)


def check_credentials(name: str, password: str) -> Person:
    """The person of these credentials. Raises LoginRefused; unknown addresses cost as much time as wrong passwords."""
    person = find_account(name)
    if person is None:
        make_password(password)
        raise LoginRefused(WRONG, error=False)
    if is_locked(person):
        raise LoginRefused("Too many failed login attempts, retry in a minute.", too_many_failed_login_attemps=True)
    if not check_password(password, person.password):
        count_failure(person)
        raise LoginRefused(WRONG, error=False)
    if not person.active or not preview_is_open(person):
        raise LoginRefused("User is unactive, he cannot log in.", status=401, unactive=True)
    if person.login_failed_attemps:
        Person.objects.filter(pk=person.pk).update(login_failed_attemps=0)
    return person
