"""The Kitsu web client, served from the folder of its built files so that a studio needs no other server for it."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from core.api.exceptions import page_not_found

SERVER_PAGES = ("/api/", "/admin/", "/static/", "/docs/", "/socket.io/")


def wants_page(request: HttpRequest) -> bool:
    """A browser that opens an address, not a program that asks for JSON."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")


def is_known(path: str) -> bool:
    """A route of the API or a page of the server; the client's own addresses are none."""
    try:
        return path != "/" and resolve(path).func is not page_not_found
    except Resolver404:
        return False


class WebClient:
    """Answers the client's `index.html` wherever a browser opens an address that the server does not know.

    The client finds its way by the address itself. The files beside the page are served by WhiteNoise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or whatever else the server has at this address."""
        if not settings.KITSU_WEB:
            return self.get_response(request)
        opens_client = wants_page(request) and not f"{request.path}/".startswith(SERVER_PAGES) and not is_known(request.path_info)
        response = self.page() if opens_client and not self.is_file(request.path_info) else self.get_response(request)
        patch_vary_headers(response, ["Accept"])
        return response

    @staticmethod
    def is_file(path: str) -> bool:
        """The address of a file beside the page, which browsers ask for as a page too when it is opened by itself."""
        root = Path(settings.KITSU_WEB).resolve()
        found = (root / path.lstrip("/")).resolve()
        return found.is_relative_to(root) and found.is_file()

    @staticmethod
    def page() -> HttpResponse:
        """The client's page, asked for anew each time, since the names of its files change with its version."""
        content = (Path(settings.KITSU_WEB) / "index.html").read_bytes()
        return HttpResponse(content, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})
