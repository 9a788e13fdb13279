"""Exports a sheet: of the studio, or of a production."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from errno import EISDIR
from os import strerror
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assets.models import Entity
from assets.querysets import ASSET, EDIT, EPISODE, SHOT
from core.management.progress import progress_bars
from core.progress import advanced
from imports.command_line import person_acting, production, row_named
from imports.exports import studio
from imports.exports.casting import CastingExport
from imports.exports.entities import EntityExport, Question
from imports.exports.playlists import PlaylistExport
from imports.sheets.writing import sheet_bytes
from people.models import Person
from people.permissions import role_in
from playlists.models import Playlist

Table = tuple[Iterable[Any], Iterable[Any]]
OF_STUDIO: dict[str, Callable[[Person], Table]] = {
    "persons": lambda by: (studio.PEOPLE, studio.people()),
    "projects": lambda by: (("Name", "Status"), studio.productions(by)),
    "task-types": lambda by: (("Department", "Name"), studio.task_types()),
    "tasks": lambda by: (studio.TASKS, studio.tasks(by)),
    "time-spents": lambda by: (studio.TIME_SPENTS, studio.time_spents(by)),
}
OF_KIND = {"assets": ASSET, "shots": SHOT, "edits": EDIT}
MAIN_OR_ALL = ("main", "all")


class Command(BaseCommand):
    """`manage.py export_csv KIND [FILE] [--project NAME]`; without a file the sheet goes to standard output."""

    help = "Export a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is exported, where to, and for whom."""
        parser.add_argument("kind", choices=[*OF_STUDIO, *OF_KIND, "casting", "playlist"])
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--project", help="the production's name or id")
        parser.add_argument("--episode", help="an episode's name or id, main or all")
        parser.add_argument("--shots", action="store_true", help="of castings: those of shots")
        parser.add_argument("--playlist", help="the playlist's name or id")
        parser.add_argument("--by", metavar="EMAIL", help="who exports, and so sees; by default the oldest studio manager")
        parser.add_argument("--dry-run", action="store_true", help="write no file, only count the rows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the sheet and prints the number of its rows."""
        header, rows = self.table(options, person_acting(options["by"]))
        counted = Counted(rows)
        pieces = sheet_bytes(header, counted)
        with progress_bars(self.stderr):
            if options["dry_run"]:
                for _ in pieces:
                    pass
            elif options["file"] is None:
                sys.stdout.buffer.writelines(pieces)
            else:
                self.write_file(options["file"], pieces)
        self.stderr.write(f"{counted.count} rows" + (" (nothing was written)" if options["dry_run"] else ""))

    def write_file(self, path: Path, pieces: Iterable[bytes]) -> None:
        """Writes the file, which gets its name once it is whole. Raises CommandError."""
        partial = path.with_name(f".{path.name}.partial")
        try:
            if path.is_dir():
                raise IsADirectoryError(EISDIR, strerror(EISDIR))
            with partial.open("wb") as file:
                file.writelines(pieces)
            partial.replace(path)
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror}.") from error
        finally:
            partial.unlink(missing_ok=True)

    def table(self, options: dict[str, Any], by: Person) -> Table:
        """The header and the rows of the sheet that the command line asks for. Raises CommandError."""
        kind = options["kind"]
        if kind in OF_STUDIO:
            return OF_STUDIO[kind](by)
        project = production(options["project"])
        role = role_in(by, project.pk) or ""
        export: Any
        if kind == "playlist":
            playlist = row_named(Playlist, options["playlist"], "playlist (--playlist)", project=project)
            export = PlaylistExport(playlist, by=by, role=role)
        elif kind == "casting":
            export = CastingExport(project, episode_id=self.episode(options, project), of_shots=options["shots"])
        else:
            export = EntityExport(project, OF_KIND[kind], Question(by, role, episode_id=self.episode(options, project)))
        return export.header, export.rows()

    def episode(self, options: dict[str, Any], project: Any) -> Any:
        """The episode asked for: its id, main, all, or None. Raises CommandError."""
        name = options["episode"]
        if not name or name in MAIN_OR_ALL:
            return name
        return row_named(Entity, name, "episode (--episode)", project=project, entity_type__name=EPISODE).pk


class Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.count += 1
            advanced("rows", 1)
            yield row
