"""Reads settings from the environment and fails loudly on a value that makes no sense."""

import os
import re
from collections.abc import Iterable
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
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


def decimal(name: str, default: float, least: float, most: float) -> float:
    """A number between `least` and `most`, both included."""
    value = os.environ.get(name) or default
    try:
        found = float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from None
    if not least <= found <= most:
        raise ImproperlyConfigured(f"{name} must be between {least:g} and {most:g}, not {found:g}.")
    return found


def choice(name: str, default: str, known: Iterable[str]) -> str:
    """One of the known values."""
    value = text(name, default)
    if value not in (names := list(known)):
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(names)}, not {value!r}.")
    return value


def address(name: str, default: str = "", schemes: Iterable[str] = ("http", "https")) -> str:
    """An address such as https://host/path, of one of the schemes; empty counts as not set."""
    value = text(name, default)
    if not value:
        return value
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and (parts.hostname is not None or parts.scheme == "file") and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ImproperlyConfigured(f"{name} must be an address such as {next(iter(schemes))}://…, not {value!r}.")
    return value


def file(name: str) -> str:
    """The path of a file that can be read; empty counts as not set."""
    if not (path := text(name)):
        return path
    try:
        with open(path, "rb"):
            return path
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or failure
        raise ImproperlyConfigured(f"{name} must be a file that can be read, not {path!r}: {reason}.") from None


def zone(name: str, default: str) -> str:
    """The name of a time zone, such as Europe/Paris."""
    value = text(name, default)
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name} must be a time zone such as Europe/Paris, not {value!r}.")
    return value


def locale(name: str, default: str) -> str:
    """The name of a language as it is written somewhere, such as en_US."""
    value = text(name, default)
    try:
        Locale.parse(value)
    except (ValueError, UnknownLocaleError):
        raise ImproperlyConfigured(f"{name} must be a locale such as en_US, not {value!r}.") from None
    return value


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
