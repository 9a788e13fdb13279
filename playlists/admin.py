"""Back-office pages of playlists, their builds and share links."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from assets.models import Entity
from core.admin import NewestInline, ReadOnlyAdmin, RowInline, StudioAdmin, count_of, link_to, linked, list_link, panel, picture
from core.api.converters import is_uuid
from core.errors import Refusal
from files.models import PreviewFile
from playlists.models import BuildJob, Playlist, PlaylistShareLink
from playlists.rules.builds import delete_build, retry_build
from playlists.rules.guests import guests_of
from playlists.rules.playlists import change_playlist, create_playlist, delete_playlist
from playlists.rules.share_links import revoke_link

CREATOR = "creator__last_name"


class BuildJobInline(NewestInline):
    model = BuildJob
    fields = ("job_type", "status", "message", "created_at", "ended_at")
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
    readonly_fields = ("creator", "contents")
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

    @admin.display(description="what it shows")
    def contents(self, playlist: Playlist) -> str:
        """The entries with their pictures; two statements, however many there are."""
        entries = [(shot.get("entity_id") or shot.get("id"), shot.get("preview_file_id")) for shot in playlist.shots or ()]
        entities = rows_by_id(Entity.objects.select_related("parent", "entity_type"), [entry[0] for entry in entries])
        previews = rows_by_id(PreviewFile.objects.select_related("task__task_type"), [entry[1] for entry in entries])
        lines = []
        for entity_id, preview_id in entries:
            preview = previews.get(str(preview_id).lower())
            shown = picture("preview-files", preview, exists=preview.status == "ready") if preview else ""
            task_type = preview.task.task_type if preview and preview.task else None
            version = f"{task_type or ''} v{preview.revision}" if preview else "latest"
            lines.append((shown, link_to(entities.get(str(entity_id).lower())), link_to(preview, version) if preview else version))
        return panel(("Picture", "Entity", "Preview"), lines)

    @admin.display(description="open links", ordering="n_shares")
    def shares(self, playlist: Any) -> str:
        return list_link(PlaylistShareLink, playlist.n_shares, playlist__id__exact=playlist.pk)


def rows_by_id(queryset: Any, ids: list[Any]) -> dict[str, Any]:
    """The rows of those of the ids that are ids, by their text. One statement."""
    known = {str(pk).lower() for pk in ids if is_uuid(pk)}
    return {str(row.pk): row for row in queryset.filter(pk__in=known)} if known else {}


@admin.register(PlaylistShareLink)
class PlaylistShareLinkAdmin(StudioAdmin):
    called = ("share link", "share links")
    # Whoever has the token or the password may come in, so neither is shown: links are handed out where they are made.
    hidden = ("token", "password", "failures", "last_failed")
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
    readonly_fields = ("playlist", "creator", "protected", "guests")
    described_by = ("playlist",)

    @admin.display(description="share link", ordering="playlist__name")
    def describe(self, link: PlaylistShareLink) -> str:
        return f"Link to {link.playlist.name}"

    @admin.display(description="has a password", boolean=True)
    def protected(self, link: PlaylistShareLink) -> bool:
        return bool(link.password)

    @admin.display(description="guests")
    def guests(self, link: PlaylistShareLink) -> str:
        guests = guests_of(link.pk).order_by("created_at")
        return panel(("Guest", "Since"), [(link_to(guest), f"{guest.created_at:%Y-%m-%d %H:%M}") for guest in guests])

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Links are made where playlists are shared."""
        return False

    @admin.action(description="Close the chosen links")
    def close(self, request: HttpRequest, queryset: Any) -> None:
        links = list(queryset.filter(is_active=True))
        for link in links:
            revoke_link(link, by=request.user)
        messages.success(request, f"{len(links)} links closed.")


@admin.register(BuildJob)
class BuildJobAdmin(ReadOnlyAdmin):
    called = ("build", "builds")
    deletable = True
    list_display = ("describe", linked("playlist"), "job_type", "status", "message", "created_at", "ended_at")
    list_filter = ("status", "job_type", "playlist__project")
    list_select_related = ("playlist__project",)
    search_fields = ("playlist__name", "message")
    ordering = ("-created_at",)
    described_by = ("playlist",)
    actions = ("retry",)

    @admin.display(description="build", ordering="created_at")
    def describe(self, job: BuildJob) -> str:
        return f"{job.get_job_type_display()} of {job.playlist.name}"

    def delete_by_rule(self, row: BuildJob, *, by: Any) -> None:
        delete_build(row, by=by)

    @admin.action(description="Build the chosen failed ones again")
    def retry(self, request: HttpRequest, queryset: Any) -> None:
        """Asks for each failed one again; what can't be is told."""
        count = 0
        for job in queryset.filter(status="failed"):
            try:
                retry_build(job, by=request.user)
                count += 1
            except Refusal as refusal:
                messages.error(request, f"{self.describe(job)}: {refusal.message}")
        messages.success(request, f"{count} builds wait for another run.")
