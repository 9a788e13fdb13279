"""Work on playlists that nobody waits for: building movies, and sending mails."""

import logging
from typing import Any

from django.conf import settings
from django_tasks import task

from core.retries import put_off
from people.models import Person
from playlists.mails import download_notice, invitation
from playlists.models import BuildJob, PlaylistShareLink
from playlists.rules import building

log = logging.getLogger("callboard.messages")


@task()
def build_movie(job_id: str) -> None:
    """Make the movie of a playlist, and tell who asked for it."""
    if building.build(job_id):
        tell_requester.enqueue(job_id)


@task()
def tell_requester(job_id: str, attempt: int = 1) -> str:
    """Mail the person who asked for a movie where it can be downloaded. Raises the last attempt's error."""
    job = BuildJob.objects.select_related("playlist__project", "creator").filter(pk=job_id, status="succeeded").first()
    notice = download_notice(job) if job else None
    return deliver(notice, tell_requester, [job_id], attempt)


@task()
def send_invitation(link_id: str, address: str, message: str, author_id: str, attempt: int = 1) -> str:
    """Mail an invitation to a share link that is still open. Raises the last attempt's error."""
    link = PlaylistShareLink.objects.select_related("playlist__project").filter(pk=link_id, is_active=True).first()
    author = Person.objects.filter(pk=author_id).first()
    mail = invitation(link, address, message, author) if link else None
    return deliver(mail, send_invitation, [link_id, address, message, author_id], attempt)


def deliver(mail: Any, job: Any, arguments: list[str], attempt: int) -> str:
    """Send a mail; when that fails the job is tried again later, as often as notifications are. Raises the last attempt's error."""
    if mail is None or not settings.MAIL_ENABLED:
        return "There is nothing to send." if mail is None else "Not set up."
    try:
        mail.send()
        return "Sent."
    except Exception as error:
        moment = put_off(job, arguments, attempt)
        if moment is None:
            raise
        log.warning("A mail was not taken (%s) and is tried again", error)
        return f"{type(error).__name__}: {error}. Tried again after {moment:%H:%M}."
