"""The files that belong to rows, fetched from the source into the storage several at a time."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from core.api.converters import is_uuid
from files import storage
from files.names import DOCUMENT_EXTENSIONS
from files.rules.attachments import make_thumbnail
from files.storage import FILES, MOVIES, PICTURES
from imports.kitsu.source import Source, Unreadable

Entry = dict[str, Any]
STORED, HERE, MISSING, FAILED = "stored", "here already", "not there either", "failed"
SMALL = (
    ("/pictures/thumbnails/preview-files/{}.png", PICTURES, "thumbnails"),
    ("/pictures/thumbnails-square/preview-files/{}.png", PICTURES, "thumbnails-square"),
    ("/pictures/previews/preview-files/{}.png", PICTURES, "previews"),
)
ORIGINAL = ("/pictures/originals/preview-files/{}.png", PICTURES, "original")
MOVIE = (
    ("/movies/originals/preview-files/{}.mp4", MOVIES, "previews"),
    ("/movies/low/preview-files/{}.mp4", MOVIES, "lowdef"),
    ("/movies/tiles/preview-files/{}.png", PICTURES, "tiles"),
    ORIGINAL,
    *SMALL,
)
SOURCE_MOVIE = ("/movies/source/preview-files/{}.mp4", MOVIES, "source")
Place = tuple[str, str, str]


def of_preview(row: Entry) -> tuple[Place, ...]:
    """The files of a preview."""
    extension = row.get("extension")
    if extension == "mp4":
        return MOVIE
    if extension == "png":
        return (ORIGINAL, *SMALL)
    known = isinstance(extension, str) and extension in DOCUMENT_EXTENSIONS
    return ((f"/pictures/originals/preview-files/{{}}.{extension}", FILES, "previews"),) if known else ()


def avatar(kind: str) -> Any:
    """The picture of a person, a production or the studio."""
    return lambda row: ((f"/pictures/thumbnails/{kind}/{{}}.png", PICTURES, "thumbnails"),) if row.get("has_avatar") else ()


def of_background(row: Entry) -> tuple[Place, ...]:
    """A panorama with its thumbnail."""
    if row.get("extension") != "hdr":
        return ()
    where = "preview-background-files/{}"
    return (f"/pictures/{where}.hdr", PICTURES, "preview-backgrounds"), (
        f"/pictures/thumbnails/{where}.png",
        PICTURES,
        "thumbnails",
    )


def of_attachment(row: Entry) -> tuple[Place, ...]:
    """An attached file."""
    return ((f"/data/attachment-files/{{}}/file/{quote(str(row.get('name') or 'file'), safe='')}", FILES, "attachments"),)


def of_working_file(row: Entry) -> tuple[Place, ...]:
    """The file of a revision, where the server keeps it."""
    return (("/data/working-files/{}/file", FILES, "working"),)


# The places of a row's files, by kind: the first is the one that matters, others are fetched when it is there.
PLACES: dict[str, Any] = {
    "preview-files": of_preview,
    "persons": avatar("persons"),
    "projects": avatar("projects"),
    "organisations": avatar("organisations"),
    "preview-background-files": of_background,
    "attachment-files": of_attachment,
    "working-files": of_working_file,
}


@dataclass
class FileFetcher:
    """Fetches the files of rows. `counts` tells what became of them, `faults` why some did not come."""

    source: Source
    workers: int = 8
    sources_too: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fetch(self, kind: str, rows: Iterable[Any], *, anew: bool = False) -> None:
        """Fetches what is not here yet, or with `anew` whatever there is; returns when all of it is stored."""
        if kind not in PLACES:
            return
        known = [row for row in rows if isinstance(row, dict) and is_uuid(row.get("id"))]
        with ThreadPoolExecutor(self.workers) as pool:
            for outcomes in pool.map(lambda row: list(self.fetch_row(kind, row, anew)), known):
                for outcome, fault in outcomes:
                    self.counts[outcome] += 1
                    self.faults += [fault] if fault else []

    def fetch_row(self, kind: str, row: Entry, anew: bool) -> Iterator[tuple[str, str]]:
        """What becomes of each file of a row, with the reason where one fails."""
        places = [*PLACES[kind](row)]
        if self.sources_too and places and places[0] == MOVIE[0]:
            places.append(SOURCE_MOVIE)
        for number, (path, bucket, prefix) in enumerate(places):
            outcome, fault = self.fetch_file(path.format(row["id"]), bucket, prefix, row["id"], anew)
            yield outcome, f"{kind} {row['id']}: {fault}" if fault else ""
            if number == 0 and outcome in (MISSING, FAILED):
                return
        if kind == "attachment-files" and row.get("chat_message_id"):
            make_thumbnail(row["id"], row.get("mimetype"))

    def fetch_file(self, path: str, bucket: str, prefix: str, pk: str, anew: bool) -> tuple[str, str]:
        """Stores one file whole, or not at all."""
        try:
            if not anew and storage.is_stored(bucket, prefix, pk):
                return HERE, ""
            with tempfile.TemporaryDirectory(prefix="import-", dir=settings.TMP_DIR) as folder:
                goal = Path(folder) / "file"
                if not self.source.download(path, goal):
                    return MISSING, ""
                storage.put_path(bucket, prefix, pk, goal)
            return STORED, ""
        except (Unreadable, OSError) as error:
            return FAILED, str(error)
