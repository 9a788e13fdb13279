"""Prints what a SAML identity provider has to know of this server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """`manage.py saml_metadata`."""

    help = "Print this server's SAML metadata, for the identity provider."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the XML."""
        from people.providers import documents, saml

        try:
            self.stdout.write(saml.own_metadata())
        except documents.Unreachable as failure:
            raise CommandError(str(failure)) from None
