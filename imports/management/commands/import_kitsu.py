"""Moves a studio, or one production, over from a running server that speaks the API."""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.management.progress import StepBar
from imports.kitsu import report
from imports.kitsu.files import FAILED, FileFetcher
from imports.kitsu.journal import Journal
from imports.kitsu.moving import Stopped, Tally
from imports.kitsu.run import Move
from imports.kitsu.source import PAGE, Source, SourceFailed
from imports.rules.records import COMMAND, Origin, record_import
from people.models import Person

LAST = "last"
WHO = ("KITSU_EMAIL", "SYNC_LOGIN"), ("KITSU_PASSWORD", "SYNC_PASSWORD"), ("KITSU_TOKEN",)


def from_environment(names: tuple[str, ...]) -> str | None:
    """The first of these variables that is set."""
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def moment(text: str) -> datetime | str:
    """A moment in ISO 8601, kept as naive UTC, or `last`. Raises ValueError."""
    if text == LAST:
        return text
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def joined(first: dict[str, Tally], later: dict[str, Tally]) -> dict[str, Tally]:
    """What became of rows in both passes; what is refused twice is refused once."""
    both = {path: Tally(new=tally.new, changed=tally.changed, refused=tally.refused) for path, tally in first.items()}
    for path, tally in later.items():
        kept = both.setdefault(path, Tally())
        kept.new, kept.changed = kept.new + tally.new, kept.changed + tally.changed
        kept.refused = list({refused.id: refused for refused in (*kept.refused, *tally.refused)}.values())
    return both


