"""Back-office pages of previews, working and output files, and attachments."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html

from core.admin import ReadOnlyAdmin, StudioAdmin, count_of, link_to, linked, list_link, picture, swatch
from files.models import AttachmentFile, FileStatus, OutputFile, OutputType, PreviewFile, Transcoding, WorkingFile
from files.rules.output_files import change_output_file
from files.rules.previews import change_preview
from files.rules.recovery import retry
from files.rules.removal import remove_listed_preview, remove_output_file, remove_working_file

PERSON = "person__last_name"


@admin.register(PreviewFile)
class PreviewFileAdmin(StudioAdmin):
    called = ("preview", "previews")
    large = True
    list_display = (
        "describe",
        "thumbnail",
        linked("task", order="task__entity__name"),
        "revision",
        "status",
        "validation_status",
        linked("person", order=PERSON),
        "weight",
        "created_at",
    )
    list_filter = ("status", "validation_status", "is_movie", "extension", "task__project", "created_at")
    list_select_related = ("task__entity__parent", "task__task_type", "person")
    search_fields = ("name", "original_name", "task__entity__name")
    ordering = ("-created_at",)
    readonly_fields = (
        *("thumbnail", "encoding", "task", "person", "name", "revision", "position", "extension", "status", "file_size", "path"),
        *(
            "width",
            "height",
            "duration",
            "is_movie",
            "url",
            "uploaded_movie_url",
            "uploaded_movie_name",
            "shotgun_id",
            "source_file",
        ),
    )
    sections = (
        (None, ("thumbnail", "task", "person", "original_name", "description", "validation_status", "status", "encoding")),
        ("File", (("revision", "position"), "extension", "file_size", ("width", "height"), "duration", "is_movie", "path")),
    )

    takes_along = True
    actions = ("encode_again",)

    @admin.action(description="Encode the chosen broken movies again")
    def encode_again(self, request: HttpRequest, queryset: Any) -> None:
        """Puts movies back into the queue whose uploaded file is still there."""
        tell_retried(request, queryset.select_related("task"))

    def update_by_rule(self, row: PreviewFile, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> PreviewFile:
        return change_preview(row, values, by=by)

    def delete_by_rule(self, row: PreviewFile, *, by: Any) -> None:
        remove_listed_preview(row, force=False, by=by)

    @admin.display(description="preview", ordering="original_name")
    def describe(self, preview: PreviewFile) -> str:
        name = preview.original_name or preview.name or "preview"
        return f"{name}.{preview.extension}" if preview.extension else name

    @admin.display(description="picture")
    def thumbnail(self, preview: PreviewFile) -> str:
        return picture("preview-files", preview, exists=preview.status == "ready", text=self.describe(preview))

    @admin.display(description="size", ordering="file_size")
    def weight(self, preview: PreviewFile) -> str:
        return filesizeformat(preview.file_size or 0)

    @admin.display(description="encoding")
    def encoding(self, preview: PreviewFile) -> str:
        """How the work on its movie went."""
        found = Transcoding.objects.filter(preview=preview).first()
        return link_to(found, found.failure or f"{found.progress} %") if found else self.empty_value_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Previews come with their files, from where people work."""
        return False


def tell_retried(request: HttpRequest, previews: Iterable[PreviewFile]) -> None:
    """Encode broken movies again, and say how many."""
    chosen = list(previews)
    count = sum(retry(preview, by=request.user) for preview in chosen)
    messages.success(request, f"{count} movies wait for another encoding.")
    if count < len(chosen):
        messages.warning(request, f"{len(chosen) - count} are not broken, or their uploaded file is gone.")


@admin.register(Transcoding)
class TranscodingAdmin(ReadOnlyAdmin):
    called = ("encoding", "encodings")
    large = True
    list_display = (linked("preview", order="preview__original_name"), "status", "done", "attempts", "failure", "updated_at")
    list_filter = ("preview__status", "preview__task__project", "updated_at")
    list_select_related = ("preview__task",)
    search_fields = ("preview__original_name", "preview__task__entity__name", "failure")
    ordering = ("-updated_at",)
    actions = ("retry",)

    def describe(self, transcoding: Transcoding) -> str:
        return f"encoding of {transcoding.preview.original_name or transcoding.preview.name}"

    @admin.display(description="status", ordering="preview__status")
    def status(self, transcoding: Transcoding) -> str:
        return transcoding.preview.status

    @admin.display(description="done", ordering="progress")
    def done(self, transcoding: Transcoding) -> str:
        return format_html('<progress max="100" value="{0}"></progress> {0} %', transcoding.progress)

    @admin.action(description="Encode the chosen broken movies again")
    def retry(self, request: HttpRequest, queryset: Any) -> None:
        """Puts movies back into the queue whose uploaded file is still there."""
        tell_retried(request, [transcoding.preview for transcoding in queryset.select_related("preview__task")])


