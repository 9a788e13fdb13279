"""How far a long step has come, told to whoever watches it while it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What the watcher is told: the kind of rows, as people call them, and how many of them are done.
Watcher = Callable[[str, int], None]
watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(tell: Watcher) -> Iterator[None]:
    """Within it, `tell` hears of all that long steps of this thread get done."""
    token = watcher.set(tell)
    try:
        yield
    finally:
        watcher.reset(token)


def advanced(kind: str, rows: int) -> None:
    """Tells the watcher, if there is one, that so many rows of a kind are done."""
    if (tell := watcher.get()) is not None and rows:
        tell(kind, rows)
