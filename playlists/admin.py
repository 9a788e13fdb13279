"""Back-office pages of playlists, their builds and share links."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from core.admin import NewestInline, ReadOnlyAdmin, RowInline, StudioAdmin, count_of, linked, list_link
from playlists.models import BuildJob, Playlist, PlaylistShareLink
from playlists.rules.playlists import change_playlist, create_playlist, delete_playlist

CREATOR = "creator__last_name"


class BuildJobInline(NewestInline):
    model = BuildJob
    fields = ("job_type", "status", "created_at", "ended_at")
    readonly_fields = fields
    verbose_name_plural = "Newest builds"


class ShareLinkInline(RowInline):
    model = PlaylistShareLink
    fields = ("is_active", "can_comment", "expiration_date", "creator", "created_at")
    readonly_fields = ("creator", "created_at")
    show_change_link = True
    verbose_name, verbose_name_plural = "share link", "Share links"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Playlist)
class PlaylistAdmin(StudioAdmin):
    large = True
    list_display = (
        "name",
        linked("project"),
        linked("episode"),
        linked("task_type"),
        "for_entity",
        "length",
        "for_client",
        "shares",
        "created_at",
    )
    list_filter = ("project", "for_entity", "for_client", "is_for_all")
    list_select_related = ("project", "episode__project", "episode__parent", "task_type")
    search_fields = ("name", "project__name")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    inlines = (ShareLinkInline, BuildJobInline)
    described_by = ("project",)
    readonly_fields = ("creator",)
    counts = {"n_shares": count_of(PlaylistShareLink, "playlist", is_active=True)}

    fixed = ("project",)
    takes_along = True

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Playlist:
        return create_playlist(values, by=by)

    def update_by_rule(self, row: Playlist, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Playlist:
        return change_playlist(row, values, by=by)

    def delete_by_rule(self, row: Playlist, *, by: Any) -> None:
        delete_playlist(row, by=by)

    def describe(self, playlist: Playlist) -> str:
        return f"{playlist.project.name} / {playlist.name}" if playlist.project else playlist.name

    @admin.display(description="entries")
    def length(self, playlist: Playlist) -> int:
        return len(playlist.shots or ())

    @admin.display(description="open links", ordering="n_shares")
    def shares(self, playlist: Any) -> str:
        return list_link(PlaylistShareLink, playlist.n_shares, playlist__id__exact=playlist.pk)


@admin.register(PlaylistShareLink)
class PlaylistShareLinkAdmin(StudioAdmin):
    called = ("share link", "share links")
    # Whoever has the token or the password may come in, so neither is shown: links are handed out where they are made.
    hidden = ("token", "password")
    list_display = (
        "describe",
        "is_active",
        "can_comment",
        "protected",
        "expiration_date",
        linked("creator", order="creator__last_name"),
    )
    list_filter = ("is_active", "can_comment", "playlist__project")
    list_select_related = ("playlist__project", "creator")
    search_fields = ("playlist__name", "creator__first_name", "creator__last_name")
    date_hierarchy = "expiration_date"
    ordering = ("-created_at",)
    actions = ("close",)
    readonly_fields = ("playlist", "creator", "protected")
    described_by = ("playlist",)

    @admin.display(description="share link", ordering="playlist__name")
    def describe(self, link: PlaylistShareLink) -> str:
        return f"Link to {link.playlist.name}"

    @admin.display(description="has a password", boolean=True)
    def protected(self, link: PlaylistShareLink) -> bool:
        return bool(link.password)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Links are made where playlists are shared."""
        return False

    @admin.action(description="Close the chosen links")
    def close(self, request: HttpRequest, queryset: Any) -> None:
        links = list(queryset.filter(is_active=True))
        for link in links:
            self.update_by_rule(link, {"is_active": False}, {}, by=request.user)
        messages.success(request, f"{len(links)} links closed.")


@admin.register(BuildJob)
class BuildJobAdmin(ReadOnlyAdmin):
    called = ("build", "builds")
    deletable = True
    list_display = ("describe", linked("playlist"), "job_type", "status", "created_at", "ended_at")
    list_filter = ("status", "job_type", "playlist__project")
    list_select_related = ("playlist__project",)
    search_fields = ("playlist__name",)
    ordering = ("-created_at",)
    described_by = ("playlist",)

    @admin.display(description="build", ordering="created_at")
    def describe(self, job: BuildJob) -> str:
        return f"{job.get_job_type_display()} of {job.playlist.name}"
