"""The back-office page of the event log."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html

from core.admin import ReadOnlyAdmin, linked
from core.json import dumps
from events.models import ApiEvent


@admin.register(ApiEvent)
class ApiEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "name", linked("user", "by", order="user__last_name"), linked("project"), "content")
    list_filter = ("created_at", "project")
    search_fields = ("name", "user__first_name", "user__last_name", "project__name")
    ordering = ("-created_at", "-id")

    @admin.display(description="content")
    def content(self, event: ApiEvent) -> str:
        """What the event tells besides its name."""
        return format_html('<code class="json">{}</code>', dumps(event.data or {}).decode())

    def get_exclude(self, request: Any, obj: Any = None) -> list[str]:
        """The page shows the content as the list does."""
        return [*super().get_exclude(request, obj), "data"]

    readonly_fields = ("content",)
