"""Reading uploads out of a request."""

from typing import Any

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from core.api.parsers import Unreadable
from core.errors import BAD_JSON, Refusal, WrongParameter

NOT_PROVIDED = "File not provided."


def uploads_of(request: Request) -> list[Any]:
    """Every uploaded file, whatever its field is called."""
    try:
        return [upload for name in request.FILES for upload in request.FILES.getlist(name)]
    except (UnsupportedMediaType, Unreadable):
        return []


def upload_of(request: Request, name: str = "file", *, missing: bool = False) -> Any:
    """The file of a field. Raises WrongParameter where there is none; with `missing`, the words of an unreadable request."""
    try:
        found = request.FILES.get(name)
    except (UnsupportedMediaType, Unreadable):
        found = None
    if found is None:
        raise Refusal(BAD_JSON) if missing else WrongParameter(NOT_PROVIDED)
    return found
