"""Letters to people: written in their language, sent once what they tell of is stored, never failing the request."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import formataddr
from html import escape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from core.transactions import on_commit
from people.letters import HELLO, LETTERS, WHEN
from people.models import Person
from people.rules.organisation import current_organisation

log = logging.getLogger("callboard.mail")
SENDER = "Kitsu Bot"
# Mail servers are slow: letters leave from here, so that nobody waits and an answer's time tells nothing about an address.
POSTMEN = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


@dataclass(frozen=True)
class Letter:
    """A letter of a known kind to a person; `link` is what they shall open, `code` what they shall type.

    `ip` is where the request came from.
    """

    kind: str
    person: Person
    link: str = ""
    code: str = ""
    ip: str | None = None


def post(letter: Letter) -> None:
    """Send a letter once the step under way is stored. Without mail, or to people without address, nothing is sent."""
    if settings.MAIL_ENABLED and letter.person.email:
        message = compose(letter)
        on_commit(lambda: POSTMEN.submit(deliver, message), robust=True)


def language_of(person: Person) -> str:
    """The person's language where letters exist in it, else the studio's, else English."""
    wanted = [str(name)[:2] for name in (person.locale, settings.DEFAULT_LOCALE) if name]
    return next((language for language in wanted if language in LETTERS), "en")


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The letter as text and as HTML."""
    person, language = letter.person, language_of(letter.person)
    studio = current_organisation().name
    subject, body = LETTERS[language][letter.kind]
    zone = ZoneInfo(person.timezone or settings.DEFAULT_TIMEZONE)
    moment = timezone.now().replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    values = {"name": person.first_name, "studio": studio, "email": person.email, "time": moment, "ip": letter.ip or "-"}
    values["code"] = letter.code
    lines = [HELLO[language], body, letter.link] + ([WHEN[language]] if letter.kind != "invitation" else [])
    said = [line if line == letter.link else line.format(**values) for line in lines if line]
    message = EmailMultiAlternatives(
        " ".join(subject.format(**values).split()),
        "\n\n".join(said),
        formataddr((SENDER, settings.DEFAULT_FROM_EMAIL)),
        [person.email or ""],
        headers={"Content-Language": language},
    )
    message.attach_alternative("".join(f"<p>{as_html(line, letter.link)}</p>" for line in said), "text/html")
    return message


def as_html(line: str, link: str) -> str:
    """A line of a letter with nothing in it that a browser would take for HTML; the link can be clicked."""
    text = escape(line)
    return f'<a href="{text}">{text}</a>' if line == link else text


def deliver(message: EmailMultiAlternatives) -> None:
    """Hand a letter to the mail server; a failure is logged."""
    try:
        message.send()
    except Exception:
        log.exception("a letter could not be sent")
