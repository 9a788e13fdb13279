"""Sessions of browsers: who gets cookies, and what they look like."""

from functools import cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core import signing
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from ua_parser import Domain, Parser
from ua_parser.basic import Resolver
from ua_parser.loaders import load_lazy_builtins

from people.rules.security_keys import LIFETIME as CHALLENGE_LIFETIME
from people.rules.security_keys import Challenge
from people.tokens import ACCESS_COOKIE, REFRESH_COOKIE

BROWSERS = {
    *("Brave", "Chrome", "Chrome Mobile", "Chrome Mobile iOS", "Edge"),
    *("Firefox", "Mobile Safari", "Opera", "Safari", "Vivaldi"),
}
# 365 days and an hour, whatever the lifetime of the token.
LIFETIME = 31_540_000
CHALLENGE_COOKIE, CHALLENGE_SALT = "session", "people.challenge"
# The server answers with and without /api before its routes, also behind a proxy that takes it away: the browser needs both.
REFRESH_PATHS = ("/api/auth/refresh-token", "/auth/refresh-token")


@cache
def browser_parser() -> Parser:
    """Tells browsers from scripts.

    What the library knows of devices and systems takes twenty megabytes, and nobody asks; its quicker ways of looking take
    nine for browsers alone, to spare a login a millisecond.
    """
    browsers, _, _ = load_lazy_builtins()
    return Parser(Resolver((browsers, [], [])))


def is_browser(request: Request) -> bool:
    """The request says that a browser sent it."""
    found = browser_parser()(request.headers.get("User-Agent", ""), Domain.USER_AGENT).user_agent
    return found is not None and found.family in BROWSERS


def client_address(request: Request) -> str | None:
    """Where the request came from, as the proxy before the server tells."""
    for text in (request.headers.get("X-Real-IP", ""), request.META.get("REMOTE_ADDR", "")):
        if is_address(text):
            return text
    return None


def forwarded_address(request: Request) -> str | None:
    """Where the request came from first, for the letters that tell of it."""
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return next((text for text in chain if is_address(text)), client_address(request))


def is_address(text: str) -> bool:
    """The text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def secure_cookies() -> bool:
    """Cookies travel encrypted alone where the studio's site does."""
    return settings.DOMAIN_PROTOCOL == "https"


def keep_access(response: HttpResponseBase, token: str) -> None:
    """Have the browser keep an access token."""
    response.set_cookie(ACCESS_COOKIE, token, max_age=LIFETIME, httponly=True, samesite="Lax", secure=secure_cookies())


def keep_refresh(response: HttpResponseBase, token: str) -> None:
    """Have the browser keep a refresh token, for the address that takes it."""
    for path in REFRESH_PATHS:
        secure = secure_cookies()
        response.set_cookie(REFRESH_COOKIE, token, max_age=LIFETIME, path=path, httponly=True, samesite="Lax", secure=secure)
        set_apart(response, path)


def drop_access(response: HttpResponseBase) -> None:
    """Have the browser forget its access token."""
    response.delete_cookie(ACCESS_COOKIE, samesite="Lax")


def drop_refresh(response: HttpResponseBase) -> None:
    """Have the browser forget its refresh token."""
    for path in REFRESH_PATHS:
        response.delete_cookie(REFRESH_COOKIE, path=path, samesite="Lax")
        set_apart(response, path)


def set_apart(response: HttpResponseBase, path: str) -> None:
    """Django keeps one cookie a name in an answer: those of further paths stand under a key of their own."""
    if path != REFRESH_PATHS[-1]:
        dict.__setitem__(response.cookies, f"{REFRESH_COOKIE} {path}", response.cookies.pop(REFRESH_COOKIE))


def keep_challenge(response: HttpResponseBase, challenge: Challenge) -> None:
    """Have the browser bring back what its security key is asked: signed, so that nobody else makes one up."""
    text = signing.dumps(challenge, salt=CHALLENGE_SALT)
    response.set_cookie(CHALLENGE_COOKIE, text, httponly=True, samesite="Lax", secure=secure_cookies())
    patch_vary_headers(response, ["Cookie"])


def challenge_of(request: Request) -> Challenge | None:
    """What the browser's security key was asked lately; None when it was not, or the cookie is not ours."""
    try:
        found: Any = signing.loads(request.COOKIES.get(CHALLENGE_COOKIE, ""), salt=CHALLENGE_SALT, max_age=CHALLENGE_LIFETIME)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None
