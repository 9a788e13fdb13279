"""What the operator of the server does with accounts from the command line."""

from datetime import date

from django.contrib.auth.hashers import make_password

from core.errors import Refusal
from core.rules import announce
from core.transactions import whole_step
from people.models import EmailCode, Person
from people.rules.organisation import claim_seat
from people.rules.passwords import check_new_password, store_password
from people.rules.persons import SECOND_FACTORS
from people.rules.sessions import end_all_sessions
from people.rules.values import check_address
from people.tokens import mint_api_token, revoke_tokens


@whole_step()
def ensure_admin(email: str, password: str) -> tuple[Person, bool]:
    """The studio manager of an address: made if there is none, else given the role. An account keeps its password.

    Returns the person, and whether they are new. Raises Refusal for a bad address or password.
    """
    person = Person.objects.of_address(email).first()
    if person is None:
        check_new_password(password, password)
        person = Person.objects.create_superuser(check_address(email) or "", password)
        announce(person, "new", by=None)
        return person, True
    if not (person.is_admin and person.active):
        person.role, person.active = "admin", True
        person.save(update_fields=["role", "active"])
        announce(person, "update", by=None)
    return person, False


@whole_step()
def create_bot(email: str | None, *, name: str, role: str, expiration: date | None) -> tuple[Person, str]:
    """Make a bot. Returns it with its token."""
    bot = Person(
        first_name=name,
        last_name="",
        email=None if email is None else check_address(email, is_bot=True),
        role=role,
        is_bot=True,
        expiration_date=expiration,
        password=make_password(None),
    )
    bot.save(force_insert=True)
    announce(bot, "new", by=None)
    return bot, mint_api_token(bot)


@whole_step()
def give_password(person: Person, password: str) -> None:
    """Give a person another password; all their sessions end. Raises Refusal when it is too short."""
    check_new_password(password, password)
    store_password(person, make_password(password))


@whole_step()
def set_active(person: Person, active: bool) -> bool:
    """Let a person sign in, or no longer, which ends all their tokens; whether that is new. Raises WrongParameter if full."""
    if bool(person.active) == active:
        return False
    if active and not person.is_bot:
        claim_seat()
    person.active = active
    person.save(update_fields=["active"])
    if not active:
        end_all_sessions(person)
        revoke_tokens(person)
    announce(person, "update", by=None)
    return True


@whole_step()
def drop_second_factors(person: Person) -> None:
    """Let a person sign in by password alone until they set up a second factor again. Raises Refusal where there is none."""
    if not (person.totp_enabled or person.email_otp_enabled or person.fido_enabled):
        raise Refusal("Two factor authentication is not enabled for this person.")
    for name in SECOND_FACTORS:
        setattr(person, name, False if name.endswith("_enabled") else None)
    person.save(update_fields=list(SECOND_FACTORS))
    EmailCode.objects.filter(person=person).delete()
    announce(person, "update", by=None)
