"""Answering with a sheet."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from core.sql import CHUNK
from imports.sheets.writing import Cells, pieces

# The sheets of a production name no character set, those of the studio do.
PLAIN, WITH_CHARSET = "text/csv", "text/csv; charset=utf-8"


def csv_answer(header: Cells, rows: Iterable[Cells], name: str, kind: str = PLAIN) -> HttpResponse | StreamingHttpResponse:
    """A sheet as an answer: in one piece when it is short, else streamed with flat memory."""
    source = pieces(chain([header], rows))
    first, count = next(source)
    if count < CHUNK:
        response: Any = HttpResponse(first, content_type=kind)
    else:
        response = StreamingHttpResponse(chain([first], (piece for piece, _ in source)), content_type=kind)
    response["Content-Disposition"] = f"attachment; filename={name}"
    return response
