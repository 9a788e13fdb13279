"""Finding: the documents that have the words asked for, the best first, and what of them had the words."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from assets.models import SearchDocument
from assets.search.words import cleaned, pattern, recogniser, trigram_question, words_of
from core.projection import Row

TECHNICAL = ("frame_in", "frame_out", "fps", "handle_in", "handle_out")
FURTHEST = 2**31


@dataclass(frozen=True)
class Question:
    """What is looked for, and which part of what is found is wanted."""

    text: str
    limit: int
    offset: int

    @cached_property
    def words(self) -> list[str]:
        """The words, each of which a document must have."""
        return words_of(self.text)

    def documents(self, owner: str, rows: QuerySet[Any], *, metadata: bool = True) -> list[tuple[Any, str]]:
        """The ids of the rows found, with their titles, the best first; `owner` is the document's column with their id.

        Without `metadata`, names and descriptions alone count. One SQL statement.
        """
        if not self.words:
            return []
        found = SearchDocument.objects.filter(**{f"{owner}__in": rows.order_by().values("pk")})
        for word in self.words:
            found = found.filter(body__iregex=pattern(word))
            if not metadata:
                found = found.filter(text__iregex=pattern(word))
        if connection.vendor == "sqlite" and (asked := trigram_question(self.words)):
            found = found.filter(pk__in=RawSQL("SELECT rowid FROM search_text WHERE search_text MATCH %s", [asked]))
        best = found.annotate(distance=reduce(operator.add, map(distance, self.words))).order_by("distance", "name", "id")
        start = min(self.offset, FURTHEST)
        return list(best.values_list(owner, "title")[start : start + self.limit])

    def matched(self, texts: dict[str, str]) -> list[str]:
        """The names of those texts that have one of the words."""
        known = [recogniser(word) for word in self.words]
        return [name for name, text in texts.items() if any(expression.search(cleaned(text)) for expression in known)]


def distance(word: str) -> Case:
    """How far a document is from a word: it is in the title, begins a word there, nearly so, or is found elsewhere."""
    steps = (("title", f" {word} "), ("title", f" {word}"), ("title", pattern(word)), ("body", f" {word}"))
    whens = [When(Q(**{f"{column}__iregex": expression}), then=Value(far)) for far, (column, expression) in enumerate(steps)]
    return Case(*whens, default=Value(len(steps)), output_field=IntegerField())


def in_order(found: Iterable[tuple[Any, str]], rows: Iterable[Row]) -> list[tuple[Row, str]]:
    """The rows in the order in which they were found, each with its title."""
    known = {row["id"]: row for row in rows}
    return [(known[str(pk)], title) for pk, title in found if str(pk) in known]


def searched_texts(row: Row, title: str, metadata: dict[str, Any]) -> dict[str, str]:
    """What of an entity is searched, by the name under which a match is told."""
    values = {key: value if isinstance(value, str) else str(value) for key, value in metadata.items() if key not in TECHNICAL}
    return {"name": title, "description": row["description"] or "", **values}
