"""Path parts that Django's own converters do not know."""

import re
from typing import Any
from uuid import UUID

from django.urls import register_converter

UUID_FORM = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


def is_uuid(value: Any) -> bool:
    """A text in the 8-4-4-4-12 form, any letter case, with nothing around it."""
    return isinstance(value, str) and UUID_FORM.fullmatch(value) is not None


class AnyCaseUuid:
    """An id in any letter case; anything else is not this route, so it ends as a 404."""

    regex = UUID_FORM.pattern

    def to_python(self, value: str) -> UUID:
        """The id."""
        return UUID(value)

    def to_url(self, value: Any) -> str:
        """The id as the API writes it."""
        return str(value).lower()


register_converter(AnyCaseUuid, "id")
