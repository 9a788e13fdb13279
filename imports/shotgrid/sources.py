"""Where the pages of a site come from: its API through the official client, or a folder of JSON files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import orjson

from core.api.parsers import refuse_nul
from core.errors import Refusal
from imports.shotgrid.kinds import Kind

PAGE = 500
PATIENCE = 120
WRAPPERS = ("results", "entities", "data")


class SourceFailed(Exception):
    """The pages can't be had; the text says why, and holds no secret."""


class Source(Protocol):
    """Pages of entries, kind by kind."""

    def pages(self, kind: Kind, project: dict[str, Any] | None) -> Iterator[list[Any]]:
        """The entries of a kind, some hundreds at a time; of one production where it is given."""

    def production(self, name: str) -> dict[str, Any]:
        """The id and name of a production. Raises SourceFailed."""


class Folder:
    """Files such as `Shot.json`, `Shot-2.json`: each an array of entries, or an answer of the API that holds one."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise SourceFailed(f"{path} is no folder.")
        self.path = path

    def pages(self, kind: Kind, project: dict[str, Any] | None) -> Iterator[list[Any]]:
        """The files of a kind in the order of their numbers."""
        for entries in self.files(kind.name):
            wanted = [entry for entry in entries if project is None or belongs(kind, entry, project)]
            for start in range(0, len(wanted), PAGE):
                yield wanted[start : start + PAGE]

    def files(self, name: str) -> Iterator[list[Any]]:
        """The entries of each file of a type."""
        pattern = re.compile(rf"{name}(?:[-_.](\d+))?\.json", re.IGNORECASE)
        matches = [(int(match[1] or 0), path) for path in self.path.iterdir() if (match := pattern.fullmatch(path.name))]
        for _, path in sorted(matches):
            yield entries_of(path)

    def production(self, name: str) -> dict[str, Any]:
        """The production of a name among those of the files."""
        for entries in self.files("Project"):
            for entry in entries:
                if isinstance(entry, dict) and entry.get("name") == name:
                    return {"id": entry.get("id"), "name": name}
        raise SourceFailed(f"The files hold no production named {name}.")


def entries_of(path: Path) -> list[Any]:
    """The array of entries in a file. Raises SourceFailed."""
    try:
        value = orjson.loads(path.read_bytes())
        refuse_nul(value)
    except OSError as error:
        raise SourceFailed(f"{path} can't be read: {error.strerror}.") from error
    except (orjson.JSONDecodeError, Refusal) as error:
        raise SourceFailed(f"{path} is no JSON: {error}.") from error
    while isinstance(value, dict):
        value = next((value[name] for name in WRAPPERS if name in value), None)
    if not isinstance(value, list):
        raise SourceFailed(f"{path} holds no array of entries.")
    return value


def belongs(kind: Kind, entry: Any, project: dict[str, Any]) -> bool:
    """The entry is of the production, or of none in particular."""
    if not isinstance(entry, dict):
        return True
    if kind.name == "Project":
        return entry.get("id") == project["id"]
    link = entry.get("project")
    if not kind.in_project or not isinstance(link, dict):
        return not kind.in_project or kind.name in ("Version", "Note")
    return link.get("id") == project["id"] if "id" in link else link.get("name") == project["name"]


class Site:
    """A running site, asked by the official client as a script user. Pages go by ids, so that changes meanwhile lose nothing."""

    def __init__(self, url: str, script: str, key: str) -> None:
        from xmlrpc.client import ProtocolError

        from shotgun_api3.shotgun import Shotgun, ShotgunError

        self.failures: tuple[type[BaseException], ...] = (ShotgunError, ProtocolError, OSError, ValueError)
        with self.told():
            self.client = Shotgun(url, script_name=script, api_key=key, convert_datetimes_to_utc=False, connect=False)
            self.client.config.timeout_secs = PATIENCE
            self.kinds = set(self.client.schema_entity_read())

    def told(self) -> "Told":
        """What the client raises becomes SourceFailed."""
        return Told(self.failures)

    def pages(self, kind: Kind, project: dict[str, Any] | None) -> Iterator[list[Any]]:
        """The entries of a kind, by their ids."""
        if kind.name not in self.kinds:
            return
        fields, last = self.fields(kind), 0
        while True:
            filters: list[Any] = [["id", "greater_than", last], *narrowed(kind, project)]
            with self.told():
                entries = self.client.find(
                    kind.name, filters, fields, order=[{"field_name": "id", "direction": "asc"}], limit=PAGE, page=1
                )
            if entries:
                last = entries[-1]["id"]
                yield entries
            if len(entries) < PAGE:
                return

    def fields(self, kind: Kind) -> list[str]:
        """The fields to ask for: those of the kind that the site has, and the studio's own."""
        with self.told():
            there = set(self.client.schema_field_read(kind.name))
        own = {name for name in there if name.startswith("sg_")} if kind.custom else set()
        return sorted((set(kind.fields) & there) | own | {"id"})

    def production(self, name: str) -> dict[str, Any]:
        """The production of a name."""
        with self.told():
            found = self.client.find("Project", [["name", "is", name]], ["name"], limit=2, page=1)
        if len(found) != 1:
            raise SourceFailed(f"The site has {'no production' if not found else 'several productions'} named {name}.")
        return {"id": found[0]["id"], "name": name}


def narrowed(kind: Kind, project: dict[str, Any] | None) -> list[Any]:
    """The filter for one production."""
    if project is None:
        return []
    if kind.name == "Project":
        return [["id", "is", project["id"]]]
    return [["project", "is", {"type": "Project", "id": project["id"]}]] if kind.in_project else []


class Told:
    """Within it, what the client raises becomes SourceFailed."""

    def __init__(self, failures: tuple[type[BaseException], ...]) -> None:
        self.failures = failures

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if isinstance(error, self.failures):
            words = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
            raise SourceFailed(f"ShotGrid does not answer as expected: {words[:300]}") from error