@admin.register(AttachmentFile)
class AttachmentFileAdmin(ReadOnlyAdmin):
    called = ("attachment", "attachments")
    hidden = ("reply_id",)
    list_display = ("name", "thumbnail", "extension", "mimetype", "weight", linked("comment", order="comment__text"), "created_at")
    list_filter = ("extension", "created_at")
    list_select_related = ("comment",)
    search_fields = ("name", "comment__text")
    ordering = ("-created_at",)

    @admin.display(description="picture")
    def thumbnail(self, file: AttachmentFile) -> str:
        is_picture = (file.mimetype or "").startswith("image/")
        return picture("attachment-files", file, exists=is_picture, text=file.name or "")

    @admin.display(description="size", ordering="size")
    def weight(self, file: AttachmentFile) -> str:
        return filesizeformat(file.size or 0)


@admin.register(OutputFile)
class OutputFileAdmin(StudioAdmin):
    large = True
    list_display = (
        "name",
        "revision",
        linked("entity"),
        linked("output_type"),
        linked("task_type"),
        "representation",
        linked("file_status"),
        linked("person", order=PERSON),
        "updated_at",
    )
    list_filter = ("entity__project", "output_type", "file_status", "canceled")
    list_select_related = ("entity__project", "entity__parent", "output_type", "task_type", "file_status", "person")
    search_fields = ("name", "path", "entity__name")
    ordering = ("-updated_at",)

    takes_along = True

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> OutputFile:
        return change_output_file(OutputFile(), values, act="new", by=by)

    def update_by_rule(self, row: OutputFile, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> OutputFile:
        return change_output_file(row, values, act="update", by=by)

    def delete_by_rule(self, row: OutputFile, *, by: Any) -> None:
        remove_output_file(row, by=by)

    def describe(self, file: OutputFile) -> str:
        return f"{file.name} v{file.revision}"


@admin.register(WorkingFile)
class WorkingFileAdmin(StudioAdmin):
    large = True
    list_display = (
        "describe",
        "revision",
        linked("task", order="task__entity__name"),
        linked("software"),
        linked("person", order=PERSON),
        "updated_at",
    )
    list_filter = ("entity__project", "software", "validation_status")
    list_select_related = ("task__entity__parent", "task__task_type", "software", "person")
    search_fields = ("name", "path", "entity__name")
    ordering = ("-updated_at",)

    takes_along = True

    def delete_by_rule(self, row: WorkingFile, *, by: Any) -> None:
        remove_working_file(row, by=by)

    @admin.display(description="working file", ordering="name")
    def describe(self, file: WorkingFile) -> str:
        return f"{file.name or 'main'} v{file.revision or 0}"


@admin.register(OutputType)
class OutputTypeAdmin(StudioAdmin):
    list_display = ("name", "short_name", "files")
    search_fields = ("name", "short_name")
    ordering = ("name",)
    counts = {"n_files": count_of(OutputFile, "output_type")}

    @admin.display(description="output files", ordering="n_files")
    def files(self, output_type: Any) -> str:
        return list_link(OutputFile, output_type.n_files, output_type__id__exact=output_type.pk)


@admin.register(FileStatus)
class FileStatusAdmin(StudioAdmin):
    called = ("file status", "file statuses")
    list_display = ("name", "shade", "files")
    search_fields = ("name",)
    ordering = ("name",)
    counts = {"n_files": count_of(OutputFile, "file_status")}

    @admin.display(description="colour", ordering="color")
    def shade(self, status: FileStatus) -> str:
        return swatch(status.color)

    @admin.display(description="output files", ordering="n_files")
    def files(self, status: Any) -> str:
        return list_link(OutputFile, status.n_files, file_status__id__exact=status.pk)
