"""The pages of plugins, which the web client shows beside its own."""

import mimetypes
from pathlib import Path
from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from rest_framework.request import Request

from core.api.access import public
from core.api.views import ApiViewSet
from core.errors import NotFound
from production.plugins.loading import loaded

# What the machine's own tables may call otherwise, or not know, but browsers insist on.
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml"}


def media_type(path: Path) -> str:
    """What a browser takes the file for."""
    kind = TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


class PluginFrontendViewSet(ApiViewSet):
    """`/plugins/<id>/frontend` and below: the files of a plugin's `frontend/dist`, for everybody."""

    access = {"read": public}

    def read(self, request: Request, plugin_id: str, path: str = "index.html") -> HttpResponseBase:
        """One file, unless the browser has it as it is."""
        plugin = loaded.get(plugin_id)
        found = plugin.frontend_file(path) if plugin else None
        if found is None:
            raise NotFound()
        try:
            stat = found.stat()
            file = found.open("rb")
        except OSError:
            raise NotFound() from None
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        answer: Any = get_conditional_response(request._request, etag, int(stat.st_mtime))
        if answer is None:
            answer = FileResponse(file, content_type=media_type(found))
        else:
            file.close()
        answer["ETag"], answer["Last-Modified"], answer["Cache-Control"] = etag, http_date(stat.st_mtime), "no-cache, max-age=0"
        return answer
