"""The one place where refusals become answers."""

import logging
from math import ceil
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.core.files.uploadhandler import StopUpload
from django.db import DataError, IntegrityError, OperationalError, connection
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import (
    BAD_FORMAT,
    BAD_JSON,
    BAD_METHOD,
    BROKEN_RULE,
    DUPLICATE,
    NOT_JSON,
    REFERENCED,
    REQUIRED,
    TOO_LARGE,
    Forbidden,
    NotFound,
    Refusal,
    RowRefused,
)
from core.json import dumps

log = logging.getLogger("callboard.api")
PG_SENTENCES = {"23505": DUPLICATE, "23503": REFERENCED, "23502": REQUIRED, "23514": BROKEN_RULE}
SQLITE_SENTENCES = {"UNIQUE": DUPLICATE, "FOREIGN KEY": REFERENCED, "NOT NULL": REQUIRED, "CHECK": BROKEN_RULE}


def database_sentence(error: Exception) -> str:
    """What the API says when the database refuses a row."""
    code = getattr(error.__cause__, "pgcode", None)
    if code:
        return PG_SENTENCES.get(code, BAD_FORMAT)
    return next((said for mark, said in SQLITE_SENTENCES.items() if mark in str(error).upper()), BROKEN_RULE)


def refusal_for(error: Exception) -> Refusal | None:
    """The refusal that an exception amounts to, or None for a defect of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ProtectedError | RestrictedError):
        return RowRefused(REFERENCED)
    if isinstance(error, IntegrityError):
        return RowRefused(database_sentence(error))
    if isinstance(error, DataError | OverflowError):
        return RowRefused(BAD_FORMAT)
    if isinstance(error, Http404 | ObjectDoesNotExist):  # what a rule needs may have gone since the view found it
        return NotFound()
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return Forbidden()
    if isinstance(error, exceptions.Throttled):
        return with_status(Refusal("Too many requests, retry later."), 429)
    if isinstance(error, exceptions.ValidationError):
        return RowRefused(BAD_FORMAT)
    if isinstance(error, exceptions.MethodNotAllowed):
        return with_status(Refusal(BAD_METHOD), 405)
    if isinstance(error, exceptions.Throttled):
        return with_status(Refusal("Too many requests, retry later."), 429)
    if isinstance(error, exceptions.UnsupportedMediaType):
        return with_status(Refusal(NOT_JSON), 415)
    if isinstance(error, RequestDataTooBig | StopUpload):
        return with_status(Refusal(TOO_LARGE), 413)
    if isinstance(error, exceptions.ParseError | SuspiciousOperation | ValidationError | UnicodeError | UnreadablePostError):
        return Refusal(BAD_JSON)
    if isinstance(error, OperationalError) and "pattern too complex" in str(error):
        return Refusal(BAD_FORMAT)
    if isinstance(error, OperationalError) and connection.vendor == "sqlite" and "locked" in str(error):
        return with_status(Refusal("The studio is busy, retry in a moment."), 503)
    return None


def with_status(refusal: Refusal, status: int) -> Refusal:
    """The refusal with another status than its class has."""
    refusal.status = status
    return refusal


def answer_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler."""
    refusal = refusal_for(error)
    if refusal is None:
        log.error("unexpected failure in %s", context.get("view"), exc_info=error)
        refusal = with_status(Refusal("Internal server error."), 500)
    wait = getattr(error, "wait", None)
    return Response(refusal.payload, status=refusal.status, headers={"Retry-After": str(ceil(wait))} if wait else None)


def answer(refusal: Refusal) -> HttpResponse:
    """A refusal as an answer outside DRF."""
    return HttpResponse(dumps(refusal.payload), status=refusal.status, content_type="application/json")


@csrf_exempt
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for unknown routes."""
    return answer(NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for defects outside DRF."""
    return answer(with_status(Refusal("Internal server error."), 500))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for requests that make no sense."""
    return answer(Refusal(BAD_JSON))
