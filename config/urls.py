"""Every address of the server."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

import core.api.converters  # noqa: F401 registers <id:…>
from core.api import exceptions

handler400 = exceptions.bad_request
handler404 = exceptions.page_not_found
handler500 = exceptions.server_error

urlpatterns = [
    # Higher rooms first: they add words to the collections of lower ones (`/data/persons/task-dates`), and words come before ids.
    # The higher room first: its words stand before the ids of the rooms below.
    path("", include("playlists.api.urls")),
    path("", include("files.api.urls")),
    path("", include("chat.api.urls")),
    path("", include("tasks.api.urls")),
    path("", include("assets.api.urls")),
    path("", include("production.api.urls")),
    path("", include("people.api.urls")),
    path("", include("events.api.urls")),
    path("docs/openapi.json", SpectacularAPIView.as_view(renderer_classes=[OpenApiJsonRenderer]), name="openapi"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="openapi"), name="docs"),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    re_path("", csrf_exempt(exceptions.page_not_found)),
]
