"""Whole steps: one transaction, with work that is done once at its end."""

from collections.abc import Callable
from contextlib import ContextDecorator
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.transaction import Atomic

OUTERMOST = Atomic(using=None, savepoint=True, durable=False)
INNER = Atomic(using=None, savepoint=False, durable=False)


class WholeStep(ContextDecorator):
    """A transaction that first does, at its outermost end and only on success, what `before_commit` was given."""

    def __enter__(self) -> None:
        depth = getattr(connection, "whole_depth", 0)
        (INNER if depth else OUTERMOST).__enter__()
        connection.whole_depth = depth + 1  # type: ignore[attr-defined]

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        connection.whole_depth -= 1  # type: ignore[attr-defined]
        if connection.whole_depth:  # type: ignore[attr-defined]
            INNER.__exit__(kind, error, traceback)
            return
        waiting, connection.before_commit = getattr(connection, "before_commit", {}), {}  # type: ignore[attr-defined]
        if kind is None:
            try:
                for work in waiting.values():
                    work()
                if len(connection.savepoint_ids):
                    # Within a wider transaction the commit, which checks references, is still to come: check them here.
                    connection.check_constraints()
            except BaseException as failure:
                OUTERMOST.__exit__(type(failure), failure, failure.__traceback__)
                raise
        OUTERMOST.__exit__(kind, error, traceback)


def whole_step() -> WholeStep:
    """A decorator or context manager for a rule: all that it writes, its events included, is stored together or not at all."""
    return WholeStep()


def before_commit(key: str, work: Callable[[], None]) -> None:
    """Does `work` once at the end of the whole step that is under way, or at once when none is; `key` keeps it single."""
    if not getattr(connection, "whole_depth", 0):
        work()
        return
    waiting = getattr(connection, "before_commit", None)
    if not waiting:
        waiting = connection.before_commit = {}  # type: ignore[attr-defined]
    waiting.setdefault(key, work)


def collect(key: str, item: Any, write: Callable[[list[Any]], None]) -> None:
    """Gives `item` to `write` at the end of the whole step, with all others of its key; a step that fails leaves nothing behind."""
    if not getattr(connection, "whole_depth", 0):
        write([item])
        return
    waiting = getattr(connection, "before_commit", None)
    if not waiting:
        waiting = connection.before_commit = {}  # type: ignore[attr-defined]
    waiting.setdefault(key, partial(write, [])).args[0].append(item)


def hold(key: str) -> None:
    """Makes transactions that hold the same key wait for each other, where no row stands for what they decide about.

    It must be called inside a transaction. SQLite's transactions have one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


on_commit = transaction.on_commit
