"""Tokens: who they speak for, how long, and what ends them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, models
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken
from rest_framework_simplejwt.state import token_backend
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from core.errors import Unauthorized
from core.models import now
from core.sql import Prepared
from people.models import Person, Session

ACCESS_COOKIE = "access_token_cookie"
REFRESH_COOKIE = "refresh_token_cookie"
PERSON, BOT, PERSON_API = "person", "bot", "person_api"
REVOKED = "Token has been revoked"
UNKNOWN_BEARER = (
    "The server could not verify that you are authorized to access the URL requested. "
    "You either supplied the wrong credentials (e.g. a bad password), or your browser doesn't "
    "understand how to supply the credentials required."
)


def claims_of(text: str) -> dict[str, Any]:
    """The claims of a token. Raises Unauthorized in the words that clients of JWT know."""
    try:
        backend: Any = token_backend
        return dict(backend.decode(text))
    except TokenBackendExpiredToken:
        raise Unauthorized("Signature has expired", key="message") from None
    except TokenBackendError as error:
        raise Unauthorized(str(error.__cause__ or error), status=422) from None


def issue(kind: type[Token], person: Person, jti: str, **claims: Any) -> str:
    """A signed token for a person."""
    token = kind()
    token.payload |= {
        "fresh": False,
        "jti": jti,
        "sub": str(person.pk),
        "nbf": token.payload["iat"],
        "identity_type": PERSON,
        **claims,
    }
    return str(token)


def access_token(person: Person, session: Session, **claims: Any) -> str:
    """An access token of a session; it ends with the session."""
    return issue(AccessToken, person, str(session.access_jti), refresh_jti=str(session.pk), **claims)


def open_session(person: Person, **claims: Any) -> tuple[Session, str, str]:
    """A new session of a person with its access and refresh tokens."""
    lifetime: Any = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    session = Session.objects.create(person=person, access_jti=uuid4(), expires_at=now() + lifetime)
    return session, access_token(person, session, **claims), issue(RefreshToken, person, str(session.pk), **claims)


def renew_access(person: Person, refresh: dict[str, Any], **claims: Any) -> str:
    """A further access token of the session that a refresh token stands for; it ends with that session."""
    return issue(AccessToken, person, str(uuid4()), refresh_jti=refresh["jti"], **claims)


def close_sessions(person: Person, *, keep: Any = None) -> None:
    """End a person's sessions, all but the one to keep, and whatever was refreshed from them."""
    Session.objects.filter(person=person, revoked=False).exclude(pk=keep).update(revoked=True)


def revoke_tokens(person: Person, *, keep: Any = None) -> None:
    """End all that a person is signed in with, but for the session to keep: sessions, and their token for scripts.

    A bot's token is its own: nobody signs in as a bot.
    """
    close_sessions(person, keep=keep)
    if not person.is_bot:
        person.jti = None
        Person.objects.filter(pk=person.pk).exclude(jti=None).update(jti=None)


def mint_api_token(person: Person) -> str:
    """A token for scripts that replaces the person's former one; it ends with `expiration_date`, or never."""
    person.jti = str(uuid4())
    person.save(update_fields=["jti"])
    token = AccessToken()
    token.payload |= {
        "fresh": False,
        "jti": person.jti,
        "sub": str(person.pk),
        "nbf": token.payload["iat"],
        "identity_type": BOT if person.is_bot else PERSON_API,
    }
    if person.expiration_date is None:
        token.payload.pop("exp")
    else:
        midnight = datetime.combine(person.expiration_date, datetime.min.time()) + timedelta(days=1)
        token.set_exp(from_time=midnight, lifetime=timedelta(0))
    return str(token)


def person_with_session(person_id: Any, session_id: Any) -> "models.QuerySet[Any]":
    """The person's columns, and whether that session of theirs is open."""
    is_open = models.Exists(Session.objects.filter(pk=session_id, person=models.OuterRef("pk"), revoked=False))
    columns = [field.attname for field in Person._meta.concrete_fields]
    return Person.objects.order_by().annotate(session_is_open=is_open).filter(pk=person_id).values(*columns, "session_is_open")


BEARER = Prepared(person_with_session)  # asked by every request


def person_of_session(person_id: Any, session_id: Any) -> Any:
    """The person, with `session_is_open` beside their columns, or None. Raises ValueError when an id is malformed."""
    names, rows = BEARER.fetch(person_id, session_id)
    if not rows:
        return None
    *values, is_open = rows[0]
    person: Any = Person.from_db(connection.alias, names[:-1], values)
    person.session_is_open = bool(is_open)
    return person


def session_id_of(claims: dict[str, Any] | None) -> str | None:
    """The id of the session that a token belongs to; tokens of scripts belong to none."""
    if not claims or claims.get("identity_type") != PERSON:
        return None
    return claims.get("refresh_jti") if claims.get("type") == "access" else claims.get("jti")


def bearer_of(claims: dict[str, Any]) -> Person:
    """The person a token speaks for, in one statement. Raises Unauthorized when it no longer does."""
    kind, jti = claims.get("identity_type"), claims.get("jti")
    session_id = (claims.get("refresh_jti") if claims.get("type") == "access" else jti) or uuid4()
    try:
        person = person_of_session(claims.get("sub"), session_id)
    except (ValueError, TypeError):
        raise Unauthorized(REVOKED) from None
    if person is not None:
        alive = person.session_is_open if kind == PERSON else kind in (BOT, PERSON_API) and person.jti == jti
        if not jti or not alive:
            raise Unauthorized(REVOKED)
    if person is None or not person.active or not preview_is_open(person) or was_before_opening(person, claims):
        end_for_good(person, claims)
        raise Unauthorized(UNKNOWN_BEARER, key="message")
    return person


def end_for_good(person: Person | None, claims: dict[str, Any]) -> None:
    """A session that an inactive person tried to use stays ended, even if the person is activated again."""
    if person is not None and person.preview_project_id is None:
        session_id: Any = session_id_of(claims)
        Session.objects.filter(pk=session_id).update(revoked=True)


def was_before_opening(person: Person, claims: dict[str, Any]) -> bool:
    """The token of a preview account was issued before the account was opened for the last time."""
    if person.preview_project_id is None or person.preview_opened_at is None:
        return False
    return datetime.fromtimestamp(claims.get("iat", 0), UTC).replace(tzinfo=None) < person.preview_opened_at.replace(microsecond=0)


def preview_is_open(person: Person) -> bool:
    """A production's preview account only lives while it is opened; other accounts always do."""
    return person.preview_project_id is None or (person.preview_open_until is not None and person.preview_open_until > now())
