"""Boards as they are read: one statement for any number of rows, streamed by hundreds."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import orjson

from assets.boards.rows import BOARDS, Board, Question, tasks_text
from assets.models import Entity
from assets.querysets import ASSET, EPISODE, SEQUENCE, EntityQuerySet
from core.json import dumps
from core.sql import streamed
from people.permissions import team_project_ids

CHUNK = 100
Row = dict[str, Any]


def entities_of(board: Board, question: Question) -> EntityQuerySet:
    """The entities that the board shows to this reader."""
    rows = Entity.objects.of_kind(board.kind).order_by(*board.order)
    if board.needs_parent:
        rows = rows.filter(parent__isnull=False)
    if question.entity_id:
        rows = rows.filter(pk=question.entity_id)
    if question.project_id:
        rows = rows.filter(project_id=question.project_id)
    elif not question.person.is_admin:
        rows = rows.filter(project_id__in=team_project_ids(question.person))
    if question.episode_id and question.episode_id != "all":
        rows = of_episode(rows, board.kind, question.episode_id)
    return own(rows, board.kind, question)


def of_episode(rows: EntityQuerySet, kind: str, episode_id: str) -> EntityQuerySet:
    """Those of one episode; `main` are the assets and edits of none."""
    if kind == ASSET:
        return rows.filter(source=None) if episode_id == "main" else rows.of_episode(episode_id)
    if episode_id == "main":
        return rows.filter(parent=None) if kind == "Edit" else rows.none()
    return rows.filter(**{"parent__parent_id" if kind == "Shot" else "parent_id": episode_id})


def own(rows: EntityQuerySet, kind: str, question: Question) -> EntityQuerySet:
    """For a vendor what carries their work, and for whoever asks for their own work that alone."""
    if question.role == "vendor" and kind == SEQUENCE:
        return rows.with_shot_of(question.person)
    if question.role == "vendor" and kind == EPISODE:
        return rows.episode_with_work_of(question.person)
    if question.role == "vendor" or question.only_own:
        return rows.assigned_to(question.person)
    return rows


def row_query(board: Board, question: Question, rows: EntityQuerySet, *, compact: bool = False) -> Any:
    """The board's rows, each a JSON text."""
    text = board.row(question, tasks_text(board, question, compact=compact), compact=compact)
    return rows.annotate(_row=text).values_list("_row", flat=True)


def row_texts(board: Board, question: Question, rows: EntityQuerySet | None = None, *, compact: bool = False) -> Iterator[str]:
    """The board's rows, each a JSON text, in one statement that is fetched by and by."""
    found = entities_of(board, question) if rows is None else rows
    return streamed(row_query(board, question, found, compact=compact), CHUNK)


def board_row(kind: str, entity_id: Any, question: Question) -> Row | None:
    """The board's row of a single entity."""
    rows = Entity.objects.order_by().filter(pk=entity_id).of_kind(kind)
    if BOARDS[kind].needs_parent:
        rows = rows.filter(parent__isnull=False)
    text = next(iter(row_query(BOARDS[kind], question, rows)), None)
    return None if text is None else orjson.loads(text)


def primed(texts: Iterator[str]) -> tuple[Iterator[str], bool]:
    """The same rows, the first of them fetched already, so that what the database refuses can still become a refusal; and whether
    those are all."""
    first = list(islice(texts, CHUNK))
    return chain(first, texts), len(first) < CHUNK


def as_array(texts: Iterable[str], opening: bytes = b"[", closing: bytes = b"]") -> Iterator[bytes]:
    """The rows as one JSON array, in pieces."""
    rows = iter(texts)
    between = opening
    while piece := list(islice(rows, CHUNK)):
        yield between + ",".join(piece).encode()
        between = b","
    yield (closing if between == b"," else opening + closing)


def as_compact(board: Board, texts: Iterable[str]) -> Iterator[bytes]:
    """The rows as arrays, in an object that says what their places mean."""
    return as_array(texts, dumps(board.header(compact=True))[:-1] + b',"rows":[', b"]}")


def as_lines(board: Board, texts: Iterable[str], *, compact: bool) -> Iterator[bytes]:
    """A line that says what follows, then a line a row."""
    yield dumps(board.header(compact=compact)) + b"\n"
    rows = iter(texts)
    while piece := list(islice(rows, CHUNK)):
        yield "\n".join([*piece, ""]).encode()
