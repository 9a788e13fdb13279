"""Who may connect to the real-time channel: whoever may ask the API, with the reason given to whoever may not."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import parse_cookie

from core.errors import Forbidden, Refusal, Unauthorized
from people.authentication import authenticate_token, token_text
from people.models import Person
from people.tokens import REVOKED, UNKNOWN_BEARER, claims_of

NOTHING_SENT = (
    'Missing access token: send the Kitsu cookie, an Authorization header, or {"token": "<access token>"} '
    "in the socket.io auth payload."
)
INVALID = "Invalid access token."
INACTIVE, UNKNOWN = "Inactive account.", "Unknown account."
NO_TWO_FACTOR = "Two-factor authentication setup is required."
REASONS = {
    "Signature has expired": "Access token expired.",
    REVOKED: "Access token revoked.",
    "Only non-refresh tokens are allowed": "A refresh token was given: send the access token.",
}


class NotAdmitted(Exception):
    """This connection is refused; the text is the reason that the client is told."""


def token_of(environ: dict[str, Any], auth: Any) -> str:
    """The token of a connection: of its handshake request, else of the payload sent with it. Raises NotAdmitted."""
    try:
        return token_text(parse_cookie(environ.get("HTTP_COOKIE", "")), environ.get("HTTP_AUTHORIZATION", ""))
    except Unauthorized as refusal:
        if refusal.status != 401:
            raise NotAdmitted(INVALID) from None
    given = auth.get("token") if isinstance(auth, dict) else None
    if not given:
        raise NotAdmitted(NOTHING_SENT)
    if not isinstance(given, str):
        raise NotAdmitted(INVALID)
    return given


def admit(token: str) -> Person:
    """The person that a token speaks for at this moment. Raises NotAdmitted. It asks the database."""
    try:
        return authenticate_token(token)[0]
    except Forbidden:
        raise NotAdmitted(NO_TWO_FACTOR) from None
    except Refusal as refusal:
        if refusal.message == UNKNOWN_BEARER:
            known = Person.objects.filter(pk=claims_of(token).get("sub")).exists()
            raise NotAdmitted(INACTIVE if known else UNKNOWN) from None
        raise NotAdmitted(REASONS.get(refusal.message, INVALID)) from None


def is_own_origin(origin: str | None, environ: dict[str, Any]) -> bool:
    """A page of this studio: of the host that was asked, of DOMAIN_NAME, or of an allowed foreign origin."""
    if not origin:
        return True
    hosts = {environ.get("HTTP_HOST"), environ.get("HTTP_X_FORWARDED_HOST"), settings.DOMAIN_NAME}
    return urlsplit(origin).netloc in hosts - {None} or origin in settings.CORS_ALLOWED_ORIGINS
