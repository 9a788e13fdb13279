"""Makes a bot."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from people.rules.commands import create_bot
from people.rules.values import codes


class Command(BaseCommand):
    """`manage.py create_bot NAME`; prints the bot's token, which can't be shown again."""

    help = "Make a bot and print its token."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who the bot is, what it may, and until when."""
        parser.add_argument("name")
        parser.add_argument("--email")
        parser.add_argument("--role", default="user", choices=sorted(codes("role")))
        parser.add_argument(
            "--expiration-date", type=date.fromisoformat, help="the token's last day, YYYY-MM-DD; by default it never ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the bot."""
        wanted = {"name": options["name"], "role": options["role"], "expiration": options["expiration_date"]}
        try:
            _, token = create_bot(options["email"], **wanted)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(token)
