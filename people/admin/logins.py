"""Back-office pages of what the server keeps about logins."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from core.admin import (
    ReadOnlyAdmin,
    linked,
)
from people.models import (
    DesktopLoginLog,
    LoginLog,
    Session,
)
from people.rules.sign_in import end_session


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    hidden = ("access_jti",)
    list_display = (linked("person", order="person__last_name"), "created_at", "expires_at", "revoked")
    list_display_links = None
    list_filter = ("revoked", "created_at")
    search_fields = ("person__first_name", "person__last_name", "person__email")
    ordering = ("-created_at",)
    actions = ("end",)

    @admin.action(description="End the chosen sessions")
    def end(self, request: HttpRequest, queryset: Any) -> None:
        living = list(queryset.filter(revoked=False))
        for session in living:
            end_session(str(session.pk))
        messages.success(request, f"{len(living)} sessions ended.")


@admin.register(LoginLog)
class LoginLogAdmin(ReadOnlyAdmin):
    called = ("login", "logins")
    list_display = (linked("person", order="person__last_name"), "created_at", "ip_address", "origin")
    list_display_links = ("created_at",)
    list_filter = ("origin", "created_at")
    search_fields = ("person__first_name", "person__last_name", "person__email", "ip_address")
    ordering = ("-created_at",)


@admin.register(DesktopLoginLog)
class DesktopLoginLogAdmin(ReadOnlyAdmin):
    called = ("desktop login", "desktop logins")
    list_display = (linked("person", order="person__last_name"), "date")
    list_display_links = ("date",)
    list_filter = ("date",)
    search_fields = ("person__first_name", "person__last_name", "person__email")
    ordering = ("-date",)
