"""What a plan's page shows: every line of the sheet with what becomes of it."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator

from imports.models import ImportPlan
from imports.rules.plans import digest_of
from imports.rules.sheets.base import CREATED, REFUSED, SKIPPED, UPDATED, Report
from imports.sheets.reading import read_sheet

LINES_PER_PAGE = 200
MOST_COLUMNS, LONGEST_CELL = 6, 60
WORDS = {CREATED: "Create", UPDATED: "Update", SKIPPED: "Skip", REFUSED: "Refuse"}


@dataclass
class Preview:
    """A plan's lines, refused ones first, a page of them with their cells."""

    plan: ImportPlan
    report: Report
    number: Any = 1
    columns: tuple[str, ...] = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        lines = sorted(self.report.lines, key=lambda line: line["outcome"] != REFUSED)
        self.page = Paginator(lines, LINES_PER_PAGE).get_page(self.number)
        sheet = read_sheet(bytes(self.plan.content))
        self.columns = tuple(dict.fromkeys(sheet.columns))[:MOST_COLUMNS]
        wanted = {line["line_number"] for line in self.page}
        self.cells = {line.number: line.cells for line in sheet.lines if line.number in wanted}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines of the page."""
        return [
            {
                "number": line["line_number"],
                "outcome": line["outcome"],
                "word": WORDS[line["outcome"]],
                "message": line["message"] or "",
                "cells": [cut(self.cells.get(line["line_number"], {}).get(name, "")) for name in self.columns],
            }
            for line in self.page
        ]

    @property
    def totals(self) -> list[tuple[str, str, int]]:
        """The numbers of lines by what becomes of them."""
        return [(outcome, WORDS[outcome], count) for outcome, count in self.report.totals.items()]

    @property
    def is_refused(self) -> bool:
        """A line is refused, and so the whole file is."""
        return bool(self.report.totals[REFUSED])

    @property
    def digest(self) -> str:
        """What stands for all that the page shows."""
        return digest_of(self.report)

    @property
    def place(self) -> str:
        """The pages in words, for those who hear them."""
        return f"Page {self.page.number} of {self.page.paginator.num_pages}"


def cut(text: str) -> str:
    """A cell that fits its column."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
