"""The back-office pages of this room."""

from imports.admin.errors import DataImportErrorAdmin
from imports.admin.records import ImportRecordAdmin

__all__ = ["DataImportErrorAdmin", "ImportRecordAdmin"]
