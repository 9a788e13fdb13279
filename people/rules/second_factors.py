"""Second factors: codes of an authenticator app, codes by e-mail, security keys, and the recovery codes for who lost them all."""

import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from core.errors import Refusal
from core.models import now
from core.transactions import whole_step
from people.mail import Letter, post
from people.models import EmailCode, Person
from people.rules.attempts import count_guess, count_letter, forget_guesses
from people.rules.organisation import current_organisation
from people.rules.security_keys import is_answered, kept_keys
from people.rules.spent_proofs import spend_once

FACTORS = ("totp", "email_otp", "fido")
RECOVERY_CODE = "recovery_code"
FALLBACKS = {"totp": ("fido", "email_otp"), "email_otp": ("fido", "totp"), "fido": ("totp", "email_otp")}
ALREADY = {"totp": "TOTP already enabled.", "email_otp": "OTP by email already enabled."}
NOT_ENABLED = {"totp": "TOTP not enabled.", "email_otp": "OTP by email not enabled.", "fido": "FIDO not enabled."}
NO_FACTOR = "No two factor authentication enabled."
UNPROVEN = "OTP verification failed."
STEP = 30  # seconds
CODE_LIFETIME = timedelta(minutes=5)
RECOVERY_CODES, RECOVERY_LENGTH = 16, 10
ALPHABET = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Proof:
    """What somebody sent to prove who they are. `challenge` is what their browser was given for a security key to answer.

    The API counts the first kind alone that is enabled and sent; `whichever` counts every kind.
    """

    totp: str | None = None
    email_otp: str | None = None
    fido: dict[str, Any] | None = None
    recovery_code: str | None = None
    challenge: dict[str, Any] | None = None
    whichever: bool = False

    @classmethod
    def of_any_kind(cls, code: str) -> "Proof":
        """A code that somebody typed without saying of which kind it is."""
        code = code.strip()
        return cls(totp=code, email_otp=code, recovery_code=code.upper(), whichever=True) if code else cls()

    def kinds(self, person: Person) -> list[str]:
        """The kinds of proof that count, in the order in which they are looked at."""
        sent = [name for name in FACTORS if is_enabled(person, name) and getattr(self, name) is not None]
        sent += [RECOVERY_CODE] if self.recovery_code is not None else []
        return sent if self.whichever else sent[:1]


def is_enabled(person: Person, factor: str) -> bool:
    """The person has set this factor up."""
    return bool(getattr(person, f"{factor}_enabled"))


def second_factors(person: Person) -> list[str]:
    """The ways in which the person may prove themself beside the password; recovery codes come first."""
    enabled = [name for name in FACTORS if is_enabled(person, name)]
    return [RECOVERY_CODE, *enabled] if enabled else []


def must_set_up(person: Person) -> bool:
    """The studio wants a second factor of everybody, and the person has none yet."""
    if not settings.ENFORCE_2FA or second_factors(person) or person.preview_project_id is not None:
        return False
    return (person.email or "").lower() not in {email.lower() for email in settings.TWO_FACTOR_EXEMPT_USERS}


def session_claims(person: Person, *, skip_2fa_setup: bool = False) -> dict[str, bool]:
    """What the tokens of a session say about second factors."""
    if skip_2fa_setup:
        return {"skip_2fa_setup": True}
    return {"requires_2fa_setup": True} if must_set_up(person) else {}


# Proving


def is_proven(person: Person, proof: Proof) -> bool:
    """The proof is the person's; it is used up by this."""
    return any(CHECKS[kind](person, proof) for kind in proof.kinds(person))


def insist_on_proof(person: Person, proof: Proof) -> None:
    """Raises Refusal unless the proof is the person's; a few wrong ones are allowed in a minute."""
    count_guess(person)
    if not is_proven(person, proof):
        raise Refusal(UNPROVEN, wrong_OTP=True)
    forget_guesses(person)


