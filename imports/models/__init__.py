"""What the imports keep for themselves: plans that wait, records of what was done, and a log book of failures."""

from imports.models.errors import DataImportError
from imports.models.plans import ImportPlan
from imports.models.records import ImportRecord

__all__ = ["DataImportError", "ImportPlan", "ImportRecord"]
