"""Security keys: the challenges that they are given (WebAuthn), and what they answer."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2.rpid import verify_rp_id
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorAttachment,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.errors import Refusal
from core.transactions import whole_step
from people.models import Person
from people.rules.spent_proofs import spend_once

NOT_ENABLED = "FIDO not enabled."
NOT_BEGUN = "No preregistration before."
WRONG_RESPONSE = "FIDO server exception your registration response is probly wrong."
REGISTER, SIGN_IN = "register", "sign-in"
LIFETIME = timedelta(minutes=5)
Challenge = dict[str, Any]


def is_own_page(origin: str) -> bool:
    """The page that asked the key is one of the studio's site."""
    site = f"{settings.DOMAIN_PROTOCOL}://{settings.DOMAIN_NAME}"
    return origin == site or verify_rp_id(host_name(), origin)


def host_name() -> str:
    """The name of the studio's site, to which keys are bound."""
    return urlsplit(f"//{settings.DOMAIN_NAME}").hostname or ""


def relying_party() -> Fido2Server:
    """The side of the protocol that asks keys."""
    return Fido2Server(PublicKeyCredentialRpEntity(name="Kitsu", id=host_name()), verify_origin=is_own_page)


def keys_of(person: Person) -> list[AttestedCredentialData]:
    """The person's keys."""
    return [AttestedCredentialData(websafe_decode(key["credential"])) for key in kept_keys(person)]


def kept_keys(person: Person) -> list[dict[str, Any]]:
    """The person's keys as they are stored; what an import brought in another form is none."""
    return [key for key in person.fido_credentials or [] if isinstance(key, dict) and {"credential", "count"} <= set(key)]


def remember(person: Person, act: str, state: dict[str, Any]) -> Challenge:
    """What must come back with a key's answer."""
    return {"challenge": state["challenge"], "person": str(person.pk), "act": act}


def state_of(person: Person, act: str, challenge: Challenge | None) -> dict[str, Any] | None:
    """What the protocol needs to judge an answer. None when the challenge was for another person or another act."""
    if not challenge or (challenge.get("person"), challenge.get("act")) != (str(person.pk), act):
        return None
    return {"challenge": challenge["challenge"], "user_verification": UserVerificationRequirement.PREFERRED}


def begin_registration(person: Person) -> tuple[dict[str, Any], Challenge]:
    """What a browser asks a new key, and what to remember of it."""
    options, state = relying_party().register_begin(
        PublicKeyCredentialUserEntity(name=person.email or "", id=str(person.pk).encode(), display_name=person.full_name),
        keys_of(person),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
        authenticator_attachment=AuthenticatorAttachment.CROSS_PLATFORM,
    )
    return dict(options.public_key), remember(person, REGISTER, state)


def read_new_key(person: Person, response: dict[str, Any], device_name: str, challenge: Challenge | None) -> dict[str, Any]:
    """The key that answered, as it is kept. Raises Refusal."""
    state = state_of(person, REGISTER, challenge)
    if state is None:
        raise Refusal(NOT_BEGUN)
    try:
        data = relying_party().register_complete(state, response)
    except Exception:  # what a client makes up fails in any way that parsing knows
        raise Refusal(WRONG_RESPONSE) from None
    if not spend_once("challenge", state["challenge"], lifetime=2 * LIFETIME):
        raise Refusal(NOT_BEGUN)
    credential = data.credential_data
    if credential is None or credential.credential_id in [key.credential_id for key in keys_of(person)]:
        raise Refusal(WRONG_RESPONSE)
    return {"device_name": device_name, "credential": websafe_encode(bytes(credential)), "count": data.counter}


def begin_sign_in(name: str) -> tuple[dict[str, Any], Challenge]:
    """What a browser asks the keys of whoever signs in by that name, and what to remember of it. Raises Refusal."""
    person = Person.objects.of_login(name)
    if person is None or not person.active or not person.fido_enabled:
        raise Refusal(NOT_ENABLED)
    options, state = relying_party().authenticate_begin(keys_of(person))
    return dict(options.public_key), remember(person, SIGN_IN, state)


def is_answered(person: Person, response: dict[str, Any], challenge: Challenge | None) -> bool:
    """A key of the person signed the challenge; each challenge is answered once."""
    state = state_of(person, SIGN_IN, challenge)
    if state is None:
        return False
    try:
        answer = AuthenticationResponse.from_dict(response)
        used = relying_party().authenticate_complete(state, keys_of(person), answer)
    except Exception:  # what a client makes up fails in any way that parsing knows
        return False
    if not spend_once("challenge", state["challenge"], lifetime=2 * LIFETIME):
        return False
    return advance_counter(person, used, answer.response.authenticator_data.counter)


@whole_step()
def advance_counter(person: Person, used: AttestedCredentialData, count: int) -> bool:
    """Note how often a key has signed. False when the key is gone, or has signed more often before: then it was copied."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    name = websafe_encode(bytes(used))
    kept = next((key for key in kept_keys(row) if key["credential"] == name), None)
    if kept is None or (count or kept["count"]) and count <= kept["count"]:
        return False
    kept["count"] = count
    row.save(update_fields=["fido_credentials"])
    return True
