"""Ending a person's sessions: those of the API, and those of the back-office."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session as BrowserSession

from core.models import now
from core.transactions import whole_step
from people.models import Person
from people.tokens import close_sessions


@whole_step()
def end_all_sessions(person: Person) -> None:
    """End every session of a person, wherever they signed in."""
    close_sessions(person)
    living = BrowserSession.objects.filter(expire_date__gt=now())
    theirs = [session.pk for session in living.iterator() if session.get_decoded().get(SESSION_KEY) == str(person.pk)]
    BrowserSession.objects.filter(pk__in=theirs).delete()
