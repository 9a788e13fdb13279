"""The durable record of how far a move has come, so that a killed one goes on where it stopped."""

import fcntl
import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from imports.kitsu.source import SourceFailed


class Journal:
    """A file of lines of JSON, each on disk before the next step begins. One process at a time holds it.

    `began` is when the move under way began, by the source's clock; `done` its finished steps; `last` when the last finished
    move began: what changed since then is not here yet.
    """

    def __init__(self, address: str, project: str | None, *, restart: bool = False) -> None:
        folder = Path(settings.DATA_DIR) / "imports"
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(f"{address} {project or ''}".encode()).hexdigest()[:16]
        self.path = folder / f"import-kitsu-{digest}.ndjson"
        self.file = self.path.open("a+")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SourceFailed("Another import of the same is under way.") from None
        self.began: datetime | None = None
        self.last: datetime | None = None
        self.done: set[str] = set()
        for line in self.lines():
            self.read(line)
        if restart:
            self.began, self.done = None, set()

    def lines(self) -> list[dict[str, Any]]:
        """What is written; a line that a kill cut off counts for nothing."""
        self.file.seek(0)
        found = []
        for line in self.file:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def read(self, line: dict[str, Any]) -> None:
        """Takes up one line."""
        if "began" in line:
            self.began, self.done = datetime.fromisoformat(line["began"]), set()
        elif "done" in line:
            self.done.add(line["done"])
        elif "finished" in line:
            self.began, self.last, self.done = None, datetime.fromisoformat(line["finished"]), set()

    def write(self, **line: str) -> None:
        """Adds a line, and waits until it is on disk."""
        self.file.write("\n" + json.dumps(line) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def begin(self, moment: datetime) -> None:
        """A move begins, unless one is under way already."""
        if self.began is None:
            self.began, self.done = moment, set()
            self.file.truncate(0)
            if self.last:
                self.write(finished=self.last.isoformat())
            self.write(began=moment.isoformat())

    def finish(self, moment: datetime) -> None:
        """The studio is here as it was at this moment, and nothing is left to go on with."""
        self.began, self.last, self.done = None, moment, set()
        self.file.truncate(0)
        self.write(finished=moment.isoformat())

    def mark(self, step: str) -> None:
        """A step is done."""
        self.done.add(step)
        self.write(done=step)

    def close(self) -> None:
        """Lets others go on."""
        self.file.close()
