"""Makes a studio manager."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from people.rules.commands import ensure_admin


class Command(BaseCommand):
    """`manage.py create_admin EMAIL --password …`; it can be run twice."""

    help = "Make a studio manager. An account that exists gets the role and keeps its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address, and a password."""
        parser.add_argument("email", nargs="?", default=settings.ADMIN_EMAIL, help="by default ADMIN_EMAIL of the environment")
        parser.add_argument("--password", default=settings.ADMIN_PASSWORD, help="by default ADMIN_PASSWORD, else you are asked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the manager, or finds them."""
        if not options["email"]:
            raise CommandError("Name an address, or set ADMIN_EMAIL.")
        try:
            person, is_new = ensure_admin(options["email"], options["password"] or getpass("Password: "))
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{person.email} {'was made a studio manager' if is_new else 'is a studio manager already'}.")
