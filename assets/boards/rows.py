"""What the boards show: the fields of a row and of its tasks, kind by kind, in the order that compact answers promise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Case, F, JSONField, OuterRef, Value, When
from django.db.models.functions import Coalesce

from assets.models import Entity, EntityLink
from assets.querysets import ASSET, CONCEPT, EDIT, EPISODE, SCENE, SEQUENCE, SHOT
from assets.readers import base_type
from core.jsontext import (
    Fields,
    IdText,
    MemberText,
    NumberText,
    QuotedText,
    RawText,
    TextsOf,
    WithoutKeys,
    array_text,
    column_text,
    constant,
    object_text,
)
from core.sql import Selectable, related_ids

# What a client sees instead of these values of a task.
BLANKS: dict[str, Any] = {
    "assignees": [],
    "assigner_id": None,
    "completion_rate": 0,
    "difficulty": None,
    "done_date": None,
    "due_date": None,
    "duration": 0,
    "end_date": None,
    "estimation": 0,
    "last_comment_date": None,
    "nb_assets_ready": 0,
    "nb_drawings": 0,
    "priority": 0,
    "real_start_date": None,
    "retake_count": 0,
    "start_date": None,
}
ASSET_TASK = (
    "id due_date done_date duration entity_id estimation end_date is_subscribed last_comment_date last_preview_file_id priority"
    " real_start_date retake_count start_date difficulty task_status_id task_type_id assignees data"
)
SHOT_TASK = (
    "id duration due_date end_date done_date entity_id estimation is_subscribed last_comment_date last_preview_file_id"
    " nb_assets_ready priority real_start_date retake_count start_date difficulty nb_drawings task_status_id task_type_id"
    " assignees data"
)
EDIT_TASK = (
    "id duration due_date entity_id end_date estimation last_comment_date last_preview_file_id nb_assets_ready priority"
    " real_start_date retake_count start_date task_status_id task_type_id data is_subscribed assignees"
)
CONCEPT_TASK = (
    "id duration due_date end_date entity_id estimation last_comment_date nb_assets_ready priority real_start_date retake_count"
    " start_date task_status_id task_type_id data is_subscribed assignees"
)
PLAIN_TASK = (
    "id estimation entity_id end_date due_date done_date duration last_comment_date last_preview_file_id priority"
    " real_start_date retake_count start_date difficulty task_status_id task_type_id data is_subscribed assignees"
)
LINKED_TASK = (
    "id duration due_date end_date entity_id estimation last_comment_date nb_assets_ready priority real_start_date retake_count"
    " start_date task_status_id task_type_id assigner_id assignees"
)


@dataclass(frozen=True)
class Question:
    """What a board is asked: who asks, in which role, about what, and which metadata keys stay hidden, by production."""

    person: Any
    role: str = "admin"
    entity_id: str | None = None
    project_id: str | None = None
    episode_id: str | None = None
    only_own: bool = False
    hidden_keys: Mapping[str, set[str]] | None = None


@dataclass(frozen=True)
class Board:
    """One kind's board. `fields` gives the values of a row without its tasks; `ending` are the fields of the object form that come
    after the tasks, while compact rows always end with the tasks."""

    kind: str
    fields: Callable[[Question], Fields]
    task_names: str
    ending: Fields
    needs_parent: bool = False
    order: tuple[str, ...] = ()

    def row(self, question: Question, tasks: Selectable, *, compact: bool) -> Selectable:
        """A whole row as JSON text."""
        fields = self.fields(question)
        if compact:
            return array_text({**fields, **self.ending, "tasks": tasks})
        return object_text({**fields, "tasks": tasks, **self.ending})

    def header(self, *, compact: bool) -> dict[str, Any]:
        """What a reader of compact rows must know."""
        if not compact:
            return {"compact": False}
        fields = [*self.fields(Question(None)), *self.ending, "tasks"]
        return {"compact": True, f"{self.kind.lower()}_fields": fields, "task_fields": self.task_names.split()}


def columns(names: str) -> Fields:
    """Columns of the entity by their names."""
    return {name: column_text(Entity, name) for name in names.split()}


def members(names: str) -> Fields:
    """Keys of the metadata that stand beside it."""
    return {name: MemberText(F("data"), name) for name in names.split()}


def metadata(question: Question) -> Selectable:
    """The entity's metadata, `{}` for none, without what its production hides from the reader."""
    cases = [When(project_id=pk, then=WithoutKeys(F("data"), sorted(keys))) for pk, keys in (question.hidden_keys or {}).items()]
    return RawText(Case(*cases, default=F("data"), output_field=JSONField()) if cases else F("data"), absent="{}")


def casting_episodes(question: Question) -> Selectable:
    """The episodes that an asset is cast in, by name; they are known within one production alone."""
    if not question.project_id:
        return constant([])
    links = EntityLink.objects.filter(
        entity_out_id=OuterRef("pk"), entity_in__entity_type__name=EPISODE, entity_in__project_id=question.project_id
    )
    if question.episode_id not in (None, "all", "main"):
        episode_id: Any = question.episode_id
        links = links.filter(entity_in_id=episode_id)
    return TextsOf(links.order_by("entity_in__name").annotate(_text=IdText("entity_in_id")).values("_text"))


