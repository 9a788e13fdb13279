"""Work that follows from notifications and that nobody waits for: mails and chat messages, each tried several times."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django_tasks import task

from core.retries import put_off
from people.models import Person
from people.rules.organisation import current_organisation
from tasks.chat_programs import PROGRAMS, send
from tasks.messages import as_mail, message_of
from tasks.models import FailedMessage, Notification

log = logging.getLogger("callboard.messages")
MAIL = "mail"
FLAGS = {MAIL: "notifications_enabled", **{program: f"notifications_{program}_enabled" for program in PROGRAMS}}
WANTS_ANY = Q(*((flag, True) for flag in FLAGS.values()), _connector=Q.OR)


def send_messages(notifications: Sequence[Notification]) -> None:
    """Have the recipients told outside as well, once the step under way is stored. One statement, one more when one wants it."""
    ids = {notification.person_id for notification in notifications}
    wanting = set(Person.objects.order_by().filter(WANTS_ANY, pk__in=ids, active=True).values_list("pk", flat=True))
    told = [str(notification.pk) for notification in notifications if notification.person_id in wanting]
    if told:
        spread_messages.enqueue(told)


def ways_to(notification: Any) -> list[str]:
    """By which ways the recipient wants to be told; a playlist that is ready comes by mail to all who want to be told at all."""
    person: Any = notification.person
    ways = [way for way, flag in FLAGS.items() if getattr(person, flag)]
    if ways and notification.notification_type == "playlist-ready" and MAIL not in ways:
        ways.insert(0, MAIL)
    return [way for way in ways if way != MAIL or (settings.MAIL_ENABLED and person.email)]


@task()
def spread_messages(notification_ids: list[str]) -> int:
    """Make one job of each message, so that each is tried on its own. Tells how many."""
    count = 0
    for notification in Notification.objects.select_related("person").filter(pk__in=notification_ids).order_by("created_at", "id"):
        for way in ways_to(notification):
            send_message.enqueue(str(notification.pk), way)
            count += 1
    return count


@task()
def send_message(notification_id: str, way: str, attempt: int = 1) -> str:
    """Send one notification by one way; it is tried again later when it fails. Raises the last attempt's error."""
    message = message_of(notification_id)
    if message is None:
        return "The notification is gone."
    failed = FailedMessage.objects.filter(notification_id=notification_id, way=way)
    try:
        is_sent = as_mail(message).send() == 1 if way == MAIL else send(way, message, current_organisation())
        failed.delete()
        return "Sent." if is_sent else "Not set up."
    except Exception as error:
        moment = put_off(send_message, [notification_id, way], attempt)
        if moment is None:
            reason = f"{type(error).__name__}: {error}"
            FailedMessage.objects.update_or_create(notification_id=notification_id, way=way, defaults={"reason": reason})
            raise
        log.warning("A message by %s was not taken (%s) and is tried again", way, error)
        return f"{type(error).__name__}: {error}. Tried again after {moment:%H:%M}."


def send_again(messages: "QuerySet[FailedMessage]") -> int:
    """Try failed messages anew, from the first attempt; they stand among the failed until they are sent. Tells how many."""
    rows = list(messages)
    for row in rows:
        send_message.enqueue(str(row.notification_id), row.way)
    return len(rows)
