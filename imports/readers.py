"""What clients see of the imports room's rows."""

from core.projection import Projection
from imports.models import DataImportError

DATA_IMPORT_ERROR = Projection(DataImportError)
