"""Signing in and out."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.parsers import typed_body
from core.api.views import ApiViewSet
from core.projection import Row
from people import readers
from people.api.bodies import LoginSchema
from people.api.cookies import challenge_of, client_address, drop_access, drop_refresh, is_browser, keep_access, keep_refresh
from people.authentication import LogoutAuthentication, RefreshTokenAuthentication, TokenAuthentication
from people.models import Person
from people.origins import is_foreign
from people.permissions import any_person, is_human
from people.rules.organisation import current_organisation
from people.rules.passwords import replace_reset_token
from people.rules.second_factors import session_claims
from people.rules.sign_in import (
    LoginRefused,
    SignedIn,
    check_credentials,
    end_session,
    must_choose_another,
    start_session,
)
from people.tokens import renew_access, session_id_of


def signed_in_answer(signed_in: SignedIn) -> dict[str, Any]:
    """What a client gets that signed a person in."""
    return {
        **person_and_studio(signed_in.person),
        **({"two_factor_authentication_required": True} if signed_in.restricted else {}),
        "login": True,
        "access_token": signed_in.access_token,
        "refresh_token": signed_in.refresh_token,
    }


def person_and_studio(person: Person) -> dict[str, Row]:
    """The person in full, and the studio as they may see it."""
    studio = current_organisation()
    return {"user": readers.PERSON.one(person.pk), "organisation": readers.organisation_form(person).one(studio.pk)}


def device_names(person: Person) -> list[str]:
    """The names of the person's security keys."""
    return [key.get("device_name", "") for key in person.fido_credentials or [] if isinstance(key, dict)]


class SessionViewSet(ApiViewSet):
    """`/auth/login`, `/auth/logout`, `/auth/refresh-token`, `/auth/authenticated`."""

    access = {"login": public, "logout": is_human, "refresh": is_human, "whoami": any_person}

    def get_authenticators(self) -> list[TokenAuthentication]:
        """The refresh route takes refresh tokens alone. The action is asked of the route: it is not set yet at this point."""
        kinds = {"refresh": RefreshTokenAuthentication, "logout": LogoutAuthentication}
        action = self.action_map.get((self.request.method or "").lower(), "") if self.request else ""
        return [kinds.get(action, TokenAuthentication)()]

    def login(self, request: Request) -> Response:
        """Opens a session for the person of these credentials. A browser gets its tokens as cookies too."""
        body = typed_body(request, LoginSchema)
        person = check_credentials(body.email, body.password, body.proof(challenge_of(request)))
        if must_choose_another(person, body.password):
            token = replace_reset_token(person, email=body.email)
            raise LoginRefused("", error=False, default_password=True, token=token)
        browser = is_browser(request)
        origin = "web" if browser else "script"
        signed_in = start_session(person, origin=origin, ip_address=client_address(request))
        return with_cookies(Response(signed_in_answer(signed_in)), signed_in, keep=browser and not is_foreign(request))

    def logout(self, request: Request) -> Response:
        """Ends the session, and what was refreshed from it."""
        end_session(session_id_of(request.auth))
        response = Response({"logout": True})
        if is_browser(request):
            drop_access(response)
            drop_refresh(response)
        return response

    def refresh(self, request: Request) -> Response:
        """A new access token; a browser gets it as a cookie, and has refreshed for the last time in this login."""
        claims = session_claims(request.user, skip_2fa_setup=bool(request.auth.get("skip_2fa_setup")))
        token = renew_access(request.user, request.auth, **claims)
        if not is_browser(request):
            return Response({"access_token": token})
        response = Response({"refresh": True})
        keep_access(response, token)
        drop_refresh(response)
        return response

    def whoami(self, request: Request) -> Response:
        """The person a token speaks for."""
        found = person_and_studio(request.user)
        found["user"]["fido_devices"] = device_names(request.user)
        return Response({"authenticated": True, **found})


def with_cookies(response: Response, signed_in: SignedIn, *, keep: bool) -> Response:
    """The answer, which has a browser keep both tokens."""
    if keep:
        keep_access(response, signed_in.access_token)
        keep_refresh(response, signed_in.refresh_token)
    return response
