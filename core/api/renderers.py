"""Writing answers: orjson for values, streams for lists too long to hold."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer

from core.json import dumps
from core.projection import CHUNK, Row, chunks


class JsonRenderer(BaseRenderer):
    """The one form in which the API answers."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """JSON, or nothing for an answer without a body."""
        response = (renderer_context or {}).get("response")
        if data is None and response is not None and response.status_code == 204:
            response.add_post_render_callback(name_type_of_nothing)
            return b""
        return dumps(data)


def name_type_of_nothing(response: Any) -> None:
    """Gives an answer without a body the type that clients know; the framework has just taken it away."""
    response["Content-Type"] = "text/html; charset=utf-8"


class JsonAlways(BaseContentNegotiation):
    """Whatever a client says it accepts, it gets JSON."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """The parser for the content type, or none."""
        from rest_framework.utils.mediatypes import media_type_matches

        from core.api.parsers import JsonParser, is_json

        kind = JsonParser.media_type if is_json(request) else request.content_type
        return next((parser for parser in parsers if media_type_matches(parser.media_type, kind)), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """JSON."""
        return renderers[0], renderers[0].media_type


def json_array(rows: Iterable[Row], status: int = 200) -> HttpResponse | StreamingHttpResponse:
    """A JSON array of rows: in one piece when it is short, else streamed by thousands with flat memory.

    The first rows are fetched before the answer begins, so what the database refuses still becomes a proper refusal.
    """
    pieces = chunks(rows)
    first = next(pieces, [])
    if len(first) < CHUNK:
        return HttpResponse(dumps(first), content_type="application/json", status=status)
    return StreamingHttpResponse(stream_array(first, pieces), content_type="application/json", status=status)


def stream_array(first: list[Row], rest: Iterator[list[Row]]) -> Iterator[bytes]:
    """The text of an array, list of rows by list of rows."""
    yield dumps(first)[:-1]
    for piece in rest:
        yield b"," + dumps(piece)[1:-1]
    yield b"]"
