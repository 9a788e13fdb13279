"""Documents that identity providers publish: fetched within a time limit, and kept for an hour."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from django.conf import settings

log = logging.getLogger("callboard.identity")
KEPT = 3600.0  # seconds
RETRY = 30.0  # seconds until an address that failed is asked again, while a former document stands in for it
LARGEST = 16 * 1024**2  # bytes


class Unreachable(Exception):
    """The identity provider can't be reached, or publishes nothing that makes sense."""


@dataclass
class Kept:
    """A document, and the moment (of the monotonic clock) until which it is as good as a new one."""

    content: bytes
    until: float


kept: dict[str, Kept] = {}


def document(address: str, *, fresh: bool = False) -> bytes:
    """What an address publishes, at most an hour old; `fresh` asks again. A former document stands in for one that can't be had.

    Raises Unreachable.
    """
    former = kept.get(address)
    if former is not None and not fresh and time.monotonic() < former.until:
        return former.content
    try:
        content = fetched(address)
    except (OSError, ValueError) as failure:
        if former is None:
            raise Unreachable(f"{address} can't be read: {type(failure).__name__}") from None
        log.warning("%s can't be read (%s); what it published before is used", address, type(failure).__name__)
        former.until = time.monotonic() + RETRY
        return former.content
    kept[address] = Kept(content, time.monotonic() + KEPT)
    return content


def fetched(address: str) -> bytes:
    """The content of a file or of a page. Raises OSError, and ValueError for more than an identity provider would publish."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(unquote(parts.path)).read_bytes()
    with requests.get(address, timeout=settings.IDENTITY_TIMEOUT, stream=True) as answer:
        answer.raise_for_status()
        content = answer.raw.read(LARGEST + 1, decode_content=True)
    if len(content) > LARGEST:
        raise ValueError("too long")
    return content
