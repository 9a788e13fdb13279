"""The back-office page of the failures that programs bringing over ShotGrid's entries wrote down."""

from django.contrib import admin
from django.utils.text import Truncator

from core.admin import ReadOnlyAdmin
from imports.models import DataImportError


@admin.register(DataImportError)
class DataImportErrorAdmin(ReadOnlyAdmin):
    """Failures, the newest first; they may be deleted."""

    called = ("import failure", "import failures")
    list_display = ("created_at", "source", "summary")
    list_filter = ("source", "created_at")
    search_fields = ("event_data",)
    ordering = ("-created_at", "-id")
    deletable = True

    @admin.display(description="what was written down")
    def summary(self, error: DataImportError) -> str:
        """The beginning of it."""
        return Truncator(str(error.event_data)).chars(120)
