"""Reading a sheet: from the bytes of a CSV file to lines of cells by column, or a refusal that says what is wrong with it."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.conf import settings

from core.errors import TOO_LARGE, Refusal
from imports.sheets.writing import bared

DELIMITERS = ",;\t|"
HEADER_LENGTH = 2**16
QUOTED = re.compile(r'"(?:[^"]|"")*"?')
NO_DELIMITER = "Could not determine delimiter"
NUL = "The file holds NUL characters: it is not a CSV file."
TOO_MANY = "The file has more than {limit} lines of data."
TWICE = "The column '{name}' is there twice."


class TooLarge(Refusal):
    """The file is beyond what one import takes."""

    status = 413


class LineRefused(Refusal):
    """A line of a sheet can't be stored, and so nothing of the sheet is."""

    def __init__(self, message: str, line_number: int) -> None:
        super().__init__(message, line_number=line_number, imported_rows=0)
        self.line_number = line_number


@dataclass(frozen=True)
class Line:
    """One record: its cells by column, and the line of the file on which it ends."""

    number: int
    cells: dict[str, str]

    def cell(self, name: str) -> str | None:
        """A column's cell, or None where the file has none."""
        return self.cells.get(name)


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was sent: its columns in order, and its lines that are not blank."""

    columns: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)

    def refuse_doubles(self, read: Collection[str]) -> None:
        """Raises a refusal where a column that is read is there twice; others may be."""
        for name, count in Counter(self.columns).items():
            if count > 1 and name in read:
                raise Refusal(TWICE.format(name=name))


def read_sheet(content: bytes) -> Sheet:
    """The sheet in a CSV file. Raises a refusal where it is none, TooLarge where it is too long."""
    if len(content) > settings.MAX_CSV_LENGTH:
        raise TooLarge(TOO_LARGE)
    text = decoded(content)
    if "\x00" in text:
        raise Refusal(NUL)
    records = numbered(text, delimiter_of(text))
    header = next(((number, cells) for number, cells in records if any(cells)), None)
    if header is None:
        raise Refusal(NO_DELIMITER)
    columns = tuple(bared(cell) for cell in header[1])
    return Sheet(columns, list(lines_of(columns, records)))


def decoded(content: bytes) -> str:
    """The text of a file: Unicode with or without its mark, else as older spreadsheets of western Europe write."""
    encodings = ["utf-16"] if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else []
    for encoding in (*encodings, "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    return content.decode("latin-1")


def delimiter_of(text: str) -> str:
    """What stands between the cells: of the usual characters the most frequent in the header. Raises a refusal without any."""
    header = next((line for line in QUOTED.sub("", text[:HEADER_LENGTH]).splitlines() if line.strip()), "")
    counts = {character: header.count(character) for character in DELIMITERS}
    best = max(counts, key=lambda character: counts[character])
    if not counts[best] and header.strip() not in ("Name", ""):  # of all sheets, that of edits may have one column
        raise Refusal(NO_DELIMITER)
    return best


def numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records, each with the line on which it ends. Raises a refusal for broken quotes and endless cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise Refusal(f"Line {reader.line_num} can't be read: {error}.") from None


def lines_of(columns: tuple[str, ...], records: Iterator[tuple[int, list[str]]]) -> Iterator[Line]:
    """The lines below the header; blank ones are left out, cells beyond the header too."""
    limit = settings.MAX_CSV_ROWS
    count = 0
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > limit:
            raise TooLarge(TOO_MANY.format(limit=limit))
        yield Line(number, {name: bared(cell) for name, cell in zip(columns, cells, strict=False)})
