"""Texts of people, made into names for machines."""

import re


def slug(text: str, separator: str = "-") -> str:
    """The letters and digits of a text in ASCII and lower case, with a separator for whatever stands between them."""
    from text_unidecode import unidecode  # its table takes five megabytes, and few requests ask for it

    return re.sub(r"[^a-z0-9]+", separator, unidecode(text).lower()).strip(separator)
