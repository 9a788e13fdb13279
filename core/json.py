"""JSON as the API speaks it: compact, naive UTC times without fractions, ids as lower-case text."""

from typing import Any

import orjson

OPTIONS = orjson.OPT_OMIT_MICROSECONDS


def dumps(value: Any) -> bytes:
    """The JSON text of a value as UTF-8; `orjson.Fragment`s go in as they are."""
    return orjson.dumps(value, option=OPTIONS)


def loads(text: bytes | str | orjson.Fragment) -> Any:
    """The value of a JSON text or fragment. Raises ValueError when it is not JSON."""
    return orjson.loads(orjson.dumps(text) if isinstance(text, orjson.Fragment) else text)
