"""How often something was tried lately, counted by the database so that tries at the same instant all count."""

from datetime import timedelta
from hashlib import sha256

from django.db.models import F

from core.errors import Refusal
from core.models import now
from people.models import Attempts, Person

GUESSES, GUESSING_TIME = 5, timedelta(seconds=60)
LETTERS, LETTER_TIME = 5, timedelta(minutes=5)
TOO_MANY = "Too many failed login attempts."


class TooOften(Refusal):
    """Somebody asks for the same thing again and again: 429."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Too many requests, retry later.")


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode()).hexdigest()


def count_attempt(key: str, *, most: int, within: timedelta) -> bool:
    """Count a try. False when there were as many already, until the time after the last one is over; that try is not counted."""
    moment = now()
    Attempts.objects.filter(forgotten_at__lte=moment).delete()
    row, _ = Attempts.objects.get_or_create(digest=digest_of(key), defaults={"forgotten_at": moment + within})
    fresh = Attempts.objects.filter(pk=row.pk, number__lt=most)
    return bool(fresh.update(number=F("number") + 1, forgotten_at=moment + within))


def has_spare_attempts(key: str, *, most: int) -> bool:
    """A further try would count."""
    return not Attempts.objects.filter(digest=digest_of(key), forgotten_at__gt=now(), number__gte=most).exists()


def count_letter(kind: str, name: str) -> None:
    """Count a letter that was asked for under a name, whether or not somebody has it. Raises TooOften."""
    if not count_attempt(f"letter:{kind}:{name.lower()}", most=LETTERS, within=LETTER_TIME):
        raise TooOften()


def count_guess(person: Person) -> None:
    """Count a proof by whoever has a session of the person, before it is looked at: many at once are no more than a few.

    Raises Refusal.
    """
    if not count_attempt(f"proof:{person.pk}", most=GUESSES, within=GUESSING_TIME):
        raise Refusal(TOO_MANY, wrong_OTP=True, too_many_failed_login_attemps=True)


def forget_guesses(person: Person) -> None:
    """Start the count afresh: the proof was right."""
    Attempts.objects.filter(digest=digest_of(f"proof:{person.pk}")).delete()
