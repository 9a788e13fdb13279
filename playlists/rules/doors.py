"""Coming in by a share link: its token, its password, and the lock against guessing it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.core.cache import cache
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from core.errors import NotFound, Refusal
from core.models import now
from playlists.models import PlaylistShareLink

ATTEMPTS, LOCK = 5, timedelta(seconds=60)
# How long a password that was right is not hashed again, and how long a browser that proved it needs not send it again.
REMEMBERED, TICKET_LIFETIME = timedelta(minutes=10), timedelta(hours=12)
SALT = "playlists.share-link"
OPEN = "Open"


class TooManyAttempts(Refusal):
    """Wrong passwords have closed the link for a minute: 429."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Too many wrong passwords, retry in a minute.")
        self.wait = LOCK.total_seconds()


def link_of(token: str) -> PlaylistShareLink | None:
    """The link of a token with its playlist and production; None once it was taken back, ran out, or the production closed."""
    around = ("playlist__project__project_status", "playlist__episode")
    link = PlaylistShareLink.objects.order_by().select_related(*around).filter(token=token, is_active=True).first()
    if link is None or (link.expiration_date is not None and link.expiration_date <= now()):
        return None
    project: Any = link.playlist.project
    if project is None or (project.project_status is not None and project.project_status.name != OPEN):
        return None
    return link


def enter(token: str, *, password: str, tickets: Sequence[str] = ()) -> tuple[PlaylistShareLink, bool]:
    """The open link of a token, for who shows its password or a ticket for it where it has one; and whether the password was it.

    Raises NotFound for everything else alike, at the same cost for passwords, and TooManyAttempts while it is locked.
    """
    link = link_of(token)
    if link is None:
        if password:
            make_password(password)
        raise NotFound()
    if not link.password or any(fits(link, ticket) for ticket in tickets):
        return link, False
    prove(link, password)
    return link, True


def prove(link: PlaylistShareLink, password: str) -> None:
    """Raises NotFound unless the password is the link's, and TooManyAttempts while too many were wrong.

    A right password is let in without being hashed again for a while: the pictures of a page all show it.
    """
    if not password:
        raise NotFound()
    mark = salted_hmac(SALT, f"{link.pk}/{link.password}/{password}", algorithm="sha256").hexdigest()
    if cache.get(f"share-link:{mark}"):
        return
    if is_locked(link):
        raise TooManyAttempts()
    if not check_password(password, link.password or ""):
        raise NotFound() if count_failure(link) else TooManyAttempts()
    if not forget_failures(link):
        raise TooManyAttempts()
    cache.set(f"share-link:{mark}", True, REMEMBERED.total_seconds())


def is_locked(link: PlaylistShareLink) -> bool:
    """Too many wrong passwords lately."""
    return link.failures >= ATTEMPTS and link.last_failed is not None and link.last_failed > now() - LOCK


def open_to_attempts() -> Q:
    """The condition on a link's row that no lock runs."""
    return Q(failures__lt=ATTEMPTS) | Q(last_failed__isnull=True) | Q(last_failed__lte=now() - LOCK)


def count_failure(link: PlaylistShareLink) -> bool:
    """Count a wrong password, in the database so that parallel ones all count; a lock that ran out starts afresh.

    False when parallel failures have locked the link meanwhile: the attempt is then not told from a right one.
    """
    moment, row = now(), PlaylistShareLink.objects.filter(pk=link.pk)
    if row.filter(failures__gte=ATTEMPTS, last_failed__lte=moment - LOCK).update(failures=1, last_failed=moment):
        return True
    return bool(row.filter(open_to_attempts()).update(failures=F("failures") + 1, last_failed=moment))


def forget_failures(link: PlaylistShareLink) -> bool:
    """Start the count afresh after a right password. False when parallel failures have locked the link meanwhile."""
    row = PlaylistShareLink.objects.filter(pk=link.pk)
    if not link.failures:
        return row.filter(open_to_attempts()).exists()
    return bool(row.filter(open_to_attempts()).update(failures=0))


def ticket_for(link: PlaylistShareLink) -> str:
    """A signed word that its bearer has shown the link's password; another password makes it void."""
    return signing.dumps([str(link.pk), stamp_of(link)], salt=SALT)


def fits(link: PlaylistShareLink, ticket: str) -> bool:
    """The ticket is one of ours, for this link and its password, and not too old."""
    try:
        found = signing.loads(ticket, salt=SALT, max_age=TICKET_LIFETIME)
    except signing.BadSignature:
        return False
    return found == [str(link.pk), stamp_of(link)]


def stamp_of(link: PlaylistShareLink) -> str:
    """What stands for a link's password in tickets."""
    return salted_hmac(SALT, link.password or "", algorithm="sha256").hexdigest()[:32]
