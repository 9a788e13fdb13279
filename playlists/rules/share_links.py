"""Share links: handing them out, taking them back, and telling people of them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from email_validator import EmailNotValidError, validate_email

from core.api.values import as_datetime
from core.errors import Refusal, WrongParameter
from core.transactions import whole_step
from people.models import Person
from playlists.jobs import send_invitation
from playlists.models import Playlist, PlaylistShareLink

DAY = len("2026-11-23")


class Said(Refusal):
    """A refusal whose words are its `error`, as routes of share links have it."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status

    @property
    def payload(self) -> dict[str, Any]:
        """The words alone."""
        return {"error": self.message}


def end_of(text: str | None) -> datetime | None:
    """Until when a link is open: a moment, or the end of a day. Raises WrongParameter."""
    if not text:
        return None
    moment = as_datetime(text, WrongParameter(f"{text} is not a valid ISO 8601 date"))
    is_day = len(text.strip()) <= DAY
    return datetime.combine(moment.date(), time(23, 59, 59)) if is_day else moment


def new_token() -> str:
    """A secret that nobody guesses, in the form of a random id."""
    return str(UUID(bytes=secrets.token_bytes(16), version=4))


def create_link(
    playlist: Playlist, *, expiration_date: str | None, can_comment: bool, password: str | None, by: Person
) -> PlaylistShareLink:
    """Hand out a link to a playlist; of a password only the hash is kept. Raises WrongParameter for a date that is none."""
    return PlaylistShareLink.objects.create(
        token=new_token(),
        playlist=playlist,
        creator=by,
        expiration_date=end_of(expiration_date),
        can_comment=can_comment,
        password=make_password(password) if password else None,
    )


@whole_step()
def revoke_link(link: PlaylistShareLink, *, by: Person) -> PlaylistShareLink:
    """Close a link for good: from now on it is as if it had never been."""
    if link.is_active:
        link.is_active = False
        link.save(update_fields=["is_active"])
    return link


def addresses_of(emails: Sequence[str], person_ids: Sequence[UUID]) -> list[str]:
    """The distinct addresses of a list and of people of the studio, unknown ones left out. Raises Said for what is no address."""
    people = Person.objects.filter(pk__in=person_ids, active=True, is_bot=False, is_guest=False, preview_project=None)
    known = [email for email in people.order_by("email").values_list("email", flat=True) if email]
    found: dict[str, str] = {}
    for text in (*emails, *known):
        try:
            address = validate_email(text, check_deliverability=settings.MAIL_CHECK_DELIVERABILITY).normalized
        except EmailNotValidError as wrong:
            raise Said(str(wrong)) from None
        found.setdefault(address.lower(), address)
    return list(found.values())


@whole_step()
def invite(link: PlaylistShareLink, *, emails: Sequence[str], person_ids: Sequence[UUID], message: str, by: Person) -> list[str]:
    """Send the link to people, one mail an address, by jobs; the addresses. Raises Said, and then sends nothing."""
    addresses = addresses_of(emails, person_ids)
    for address in addresses:
        send_invitation.enqueue(str(link.pk), address, message, str(by.pk))
    return addresses
