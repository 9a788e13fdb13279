"""Finding the studio's own rows that the rows of an archive stand for: by id, then by what they are called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from imports.archives.parts import STUDIO_PARTS, StudioPart
from imports.archives.rows import Decoded, RowForm

BY_ID, BY_NAME, NEW = "id", "name", "new"


@dataclass
class Matching:
    """What became of the archive's rows of the studio.

    `ids` leads from ids of the archive to ids of the studio where these differ; `new` are the rows that the studio lacks, by
    model name; `told` has for each of them and each match by name what people call it.
    """

    ids: dict[str, str] = field(default_factory=dict)
    new: dict[str, list[Decoded]] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    found_by_id: int = 0

    @property
    def verdict(self) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
        """What two matchings must agree about."""
        return self.ids, self.told

    def new_ids(self) -> set[str]:
        """The ids of the rows that the studio lacks."""
        return {str(row.pk) for rows in self.new.values() for row in rows}

    def of(self, how: str) -> Iterator[tuple[str, str]]:
        """Models and names of what was matched by name, or is new."""
        return ((model, name) for model, name, found in self.told if found == how)


def match(rows: dict[str, list[Decoded]]) -> Matching:
    """Find the rows of every part of the studio, the parts in their order, since rows are also told apart by what they refer to.

    It costs two statements for each part, however many rows.
    """
    found = Matching()
    for part in STUDIO_PARTS:
        match_part(part, rows.get(part.model.__name__, []), found)
    return found


def match_part(part: StudioPart, rows: list[Decoded], matching: Matching) -> None:
    """Find the rows of one part."""
    name = part.model.__name__
    columns = {column for columns in part.alike for column in columns}
    present = list(part.model._base_manager.order_by("created_at", "pk").values("pk", *columns))
    by_id = {str(row["pk"]): row for row in present}
    known: list[Decoded] = []
    further: list[Decoded] = []
    for row in rows:
        (known if str(row.pk) in by_id else further).append(row)
    matching.found_by_id += len(known)
    taken = {str(row.pk) for row in known}
    for row in further:
        renamed(part, row, matching)
        pk = alike(part, row, (candidate for candidate in present if str(candidate["pk"]) not in taken))
        called = label(row)
        if pk is None:
            matching.new.setdefault(name, []).append(row)
            matching.told.append((name, called, NEW))
        else:
            taken.add(pk)
            matching.ids[str(row.pk)] = pk
            matching.told.append((name, called, BY_NAME))


def renamed(part: StudioPart, row: Decoded, matching: Matching) -> None:
    """Lets a row refer to the studio's own rows."""
    form = RowForm(part.reader)
    for column in form.keys:
        if row.values.get(column) is not None:
            row.values[column] = type(row.pk)(matching.ids.get(str(row.values[column]), str(row.values[column])))
    for column, ids in row.lists.items():
        row.lists[column] = [type(row.pk)(matching.ids.get(str(pk), str(pk))) for pk in ids]


def alike(part: StudioPart, row: Decoded, candidates: Iterable[dict[str, Any]]) -> str | None:
    """The id of the oldest candidate that is alike, or None."""
    options = list(candidates)
    for columns in part.alike:
        wanted = [folded(row.values.get(column)) for column in columns]
        if wanted[0] is None:
            continue
        for option in options:
            if [folded(option[column]) for column in columns] == wanted:
                return str(option["pk"])
        if part.alike[0] == ("email",):  # only who has no address is known by name
            return None
    return None


def folded(value: Any) -> Any:
    """A value as it is compared: letter case does not count, no text is none."""
    return (value.strip().casefold() or None) if isinstance(value, str) else value


def label(row: Decoded) -> str:
    """What people call a row."""
    values = row.values
    full_name = " ".join(part for part in (values.get("first_name"), values.get("last_name")) if part)
    return str(values.get("email") or values.get("name") or full_name or row.pk)
