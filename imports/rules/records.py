"""Writing down who imported what."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from core.transactions import whole_step
from imports.models import ImportRecord
from people.models import Person

API, OFFICE, COMMAND = "api", "office", "command"
PIECE = 2**20


@dataclass(frozen=True)
class Origin:
    """Where an import came from: the door, and the file with its size in bytes and its SHA-256, as far as there is one."""

    door: str
    file_name: str = ""
    size: int | None = None
    checksum: str = ""

    @classmethod
    def of_bytes(cls, door: str, content: bytes, file_name: str | None = "") -> "Origin":
        """The origin of an upload or of a request's body."""
        return cls(door, (file_name or "")[-255:], len(content), sha256(content).hexdigest())

    @classmethod
    def of_file(cls, door: str, path: Path) -> "Origin":
        """The origin of a file on the disk, read piece by piece. Raises OSError."""
        digest, size = sha256(), 0
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
        return cls(door, path.name[-255:], size, digest.hexdigest())


@whole_step()
def record_import(
    kind: str, origin: Origin, *, counts: Mapping[str, int], by: Person | None, project_id: Any = None
) -> ImportRecord:
    """Write down an import beside the rows that it stored: call it inside the import's own step, so that neither is without
    the other.

    `kind` is what people read (“CSV: assets”, “ShotGrid: shots”, “Kitsu studio”); `counts` are numbers of rows by what became
    of them, `created`, `updated`, `skipped` first, or by model. No event tells of it.
    """
    return ImportRecord.objects.create(
        kind=kind,
        door=origin.door,
        file_name=origin.file_name,
        size=origin.size,
        checksum=origin.checksum,
        counts=dict(counts),
        person=by,
        project_id=project_id,
    )
