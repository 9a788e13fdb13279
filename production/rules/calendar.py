"""What calendars of productions can't say: an end before its start, a duration below nothing."""

from collections.abc import Mapping
from typing import Any

from core.errors import WrongParameter

BACKWARDS = "The end date can't be before the start date."
NEGATIVE = "{name} can't be negative."
DURATIONS = ("man_days", "months_duration")


def check_calendar(values: Mapping[str, Any], current: Any = None) -> None:
    """Refuses dates and durations (days or months) that make no sense; what is not changed is not checked again.

    `current` is the stored row. Raises WrongParameter.
    """
    for name in DURATIONS:
        if (values.get(name) or 0) < 0:
            raise WrongParameter(NEGATIVE.format(name=name))
    start = values.get("start_date", getattr(current, "start_date", None))
    end = values.get("end_date", getattr(current, "end_date", None))
    if {"start_date", "end_date"} & set(values) and start is not None and end is not None and end < start:
        raise WrongParameter(BACKWARDS)
