"""How far a long command has come, shown to people who watch its terminal; a log sees nothing of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from core.progress import watched_by

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


def terminal_of(stream: Any) -> tuple[Any, bool]:
    """The stream that a command's output goes to, and whether it is a terminal."""
    stream = getattr(stream, "_out", stream)
    return stream, bool(getattr(stream, "isatty", bool)())


@contextmanager
def progress_bars(stream: Any, totals: Mapping[str, int] | None = None) -> Iterator[None]:
    """Bars on a stream, one for each kind of rows that `core.progress.advanced` tells of within the block.

    `totals` are the numbers of rows that are known beforehand. Where the stream is no terminal, nothing is shown.
    """
    stream, is_terminal = terminal_of(stream)
    if not is_terminal:
        yield
        return
    bars: dict[str, TaskID] = {}
    with Progress(*COLUMNS, console=Console(file=stream), transient=True) as shown:

        def tell(kind: str, rows: int) -> None:
            if kind not in bars:
                bars[kind] = shown.add_task(kind, total=(totals or {}).get(kind))
            shown.advance(bars[kind], rows)

        with watched_by(tell):
            yield


class StepBar:
    """One bar at a time, for the step under way, and lines above it; where the stream is no terminal, the lines alone."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.is_terminal = terminal_of(stream)
        self.step = ""
        self.shown: Progress | None = None

    def advance(self, step: str, done: int, total: int) -> None:
        """So many of all rows of a step are done; another step gets another bar."""
        if not self.is_terminal:
            return
        if self.shown is None or self.step != step:
            self.close()
            self.step, self.shown = step, Progress(*COLUMNS, console=Console(file=self.stream), transient=True)
            self.shown.add_task(step)
            self.shown.start()
        self.shown.update(self.shown.task_ids[0], completed=done, total=max(done, total))

    def write(self, line: str) -> None:
        """Prints a line; the bar stays below it."""
        if self.shown is None:
            print(line, file=self.stream)
        else:
            self.shown.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Takes the bar away."""
        if self.shown is not None:
            self.shown.stop()
        self.shown = None
