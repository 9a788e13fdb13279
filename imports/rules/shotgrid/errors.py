"""The log book of programs that bring over ShotGrid's entries."""

from typing import Any

from core.errors import Refusal
from core.transactions import whole_step
from imports.models import DataImportError

NOTHING = "A JSON value is expected."
SOURCE = "shotgun"


@whole_step()
def log_error(event_data: Any) -> DataImportError:
    """Write down what went wrong. Raises a refusal where there is nothing to write."""
    if event_data is None:
        raise Refusal(NOTHING)
    return DataImportError.objects.create(event_data=event_data, source=SOURCE)


@whole_step()
def strike_error(error: DataImportError) -> None:
    """Take an entry out of the log book."""
    error.delete()
