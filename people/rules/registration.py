"""Joining the studio on one's own."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from core.errors import NotFound
from core.models import now
from core.rules import announce
from core.transactions import whole_step
from people.mail import Letter, post
from people.models import OneTimeToken, Person
from people.rules.organisation import claim_seat, current_organisation
from people.rules.passwords import REGISTRATION, check_new_password, digest_of, new_token, site_address, spend_token
from people.rules.values import check_address

CONFIRMATION_LIFETIME = timedelta(days=2)


def register(*, email: str, password: str, confirmation: str, first_name: str, last_name: str, ip: str | None) -> Person:
    """Store a new artist who is in no production. Where mail goes out, the account opens with the link that is sent.

    Raises Refusal for a bad or taken address, a password that does not do, or a full studio.
    """
    check_new_password(password, confirmation)
    encoded = make_password(password)
    with whole_step():
        current_organisation(lock=True)
        forget_stale_registrations(email)
        email = check_address(email) or ""
        claim_seat()
        names = {"first_name": first_name, "last_name": last_name}
        person = Person(email=email, password=encoded, role="user", active=not settings.MAIL_ENABLED, **names)
        person.save(force_insert=True)
        announce(person, "new", by=None)
        if settings.MAIL_ENABLED:
            token = new_token(person, kind=REGISTRATION, email=email, lifetime=CONFIRMATION_LIFETIME)
            post(Letter("registration", person, link=site_address(f"api/auth/register/confirm/{token}"), ip=ip))
    return person


def forget_stale_registrations(email: str) -> None:
    """Free an address whose registration was never confirmed in time."""
    stale = OneTimeToken.objects.filter(kind=REGISTRATION, expires_at__lte=now()).values("person_id")
    Person.objects.of_address(email).filter(pk__in=stale, active=False).delete()


@whole_step()
def confirm_registration(token: str) -> None:
    """Open the account that a mailed link stands for.

    Raises NotFound for a link that is wrong, used or old, WrongParameter when the studio is full.
    """
    row = OneTimeToken.objects.select_related("person").filter(kind=REGISTRATION, digest=digest_of(token)).first()
    if row is None or row.expires_at <= now():
        raise NotFound("This link was used or has expired.")
    person = row.person
    if not person.active:
        claim_seat()
    if not spend_token(REGISTRATION, token):
        raise NotFound("This link was used or has expired.")
    if not person.active:
        person.active = True
        person.save(update_fields=["active"])
        announce(person, "update", by=None)
