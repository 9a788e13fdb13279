"""Reading bodies: strict JSON for rows, and bodies of known fields that may also come as a form or a query string."""

import re
from typing import Any, TypeVar

import orjson
from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from core.errors import BAD_JSON, EMPTY_BODY, NOT_JSON, TOO_LARGE, Refusal, RowRefused, WrongBody, WrongParameter

NUL = "\x00"


class Unreadable(Refusal):
    """The body is not what its content type says, or has no content type that can be read."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class JsonParser(BaseParser):
    """JSON bodies, read by orjson."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The body's value. Raises Unreadable when it is not JSON or is too long."""
        text = stream.read(settings.MAX_JSON_LENGTH + 1)
        if len(text) > settings.MAX_JSON_LENGTH:
            raise Unreadable(TOO_LARGE, 413)
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Unreadable(BAD_JSON, 400) from None
        if b"\\u0000" in text:
            refuse_nul(value)
        return value


def refuse_nul(value: Any) -> None:
    """Raises RowRefused where a text holds a NUL character, which no database column takes."""
    if isinstance(value, str):
        if NUL in value:
            raise RowRefused("One of the provided values has an invalid format.")
    elif isinstance(value, list):
        for item in value:
            refuse_nul(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_nul(key)
            refuse_nul(item)


def is_json(request: Request) -> bool:
    """The request says that its body is JSON, or one of the forms of `application/` that are written in it."""
    kind = (request.content_type or "").split(";")[0].strip().lower()
    return kind == JsonParser.media_type or kind.startswith("application/") and kind.endswith("+json")


def row_body(request: Request) -> dict[str, Any]:
    """The JSON object that a generic route was sent. Raises what the API answers to anything else."""
    if not is_json(request):
        raise Unreadable(NOT_JSON, 415)
    if request.stream is None:  # nothing was sent, which is no JSON either
        raise Unreadable(BAD_JSON, 400)
    value = request.data
    if value is None:
        raise WrongParameter(EMPTY_BODY)
    if not isinstance(value, dict):
        raise WrongParameter("A JSON object is expected.")
    return value


class Body(BaseModel):
    """A body of known fields; unknown ones are ignored. Its messages are the ones that clients of the API know."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


SomeBody = TypeVar("SomeBody", bound=Body)


def loose_body(request: Request) -> Any:
    """The JSON value sent, or the form and query fields together where no JSON can be read."""
    if is_json(request):
        try:
            return request.data
        except Unreadable as refusal:
            if refusal.status == 413:
                raise
    fields: dict[str, Any] = {name: request.query_params[name] for name in request.query_params}
    if not is_json(request) and request.content_type:
        sent: Any = request.data
        fields.update({name: sent[name] for name in sent} if hasattr(sent, "keys") else {})
    refuse_nul(fields)
    return fields


def typed_body(request: Request, kind: type[SomeBody]) -> SomeBody:
    """The body checked against its known fields. Raises WrongBody with every faulty field."""
    value = loose_body(request)
    try:
        return kind.model_validate({} if value is None else value)
    except ValidationError as failure:
        raise WrongBody([{"field": ".".join(map(str, e["loc"])), "message": words_of(e)} for e in failure.errors()]) from None


PLACE = re.compile(r" at (\d+)$")
LENGTH = re.compile(r"invalid (length: found \d+|group count: expected 5, found 1)$")


def words_of(error: Any) -> str:
    """The words for a faulty field. Clients know the place of a character that no id has as counted from 1, and the length of
    an id without dashes as one of 32."""
    if error["type"] == "uuid_parsing":
        words = PLACE.sub(lambda found: f" at {int(found[1]) + 1}", error["msg"])
        return LENGTH.sub(f"invalid length: expected length 32 for simple format, found {len(error['input'])}", words)
    return error["msg"]


def id_list_body(request: Request, *, optional: bool = False) -> list[str]:
    """A bare JSON array of ids. With `optional`, an absent body, `null` and `{}` count as no selection."""
    from core.api.converters import is_uuid

    value = {} if request.stream is None else loose_body(request)  # the query string narrows here, it is no body
    if optional and value in (None, {}):
        return []
    if not isinstance(value, list):
        raise WrongParameter("Request body must be a JSON array.")
    if not all(is_uuid(item) for item in value):
        raise WrongParameter("Request body must only contain valid UUIDs.")
    return [item.lower() for item in value]
