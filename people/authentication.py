"""How a request says who sends it: a cookie first, then the Authorization header."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from core.errors import Forbidden, Refusal, Unauthorized
from people.models import Person
from people.origins import is_foreign
from people.tokens import ACCESS_COOKIE, REFRESH_COOKIE, UNKNOWN_BEARER, bearer_of, claims_of

MISSING = 'Missing JWT in cookies or headers (Missing cookie "{cookie}"; {header})'
NO_HEADER = "Missing Authorization Header"
NO_BEARER = "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'"
BAD_HEADER = "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"
READING = ("GET", "HEAD", "OPTIONS")
SETUP_REQUIRED = "Two-factor authentication setup is required. Please configure 2FA before accessing the API."
# What a session that still lacks a second factor may ask.
SETUP_PATHS = {
    *("/auth/totp", "/auth/email-otp", "/auth/fido", "/auth/recovery-codes"),
    *("/auth/login", "/auth/logout", "/auth/authenticated", "/auth/refresh-token"),
}
# Some of these act though they are read by GET.
ACTIONS = "/actions/"


def token_text(cookies: dict[str, str], header: str, cookie: str = ACCESS_COOKIE) -> str:
    """The token that a request carries. Raises Unauthorized when there is none."""
    if cookies.get(cookie):
        return cookies[cookie]
    if not header:
        raise Unauthorized(MISSING.format(cookie=cookie, header=NO_HEADER))
    parts = header.split()
    if not parts or parts[0] != "Bearer":
        raise Unauthorized(MISSING.format(cookie=cookie, header=NO_BEARER))
    if len(parts) != 2:
        raise Unauthorized(BAD_HEADER, status=422)
    return parts[1]


def authenticate_token(text: str, *, refresh: bool = False, for_setup: bool = False) -> tuple[Person, dict[str, Any]]:
    """The person and the claims of an access token, or of a refresh token where one is wanted.

    Raises Unauthorized, and Forbidden for a session that may do nothing but set up a second factor, unless that is `for_setup`.
    """
    claims = claims_of(text)
    if refresh and claims.get("type") != "refresh":
        raise Unauthorized("Only refresh tokens are allowed", status=422)
    if not refresh and claims.get("type") == "refresh":
        raise Unauthorized("Only non-refresh tokens are allowed", status=422)
    person = bearer_of(claims)
    if claims.get("requires_2fa_setup") and not for_setup:
        raise Forbidden(SETUP_REQUIRED, two_factor_authentication_required=True)
    return person, claims


class TokenAuthentication(BaseAuthentication):
    """Access tokens of sessions, bots and scripts."""

    cookie = ACCESS_COOKIE
    refresh = False

    def authenticate(self, request: Request) -> tuple[Person, dict[str, Any]]:
        """The person and their token's claims."""
        text = token_text(request.COOKIES, request.headers.get("Authorization", ""), self.cookie)
        person, claims = authenticate_token(text, refresh=self.refresh, for_setup=request.path_info in SETUP_PATHS)
        writes = request.method not in READING
        if writes and person.preview_project_id is not None:
            raise Forbidden()
        if (writes or request.path_info.startswith(ACTIONS)) and request.COOKIES.get(self.cookie) and is_foreign(request):
            raise Forbidden("This request came from another site.")
        return person, claims


class RefreshTokenAuthentication(TokenAuthentication):
    """Refresh tokens, on the one route that takes them."""

    cookie = REFRESH_COOKIE
    refresh = True


class LogoutAuthentication(TokenAuthentication):
    """Access tokens on the one route that names the person it no longer finds."""

    def authenticate(self, request: Request) -> tuple[Person, dict[str, Any]]:
        """The person and their token's claims."""
        try:
            return super().authenticate(request)
        except Unauthorized as refusal:
            if refusal.message != UNKNOWN_BEARER:
                raise
            bearer = claims_of(token_text(request.COOKIES, request.headers.get("Authorization", ""), self.cookie)).get("sub")
            if Person.objects.filter(pk=bearer).exists():
                raise
            raise Unauthorized(f"Error loading the user {bearer}") from None


class StudioBackend(ModelBackend):
    """Signing in to the back-office: a studio manager's address and password, and a code where they have a second factor."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, code: str = "", **kwargs: Any
    ) -> Person | None:
        """The studio manager of these credentials, or nobody."""
        from people.rules.sign_in import check_manager

        try:
            return check_manager(username or "", password or "", code)
        except Refusal:
            return None

    def user_can_authenticate(self, user: Any) -> bool:
        """Only studio managers may."""
        return bool(user.is_staff)
