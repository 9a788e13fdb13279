"""From where a session that lives in cookies may be written to."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings


def is_foreign(request: Any) -> bool:
    """The request was started by a page of another site. Programs tell no origin; they are no danger to cookies."""
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if not origin:
        return False
    parts = urlsplit(origin)
    ours = {request.get_host(), settings.DOMAIN_NAME}
    return parts.netloc not in ours and f"{parts.scheme}://{parts.netloc}" not in settings.CORS_ALLOWED_ORIGINS
