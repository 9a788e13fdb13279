"""Every address of the server."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

import core.api.converters  # noqa: F401 registers <id:…>
from core.api import exceptions
from core.api.router import RouteTable
from production.api.urls import PLUGIN_PAGES
from production.plugins.loading import loaded

handler400 = exceptions.bad_request
handler404 = exceptions.page_not_found
handler500 = exceptions.server_error

# Higher rooms first: they add words to the collections of lower ones (`/data/persons/task-dates`), and words come before ids.
ROOMS = ("imports", "playlists", "files", "chat", "tasks", "assets", "production", "people", "events")
# A table's lines have their whole path.
PLUGINS = [
    path(f"plugins/{plugin_id}/{line.pattern}", line.callback, line.default_args)
    for plugin_id, plugin in loaded.items()
    for line in plugin.routes
]

urlpatterns = [
    RouteTable([*(path("", include(f"{room}.api.urls")) for room in ROOMS), *PLUGINS]),
    *PLUGIN_PAGES,
    path("docs/openapi.json", SpectacularAPIView.as_view(renderer_classes=[OpenApiJsonRenderer]), name="openapi"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="openapi"), name="docs"),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    re_path("", exceptions.page_not_found),
]