def totp_step(secret: str | None, code: str) -> int | None:
    """The half minute of a code, the present one or one beside it; None when it is the code of neither."""
    if not secret:
        return None
    present = int(time.time()) // STEP
    codes = ((step, pyotp.TOTP(secret).at(step * STEP)) for step in (present, present - 1, present + 1))
    return next((step for step, right in codes if constant_time_compare(right, code)), None)


def spend_totp(person: Person, proof: Proof) -> bool:
    """The code is one of the person's app, and was not used before."""
    step = totp_step(person.totp_secret, proof.totp or "")
    return step is not None and spend_once("totp", str(person.pk), str(step), lifetime=timedelta(seconds=4 * STEP))


def spend_email_code(person: Person, proof: Proof) -> bool:
    """The code is the one that the person was sent last, not long ago, and was not used before."""
    row = EmailCode.objects.filter(person=person, digest=digest_of(person, proof.email_otp or ""), expires_at__gt=now())
    return bool(row.delete()[0])


@whole_step()
def spend_recovery_code(person: Person, proof: Proof) -> bool:
    """The code is one of the person's recovery codes that are left."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    digest, left = digest_of(person, proof.recovery_code or ""), row.otp_recovery_codes or []
    if digest not in left:
        return False
    row.otp_recovery_codes = [other for other in left if other != digest]
    row.save(update_fields=["otp_recovery_codes"])
    return True


def answer_of_key(person: Person, proof: Proof) -> bool:
    """A security key of the person signed the challenge."""
    return is_answered(person, proof.fido or {}, proof.challenge)


CHECKS: dict[str, Callable[[Person, Proof], bool]] = {
    "totp": spend_totp,
    "email_otp": spend_email_code,
    "fido": answer_of_key,
    RECOVERY_CODE: spend_recovery_code,
}


def digest_of(person: Person, code: str) -> str:
    """What is kept of a code: nobody who reads the database alone can try codes against it."""
    return salted_hmac("people.codes", f"{person.pk}:{code}", algorithm="sha256").hexdigest()


# Setting up


def refuse_enabled(person: Person, factor: str) -> None:
    """Raises Refusal where the factor is set up already."""
    if is_enabled(person, factor):
        raise Refusal(ALREADY[factor])


def prepare_totp(person: Person) -> tuple[str, str]:
    """A secret for the person's app, and the address by which the app takes it. Raises Refusal when one is in use."""
    secret = pyotp.random_base32()
    if not Person.objects.filter(pk=person.pk).exclude(totp_enabled=True).update(totp_secret=secret):
        raise Refusal(ALREADY["totp"])
    issuer = f"Kitsu {current_organisation().name}"
    return secret, pyotp.TOTP(secret).provisioning_uri(name=person.email or person.full_name, issuer_name=issuer)


def confirm_totp(person: Person, code: str) -> tuple[Person, list[str] | None]:
    """Ask for codes of the app from now on, which just showed one. Raises Refusal."""
    refuse_enabled(person, "totp")
    count_guess(person)
    if totp_step(person.totp_secret, code) is None:
        raise Refusal("TOTP verification failed.", wrong_OTP=True)
    forget_guesses(person)
    return enable(person, "totp")


def new_email_code(person: Person) -> str:
    """Six digits that the person proves themself by once; the former ones are void."""
    code = "".join(secrets.choice(string.digits) for _ in range(6))
    values = {"digest": digest_of(person, code), "expires_at": now() + CODE_LIFETIME}
    EmailCode.objects.update_or_create(person=person, defaults=values)
    return code


@whole_step()
def send_code(person: Person, *, ip: str | None) -> None:
    """Send a person a code."""
    post(Letter("email-code", person, code=new_email_code(person), ip=ip))


