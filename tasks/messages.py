"""What a notification says when it leaves the server: as a mail in its reader's language, or in English in a chat program."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formataddr
from html import escape, unescape
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from people.mail import SENDER, language_of
from people.models import Person
from people.rules.organisation import current_organisation
from tasks.conversations import may_read
from tasks.letters import CLOSING, COUNT, LETTERS
from tasks.models import Notification
from tasks.newsfeed import episode_of, full_name

FOLDERS = {"Shot": "shots", "Edit": "edits"}
AROUND = (
    *("person", "author", "comment__person", "task__project", "task__task_type", "task__task_status", "task__entity"),
    *("playlist__project", "playlist__episode"),
)
PAGE = (
    '<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="font-family: sans-serif; color: #222222"><h1 style="font-size: 20px">{title}</h1>\n{body}\n'
    "<p>{closing}<br>{studio}</p></body></html>"
)
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
BREAK = re.compile(r"<br>|</p>|</h1>")
MARK = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Message:
    """What a notification tells: `kind` chooses the words, `place` is the production or the episode, `count` its elements."""

    kind: str
    reader: Person
    author: Person
    url: str
    task: str = ""
    status: str = ""
    text: str = ""
    playlist: str = ""
    project: str = ""
    place: str = ""
    count: int = 0


def message_of(notification_id: Any) -> Message | None:
    """The message of a notification; None when it has been taken back. One statement, besides what the reader may see."""
    named = {"entity_name": full_name("task__entity__"), "episode_id": episode_of("task__entity__")}
    rows = Notification.objects.select_related(*AROUND).annotate(**named).filter(pk=notification_id)
    notification = rows.first()
    if notification is None:
        return None
    return of_playlist(notification) if notification.playlist is not None else of_task(notification)


def of_task(notification: Any) -> Message | None:
    """What is told about a task."""
    task, kind = notification.task, notification.notification_type
    if task is None or task.project is None or task.task_type is None:
        return None
    text = words_of(notification)
    return Message(
        kind="status" if kind == "comment" and not text else kind,
        reader=notification.person,
        author=notification.author,
        url=task_url(task, notification.episode_id),
        task=f"{task.project.name} / {notification.entity_name} / {task.task_type.name}",
        status=(task.task_status.short_name if task.task_status else "").upper(),
        text=text,
        project=task.project.name,
    )


def words_of(notification: Any) -> str:
    """The words of the comment, or of the reply for a `reply`; none of those that the reader may not read."""
    comment = notification.comment
    if comment is None or not may_read(notification.person, comment, notification.task):
        return ""
    if notification.notification_type != "reply":
        return comment.text or ""
    own: Iterator[dict[str, Any]] = (reply for reply in comment.replies or [] if reply.get("id") == str(notification.reply_id))
    return str(next(own, {}).get("text") or "")


def studio_url(path: str) -> str:
    """An address of the web client."""
    return f"{settings.DOMAIN_PROTOCOL}://{settings.DOMAIN_NAME}/productions/{path}"


def task_url(task: Any, episode_id: str | None) -> str:
    """Where the web client shows a task."""
    episode = f"/episodes/{episode_id or 'main'}" if task.project.production_type == "tvshow" else ""
    folder = FOLDERS.get(task.task_type.for_entity or "", "assets")
    return studio_url(f"{task.project_id}{episode}/{folder}/tasks/{task.pk}")


def playlist_url(playlist: Any) -> str:
    """Where the web client shows a playlist."""
    episode = ""
    if playlist.episode_id is not None:
        episode = f"episodes/{playlist.episode_id}/"
    elif playlist.for_entity == "asset" and playlist.project.production_type == "tvshow":
        episode = "episodes/all/" if playlist.is_for_all else "episodes/main/"
    return studio_url(f"{playlist.project_id}/{episode}playlists/{playlist.pk}")


def of_playlist(notification: Any) -> Message | None:
    """What is told about a playlist."""
    playlist = notification.playlist
    if playlist.project is None:
        return None
    place = f"{playlist.project.name} / {playlist.episode.name}" if playlist.episode is not None else playlist.project.name
    return Message(
        kind=notification.notification_type,
        reader=notification.person,
        author=notification.author,
        url=playlist_url(playlist),
        playlist=playlist.name,
        project=playlist.project.name,
        place=place,
        count=len(playlist.shots or []),
    )


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The message as a mail in its reader's language: a page of HTML, and the text that is in it."""
    language = language_of(message.reader)
    title, subject, _ = LETTERS[language][message.kind]
    page = PAGE.format(
        language=language,
        title=escape(title),
        body=body_of(message, language),
        closing=CLOSING[language],
        studio=escape(current_organisation().name),
    )
    named = {"author": message.author.first_name, "task": message.task, "status": message.status}
    line = subject.format(**named, playlist=message.playlist, project=message.project)
    mail = EmailMultiAlternatives(
        " ".join(line.split()),
        as_text(page),
        formataddr((SENDER, settings.DEFAULT_FROM_EMAIL)),
        [message.reader.email or ""],
        headers={"Content-Language": language},
    )
    mail.attach_alternative(page, "text/html")
    return mail


def body_of(message: Message, language: str) -> str:
    """The paragraphs of a mail, with nothing in them that a reader's mail program would take for HTML of ours."""
    sentence = LETTERS[language][message.kind][2].format(
        author=f"<strong>{escape(message.author.full_name)}</strong>",
        status=f"<strong>{escape(message.status)}</strong>",
        task=linked(message.url, message.task),
        playlist=linked(message.url, message.playlist),
        place=escape(message.place),
    )
    paragraphs = [f"<p>{sentence}</p>"]
    if message.count > 1:
        paragraphs.append(f"<p>{COUNT[language].format(count=message.count)}</p>")
    if message.text:
        text = escape(message.text).replace("\n", "<br>")
        paragraphs.append(f"<p><em>{text}</em></p>")
    return "\n".join(paragraphs)


def linked(url: str, name: str) -> str:
    """A link of a mail."""
    return f'<a href="{escape(url)}">{escape(name)}</a>'


def as_text(page: str) -> str:
    """The text of a mail's page, where links have turned into their names and addresses."""
    body = page.partition("<body")[2].partition(">")[2]
    body = MARK.sub("", BREAK.sub("\n\n", LINK.sub(r"\2 (\1)", body)))
    lines = (line.strip() for line in unescape(body).splitlines())
    return "\n\n".join(line for line in lines if line)


def as_markdown(message: Message) -> str:
    """The message as Slack and Mattermost write it."""
    return as_chat(message, lambda url, name: f"<{url}|{name}>")


def as_embed(message: Message) -> str:
    """The message as Discord writes it."""
    return as_chat(message, lambda url, name: f"[{name}]({url})")


def as_chat(message: Message, link: Callable[[str, str], str]) -> str:
    """The message as one text in English, with links of that form."""
    sentence = LETTERS["en"][message.kind][2].format(
        author=f"*{message.author.full_name}*",
        status=f"*{message.status}*",
        task=link(message.url, message.task),
        playlist=link(message.url, message.playlist),
        place=message.place,
    )
    count = f" {COUNT['en'].format(count=message.count)}" if message.count > 1 else ""
    return f"{sentence}{count}" + (f"\n\n_{message.text}_" if message.text else "")
