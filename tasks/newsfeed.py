"""The news as feeds show them: pages of a production's or an entity's news, each with what is around its comment."""

from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Expression, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from assets.querysets import EPISODE, SEQUENCE, SHOT, TEMPORAL
from core.projection import Row
from core.sql import AsText, PreparedForMany
from tasks.models import CountedNews, News
from tasks.readers import short_persons


def full_name(path: str) -> Expression:
    """How feeds name an entity: `episode / sequence / shot`, `episode / sequence`, the episode, or `type / name`."""
    name, parent, grand = F(f"{path}name"), f"{path}parent", f"{path}parent__parent"
    slash, kind = Value(" / "), f"{path}entity_type__name"
    holding = Concat(F(f"{parent}__name"), slash, name, output_field=TextField())
    whole = Concat(F(f"{grand}__name"), slash, F(f"{parent}__name"), slash, name, output_field=TextField())
    return Case(
        When(**{kind: SHOT, f"{grand}__isnull": False}, then=whole),
        When(**{f"{kind}__in": [SHOT, SEQUENCE], f"{parent}__isnull": False}, then=holding),
        When(**{f"{kind}__in": [SHOT, SEQUENCE, EPISODE]}, then=name),
        default=Concat(F(kind), slash, name, output_field=TextField()),
        output_field=TextField(),
    )


def episode_of(path: str) -> Expression:
    """The id of the episode of a shot, a sequence or an asset."""
    kind = f"{path}entity_type__name"
    return Case(
        When(**{kind: SHOT}, then=AsText(f"{path}parent__parent_id")),
        When(**{kind: SEQUENCE}, then=AsText(f"{path}parent_id")),
        When(**{f"{kind}__in": TEMPORAL}, then=Value(None, output_field=TextField())),
        default=AsText(f"{path}source_id"),
        output_field=TextField(),
    )


ITEM: dict[str, Any] = {
    "task_type_id": F("task__task_type_id"),
    "task_status_id": F("comment__task_status_id"),
    "task_entity_id": F("task__entity_id"),
    "preview_file_extension": F("preview_file__extension"),
    "preview_file_revision": F("preview_file__revision"),
    "project_id": F("task__project_id"),
    "project_name": F("task__project__name"),
    "full_entity_name": full_name("task__entity__"),
    "episode_id": episode_of("task__entity__"),
    "entity_preview_file_id": F("task__entity__preview_file_id"),
}
COLUMNS = ("id", "author_id", "comment_id", "task_id", "preview_file_id", "created_at", "change")
NAMED = {f"_{name}": expression for name, expression in ITEM.items()}
KEPT = 256  # rows up to which a page is read by a statement that is kept
PAGE = PreparedForMany(lambda pks: News.objects.order_by().filter(pk__in=pks).values(*COLUMNS, **NAMED))


def items(news: QuerySet[Any], *, with_previews: bool = False) -> list[Row]:
    """News with all that feeds show of them, in at most four statements."""
    rows = [{name.removeprefix("_"): value for name, value in row.items()} | {"type": "News"} for row in page(news)]
    people = short_persons(row["author_id"] for row in rows) if rows else {}
    for row in rows:
        row["person"] = people.get(str(row["author_id"]))
    return with_revisions(rows) if with_previews and rows else rows


def page(news: QuerySet[Any]) -> list[Row]:
    """The rows of news, in their order. Planning so many joins takes longer than a page, so its statement is planned once."""
    pks = list(news.values_list("pk", flat=True)[: KEPT + 1])
    if len(pks) > KEPT:
        return list(news.values(*COLUMNS, **NAMED))
    names, values = PAGE.fetch(pks) if pks else ([], [])
    rows = (dict(zip(names, row, strict=True)) for row in values)
    found = {row["id"]: row for row in rows}
    return [found[pk] for pk in pks if pk in found]


def with_revisions(rows: list[Row]) -> list[Row]:
    """The same rows, each with all previews of its task and revision, in their order."""
    previews = apps.get_model("files", "PreviewFile").objects
    wanted = {(row["task_id"], row["preview_file_revision"]) for row in rows}
    found: dict[tuple[Any, Any], list[Row]] = {}
    shown = ("id", "name", "extension", "revision", "position", "status")
    tasks = {task_id for task_id, _ in wanted}
    for preview in previews.filter(task_id__in=tasks).order_by("position", "created_at").values("task_id", *shown):
        found.setdefault((preview.pop("task_id"), preview["revision"]), []).append(preview)
    return [{**row, "preview_files": found.get((row["task_id"], row["preview_file_revision"]), [])} for row in rows]


def counts(news: QuerySet[Any]) -> tuple[int, dict[str, int]]:
    """How many news there are, and how many of them changed a status, by the comment's present status: one statement."""
    return summed(news, "comment__task_status_id")


def counts_of_productions(projects: QuerySet[Any] | list[Any]) -> tuple[int, dict[str, int]]:
    """The same of all news of productions, given by their ids, without a look at the news themselves."""
    return summed(CountedNews.objects.filter(project_id__in=projects), "task_status_id")


def summed(rows: QuerySet[Any], status: str) -> tuple[int, dict[str, int]]:
    """How many rows there are, and how many of them are changes, by the status in that column."""
    groups = list(rows.order_by().values_list(status, "change").annotate(n=Count("*")))
    changes = {str(status_id): n for status_id, change, n in groups if change and status_id is not None}
    return sum(n for _, _, n in groups), changes
