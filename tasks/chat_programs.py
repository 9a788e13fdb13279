"""The chat programs in which people are told: Slack, Mattermost and Discord, each with one function that sends a message."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings

from core.json import dumps, loads
from people.models import Organisation
from tasks.messages import Message, as_embed, as_markdown

log = logging.getLogger("callboard.messages")
PATIENCE = 30
ICON = "/img/kitsu.b07d6464.png"


class MessageRefused(Exception):
    """The chat program did not take the message; the text is its reason."""


def ask(method: str, url: str, body: Any = None, *, authorisation: str = "") -> Any:
    """One request; the answer's JSON, or None where there is none. Raises OSError when it fails."""
    if not url.startswith(("http://", "https://")):
        raise MessageRefused(f"{url} is no address of the web")
    headers = {"User-Agent": "Callboard"} | ({"Authorization": authorisation} if authorisation else {})
    content = None
    if body is not None:
        content, headers["Content-Type"] = dumps(body), "application/json; charset=utf-8"
    request = Request(url, data=content, headers=headers, method=method)  # noqa: S310 the scheme was just asked about
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        said = answer.read()
        return loads(said) if answer.headers.get_content_type() == "application/json" and said else None


def to_slack(message: Message, user: str, studio: Organisation) -> None:
    """Write to the person's own channel of Slack."""
    text = as_markdown(message)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    body = {"channel": f"@{user}", "text": text, "blocks": [section]}
    answer = ask("POST", f"{settings.SLACK_API_URL}/chat.postMessage", body, authorisation=f"Bearer {studio.chat_token_slack}")
    if not isinstance(answer, dict) or not answer.get("ok"):
        raise MessageRefused(f"Slack: {answer.get('error') if isinstance(answer, dict) else 'no answer'}")


def to_mattermost(message: Message, user: str, studio: Organisation) -> None:
    """Write to the person through the studio's webhook of Mattermost."""
    body = {
        "text": as_markdown(message),
        "channel": f"@{user}",
        "username": f"Kitsu - {message.project}",
        "icon_url": f"{settings.DOMAIN_PROTOCOL}://{settings.DOMAIN_NAME}{ICON}",
    }
    ask("POST", studio.chat_webhook_mattermost or "", body)


def to_discord(message: Message, user: str, studio: Organisation) -> None:
    """Write a private message to the member of one of the bot's guilds who has that name."""

    def discord(method: str, path: str, body: Any = None) -> Any:
        return ask(method, f"{settings.DISCORD_API_URL}/{path}", body, authorisation=f"Bot {studio.chat_token_discord}")

    name = user.partition("#")[0]
    for guild in discord("GET", "users/@me/guilds") or []:
        members = discord("GET", f"guilds/{guild['id']}/members/search?query={quote(name)}&limit=1000") or []
        known = next((member["user"] for member in members if user in names_of(member["user"])), None)
        if known is not None:
            channel = discord("POST", "users/@me/channels", {"recipient_id": known["id"]})
            discord("POST", f"channels/{channel['id']}/messages", {"embeds": [{"description": as_embed(message)}]})
            return
    raise MessageRefused(f"Discord: nobody is called {user}")


def names_of(user: dict[str, Any]) -> tuple[str, str]:
    """What a member of a guild is called, without and with their number."""
    return user.get("username", ""), f"{user.get('username')}#{user.get('discriminator')}"


Sender = Callable[[Message, str, Organisation], None]
# Of each program: who sends, what the studio needs, and how a person's two columns begin.
PROGRAMS: dict[str, tuple[Sender, str]] = {
    "slack": (to_slack, "chat_token_slack"),
    "mattermost": (to_mattermost, "chat_webhook_mattermost"),
    "discord": (to_discord, "chat_token_discord"),
}


def send(program: str, message: Message, studio: Organisation) -> bool:
    """Send a message through a program; false, with a warning in the log, where the studio or the person is not set up for it."""
    sender, credential = PROGRAMS[program]
    user = getattr(message.reader, f"notifications_{program}_userid")
    if not getattr(studio, credential) or not user:
        log.warning("%s is not set up for %s", "The studio" if user else message.reader.full_name, program)
        return False
    sender(message, user, studio)
    return True
