"""How the JSON of some kinds of rows becomes columns, where the names or shapes differ from those stored.

Each takes an entry, whether its row is new here, and what finds the id of an entity type by its name; it gives the entry that is
stored.
"""

from collections.abc import Callable
from typing import Any

from assets.querysets import EDIT, EPISODE, SEQUENCE, SHOT
from files.names import plain_name
from imports.rules.kitsu.values import Unfit

Entry = dict[str, Any]
Types = Callable[[str], Any]
# The kinds of places whose name alone says the entity type.
NAMED = (SHOT, SEQUENCE, EPISODE, EDIT)
FRAMES = ("frame_in", "frame_out", "fps")
NEWS_KEYS = ("created_at", "change", "author_id", "comment_id", "preview_file_id", "task_id")


def entity(sent: Entry, is_new: bool, types: Types) -> Entry:
    """An entity in its own form, or in the richer ones of the lists of shots and assets."""
    entry = dict(sent)
    named = entry.get("type", SHOT if is_new else None)
    if isinstance(named, str) and named in NAMED:
        entry["entity_type_id"] = types(named)
    elif "asset_type_id" in entry:
        entry["entity_type_id"] = entry["asset_type_id"]
    elif "entity_type_id" not in entry and is_new:
        raise Unfit("entity_type_id", "this is missing")
    entry.pop("asset_type_id", None)
    if "sequence_id" in entry:
        entry["parent_id"] = entry.pop("sequence_id")
    if any(name in entry for name in FRAMES):
        if not isinstance(entry.get("data"), dict):
            raise Unfit("data", "frames without an object in data can't be kept")
        entry["data"] = {**entry["data"], **{name: entry.pop(name) for name in FRAMES if name in entry}}
    if not entry.get("preview_file_id"):
        entry.pop("preview_file_id", None)
    entry.setdefault("entities_out", [])
    return entry


def moved_preview(sent: Entry, is_new: bool, types: Types) -> Entry:
    """A preview, with inert names."""
    entry = dict(sent)
    if entry.get("original_name"):
        entry["original_name"] = plain_name(entry["original_name"])
    extension = entry.get("extension")
    if extension and not (isinstance(extension, str) and extension.isascii() and extension.isalnum()):
        raise Unfit("extension", "this must be letters and digits")
    return entry


def attachment(sent: Entry, is_new: bool, types: Types) -> Entry:
    """An attachment, with an inert name."""
    return {**sent, "name": plain_name(sent["name"])} if sent.get("name") else sent


def preview_file(sent: Entry, is_new: bool, types: Types) -> Entry:
    """A preview whose binary is not here: its `data` says so."""
    entry = moved_preview(sent, is_new, types)
    if entry.get("status") is None and (is_new or "status" in entry):
        entry["status"] = "ready"
    if is_new or "data" in entry:
        known = entry.get("data") or {}
        entry["data"] = {**known, "imported_only": True} if isinstance(known, dict) else known
    return entry


def news(sent: Entry, is_new: bool, types: Types) -> Entry:
    """A news item: last changed when it was written, whatever else its reading added."""
    return {"id": sent.get("id"), **{name: sent.get(name) for name in NEWS_KEYS}, "updated_at": sent.get("created_at")}
