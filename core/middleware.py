"""What happens to every request before and after its view."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import patch_vary_headers

from core.api.exceptions import answer, with_status
from core.errors import TOO_LARGE, NotFound, Refusal

Next = Callable[[HttpRequest], HttpResponseBase]
SLASHES = re.compile(r"/{2,}")
PAGES = ("/admin/", "/static/", "/docs/")
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def folded(path: str) -> str:
    """The path as the routes know it: without `/api` before it, doubled slashes or a slash at its end."""
    path = SLASHES.sub("/", path)
    if path == "/api" or path.startswith("/api/"):
        path = path[4:] or "/"
    if path.startswith(PAGES) and not path.startswith("/admin/config"):
        return path
    return path.rstrip("/") or "/"


class FoldedPaths:
    """The API answers under `/` and `/api/`; slashes too many change nothing; bodies beyond the limit are refused unread."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Rewrites the path that routes are found by."""
        if "\x00" in request.path_info:
            return answer(NotFound())
        length = request.META.get("CONTENT_LENGTH") or "0"
        if settings.MAX_CONTENT_LENGTH and length.isdigit() and int(length) > settings.MAX_CONTENT_LENGTH:
            return answer(with_status(Refusal(TOO_LARGE), 413))
        request.path_info = folded(request.path_info)
        return self.get_response(request)


class SafeHeaders:
    """Headers that every answer carries unless its view set them, and those for allowed foreign origins."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Adds the headers; answers a preflight."""
        origin = request.headers.get("Origin", "")
        allowed = origin in settings.CORS_ALLOWED_ORIGINS
        if allowed and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: HttpResponseBase = HttpResponse(status=200)
            response["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "")
            response["Access-Control-Allow-Methods"] = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
        else:
            response = self.get_response(request)
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        if isinstance(response, HttpResponse) and response.status_code not in (204, 304):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        if allowed:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Allow-Credentials"] = "true"
        if settings.CORS_ALLOWED_ORIGINS:
            patch_vary_headers(response, ["Origin"])
        return response


class ForPages:
    """Django's own middleware for the back-office's pages alone: the API keeps no session and takes no forms."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Passes requests of the API on."""
        if request.path_info.startswith("/admin/"):
            return super().__call__(request)  # type: ignore[misc, no-any-return]
        return self.get_response(request)  # type: ignore[attr-defined, no-any-return]


class PageSessions(ForPages, SessionMiddleware):
    """Sessions."""


class PageForms(ForPages, CsrfViewMiddleware):
    """Forms come from the pages themselves; everywhere else a view without the exemption takes none at all."""


class PagePeople(ForPages, AuthenticationMiddleware):
    """Who is signed in."""


class PageMessages(ForPages, MessageMiddleware):
    """What the next page tells."""
