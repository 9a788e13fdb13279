"""Entries as a ShotGrid site gives them, made into what the import reads."""

from datetime import UTC, date, datetime
from typing import Any

from imports.shotgrid.kinds import Kind

# Links to people lead to persons alone: scripts, groups and clients have ids of their own, which may be those of persons.
PERSON = "HumanUser"
PEOPLE = ("user", "created_by")
# Where nothing is said, the import has its own default.
DEFAULTED = ("color", "bg_color", "short_name", "entity_type", "sg_status_list")


def prepared(kind: Kind, entry: Any) -> Any:
    """An entry with every field of its kind, and with links to persons alone where persons are meant."""
    if not isinstance(entry, dict):
        return entry
    found = {name: plain(value) for name, value in entry.items()}
    for name in kind.fields:
        found.setdefault(name, None)
    for name in PEOPLE:
        if name in found and not is_person(found[name]):
            found[name] = None
    if isinstance(found.get("task_assignees"), list):
        found["task_assignees"] = [link for link in found["task_assignees"] if is_person(link)]
    if kind.name == "Task":
        found["cached_display_name"] = found["cached_display_name"] or found["content"]
    for name in DEFAULTED:
        if found.get(name, "") is None and kind.name != "Task":
            del found[name]
    return found


def is_person(link: Any) -> bool:
    """A link that leads to a person, or does not say where it leads."""
    return isinstance(link, dict) and link.get("type", PERSON) == PERSON


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
