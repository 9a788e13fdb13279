"""Takes a person's second factors away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from people.models import Person
from people.rules.commands import drop_second_factors


class Command(BaseCommand):
    """`manage.py disable_two_factor EMAIL`, for who lost their telephone or key."""

    help = "Remove a person's second factors and recovery codes: they sign in by password alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email", help="the person's address or desktop login")

    def handle(self, *args: Any, **options: Any) -> None:
        """Removes them."""
        person = Person.objects.of_login(options["email"])
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        try:
            drop_second_factors(person)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{person} signs in without a second factor.")
