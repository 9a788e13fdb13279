"""The back-office: its site, the order of its rooms, its dashboard, and the pictures that its pages show."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, resolve, reverse

from config.dashboard import overview

ROOMS = ("production", "people", "assets", "tasks", "files", "playlists", "chat", "imports", "events", "django_tasks_database")


class DescribedResults(AutocompleteJsonView):
    """What is found while one types into a choice, described as everywhere else."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """One result."""
        return {"id": str(getattr(obj, to_field_name)), "text": self.model_admin.describe(obj)}


class StudioSite(AdminSite):
    """The studio managers' site."""

    site_title = site_header = "Callboard"
    index_title = "The studio today"
    site_url = None
    empty_value_display = "–"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The site's pages, and the door to pictures."""
        return [path("pictures/<path:rest>", self.admin_view(self.picture), name="picture"), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The rooms in the order of the work."""
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            if room["app_label"] == "django_tasks_database":
                room["name"] = "Background jobs"
        return sorted(rooms, key=lambda room: ROOMS.index(room["app_label"]) if room["app_label"] in ROOMS else len(ROOMS))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Asks for the second factor, too."""
        from people.admin.login import StudioLoginForm  # the rooms' pages need this site before they can be imported

        self.login_form, self.login_template = StudioLoginForm, "admin/studio_login.html"
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The dashboard."""
        return super().index(request, {**overview(), **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Searches for a choice."""
        return DescribedResults.as_view(admin_site=self)(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """One's own password, for which the former one is asked."""
        from people.admin.passwords import OwnPasswordForm  # the rooms' pages need this site before they can be imported

        shown = {**self.each_context(request), **(extra_context or {})}
        done = reverse("admin:password_change_done", current_app=self.name)
        return PasswordChangeView.as_view(form_class=OwnPasswordForm, success_url=done, extra_context=shown)(request)

    def picture(self, request: HttpRequest, rest: str) -> HttpResponseBase:
        """A thumbnail as the API serves it: whoever signed in to the back-office has no token to ask the API with."""
        if request.method not in ("GET", "HEAD") or not rest.startswith("thumbnails/"):
            raise Http404
        view, args, kwargs = resolve(f"/pictures/{rest}")
        request._force_auth_user = request.user  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)
