"""Quotas: how much of the shots people finished, by day, week, month and year; and which shots those were."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce

from assets.models import Entity
from assets.querysets import SHOT
from core.projection import Projection, Row
from core.sql import LocalDay, Rounded
from tasks.models import Task, TimeSpent
from tasks.newsfeed import full_name

# Which date of a task counts, by the mode of counting; the weighted ones spread a task over the days on which it was worked on.
DATES = {"weighted": "end_date", "weighteddone": "done_date", "feedback": "end_date", "done": "done_date"}
WEIGHTED = ("weighted", "weighteddone")
UNITS = ("day", "week", "month", "year")
QUOTA_SHOT = Projection(Entity, computed={"full_name": full_name("")})
SHARE = F("duration") / F("task__duration")


@dataclass(frozen=True)
class Counting:
    """How to count: the mode, the zone in whose days, the conditions on the tasks, and the studio of an assignee."""

    mode: str
    zone: str
    where: dict[str, Any]
    studio_id: Any = None

    @property
    def ended(self) -> str:
        """The date that makes a task count."""
        return DATES[self.mode]

    def of_tasks(self) -> Q:
        """What belongs to the tasks that count."""
        names = {**self.where, "entity__entity_type__name": SHOT, f"{self.ended}__isnull": False}
        found = Q(**{f"task__{name}": value for name, value in names.items()})
        if self.studio_id is not None:
            theirs = links().filter(task_id=OuterRef("task_id"), person__studio_id=self.studio_id)
            found &= Q(Exists(theirs))
        return found

    def assignments(self) -> QuerySet[Any]:
        """Who is assigned to the tasks that count."""
        return links().filter(self.of_tasks())

    def time_spents(self) -> QuerySet[Any]:
        """The time spent on them."""
        return TimeSpent.objects.order_by().filter(self.of_tasks(), task__duration__gt=0)

    def untracked(self) -> QuerySet[Any]:
        """Who is assigned to those that were started although nobody noted time on them."""
        started = self.assignments().filter(task__real_start_date__isnull=False)
        return started.exclude(Exists(TimeSpent.objects.order_by().filter(task_id=OuterRef("task_id"))))


def links() -> QuerySet[Any]:
    """Assignments."""
    return Task.assignees.through.objects.order_by()


def known_zone(name: str | None) -> str:
    """A person's time zone, UTC where they have none that is known."""
    return name if name in available_timezones() else "UTC"


def working_days(start: datetime, end: datetime) -> list[date]:
    """The days between which a task's work is spread: its first, and every week day that begins before its end."""
    span = max((end - start).days, 0)
    later = (start.date() + timedelta(days=number) for number in range(1, span + 1))
    return [start.date(), *(day for day in later if day.weekday() < 5)]


@dataclass
class Sums:
    """What was made in a period: frames, drawings, and how many shots."""

    frames: int = 0
    drawings: int = 0
    count: float = 0

    def add(self, frames: float, drawings: float, count: float) -> None:
        """More of it."""
        self.frames += int(frames)
        self.drawings += int(drawings)
        self.count += count


Part = tuple[Any, date, float, float, float]  # whose, on which day, frames, drawings, count


def quotas(counting: Counting, key: str, fps: float, **people: Any) -> dict[str, Row]:
    """What was made by each `person_id` or, as `key` says, of each `task__task_type_id`, and in total. At most two statements."""
    parts = weighted_parts(counting, key, people) if counting.mode in WEIGHTED else whole_parts(counting, key, people)
    found: dict[str, dict[date, Sums]] = {}
    for owner, day, *amounts in parts:
        for name in (str(owner), "total"):
            found.setdefault(name, {}).setdefault(day, Sums()).add(*amounts)
    return {name: by_units(days, fps) for name, days in found.items()}


def whole_parts(counting: Counting, key: str, people: dict[str, Any]) -> Iterator[Part]:
    """Each task counts once for each assignee, on the day of its date."""
    rows = counting.assignments().filter(**people).exclude(**{key: None})
    rows = rows.annotate(_day=LocalDay(F(f"task__{counting.ended}"), counting.zone)).values_list(key, "_day")
    amounts = (Coalesce(Sum("task__entity__nb_frames"), 0), Coalesce(Sum("task__nb_drawings"), 0), Count("pk"))
    yield from rows.annotate(frames=amounts[0], drawings=amounts[1], count=amounts[2])