def asset_fields(question: Question) -> Fields:
    """A row of the assets' board."""
    return {
        **columns("id name"),
        "preview_file_id": IdText("preview_file_id", absent='""'),
        **columns("description"),
        "asset_type_name": QuotedText("entity_type__name"),
        "asset_type_id": IdText("entity_type_id"),
        **columns("canceled"),
        "ready_for": IdText("ready_for", absent='"None"'),
        "episode_id": IdText("source_id", absent='""'),
        "casting_episode_ids": casting_episodes(question),
        **columns("is_casting_standby is_shared"),
        "data": metadata(question),
    }


def shot_fields(question: Question) -> Fields:
    """A row of the shots' board."""
    return {
        **columns("canceled"),
        "data": metadata(question),
        **columns("description entity_type_id"),
        "episode_id": IdText("parent__parent_id"),
        "episode_name": QuotedText(Coalesce("parent__parent__name", Value(""))),
        **members("fps frame_in frame_out"),
        **columns("id name nb_frames parent_id preview_file_id project_id"),
        "project_name": QuotedText("project__name"),
        "sequence_id": IdText("parent_id"),
        "sequence_name": QuotedText("parent__name"),
        **columns("source_id nb_entities_out is_casting_standby"),
    }


def plain_fields(question: Question) -> Fields:
    """A row of the boards of sequences, episodes and scenes."""
    return {
        **columns("id name status"),
        "episode_id": IdText("parent_id", absent='"None"'),
        **columns("description"),
        **members("frame_in frame_out fps"),
        "preview_file_id": IdText("preview_file_id", absent='""'),
        **columns("canceled"),
        "data": metadata(question),
    }


def edit_fields(question: Question) -> Fields:
    """A row of the edits' board."""
    return {
        **columns("canceled"),
        "data": metadata(question),
        **columns("description entity_type_id"),
        "episode_id": IdText("parent_id"),
        "episode_name": QuotedText(Coalesce("parent__name", Value(""))),
        **columns("id name parent_id preview_file_id project_id"),
        "project_name": QuotedText("project__name"),
        **columns("source_id nb_entities_out"),
    }


def linked_fields(question: Question) -> Fields:
    """A row of the concepts linked to an entity."""
    return {
        **columns("canceled"),
        "data": metadata(question),
        **columns("description entity_type_id"),
        **members("fps frame_in frame_out"),
        **columns("id name nb_frames parent_id preview_file_id project_id"),
        "project_name": QuotedText("project__name"),
        **columns("source_id nb_entities_out is_casting_standby"),
    }


def concept_fields(question: Question) -> Fields:
    """A row of the concepts' board."""
    return {**linked_fields(question), "preview_file_status": QuotedText("preview_file__status")}


CONCEPT_LINKS: Fields = {"entity_concept_links": RawText(related_ids(Entity, "entity_concept_links"))}
CONCEPT_ENDING: Fields = {
    **CONCEPT_LINKS,
    "type": QuotedText(base_type()),
    **columns("updated_at created_at created_by"),
}
BOARDS = {
    ASSET: Board(ASSET, asset_fields, ASSET_TASK, {}, order=("entity_type__name", "name", "id")),
    SHOT: Board(SHOT, shot_fields, SHOT_TASK, {"type": constant(SHOT)}, needs_parent=True, order=()),
    SEQUENCE: Board(SEQUENCE, plain_fields, PLAIN_TASK, {}),
    EPISODE: Board(EPISODE, plain_fields, PLAIN_TASK, {}),
    SCENE: Board(SCENE, plain_fields, PLAIN_TASK, {}),
    EDIT: Board(EDIT, edit_fields, EDIT_TASK, {"type": constant(EDIT)}),
    CONCEPT: Board(CONCEPT, concept_fields, CONCEPT_TASK, CONCEPT_ENDING),
}
LINKED_CONCEPTS = Board(CONCEPT, linked_fields, LINKED_TASK, CONCEPT_ENDING)


def tasks_text(board: Board, question: Question, *, compact: bool) -> Selectable:
    """The tasks of an entity as a JSON array: all of them, or the reader's, for vendors and where the board shows those alone."""
    task = apps.get_model("tasks", "Task")
    rows = task.objects.order_by().filter(entity_id=OuterRef("pk"))
    if question.role == "vendor" or question.only_own:
        rows = rows.filter(assignees=question.person)
    fields = {name: task_text(task, name, question) for name in board.task_names.split()}
    text = array_text(fields) if compact else object_text(fields)
    return TextsOf(rows.annotate(_text=text).values("_text"))


def task_text(task: Any, name: str, question: Question) -> Selectable:
    """One value of a task; a client gets most of them blank."""
    if question.role == "client" and name in BLANKS:
        return constant(BLANKS[name])
    if name == "assignees":
        links = task.assignees.through.objects.filter(task_id=OuterRef("pk")).order_by()
        return TextsOf(links.annotate(_text=IdText("person_id")).values("_text"))
    if name == "is_subscribed":
        return subscribed(question)
    if name == "priority":
        return NumberText(Coalesce("priority", 0))
    return column_text(task, name)


def subscribed(question: Question) -> Selectable:
    """Whether the reader follows the task; told within one production alone."""
    if not question.project_id:
        return constant(False)
    followed = apps.get_model("tasks", "Subscription").objects.order_by().filter(person=question.person, task__isnull=False)
    return Case(When(pk__in=followed.values("task_id"), then=constant(True)), default=constant(False))
