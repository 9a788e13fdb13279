"""What the source tells of its changes: rows that went, and changes that no date of a row shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.api.converters import is_uuid
from imports.kitsu.source import Source
from imports.kitsu.studio import STEPS, Step

PAGE = 300
KINDS_OF_ENTITIES = ("asset", "shot", "sequence", "episode", "scene", "edit", "concept", "concept-folder")
STEP_OF: dict[str, Step] = {step.kind.words: step for step in STEPS if not step.again}
STEP_OF |= dict.fromkeys(KINDS_OF_ENTITIES, STEP_OF["entity"])
STEP_OF["asset-type"] = STEP_OF["entity-type"]
FILES_CAME = ("set-thumbnail", "add-file")


@dataclass
class Changes:
    """Rows by their step and id: those that went, those to read again, those whose files are to be fetched anew, and castings."""

    deleted: list[tuple[Step, str]] = field(default_factory=list)
    read_again: dict[tuple[str, str], Step] = field(default_factory=dict)
    files_anew: set[tuple[str, str]] = field(default_factory=set)
    castings: set[str] = field(default_factory=set)

    def take(self, event: dict[str, Any]) -> None:
        """Takes up one event."""
        stem, _, act = str(event.get("name", "")).partition(":")
        step = STEP_OF.get(stem)
        payload = event.get("data")
        if step is None or not isinstance(payload, dict):
            return
        key = f"{stem.replace('-', '_')}_id"
        pk = next((value for name, value in payload.items() if name.lower() == key and is_uuid(value)), None)
        if pk is None:
            return
        if act == "delete":
            self.deleted.append((step, pk))
            self.read_again.pop((step.kind.path, pk), None)
            return
        if act == "casting-update":
            self.castings.add(pk)
        if act in FILES_CAME:
            self.files_anew.add((step.kind.path, pk))
        if act != "new":
            self.read_again[step.kind.path, pk] = step


def events(source: Source, since: datetime, project_id: str | None) -> Iterator[dict[str, Any]]:
    """The events since a moment, the oldest first."""
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": PAGE, "after": since.isoformat(timespec="seconds")}
    if project_id:
        query["project_id"] = project_id
    while True:
        page = source.get("/data/events/last", **query)
        found += page
        if len(page) < PAGE:
            break
        query["cursor_event_id"] = page[-1]["id"]
    seen: set[str] = set()
    for event in reversed(found):
        if event["id"] not in seen:
            seen.add(event["id"])
            yield event


def changes_since(source: Source, since: datetime, project_id: str | None = None) -> Changes:
    """All that the events since a moment tell."""
    changes = Changes()
    for event in events(source, since, project_id):
        if project_id is None or event.get("project_id") in (None, project_id):
            changes.take(event)
    return changes