def weighted_parts(counting: Counting, key: str, people: dict[str, Any]) -> Iterator[Part]:
    """Each task counts by the share of its time on each day; without time noted, evenly on the week days that it took."""
    frames, drawings = (
        Coalesce(Sum(Rounded(Cast(name, FloatField()) * SHARE)), 0.0) for name in ("task__entity__nb_frames", "task__nb_drawings")
    )
    spent = counting.time_spents().filter(**people).exclude(**{key: None}).values_list(key, "date")
    yield from spent.annotate(frames=frames, drawings=drawings, count=Sum(SHARE))
    for owner, start, local, end, length, sketches, number in untracked_groups(counting, key, people):
        days = working_days(start, end)
        amounts = (number * round((length or 0) / len(days)), sketches, number / len(days))
        # The week days are those of UTC; they carry the dates that the first moment has where the reader is.
        shift = local - start.date()
        yield from ((owner, day + shift, *amounts) for day in days if day.weekday() < 5)


def untracked_groups(counting: Counting, key: str, people: dict[str, Any]) -> QuerySet[Any]:
    """Tasks without time noted, those of equal dates and lengths together: whose, start, its local day, end, frames; sums."""
    rows = counting.untracked().filter(**people).exclude(**{key: None})
    rows = rows.annotate(_day=LocalDay(F("task__real_start_date"), counting.zone))
    grouped = rows.values_list(key, "task__real_start_date", "_day", f"task__{counting.ended}", "task__entity__nb_frames")
    return grouped.annotate(sketches=Coalesce(Sum("task__nb_drawings"), 0), number=Count("pk"))


def unit_keys(day: date) -> tuple[str, str, str, str]:
    """A day, its ISO week, its month and its year as the answer names them."""
    year, week, _ = day.isocalendar()
    return day.isoformat(), f"{year}-{week}", f"{day:%Y-%m}", str(day.year)


def by_units(days: dict[date, Sums], fps: float) -> Row:
    """The sums of days, of weeks, of months and of years."""
    found: dict[str, dict[str, Sums]] = {unit: {} for unit in UNITS}
    for day in sorted(days):
        sums = days[day]
        for unit, name in zip(UNITS, unit_keys(day), strict=True):
            found[unit].setdefault(name, Sums()).add(sums.frames, sums.drawings, sums.count)
    return {unit: spelt(unit, sums, fps) for unit, sums in found.items()}


def spelt(unit: str, periods: dict[str, Sums], fps: float) -> Row:
    """The sums of one unit; with the number of its periods in each month or year."""
    answer: Row = {
        "frames": {name: sums.frames for name, sums in periods.items()},
        "seconds": {name: sums.frames / fps for name, sums in periods.items()},
        "count": {name: round(sums.count, 2) for name, sums in periods.items()},
        "drawings": {name: sums.drawings for name, sums in periods.items()},
    }
    if unit != "year":
        answer["entries"] = Counter(name.rpartition("-")[0] for name in periods)
    return answer


def quota_shots(counting: Counting, person_id: Any, first: date, last: date) -> list[Row]:
    """The shots that a person finished work on in a period, by name, each with the share of its task done then."""
    weights: dict[Any, float] = {}
    source = weighted_shots if counting.mode in WEIGHTED else whole_shots
    for shot_id, weight in source(counting, person_id, first, last):
        weights[shot_id] = weight if counting.mode not in WEIGHTED else weights.get(shot_id, 0) + weight
    shots = QUOTA_SHOT.rows(Entity.objects.order_by().filter(pk__in=weights)) if weights else ()
    found = {str(shot_id): weight for shot_id, weight in weights.items()}
    rows = [{**row, "weight": round(found[row["id"]], 2)} for row in shots]
    return sorted(rows, key=lambda row: row["full_name"])


def whole_shots(counting: Counting, person_id: Any, first: date, last: date) -> Iterable[tuple[Any, float]]:
    """The shots of the person's tasks whose date falls in the period."""
    rows = counting.assignments().filter(person_id=person_id)
    rows = rows.annotate(_day=LocalDay(F(f"task__{counting.ended}"), counting.zone)).filter(_day__gte=first, _day__lte=last)
    return [(shot_id, 1) for shot_id in rows.values_list("task__entity_id", flat=True).distinct()]


def weighted_shots(counting: Counting, person_id: Any, first: date, last: date) -> Iterator[tuple[Any, float]]:
    """The shots that the person noted time on in the period, and those of their tasks without time noted that it touches."""
    spent = counting.time_spents().filter(person_id=person_id, date__gte=first, date__lte=last)
    yield from spent.values_list("task__entity_id").annotate(weight=Sum(Rounded(SHARE * 100.0) / 100.0))
    ended = f"task__{counting.ended}"
    begun = {"task__real_start_date__date__lte": last, f"{ended}__date__gte": first}
    rows = counting.untracked().filter(person_id=person_id, **begun)
    for shot_id, start, end in rows.values_list("task__entity_id", "task__real_start_date", ended):
        days = working_days(start, end)
        touched = sum(first <= day <= last for day in days)
        if touched:
            yield shot_id, round(touched / len(days), 2)
