"""Mails about playlists: invitations to a share link, and the word that a movie is ready."""

from email.utils import formataddr
from html import escape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from people.mail import SENDER, language_of
from people.models import Person
from people.rules.organisation import current_organisation
from people.rules.passwords import site_address
from playlists.letters import LETTERS
from playlists.models import BuildJob, Playlist, PlaylistShareLink


def invitation(link: PlaylistShareLink, address: str, message: str, author: Person | None) -> EmailMultiAlternatives:
    """The mail that invites an address to a share link, with what its author adds."""
    reader = Person.objects.of_address(address).first() or Person()
    url = site_address(f"playlists/shared/{link.token}")
    name = author.full_name if author else current_organisation().name
    return compose("invitation", address, reader, link.playlist, url, author=name, message=message)


def download_notice(job: BuildJob) -> EmailMultiAlternatives | None:
    """The mail that tells who asked for a movie where it is; None where there is nobody to tell."""
    person = job.creator
    if person is None or not person.email or not person.active:
        return None
    url = site_address(f"api/data/playlists/{job.playlist_id}/jobs/{job.pk}/build/mp4")
    return compose("download", person.email, person, job.playlist, url)


def compose(
    kind: str, address: str, reader: Person, playlist: Playlist, url: str, *, author: str = "", message: str = ""
) -> EmailMultiAlternatives:
    """A mail in its reader's language, as text and as HTML in which nothing is taken for HTML of ours."""
    language, studio = language_of(reader), current_organisation().name
    subject, sentence = LETTERS[language][kind]
    words = {"studio": studio, "author": author, "playlist": playlist.name}
    words["project"] = playlist.project.name if playlist.project else ""
    marked = {name: escape(word) for name, word in words.items()}
    marked["playlist"] = f'<a href="{escape(url)}">{marked["playlist"]}</a>'
    said = [sentence.format(**words), url, message, studio]
    shown = [sentence.format(**marked), escape(message).replace("\n", "<br>"), escape(studio)]
    mail = EmailMultiAlternatives(
        " ".join(subject.format(**words).split()),
        "\n\n".join(part for part in said if part),
        formataddr((SENDER, settings.DEFAULT_FROM_EMAIL)),
        [address],
        headers={"Content-Language": language},
    )
    mail.attach_alternative("".join(f"<p>{part}</p>" for part in shown if part), "text/html")
    return mail