def ask_for_code(name: str, *, ip: str | None) -> None:
    """Send a code to whoever signs in by that name with codes by e-mail. For all others the same is done, and nothing sent.

    Raises TooOften, whoever it is.
    """
    count_letter("code", name)
    person = Person.objects.of_login(name)
    if person is not None and person.active and person.email_otp_enabled:
        send_code(person, ip=ip)
        return
    with transaction.atomic():
        new_email_code(Person(pk=uuid4()))
        transaction.set_rollback(True)


def prepare_email_codes(person: Person, *, ip: str | None) -> None:
    """Send the code by which the person shows that letters reach them. Raises Refusal when that is known already."""
    refuse_enabled(person, "email_otp")
    count_letter("code", str(person.pk))
    send_code(person, ip=ip)


def confirm_email_codes(person: Person, code: str) -> tuple[Person, list[str] | None]:
    """Send codes at every login from now on: the person has received one. Raises Refusal."""
    refuse_enabled(person, "email_otp")
    count_guess(person)
    if not spend_email_code(person, Proof(email_otp=code)):
        raise Refusal("OTP by email verification failed.", wrong_OTP=True)
    forget_guesses(person)
    return enable(person, "email_otp")


@whole_step()
def enable(person: Person, factor: str, *, key: dict[str, Any] | None = None) -> tuple[Person, list[str] | None]:
    """Set a factor up, or add a security key; the first one comes with recovery codes. Raises Refusal when it is set up."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    if key is None:
        refuse_enabled(row, factor)
    else:
        row.fido_credentials = [*(row.fido_credentials or []), key]
    setattr(row, f"{factor}_enabled", True)
    row.preferred_two_factor_authentication = row.preferred_two_factor_authentication or factor
    codes = None if row.otp_recovery_codes else renew_codes(row)
    save_factors(row)
    return row, codes


def renew_codes(person: Person) -> list[str]:
    """Give a person recovery codes; the former ones are void. The person still has to be saved."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    person.otp_recovery_codes = [digest_of(person, code) for code in codes]
    return codes


# Taking away


def disable(person: Person, factor: str, proof: Proof, *, device_name: str = "") -> None:
    """Take a factor away from whoever proves to be the person; of security keys the named one. Raises Refusal."""
    if not is_enabled(person, factor):
        raise Refusal(NOT_ENABLED[factor])
    insist_on_proof(person, proof)
    with whole_step():
        row = Person.objects.select_for_update().get(pk=person.pk)
        if factor == "fido":
            row.fido_credentials = [key for key in kept_keys(row) if key.get("device_name") != device_name]
            row.fido_enabled = bool(row.fido_credentials)
        else:
            setattr(row, f"{factor}_enabled", False)
            setattr(row, f"{factor}_secret", None)
        fall_back(row, factor)
        save_factors(row)


def fall_back(person: Person, factor: str) -> None:
    """Prefer another factor where the preferred one is gone; without any, the recovery codes go."""
    if is_enabled(person, factor):
        return
    if person.preferred_two_factor_authentication in (factor, None):
        left = (name for name in FALLBACKS[factor] if is_enabled(person, name))
        person.preferred_two_factor_authentication = next(left, None)
    if not second_factors(person):
        person.otp_recovery_codes = None
        EmailCode.objects.filter(person=person).delete()


def save_factors(person: Person) -> None:
    """Store what is known of a person's factors."""
    kept = [f"{name}_enabled" for name in FACTORS]
    kept += ["totp_secret", "email_otp_secret", "fido_credentials", "otp_recovery_codes", "preferred_two_factor_authentication"]
    person.save(update_fields=kept)


def replace_recovery_codes(person: Person, proof: Proof) -> list[str]:
    """New recovery codes for whoever proves to be the person. Raises Refusal."""
    if not second_factors(person):
        raise Refusal(NO_FACTOR)
    insist_on_proof(person, proof)
    with whole_step():
        row = Person.objects.select_for_update().get(pk=person.pk)
        if not second_factors(row):
            raise Refusal(NO_FACTOR)
        codes = renew_codes(row)
        row.save(update_fields=["otp_recovery_codes"])
    return codes