class Command(BaseCommand):
    """`manage.py import_kitsu URL [--project NAME]`: exit code 0 when all is here, 1 when something is not.

    The e-mail address, password or token come from KITSU_EMAIL, KITSU_PASSWORD, KITSU_TOKEN, or are asked for.
    """

    help = "Move a studio, or one production, over from a server that speaks the API. It can be stopped and started again."
    pause = staticmethod(time.sleep)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, what, and how."""
        parser.add_argument("url", help="where the API of the other server begins, such as https://kitsu.example.com/api")
        parser.add_argument("--project", help="one production, by its name or id there; without it, the whole studio")
        parser.add_argument("--email", help="who signs in there: a studio manager; else KITSU_EMAIL, or asked for")
        parser.add_argument("--no-files", action="store_true", help="bring rows only: no pictures, movies, attachments")
        parser.add_argument("--source-movies", action="store_true", help="bring movies as they were uploaded, too")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, say what would come")
        parser.add_argument("--verify-only", action="store_true", help="only compare the two, row by row")
        parser.add_argument("--no-verify", action="store_true", help="do not compare them afterwards")
        parser.add_argument(
            "--since",
            type=moment,
            metavar="MOMENT",
            help="only what changed since then (UTC), or since the last finished move: last",
        )
        parser.add_argument("--follow", type=int, metavar="SECONDS", help="then go on bringing changes every so many seconds")
        parser.add_argument("--strict", action="store_true", help="stop at the first row that does not fit")
        parser.add_argument("--restart", action="store_true", help="begin anew instead of going on where a killed run stopped")
        parser.add_argument("--workers", type=int, default=8, metavar="N", help="so many files at a time (8)")
        parser.add_argument("--page-size", type=int, default=PAGE, metavar="N", help=f"so many rows at a time ({PAGE})")
        parser.add_argument("--by", metavar="EMAIL", help="who removes rows here that went there; else the oldest studio manager")

    def handle(self, *args: Any, **options: Any) -> None:
        """Moves, then compares. Raises CommandError when something is not here afterwards."""
        if options["workers"] < 1 or options["page_size"] < 1 or (options["follow"] is not None and options["follow"] < 1):
            raise CommandError("--workers, --page-size and --follow are numbers from 1 on.")
        os.makedirs(settings.TMP_DIR, exist_ok=True)
        move = self.move(options)
        try:
            now = move.open()
            if options["dry_run"] or options["verify_only"]:
                self.compare(move, dry_run=options["dry_run"])
            else:
                journal = Journal(move.source.address, options["project"], restart=options["restart"])
                try:
                    self.bring(move, journal, now, options)
                finally:
                    journal.close()
        except (SourceFailed, Stopped) as failure:
            raise CommandError(str(failure)) from failure
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on from here.", returncode=130) from None
        finally:
            self.bar.close()

    def move(self, options: dict[str, Any]) -> Move:
        """The move that the command line asks for. Raises CommandError."""
        token = from_environment(WHO[2])
        email = password = None
        if token is None:
            email = options["email"] or from_environment(WHO[0]) or self.ask("E-mail address there: ", input)
            password = from_environment(WHO[1]) or self.ask("Password there: ", getpass)
        source = Source(options["url"], email, password, token, page=options["page_size"])
        files = None if options["no_files"] else FileFetcher(source, options["workers"], options["source_movies"])

        def by() -> Person | None:
            people = Person.objects.filter(active=True, role="admin", is_bot=False).order_by("created_at", "id")
            return people.filter(email__iexact=options["by"]).first() if options["by"] else people.first()

        if options["by"] and by() is None:
            raise CommandError(f"There is no studio manager with the address {options['by']}.")
        self.bar = StepBar(self.stderr)
        self.told: set[tuple[str, Any, str]] = set()
        return Move(source, by, options["project"], files, options["strict"], advance=self.bar.advance, on_refusal=self.tell)

    def ask(self, words: str, how: Callable[[str], str]) -> str:
        """What the person types. Raises CommandError where nobody can."""
        if not sys.stdin.isatty():
            raise CommandError("Set KITSU_EMAIL and KITSU_PASSWORD, or KITSU_TOKEN.")
        return how(words)

    # Telling

    def tell(self, kind: str, refused: Any) -> None:
        """Says which row does not fit, at once, and once."""
        if (kind, refused.id, refused.reason) in self.told:
            return
        self.told.add((kind, refused.id, refused.reason))
        self.bar.write(f"{kind}: {refused}")

    def say(self, *lines: str) -> None:
        """Prints lines below the bar."""
        self.bar.close()
        for line in lines:
            self.stdout.write(line)

    # Doing

    def bring(self, move: Move, journal: Journal, now: datetime, options: dict[str, Any]) -> None:
        """Brings all, or what changed; compares; follows if asked. Raises CommandError."""
        start = time.monotonic()
        since = options["since"]
        if since == LAST:
            if journal.last is None:
                raise CommandError("No move of this has finished yet: run it once without --since.")
            since = journal.last
        tallies: dict[str, Tally] = {}
        if since is None:
            if journal.done:
                self.say(f"Going on with the move of {journal.began:%Y-%m-%d %H:%M}: {len(journal.done)} steps are done.")
            journal.begin(now)
            tallies = move.bring(journal)
            since = journal.began or now
            self.say(*report.brought(tallies))
        later = move.catch_up(since)
        self.say("", f"Changed there since {since:%Y-%m-%d %H:%M:%S}:", *report.brought(later, changed_only=True))
        tallies = joined(tallies, later)
        self.say(f"{move.removed} rows went there, and here.")
        if move.files:
            self.say(report.files(move.files.counts))
        self.say(*report.passwords(), f"It took {time.monotonic() - start:.0f} seconds.")
        agreed = True if options["no_verify"] else self.verify(move)
        if not move.faults:
            journal.finish(now)
        counts = {path: tally.new + tally.changed for path, tally in tallies.items() if tally.new or tally.changed}
        record_import("Kitsu studio", Origin(COMMAND, move.source.address[-255:]), counts=counts, by=move.by())
        if options["follow"]:
            self.follow(move, journal, options["follow"])
        self.judge(move, tallies, agreed)

    def compare(self, move: Move, *, dry_run: bool) -> None:
        """Says what differs. Raises CommandError when something does, unless it is just asked what would come."""
        if not dry_run:
            self.judge(move, {}, self.verify(move))
            return
        tallies = move.compare()
        self.say(*report.brought(tallies), "(nothing was stored)")
        for path, tally in tallies.items():
            self.say(*report.first([f"{path}: {refused}" for refused in tally.refused]))
        if report.refused_in(tallies):
            raise CommandError("Some rows would be refused.")

    def verify(self, move: Move) -> bool:
        """Compares each row there with the row here; whether all agree."""
        tallies = move.compare()
        self.say("", *report.compared(tallies))
        return report.agrees(tallies) and not move.settings_changed

    def follow(self, move: Move, journal: Journal, seconds: int) -> None:
        """Brings changes until somebody stops it."""
        self.say(f"Following every {seconds} seconds. Ctrl-C ends it.")
        while True:
            self.pause(seconds)
            now = move.open()
            tallies = move.catch_up(journal.last or now)
            changed = {path: tally.new + tally.changed for path, tally in tallies.items() if tally.new or tally.changed}
            if changed:
                self.say(f"{now:%H:%M:%S} " + ", ".join(f"{count} {path}" for path, count in changed.items()))
            journal.finish(now)

    def judge(self, move: Move, tallies: dict[str, Tally], agreed: bool) -> None:
        """Raises CommandError, for exit code 1, when something is not here."""
        faults = [*move.faults, *(move.files.faults if move.files else [])]
        self.say(*report.first(list(dict.fromkeys(faults))))
        refused = report.refused_in(tallies)
        failed = move.files.counts[FAILED] if move.files else 0
        if not agreed or refused or failed or move.faults:
            raise CommandError("Not everything is here. The same command tries the rest again.")
        self.say("Everything is here.")
