"""Limits on how often a stranger may knock."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class RegistrationThrottle(SimpleRateThrottle):
    """Registrations from one address; `REGISTRATION_RATE` says how many in what time, empty means no limit."""

    scope = "registration"

    def get_rate(self) -> str | None:
        """The limit as it is set."""
        return settings.REGISTRATION_RATE or None

    def get_cache_key(self, request: Request, view: object) -> str:
        """The peer's address: headers that a client may write itself would open the door."""
        return self.cache_format % {"scope": self.scope, "ident": request.META.get("REMOTE_ADDR", "")}
