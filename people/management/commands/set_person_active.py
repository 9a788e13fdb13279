"""Lets a person sign in, or no longer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from people.models import Person
from people.rules.commands import set_active


class Command(BaseCommand):
    """`manage.py set_person_active EMAIL [--inactive]`; it can be run twice."""

    help = "Let a person sign in; with --inactive no longer, which ends their sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and which of both."""
        parser.add_argument("email", help="the person's address or desktop login")
        parser.add_argument("--inactive", action="store_true", help="keep them from signing in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Changes the account."""
        person = Person.objects.of_login(options["email"]) or Person.objects.of_address(options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        try:
            is_new = set_active(person, not options["inactive"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{person} is {'inactive' if options['inactive'] else 'active'}{' now' if is_new else ' already'}.")
