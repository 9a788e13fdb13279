"""Comments as conversations: which of them a person may read, and the people, previews and files that are shown with them."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from core.api.access import Scope
from core.json import loads
from core.jsontext import nested_row
from core.projection import Projection, Row
from core.sql import AsText, Prepared, PreparedForMany
from people.models import Person
from people.permissions import role, role_in
from people.readers import PERSON
from production.readers import TASK_STATUS
from tasks.listings import author_role
from tasks.models import Comment, Task
from tasks.readers import COMMENT, short_persons

STATUS = {name: F(f"task_status__{name}") for name in ("name", "short_name", "color")}
ATTACHMENT = ("id", "name", "extension", "size")
PREVIEW = (
    *("id", "task_id", "revision", "extension", "width", "height", "duration", "status", "validation_status"),
    *("original_name", "position", "annotations"),
)
# Who reads every comment.
OVERSEERS = ("admin", "manager", "supervisor")
UNSAID: dict[str, Any] = {"text": "", "attachment_files": [], "checklist": [], "replies": []}

CREATED = Projection(
    Comment,
    relations=COMMENT.relations,
    embedded={"task_status": nested_row(TASK_STATUS, "task_status"), "person": nested_row(PERSON, "person")},
)
LISTED = Projection(
    Comment,
    relations=("mentions", "department_mentions", "acknowledgements"),
    computed={f"status_{name}": path for name, path in STATUS.items()},
)


def readable_by(person: Person, task: Task, comments: QuerySet[Any]) -> QuerySet[Any]:
    """The comments of a task that a person may read, each with `unsaid`: shown to a client for its previews' sake alone."""
    found = role_in(person, task.project_id)
    if found in OVERSEERS:
        return comments.annotate(unsaid=Value(False))
    if found != "client":
        return comments.annotate(author_role=author_role(task.project_id), unsaid=Value(False)).exclude(author_role="client")
    isolated = bool(task.project and task.project.is_clients_isolated)
    by_clients = Q(person=person) if isolated else Q(person__role="client")
    with_previews = Exists(Comment.previews.through.objects.filter(comment_id=OuterRef("pk")))
    own = Q(for_client=True) | by_clients
    unsaid = Case(When(own, then=Value(False)), default=Value(True))
    return comments.annotate(unsaid=unsaid).filter(own | (with_previews & ~Q(person__role="client")))


def may_read(person: Person, comment: Comment, task: Task) -> bool:
    """A person who may open the task may read the comment."""
    if person.is_admin:
        return True
    found = role_in(person, task.project_id)
    if found in ("manager", "supervisor"):
        return True
    by_client = role(comment.person, Scope(project_id=task.project_id)) == "client"
    if found != "client":
        return not by_client
    isolated = bool(task.project and task.project.is_clients_isolated)
    if isolated and comment.person_id != person.pk and not comment.for_client:
        return False
    return by_client or bool(comment.for_client)


@cache
def preview_statement(for_client: bool) -> PreparedForMany:
    """The statement that reads the previews of comments in short; clients are spared the rejected ones."""
    names = {f"p_{name}": F(f"previewfile__{name}") for name in PREVIEW} | {"p_annotations": AsText("previewfile__annotations")}

    def of_comments(comment_ids: list[Any]) -> Any:
        links: Any = Comment.previews.through.objects.filter(comment_id__in=comment_ids)
        if for_client:
            links = links.exclude(previewfile__validation_status="rejected")
        links = links.order_by("previewfile__revision", "previewfile__position", "previewfile__created_at")
        return links.values("comment_id", **names)

    return PreparedForMany(of_comments)


def previews_of(comment_ids: list[Any], *, for_client: bool) -> dict[str, list[Row]]:
    """The previews of comments in short, by comment, in one statement."""
    found: dict[str, list[Row]] = {}
    names, rows = preview_statement(for_client).fetch(comment_ids)
    for values in rows:
        short = {name.removeprefix("p_"): value for name, value in zip(names, values, strict=True)}
        short["annotations"] = parsed(short["annotations"])
        found.setdefault(str(short.pop("comment_id")), []).append(short)
    return found


@cache
def whole_preview() -> Projection:
    """Previews with all their fields."""
    return Projection(apps.get_model("files", "PreviewFile"))


def whole_previews(comments: Iterable[Any]) -> dict[str, list[Row]]:
    """The previews of comments with all their fields, by comment, in one statement."""
    reader = whole_preview()
    through: Any = Comment.previews.through
    links = list(through.objects.filter(comment_id__in=list(comments)).values_list("comment_id", "previewfile_id"))
    rows = {row["id"]: row for row in reader.some([preview_id for _, preview_id in links], relations=False)}
    found: dict[str, list[Row]] = {}
    for comment_id, preview_id in links:
        found.setdefault(str(comment_id), []).append(rows[str(preview_id)])
    return {pk: sorted(previews, key=lambda row: (row["revision"] or 0, row["position"] or 0)) for pk, previews in found.items()}


