"""The back-office page of the event log."""

from typing import Any

from django.apps import apps
from django.contrib import admin

from core.admin import ReadOnlyAdmin, linked, panel, place_of
from core.api.converters import is_uuid
from events.models import ApiEvent

ROOMS = ("people", "production", "assets", "tasks", "chat", "files", "playlists")
# What payloads call rows whose model has another name.
OTHER_NAMES = dict.fromkeys(("asset", "shot", "sequence", "episode", "scene", "edit", "concept"), "entity") | {
    "asset_type": "entitytype"
}


def linked_value(key: str, value: Any) -> Any:
    """A value of a payload; an id leads to its row's page."""
    stem = key.removesuffix("_id")
    if stem == key or not is_uuid(value):
        return "–" if value is None else str(value)
    name = OTHER_NAMES.get(stem, stem.replace("_", ""))
    models = (model for room in ROOMS for model in apps.get_app_config(room).get_models())
    found = next((model for model in models if model._meta.model_name == name), None)
    return place_of(found, value) if found is not None else "an id"


@admin.register(ApiEvent)
class ApiEventAdmin(ReadOnlyAdmin):
    called = ("event", "events")
    hidden = ("data",)
    list_display = ("created_at", "name", linked("user", "by", order="user__last_name"), linked("project"), "subjects")
    list_filter = ("created_at", "project")
    search_fields = ("name", "user__first_name", "user__last_name", "project__name")
    ordering = ("-created_at", "-id")
    readonly_fields = ("content",)

    @admin.display(description="tells of")
    def subjects(self, event: ApiEvent) -> str:
        """What the event names besides its production."""
        names = (key.removesuffix("_id").replace("_", " ") for key in event.data or {} if key != "project_id")
        return ", ".join(names) or self.empty_value_display

    @admin.display(description="content")
    def content(self, event: ApiEvent) -> str:
        """All that the event tells."""
        rows = ((key.replace("_", " "), linked_value(key, value)) for key, value in (event.data or {}).items())
        return panel(("What", "Value"), rows, empty="Nothing besides its name.")
