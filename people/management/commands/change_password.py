"""Gives a person another password."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from people.models import Person
from people.rules.commands import give_password


class Command(BaseCommand):
    """`manage.py change_password EMAIL --password …`."""

    help = "Give a person another password. All their sessions end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and which."""
        parser.add_argument("email", help="the person's address or desktop login")
        parser.add_argument("--password", default="", help="by default you are asked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Changes the password."""
        person = Person.objects.of_login(options["email"])
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        try:
            give_password(person, options["password"] or getpass("Password: "))
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{person} has a new password.")
