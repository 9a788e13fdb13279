"""Signing in to desktop applications and scripts by way of the browser (PKCE)."""

import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from core.models import now
from core.transactions import whole_step
from people.models import AppLoginCode, Person
from people.rules.sign_in import LoginRefused

LIFETIME = timedelta(seconds=60)
WRONG = "Wrong or expired code."


def digest_of(code: str) -> str:
    """What is kept of a code."""
    return sha256(code.encode()).hexdigest()


def challenge_of(verifier: str) -> str:
    """The challenge that a verifier answers."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@whole_step()
def new_app_code(person: Person, *, challenge: str, session_id: str | None, skip_2fa_setup: bool) -> str:
    """A code by which the application that made the challenge signs in as the person, within a minute, while the session lives."""
    code = secrets.token_urlsafe(32)
    AppLoginCode.objects.filter(person=person, expires_at__lte=now()).delete()
    AppLoginCode.objects.create(
        person=person,
        session_id=session_id,
        digest=digest_of(code),
        challenge=challenge,
        skip_2fa_setup=skip_2fa_setup,
        expires_at=now() + LIFETIME,
    )
    return code


def spend_app_code(code: str, *, verifier: str) -> AppLoginCode:
    """Use a code up, also by a wrong verifier. Raises LoginRefused."""
    lives = Q(session=None) | Q(session__revoked=False)
    found = AppLoginCode.objects.filter(lives, digest=digest_of(code), expires_at__gt=now()).select_related("person").first()
    if found is None or not AppLoginCode.objects.filter(pk=found.pk).delete()[0]:
        raise LoginRefused(WRONG, error=False)
    if not found.person.active or not constant_time_compare(challenge_of(verifier), found.challenge):
        raise LoginRefused(WRONG, error=False)
    return found
