"""A short way to the pictures that lists show by the hundred: one statement, one file, none of Django's own machinery.

It answers what it can answer with success, exactly as the view does (`files.api.media`), and leaves everything else to it:
refusals, vendors, accounts of other kinds, ranges, remote storage.
"""

import os
import re
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.errors import Refusal
from core.middleware import SAFE_HEADERS
from core.sql import Prepared
from files import storage
from files.api.serving import is_unchanged, stamp
from files.models import PreviewFile
from files.storage import PICTURES, FolderStorage
from people.models import Person, Session
from people.tokens import ACCESS_COOKIE, PERSON, claims_of
from production.models import ProjectPersonLink

Headers = dict[bytes, bytes]
ADDRESS = re.compile(
    r"(?:/api)?/pictures/(thumbnails|thumbnails-square|previews|originals)/preview-files/"
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.png"
)
PREFIXES = {"originals": "original"}
MEMBERS = ("manager", "supervisor", "user", "client")
LARGEST = 1024 * 1024
COOKIE = f"{ACCESS_COOKIE}=".encode()


class Answer(NamedTuple):
    """What goes back to the client."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Asked(NamedTuple):
    """A picture, and who asks for it."""

    prefix: str
    preview_id: str
    headers: Headers


def asked(scope: dict[str, Any]) -> Asked | None:
    """The picture that a request asks for, if it is one that may be answered here."""
    if scope["method"] != "GET" or settings.CORS_ALLOWED_ORIGINS:
        return None
    match = ADDRESS.fullmatch(scope["path"])
    if match is None:
        return None
    headers = dict(scope["headers"])
    pages = settings.KITSU_WEB and b"text/html" in headers.get(b"accept", b"")
    if b"range" in headers or pages or parse_qsl(scope.get("query_string", b"")):
        return None
    return Asked(PREFIXES.get(match[1], match[1]), match[2], headers)


@lru_cache(4096)
def verified(token: str) -> dict[str, Any] | None:
    """The claims of a token that we signed; whether it is still good for anything is not told."""
    try:
        return claims_of(token)
    except Refusal:
        return None


def claims(headers: Headers) -> dict[str, Any] | None:
    """The claims of a signed-in person's own token, if the request carries one that has not run out."""
    parts = (part.strip() for part in headers.get(b"cookie", b"").split(b";"))
    token = next((part[len(COOKIE) :] for part in parts if part.startswith(COOKIE)), b"").strip(b'"')
    if not token:
        kind, _, token = headers.get(b"authorization", b"").partition(b" ")
        if kind != b"Bearer":
            return None
    found = verified(token.decode("latin-1").strip())
    if found is None or found.get("identity_type") != PERSON or found.get("type") != "access" or found.get("requires_2fa_setup"):
        return None
    moment = time.time()
    return found if found.get("nbf", 0) <= moment < found.get("exp", 0) else None


def shown(preview_id: Any, person_id: Any, session_id: Any) -> "QuerySet[Any]":
    """The preview's status and date, whether the session is open, and the person's role in its production, if they have one."""
    own = Person.objects.filter(active=True, preview_project=None)
    alive = Exists(Session.objects.filter(pk=session_id, person_id=person_id, revoked=False, person__in=own))
    links = ProjectPersonLink.objects.order_by().filter(person_id=person_id, project_id=OuterRef("task__project_id"))
    role = Subquery(links.values(found=Coalesce("role", "person__role"))[:1])
    admin = Exists(Person.objects.filter(pk=person_id, role="admin"))
    found = PreviewFile.objects.order_by().filter(pk=preview_id)
    return found.values_list("status", "updated_at", alive, role, admin)


SHOWN = Prepared(shown)


def may_see(request: Asked) -> Any:
    """The date of the preview, if it has its pictures and whoever asks belongs to its production; else None."""
    found = claims(request.headers)
    if found is None:
        return None
    try:
        _, rows = SHOWN.fetch(request.preview_id, found["sub"], found["refresh_jti"])
    except (KeyError, ValueError, TypeError):
        return None
    if not rows:
        return None
    status, modified, alive, role, is_admin = rows[0]
    return modified if alive and status != "processing" and (is_admin or role in MEMBERS) else None


def answer(request: Asked) -> Answer | None:
    """The picture, or that the client has it already; None for whatever the view has to say."""
    store = storage.storage_of(PICTURES)
    if not isinstance(store, FolderStorage):
        return None
    try:
        if connection.close_at is not None and time.monotonic() >= connection.close_at and not connection.in_atomic_block:
            connection.close()
        modified = may_see(request)
    except DatabaseError:
        connection.close()  # whatever is wrong with it, the view asks on a connection that it has tried
        return None
    if modified is None:
        return None
    try:
        handle = os.open(store.place(storage.key(request.prefix, request.preview_id)), os.O_RDONLY)
    except OSError:
        return None
    try:
        stat = os.fstat(handle)
        if stat.st_size > LARGEST:
            return None
        return picture(request, stat, modified, handle)
    finally:
        os.close(handle)


def picture(request: Asked, stat: os.stat_result, modified: Any, handle: int) -> Answer:
    """The answer with the file's validators."""
    headers, etag, date = stamp(stat, modified)
    known = {
        name: request.headers.get(name.lower().encode(), b"").decode("latin-1") for name in ("If-None-Match", "If-Modified-Since")
    }
    weak = "W/" in known["If-None-Match"]
    if is_unchanged(known, etag, date):
        unchanged = {**headers, "Vary": "Accept-Encoding", "ETag": f"W/{etag}" if weak else etag}
        return Answer(304, written(unchanged.items()), b"")
    body = os.read(handle, stat.st_size)
    return Answer(200, written([*headers.items(), ("Content-Type", "image/png"), ("Content-Length", str(len(body)))]), body)


def written(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Headers as the server takes them, with those that every answer carries."""
    found = {**SAFE_HEADERS, **dict(headers)}
    if settings.KITSU_WEB:
        found["Vary"] = "Accept-Encoding, Accept" if "Vary" in found else "Accept"
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in found.items()]