@cache
def attachment_statement(more: tuple[str, ...]) -> PreparedForMany:
    """The statement that reads the attachments of comments in short."""

    def of_comments(comment_ids: list[Any]) -> Any:
        files: Any = apps.get_model("files", "AttachmentFile")._default_manager.filter(comment_id__in=comment_ids)
        return files.order_by("created_at", "id").values("comment_id", *ATTACHMENT, *more)

    return PreparedForMany(of_comments)


def attachments_of(comment_ids: list[Any], *more: str) -> dict[str, list[Row]]:
    """The attachments of comments in short, by comment, in one statement; `more` names further columns."""
    names, rows = attachment_statement(more).fetch(comment_ids)
    found: dict[str, list[Row]] = {}
    for values in rows:
        row = dict(zip(names, values, strict=True))
        found.setdefault(str(row.pop("comment_id")), []).append(row)
    return found


def parsed(value: Any) -> Any:
    """The value of a JSON column as it was read."""
    return None if value is None else loads(value)


def with_authors(replies: list[Row], people: dict[str, Row]) -> list[Row]:
    """Replies, each with its author in short."""
    return [{**reply, "person": people.get(str(reply.get("person_id")))} for reply in replies]


def listing(comments: QuerySet[Any]) -> Any:
    """Comments of `readable_by` as a conversation shows them, newest first."""
    return LISTED.query(comments.order_by("-created_at", "-id"), relations=True, _unsaid=F("unsaid"))


WHOLE_CONVERSATION = Prepared(lambda task_id: listing(Comment.objects.filter(object_id=task_id).annotate(unsaid=Value(False))))


def conversation(task: Task, *, reader: Person) -> list[Row]:
    """The comments of a task that a person may read, newest first, in a constant number of statements."""
    if role_in(reader, task.project_id) in OVERSEERS:
        rows = list(LISTED.shape_values(*WHOLE_CONVERSATION.fetch(task.pk)))
    else:
        rows = list(LISTED.shape(listing(readable_by(reader, task, Comment.objects.filter(object_id=task.pk)))))
    ids = [row["id"] for row in rows]
    previews = previews_of(ids, for_client=role_in(reader, task.project_id) == "client") if ids else {}
    attachments = attachments_of(ids, "reply_id") if ids else {}
    for row in rows:
        row["replies"] = parsed(row["replies"]) or []
    named = {reply.get("person_id") for row in rows for reply in row["replies"]}
    people = short_persons({*named, *(row["person_id"] for row in rows), *(row["editor_id"] for row in rows)}) if rows else {}
    return [listed(row, people, previews.get(row["id"], []), attachments.get(row["id"], [])) for row in rows]


def listed(row: Row, people: dict[str, Row], previews: list[Row], attachments: list[Row]) -> Row:
    """One comment of a conversation."""
    row["person"] = people.get(row["person_id"])
    if row["editor_id"] is not None:
        row["editor"] = {name: value for name, value in people[row["editor_id"]].items() if name != "full_name"}
    row["task_status"] = {"id": row["task_status_id"], **{name: row.pop(f"status_{name}") for name in STATUS}}
    row["previews"], row["attachment_files"] = previews, attachments
    row["replies"] = with_authors(row["replies"], people)
    return {**row, **UNSAID} if row.pop("unsaid") else row


def opened(comment_id: Any, *, with_previews: bool, for_client: bool) -> Row:
    """One comment with its relations, its author, its repliers and its files. Raises the model's DoesNotExist."""
    row = COMMENT.one(comment_id)
    replies = parsed(row["replies"]) or []
    people = short_persons({row["person_id"], *(reply.get("person_id") for reply in replies)})
    row["person"], row["replies"] = people.get(row["person_id"]), with_authors(replies, people)
    row["attachment_files"] = attachments_of([comment_id]).get(str(comment_id), [])
    if with_previews:
        row["previews"] = previews_of([comment_id], for_client=for_client).get(str(comment_id), [])
    return row


def created(comments: Iterable[Comment]) -> list[Row]:
    """New comments as their creation answers them, with the whole status and author, in a constant number of statements."""
    comments = list(comments)
    ids = [comment.pk for comment in comments]
    rows = CREATED.some(ids)
    attachments = attachments_of(ids) if any(loads(row["attachment_files"]) for row in rows) else {}
    for row in rows:
        row["attachment_files"] = attachments.get(row["id"], [])
    return rows
