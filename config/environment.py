"""Reads settings from the environment and fails loudly on a value that makes no sense."""

import os
import re

from django.core.exceptions import ImproperlyConfigured

TRUE = {"y", "yes", "t", "true", "on", "1"}
FALSE = {"n", "no", "f", "false", "off", "0"}


def text(name: str, default: str = "") -> str:
    """The variable's text; empty counts as not set."""
    return os.environ.get(name) or default


def number(name: str, default: int, minimum: int = 0) -> int:
    """A whole number of at least `minimum`."""
    value = os.environ.get(name) or default
    try:
        found = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if found < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {found}.")
    return found


def flag(name: str, default: bool) -> bool:
    """y, yes, t, true, on, 1 or n, no, f, false, off, 0, in any case."""
    value = os.environ.get(name)
    if not value:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def several(name: str, separator: str) -> list[str]:
    """The parts between separators, without blanks around them and without empty ones."""
    return [part.strip() for part in text(name).split(separator) if part.strip()]


def rate(name: str, default: str) -> str:
    """How many in what time, such as 20/hour; `none` means no limit and becomes an empty text."""
    value = text(name, default)
    if value.lower() == "none":
        return ""
    if not re.fullmatch(r"[1-9]\d*/(second|minute|hour|day)", value):
        raise ImproperlyConfigured(f"{name} must be none or a rate such as 20/hour, not {value!r}.")
    return value
