"""The formats of productions and templates: style, resolution and movie bitrates."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from core.errors import WrongParameter
from production.models.projects import STYLES

RESOLUTION = re.compile(r"(\d{3,4})?x\d{3,4}")
DEFAULT_STYLE = "2d3d"
DEFAULT_FPS = 25.0
STYLE_CODES = {code for code, _ in STYLES}
HIGH, LOW = "hd_bitrate_compression", "ld_bitrate_compression"


def with_formats(sent: Mapping[str, Any], current: Any = None) -> dict[str, Any]:
    """What was sent of a production or template, once its formats are found right; a style of null is the default one.

    `current` is the stored row, whose unchanged values are not checked again. Raises WrongParameter.
    """
    values = dict(sent)
    if "production_style" in values:
        style = values["production_style"] = DEFAULT_STYLE if values["production_style"] is None else values["production_style"]
        if not isinstance(style, str) or style not in STYLE_CODES:
            raise WrongParameter("Invalid production_style")
    resolution = values.get("resolution")
    if resolution and resolution != getattr(current, "resolution", None) and not RESOLUTION.fullmatch(str(resolution)):
        raise WrongParameter(f"Invalid resolution {resolution}. Expected format: '1920x1080' or 'x1080'.")
    check_bitrates(values, current)
    return values


def check_bitrates(values: Mapping[str, Any], current: Any = None, fallback: Any = None) -> None:
    """Refuses bitrates (Mbit/s) that the server can't make, and a low definition above the high one.

    `current` is the stored row, `fallback` the production that a task type's link stands in. Raises WrongParameter.
    """
    most = settings.MOVIE_HIGHDEF_BITRATE
    changed = [name for name in (HIGH, LOW) if name in values and values[name] != getattr(current, name, None)]
    for name in changed:
        rate = values[name]
        if rate is not None and (isinstance(rate, bool) or not isinstance(rate, int) or not 1 <= rate <= most):
            raise WrongParameter(f"Invalid bitrate {rate}. Expected an integer number of Mbit/s between 1 and {most}.")
    low = values.get(LOW, getattr(current, LOW, None))
    high = values.get(HIGH, getattr(current, HIGH, None)) or getattr(fallback, HIGH, None) or most
    if LOW in changed and low is not None and low > high:
        raise WrongParameter(f"The low definition bitrate ({low}) cannot exceed the high definition one ({high}).")


def frames_per_second(text: str | None) -> float:
    """The frame rate that a production's `fps` says, 25 where it says none. A comma counts as a point."""
    try:
        rate = float((text or "").replace(",", "."))
    except ValueError:
        return DEFAULT_FPS
    return rate if 0 < rate < float("inf") else DEFAULT_FPS
