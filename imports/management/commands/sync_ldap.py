"""Brings the studio's people in line with its directory."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import Refusal
from files.rules.avatars import follow_avatar
from people.providers.directory import DirectoryAway, Entry, people_in_directory
from people.rules.directory import FAILED, Outcome, bring_in_line

ACTS = ("created", "updated", "disabled", "pictures", "failed")


class Command(BaseCommand):
    """`manage.py sync_ldap`; it can be run as often as one likes. It exits with 1 when something failed."""

    help = "Take on, update and disable people as the LDAP directory has them; roles and departments are left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether anything is stored."""
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, and prints what became of whom."""
        try:
            entries = people_in_directory()
        except DirectoryAway as failure:
            raise CommandError(str(failure)) from None
        if not entries:
            raise CommandError(
                "The directory shows nobody, so nothing was changed: look at LDAP_BASE_DN, LDAP_GROUP and LDAP_USER."
            )
        if options["dry_run"]:
            with transaction.atomic():
                counts = self.follow(entries, with_pictures=False)
                transaction.set_rollback(True)
        else:
            counts = self.follow(entries, with_pictures=True)
        marks = " (nothing was stored)" if options["dry_run"] else ""
        self.stdout.write(", ".join(f"{counts[act]} {act}" for act in ACTS) + marks)
        if counts[FAILED]:
            raise CommandError(f"{counts[FAILED]} of {len(entries)} failed.")

    def follow(self, entries: list[Entry], *, with_pictures: bool) -> Counter[str]:
        """Goes through the directory; counts what was done."""
        counts: Counter[str] = Counter()
        for outcome in bring_in_line(entries):
            if outcome.act:
                counts[outcome.act] += 1
                (self.stderr if outcome.act == FAILED else self.stdout).write(outcome.line)
            if with_pictures:
                self.take_picture(outcome, counts)
        return counts

    def take_picture(self, outcome: Outcome, counts: Counter[str]) -> None:
        """Stores somebody's picture, where the directory has one that the studio has not."""
        person, entry = outcome.person, outcome.entry
        if person is None or entry is None or entry.picture is None:
            return
        try:
            counts["pictures"] += follow_avatar(person, entry.picture, kind="person")
        except Refusal:
            counts[FAILED] += 1
            self.stderr.write(f"User {entry.login} has a picture that can't be read.")
