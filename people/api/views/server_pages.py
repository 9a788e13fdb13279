"""Pages about the server itself, open to everybody: they hold no secret."""

import os
from datetime import datetime
from time import time
from typing import Any

import psutil
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.views import ApiViewSet
from core.errors import Forbidden, NotFound
from people.rules.organisation import current_organisation
from people.rules.server import configuration_check, send_test_event
from people.rules.sign_in import LOCAL

PROBE = "status-probe"


def database_is_up() -> bool:
    """The database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def cache_is_up() -> bool:
    """What is kept in the cache comes back; without a server for it, it lives in the process."""
    try:
        cache.set(PROBE, 1, 10)
        return cache.get(PROBE) == 1
    except Exception:
        return False


def parts_up() -> dict[str, bool]:
    """Which parts of the server work. Events and searches need no server of their own: they live with the API and the database."""
    database = database_is_up()
    return {
        "database-up": database,
        "key-value-store-up": cache_is_up(),
        "event-stream-up": True,
        "job-queue-up": database,
        "indexer-up": database,
    }


class ServerPageViewSet(ApiViewSet):
    """`/`, `/config` and `/status…`."""

    access = {
        **dict.fromkeys(("root", "config", "test_event", "resources", "live", "ready"), public),
        **dict.fromkeys(("status", "status_text", "status_numbers"), public),
    }

    def root(self, request: Request) -> Response:
        """The API and its version, by which clients tell that the server is up."""
        return Response({"api": settings.API_NAME, "version": settings.API_VERSION})

    def status(self, request: Request) -> Response:
        """Which parts work; always 200."""
        return Response({"name": settings.API_NAME, "version": settings.API_VERSION, **parts_up()})

    def status_text(self, request: Request) -> HttpResponse:
        """The same as lines of text, in the order that monitoring knows."""
        up = parts_up()
        order = ("database-up", "event-stream-up", "key-value-store-up", "job-queue-up", "indexer-up")
        lines = [f"name: {settings.API_NAME}", f"version: {settings.API_VERSION}"]
        lines += [f"{name}: {'up' if up[name] else 'down'}" for name in order]
        return HttpResponse("\n".join(lines) + "\n", content_type="text")

    def status_numbers(self, request: Request) -> Response:
        """The same as numbers, for a time series."""
        return Response({**{name: int(value) for name, value in parts_up().items()}, "time": time()})

    def live(self, request: Request) -> Response:
        """The process answers; an orchestrator restarts one that does not."""
        return Response({"live": True})

    def ready(self, request: Request) -> Response:
        """503 while the database or the cache is away: an orchestrator sends requests to others meanwhile."""
        up = {"database-up": database_is_up(), "key-value-store-up": cache_is_up()}
        return Response({"ready": all(up.values()), **up}, status=200 if all(up.values()) else 503)

    def test_event(self, request: Request) -> Response:
        """Sends an event to everybody connected."""
        send_test_event()
        return Response({"success": True})

    def resources(self, request: Request) -> Response:
        """How busy the machine is: per core in the last tenth of a second, memory in bytes."""
        memory = psutil.virtual_memory()
        loads = dict(zip(("last 1 min", "last 5 min", "last 10 min"), os.getloadavg(), strict=True))
        return Response(
            {
                "date": datetime.now().isoformat(),
                "cpu": {"percent": psutil.cpu_percent(interval=0.1, percpu=True), "loadavg": loads},
                "memory": {name: getattr(memory, name) for name in ("total", "used", "available", "percent")},
                "jobs": {"running_jobs": 0},
            }
        )

    def config(self, request: Request) -> Response:
        """What a client must know before anybody has signed in."""
        return Response({**fixed_config(), "dark_theme_by_default": bool(current_organisation().dark_theme_by_default)})


class ConfigurationViewSet(ApiViewSet):
    """`/admin/config/check`, for whoever has the operator's own token; no account opens it."""

    access = {"check": public}

    def check(self, request: Request) -> Response:
        """The settings as they are, where ADMIN_TOKEN is set and shown."""
        if not settings.ADMIN_TOKEN:
            raise NotFound()
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if not (constant_time_compare(token, settings.ADMIN_TOKEN) and kind.lower() == "bearer"):
            raise Forbidden()
        return Response(configuration_check())


def fixed_config() -> dict[str, Any]:
    """The part of the configuration that the environment sets."""
    found: dict[str, Any] = {
        "is_self_hosted": settings.IS_SELF_HOSTED,
        "crisp_token": settings.CRISP_TOKEN,
        "indexer_configured": True,
        "saml_enabled": settings.SAML_ENABLED,
        "saml_idp_name": settings.SAML_IDP_NAME,
        "oidc_enabled": settings.OIDC_ENABLED,
        "oidc_idp_name": settings.OIDC_IDP_NAME,
        "default_locale": settings.DEFAULT_LOCALE,
        "default_timezone": settings.DEFAULT_TIMEZONE,
        "enforce_2fa": settings.ENFORCE_2FA,
        "movie_highdef_bitrate": settings.MOVIE_HIGHDEF_BITRATE,
        "movie_lowdef_bitrate": settings.MOVIE_LOWDEF_BITRATE,
        "preview_accounts_enabled": settings.AUTH_STRATEGY == LOCAL,
    }
    if settings.SENTRY_KITSU_ENABLED:
        found["sentry"] = {"dsn": settings.SENTRY_KITSU_DSN, "sampleRate": settings.SENTRY_KITSU_SR}
    return found
