"""The rows of a demonstration studio on their way into the database."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

PIECE = 2000
HISTORY_DAYS = 300
Item = TypeVar("Item")


class Draft:
    """Collects rows and stores them by thousands; with `dry` it only counts them.

    All that is invented comes from one random source, so the same seed and day give the same studio. `today` is the day on
    which the story ends.
    """

    def __init__(self, *, seed: int, today: date, dry: bool = False) -> None:
        self.random = random.Random(seed)  # noqa: S311 invented values, no secrets
        self.today, self.dry = today, dry
        self.first_day = today - timedelta(days=HISTORY_DAYS)
        self.counts: Counter[str] = Counter()
        self.waiting: dict[type[models.Model], list[models.Model]] = {}

    def new_id(self) -> UUID:
        """A random id that the seed decides."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def moment(self, day: int, *, hour: int = 9) -> datetime:
        """A moment within the working hours of a day of the story, counted from its first."""
        start = datetime(self.first_day.year, self.first_day.month, self.first_day.day, hour)
        return start + timedelta(days=day, seconds=self.random.randrange(9 * 3600), microseconds=self.random.randrange(10**6))

    def pick(self, items: Sequence[Item]) -> Item:
        """Any of the items."""
        return items[int(self.random.random() * len(items))]

    def new(self, model: type[models.Model], *, at: datetime | None = None, changed: datetime | None = None, **values: Any) -> Any:
        """A further row: created at a moment, last changed at another. It can still be changed until `add`."""
        at = at or self.moment(0)
        return model(id=self.new_id(), created_at=at, updated_at=changed or at, **values)

    def add(self, row: Item) -> Item:
        """Takes a finished row."""
        kind = type(row)
        self.counts[kind._meta.db_table] += 1  # type: ignore[attr-defined]
        if not self.dry:
            waiting = self.waiting.setdefault(kind, [])  # type: ignore[arg-type]
            waiting.append(row)  # type: ignore[arg-type]
            if len(waiting) >= PIECE:
                self.store(kind)  # type: ignore[arg-type]
        return row

    def link(self, through: type[models.Model], **ids: Any) -> None:
        """Takes a row of a link table that has no columns of its own."""
        self.add(through(**ids))

    def store(self, kind: type[models.Model]) -> None:
        """Writes what waits of a table. References may lead to rows that come later: they are checked at the end."""
        kind._base_manager.bulk_create(self.waiting.pop(kind, []))

    def finish(self) -> None:
        """Writes all that still waits."""
        for kind in list(self.waiting):
            self.store(kind)


def spread(total: int, slots: int) -> list[int]:
    """`total` things over so many slots, as evenly as it goes."""
    if not slots:
        return []
    each, more = divmod(total, slots)
    return [each + (number < more) for number in range(slots)]
