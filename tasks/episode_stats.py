"""Sums over a production's episodes: its tasks by type and status, and how many takes they needed."""

from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Coalesce

from core.projection import Row

ALL = "all"
SUMS = ("count", "frames", "drawings")
BUCKETS = ("done", "retake", "other")
EPISODE = "entity__parent__parent_id"
# Nobody draws a curve of more takes; a number typed by mistake must not make an endless answer.
MOST_TAKES = 1000

# A task that is done counts as such whatever else its status says.
BUCKET = Case(
    When(task_status__is_done=True, then=Value("done")),
    When(task_status__is_retake=True, then=Value("retake")),
    default=Value("other"),
    output_field=TextField(),
)


def nothing() -> Row:
    """The sums of no task."""
    return dict.fromkeys(SUMS, 0)


def add(sums: Row, row: Row) -> None:
    """Adds the sums of a group to others."""
    for name in SUMS:
        sums[name] += row[name]


def summed(tasks: QuerySet[Any], **by: Any) -> QuerySet[Any]:
    """The tasks of shots and scenes of episodes in groups: how many tasks, frames and drawings each has. One SQL statement."""
    within = tasks.order_by().filter(entity__parent__parent__isnull=False, task_type__isnull=False, task_status__isnull=False)
    rows = within.values(**{name: F(value) if isinstance(value, str) else value for name, value in by.items()})
    frames, drawings = Coalesce(Sum("entity__nb_frames"), 0), Coalesce(Sum("nb_drawings"), 0)
    return rows.annotate(count=Count("pk"), frames=frames, drawings=drawings)


def places(row: Row) -> list[tuple[str, str]]:
    """Under which episodes and task types a group counts."""
    return [(episode, kind) for episode in (str(row["episode"]), ALL) for kind in (str(row["kind"]), ALL)]


def status_sums(tasks: QuerySet[Any]) -> dict[str, dict[str, dict[str, Row]]]:
    """By episode, task type and status: how many tasks, frames and drawings."""
    found: dict[str, dict[str, dict[str, Row]]] = {}
    named = {"short": "task_status__short_name", "shade": "task_status__color"}
    for row in summed(tasks, episode=EPISODE, kind="task_type_id", status="task_status_id", **named):
        for episode, kind in places(row):
            statuses = found.setdefault(episode, {}).setdefault(kind, {})
            add(statuses.setdefault(str(row["status"]), {"name": row["short"], "color": row["shade"], **nothing()}), row)
    return found


def no_takes() -> Row:
    """The takes of no task."""
    return {"max_retake_count": 0, "evolution": {}, **{bucket: nothing() for bucket in BUCKETS}}


def take_sums(tasks: QuerySet[Any]) -> dict[str, dict[str, Row]]:
    """By episode and task type: what is done, what is to be done again, and for episodes how that evolved take by take."""
    found = {ALL: {ALL: no_takes()}}
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in summed(tasks, episode=EPISODE, kind="task_type_id", bucket=BUCKET, takes=Coalesce(F("retake_count"), 0)):
        for episode, kind in places(row):
            sums = found.setdefault(episode, {}).setdefault(kind, no_takes())
            sums["max_retake_count"] = max(sums["max_retake_count"], row["takes"])
            add(sums[row["bucket"]], row)
            if episode != ALL:
                groups.setdefault((episode, kind), []).append(row)
    for (episode, kind), rows in groups.items():
        found[episode][kind]["evolution"] = evolution(rows)
    return found


def evolution(rows: list[Row]) -> dict[str, Row]:
    """Take by take, how many tasks needed another one, and what the others are now."""
    takes: dict[str, Row] = {}
    for take in range(1, min(max(row["takes"] for row in rows), MOST_TAKES) + 1):
        sums = takes[str(take)] = {bucket: nothing() for bucket in BUCKETS}
        for row in rows:
            later = "done" if row["bucket"] == "done" else "other"
            add(sums["retake" if take <= row["takes"] else later], row)
    return takes
