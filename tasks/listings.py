"""Rows of tasks across productions: what people have to do, what awaits a check, what is open, each with the names around it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import (
    Case,
    Count,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assets.models import EntityLink
from assets.querysets import EPISODE, SEQUENCE
from core.jsontext import IdText, MomentText, QuotedText, object_text
from core.projection import Projection, Row
from core.sql import AsText
from production.models import ProjectPersonLink
from tasks.models import Comment, Task
from tasks.readers import type_and_status

NONE = Value("", output_field=TextField())


def episode_text() -> Expression:
    """The id of the episode that a task belongs to, or an empty text."""
    of_sequence = When(entity__entity_type__name=SEQUENCE, then=Coalesce(AsText("entity__parent_id"), NONE))
    otherwise = Coalesce(AsText("entity__parent__parent_id"), AsText("entity__source_id"), NONE)
    return Case(of_sequence, default=otherwise, output_field=TextField())


def episode_name() -> Expression:
    """The name of that episode; `MP` where the entity's source is no episode."""
    return Case(
        When(entity__entity_type__name=SEQUENCE, then=F("entity__parent__name")),
        When(entity__parent__parent__isnull=False, then=F("entity__parent__parent__name")),
        When(entity__source__entity_type__name=EPISODE, then=F("entity__source__name")),
        When(entity__source__isnull=False, then=Value("MP")),
        default=Value(None),
        output_field=TextField(),
    )


def author_role(project: Any) -> Expression:
    """The role of a comment's author in a production, as an expression over comments."""
    links = ProjectPersonLink.objects.order_by().filter(project_id=project, person_id=OuterRef("person_id"))
    return Coalesce(Subquery(links.values("role")[:1]), F("person__role"))


def last_comment() -> Expression:
    """The newest comment of a task that no client wrote, in short, as JSON text."""
    comments = Comment.objects.filter(object_id=OuterRef("pk")).annotate(_role=author_role(OuterRef(OuterRef("project_id"))))
    text = object_text({"text": QuotedText(F("text")), "date": MomentText(F("created_at")), "person_id": IdText(F("person_id"))})
    newest = comments.exclude(_role="client").order_by("-created_at", "-id").annotate(_text=text)
    return Coalesce(Subquery(newest.values("_text")[:1], output_field=TextField()), Value("{}"), output_field=TextField())


AROUND: dict[str, Any] = {
    "project_name": F("project__name"),
    "project_has_avatar": F("project__has_avatar"),
    "entity_name": F("entity__name"),
    "entity_description": F("entity__description"),
    "entity_preview_file_id": Coalesce(AsText("entity__preview_file_id"), NONE),
    "entity_source_id": Coalesce(AsText("entity__source_id"), NONE),
    "entity_type_name": F("entity__entity_type__name"),
    "entity_canceled": F("entity__canceled"),
    "sequence_name": F("entity__parent__name"),
    "episode_id": episode_text(),
    "episode_name": episode_name(),
    "task_type_for_entity": F("task_type__for_entity"),
}
SHOWN = ("type_name", "status_name", "type_color", "status_color", "status_short_name")
TODO_TASK = Projection(
    Task,
    relations=["assignees"],
    computed={
        **AROUND,
        "task_estimation": F("estimation"),
        "task_duration": F("duration"),
        "task_start_date": F("start_date"),
        "task_due_date": F("due_date"),
        **type_and_status(*SHOWN),
    },
    embedded={"entity_data": AsText("entity__data"), "last_comment": last_comment()},
)
OPEN_TASK = Projection(
    Task,
    relations=["assignees"],
    computed={**AROUND, **type_and_status(*SHOWN, prefix="")},
    embedded={"entity_data": AsText("entity__data")},
)
BY_NAMES = (
    "project__name",
    F("entity__parent__parent__name").asc(nulls_last=True),
    F("entity__parent__name").asc(nulls_last=True),
    "entity__entity_type__name",
    "entity__name",
    "task_type__name",
    "name",
    "id",
)
BLANK_COPIES = {"task_estimation": 0, "task_duration": 0, "task_start_date": None, "task_due_date": None}


def with_episodes(rows: Iterable[Row], tasks: QuerySet[Any]) -> Iterator[Row]:
    """Rows of tasks with the episodes in which their entity is cast, where there are any."""
    links = EntityLink.objects.filter(
        entity_in__entity_type__name=EPISODE, entity_out_id__in=tasks.order_by().values("entity_id")
    ).order_by("entity_in__name", "entity_in_id")
    cast: dict[str, list[tuple[str, str]]] = {}
    for entity_id, episode_id, name in links.values_list("entity_out_id", "entity_in_id", "entity_in__name"):
        cast.setdefault(str(entity_id), []).append((str(episode_id), name))
    for row in rows:
        episodes = cast.get(row["entity_id"])
        if episodes:
            row["episode_ids"] = [episode_id for episode_id, _ in episodes]
            row["episode_names"] = [name for _, name in episodes]
        yield row


def totals(tasks: QuerySet[Any], hidden: set[str]) -> Row:
    """How many tasks there are and their minutes, without those of productions that hide them from the reader."""
    shown = ~Q(project_id__in=hidden) if hidden else None
    found = tasks.order_by().aggregate(
        total=Count("pk"), total_duration=Sum("duration", filter=shown), total_estimation=Sum("estimation", filter=shown)
    )
    return {name: value or 0 for name, value in found.items()}
