"""Single sign-on, by SAML or by OpenID Connect.

The libraries of both take long to load, so they are loaded by the first who signs on.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponseRedirect
from rest_framework.request import Request

from core.api.access import public
from core.api.parsers import loose_body
from core.api.views import ApiViewSet
from core.errors import WrongParameter
from people.api.cookies import client_address, keep_access, keep_refresh, secure_cookies
from people.providers.documents import Unreachable
from people.providers.identities import JOURNEY_LIFETIME, AddressRefused, Identity, IdentityRefused
from people.rules.identities import SignOnRefused, person_of_identity
from people.rules.passwords import site_address
from people.rules.sign_in import start_session

log = logging.getLogger("callboard.identity")
JOURNEY_COOKIE, JOURNEY_SALT = "sign_on_journey", "people.journey"
AWAY = "The identity provider can't be reached. Try again in a minute."


class ProviderAway(SignOnRefused):
    """The identity provider is away, or its description can't be read: 503."""

    status = 503


class SingleSignOnViewSet(ApiViewSet):
    """`/auth/saml/…` and `/auth/oidc/…`."""

    access = {"saml_login": public, "saml_answer": public, "oidc_login": public, "oidc_answer": public}

    def saml_login(self, request: Request) -> Any:
        """Leads to the SAML identity provider."""
        insist_on(settings.SAML_ENABLED, "SAML")
        from people.providers import saml

        return HttpResponseRedirect(told_by("SAML", saml.sign_in_address))

    def saml_answer(self, request: Request) -> Any:
        """What a browser brings from the SAML identity provider; leads to the studio's site."""
        insist_on(settings.SAML_ENABLED, "SAML")
        from people.providers import saml

        answer = parameter(request, "SAMLResponse")
        return signed_on(request, told_by("SAML", lambda: saml.read_answer(answer)), skip_2fa_setup=settings.SAML_SKIP_2FA)

    def oidc_login(self, request: Request) -> Any:
        """Leads to the OpenID provider."""
        insist_on(settings.OIDC_ENABLED, "OIDC")
        from people.providers import openid

        address, journey = told_by("OIDC", openid.set_out)
        response = HttpResponseRedirect(address)
        text, lifetime = signing.dumps(journey, salt=JOURNEY_SALT), int(JOURNEY_LIFETIME.total_seconds())
        response.set_cookie(JOURNEY_COOKIE, text, max_age=lifetime, httponly=True, samesite="Lax", secure=secure_cookies())
        return response

    def oidc_answer(self, request: Request) -> Any:
        """What a browser brings from the OpenID provider; leads to the studio's site."""
        insist_on(settings.OIDC_ENABLED, "OIDC")
        from people.providers import openid

        query, journey = request.query_params.dict(), journey_of(request)
        identity = told_by("OIDC", lambda: openid.read_answer(query, journey))
        response = signed_on(request, identity, skip_2fa_setup=settings.OIDC_SKIP_2FA)
        response.delete_cookie(JOURNEY_COOKIE, samesite="Lax")
        return response


def insist_on(enabled: bool, name: str) -> None:
    """Raises SignOnRefused where the studio has no such identity provider."""
    if not enabled:
        raise SignOnRefused(f"{name} is not enabled.")


def parameter(request: Request, name: str) -> str:
    """A text of a form. Raises WrongParameter where it is missing."""
    fields = loose_body(request)
    value = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(value, str) or not value:
        raise WrongParameter(f"Missing required parameter: {name}")
    return value


def told_by(name: str, ask: Callable[[], Any]) -> Any:
    """What asking the identity provider gives. Why it is not believed is the log's business, not a stranger's.

    Raises SignOnRefused.
    """
    try:
        return ask()
    except AddressRefused as refusal:
        raise SignOnRefused(str(refusal)) from None
    except IdentityRefused as refusal:
        log.warning("%s sign-on refused: %s", name, refusal)
        raise SignOnRefused(f"{name} authentication failed.") from None
    except Unreachable as failure:
        log.error("%s sign-on: %s", name, failure)
        raise ProviderAway(AWAY) from None


def journey_of(request: Request) -> dict[str, str] | None:
    """What the browser was given to keep when it set out; None when it was not lately, or the cookie is not ours."""
    text = request.COOKIES.get(JOURNEY_COOKIE, "")
    try:
        found: Any = signing.loads(text, salt=JOURNEY_SALT, max_age=JOURNEY_LIFETIME)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None


def signed_on(request: Request, identity: Identity, *, skip_2fa_setup: bool) -> Any:
    """Opens a session for the person of an identity and leads to the site; inactive people get there without one.

    Whatever a provider says of where to go next is not looked at.
    """
    person = person_of_identity(identity)
    response = HttpResponseRedirect(site_address(""))
    if person.active:
        ip_address = client_address(request)
        signed_in = start_session(person, origin="web", ip_address=ip_address, skip_2fa_setup=skip_2fa_setup)
        keep_access(response, signed_in.access_token)
        keep_refresh(response, signed_in.refresh_token)
    return response
