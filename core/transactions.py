"""Whole steps: one transaction, with work that is done once at its end."""

from collections.abc import Callable
from contextlib import ContextDecorator
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.transaction import Atomic

OUTERMOST = Atomic(using=None, savepoint=True, durable=False)
INNER = Atomic(using=None, savepoint=False, durable=False)
CHECK = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"

Work = Callable[[], None]


class Ending:
    """What a whole step still does before its commit, and what it does as the very last, each by a key that keeps it single."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self.last: dict[str, Work] = {}

    def run(self) -> None:
        """Does it all, with what it brings about in turn."""
        while self.works:
            self.works.pop(next(iter(self.works)))()
        if self.last:
            # What comes last makes others wait until the commit, which must then wait for nobody itself.
            check_references()
        for work in self.last.values():
            work()


class WholeStep(ContextDecorator):
    """A transaction that first does, at its outermost end and only on success, what `before_commit` and `collect` were given."""

    def __enter__(self) -> None:
        depth = getattr(connection, "whole_depth", 0)
        (INNER if depth else OUTERMOST).__enter__()
        connection.whole_depth = depth + 1  # type: ignore[attr-defined]

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if connection.whole_depth > 1:  # type: ignore[attr-defined]
            connection.whole_depth -= 1  # type: ignore[attr-defined]
            INNER.__exit__(kind, error, traceback)
            return
        try:
            if kind is None:
                ending().run()
                if len(connection.savepoint_ids):
                    # Within a wider transaction the commit, which checks references, is still to come: check them here.
                    connection.check_constraints()
        except BaseException as failure:
            leave()
            OUTERMOST.__exit__(type(failure), failure, failure.__traceback__)
            raise
        leave()
        OUTERMOST.__exit__(kind, error, traceback)


def ending() -> Ending:
    """What waits for the end of the step under way."""
    found: Ending | None = getattr(connection, "ending", None)
    if found is None:
        found = connection.ending = Ending()  # type: ignore[attr-defined]
    return found


def leave() -> None:
    """Nothing waits any more."""
    connection.whole_depth, connection.ending = 0, None  # type: ignore[attr-defined]


def whole_step() -> WholeStep:
    """A decorator or context manager for a rule: all that it writes, its events included, is stored together or not at all."""
    return WholeStep()


def before_commit(key: str, work: Work) -> None:
    """Does `work` once at the end of the whole step that is under way, or at once when none is; `key` keeps it single."""
    if getattr(connection, "whole_depth", 0):
        ending().works.setdefault(key, work)
    else:
        work()


def collect(key: str, item: Any, write: Callable[[list[Any]], None], *, last: bool = False) -> None:
    """Gives `item` to `write` at the end of the whole step, with all others of its key; a step that fails leaves nothing behind.

    What is `last` comes after all else, so that what it locks is not held for long: after it comes the commit.
    """
    if not getattr(connection, "whole_depth", 0):
        write([item])
        return
    waiting = ending().last if last else ending().works
    work: Any = waiting.get(key)
    if work is None:
        work = waiting[key] = partial(write, [])
    work.args[0].append(item)


def check_references() -> None:
    """Checks now what the commit would check: that all that is referred to is there. It may wait for others' changes to end.

    SQLite's transactions have one writer at a time, whose commit waits for nobody.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(CHECK)


def hold(key: str) -> None:
    """Makes transactions that hold the same key wait for each other, where no row stands for what they decide about.

    It must be called inside a transaction. SQLite's transactions have one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


on_commit = transaction.on_commit
