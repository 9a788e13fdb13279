"""The studio's identity provider by SAML 2.0: where people are sent to, and what is believed of what they bring back.

djangosaml2 brings the client. Its views keep sessions in cookies, which the API does not, so the API has a view of its own; that a
request is ours is told by its signed id, and that an assertion is new by the database.
"""

import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from djangosaml2.overrides import Saml2Client
from djangosaml2.utils import get_location
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, class_name
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from people.providers.documents import Unreachable, document
from people.providers.identities import Identity, IdentityRefused
from people.providers.sealed import is_sealed
from people.rules.spent_proofs import spend_once

log = logging.getLogger("callboard.identity")
CLOCKS = 60  # seconds by which the clocks of both sides may differ
REQUEST_LIFETIME = timedelta(hours=1)
LARGEST = 1024**2  # characters of an answer
LONGEST = timedelta(days=1)  # how long an assertion may be good for
NAMES = ("first_name", "last_name", "country")


def home() -> str:
    """The studio's site."""
    return f"{settings.DOMAIN_PROTOCOL}://{settings.DOMAIN_NAME}"


def entity_id() -> str:
    """The name by which the identity provider knows this server."""
    return f"{home()}/api/auth/saml/login"


def consumer() -> str:
    """The address to which the identity provider sends people back."""
    return f"{home()}/api/auth/saml/sso"


def xmlsec() -> str | None:
    """The program that checks signatures, where it is installed."""
    return shutil.which("xmlsec1")


def key_pair() -> tuple[str, str] | None:
    """The files of the key and certificate by which requests are signed and assertions opened, where the studio has them."""
    return (settings.SAML_KEY_FILE, settings.SAML_CERTIFICATE_FILE) if settings.SAML_KEY_FILE else None


@lru_cache(maxsize=4)
def configuration(metadata: bytes | None, entity: str, address: str, pair: tuple[str, str] | None) -> SPConfig:
    """This server's side of the protocol; reading the provider's metadata is slow, so it is kept. Raises Unreachable."""
    config = SPConfig()
    provider = {"metadata": {"inline": [metadata.decode()]}} if metadata else {}
    files = {"key_file": pair[0], "cert_file": pair[1]} if pair else {}
    try:
        config.load(
            {
                "entityid": entity,
                "xmlsec_binary": xmlsec(),
                "service": {
                    "sp": {
                        "endpoints": {"assertion_consumer_service": [(address, BINDING_HTTP_POST)]},
                        "allow_unsolicited": True,
                        "authn_requests_signed": pair is not None,
                        "signing_algorithm": SIG_RSA_SHA256,
                        "digest_algorithm": DIGEST_SHA256,
                        "want_assertions_signed": True,
                        "want_response_signed": False,
                    }
                },
                "allow_unknown_attributes": True,
                "accepted_time_diff": CLOCKS,
                "encryption_keypairs": [files] if pair else [],
                **files,
                **provider,
            }
        )
    except Exception as failure:  # whatever a parser makes of what is no metadata
        raise Unreachable(f"SAML_METADATA_URL holds no metadata: {type(failure).__name__}") from None
    return config


def client() -> Saml2Client:
    """A client that knows the identity provider. Raises Unreachable."""
    return Saml2Client(config=configuration(document(settings.SAML_METADATA_URL), entity_id(), consumer(), key_pair()))


def own_metadata() -> str:
    """What the identity provider has to know of this server, as XML."""
    return str(entity_descriptor(configuration(None, entity_id(), consumer(), key_pair())))


def signer() -> TimestampSigner:
    """Marks requests as ours."""
    return TimestampSigner(sep=".", salt="people.saml")


def sign_in_address() -> str:
    """Where somebody is sent to say who they are. Raises Unreachable."""
    found = client()
    providers = found.metadata.with_descriptor("idpsso")
    if not providers:
        raise Unreachable("SAML_METADATA_URL names no identity provider")
    request_id = signer().sign(f"id-{token_hex(16)}")
    _, sent = found.prepare_for_authenticate(
        entityid=next(iter(providers)), binding=BINDING_HTTP_REDIRECT, message_id=request_id, sign=key_pair() is not None
    )
    return str(get_location(sent))


def read_answer(answer: str) -> Identity:
    """Who somebody is by a `SAMLResponse`, which counts once. Raises IdentityRefused, Unreachable."""
    if len(answer) > LARGEST:
        raise IdentityRefused("the answer is too long")
    asked = client()
    try:
        response = checked(asked, answer)
    except IdentityRefused:
        raise
    except Exception as failure:  # what a client makes up fails in any way that parsing knows
        raise IdentityRefused(f"{type(failure).__name__} {str(failure)[:200]!r}") from None
    assertion = response.assertion
    issuer = str(assertion.issuer.text).strip()
    if issuer not in asked.metadata.with_descriptor("idpsso"):
        raise IdentityRefused("the issuer is unknown")
    check_addressee(assertion)
    check_request(response.in_response_to)
    if not spend_once("saml", issuer, assertion.id, lifetime=lifetime_of(assertion)):
        raise IdentityRefused("the assertion was used before")
    return identity_of(issuer, str(response.name_id.text or ""), attributes_of(assertion))


def checked(asked: Saml2Client, answer: str) -> Any:
    """The answer, whose assertion is signed by the identity provider. Raises IdentityRefused, or whatever parsing raises."""
    sealed = is_sealed(answer)
    if sealed and not key_pair():
        raise IdentityRefused("the assertion is encrypted, and SAML_KEY_FILE is not set")
    response = asked.parse_authn_request_response(answer, BINDING_HTTP_POST, outstanding={})
    if response is None or response.assertion is None or response.name_id is None:
        raise IdentityRefused("no readable assertion")
    if sealed:
        # pysaml2 trusts what appears when it has to open something twice, so the signature is looked at once more when all is open.
        if len(response.assertions) != 1:
            raise IdentityRefused("more than one assertion was encrypted")
        asked.sec.check_signature(response.assertion, class_name(response.assertion), response.xmlstr)
    return response


def check_addressee(assertion: Any) -> None:
    """Raises IdentityRefused unless the assertion was made for this server, and to be brought to this address."""
    conditions = assertion.conditions
    audiences = [
        {str(audience.text).strip() for audience in limit.audience}
        for limit in (conditions.audience_restriction if conditions else None) or []
    ]
    if not audiences or not all(entity_id() in names for names in audiences):
        raise IdentityRefused("the assertion is for somebody else")
    confirmed = [entry.subject_confirmation_data for entry in assertion.subject.subject_confirmation]
    if not any(entry is not None and entry.recipient == consumer() for entry in confirmed):
        raise IdentityRefused("the assertion was to be brought elsewhere")


def check_request(request_id: str | None) -> None:
    """Raises IdentityRefused where an answer names a request that is not ours, is old, or was answered before.

    Answers to no request at all are those of people who start at the identity provider.
    """
    if not request_id:
        return
    try:
        signer().unsign(request_id, max_age=REQUEST_LIFETIME)
    except BadSignature:
        raise IdentityRefused("the request is not ours, or too old") from None
    if not spend_once("saml-request", request_id, lifetime=REQUEST_LIFETIME):
        raise IdentityRefused("the request was answered before")


def lifetime_of(assertion: Any) -> timedelta:
    """How long somebody might bring the assertion again. Raises IdentityRefused for one without an end, or with a far one."""
    ends = [assertion.conditions.not_on_or_after] if assertion.conditions else []
    ends += [entry.subject_confirmation_data.not_on_or_after for entry in assertion.subject.subject_confirmation]
    moments = [datetime.fromisoformat(end.replace("Z", "+00:00")) for end in ends if end]
    if not moments:
        raise IdentityRefused("the assertion has no end")
    left = min(moments) - datetime.now(UTC)
    if left > LONGEST:
        raise IdentityRefused("the assertion is good for too long")
    return left + timedelta(seconds=2 * CLOCKS)


def attributes_of(assertion: Any) -> dict[str, list[str]]:
    """What the assertion says about its person, by name and by friendly name."""
    found: dict[str, list[str]] = {}
    for statement in assertion.attribute_statement:
        for attribute in statement.attribute:
            values = [str(value.text or "").strip() for value in attribute.attribute_value]
            for name in {attribute.name, attribute.friendly_name} - {None, ""}:
                found.setdefault(name, []).extend(values)
    return found


def identity_of(issuer: str, name: str, said: dict[str, list[str]]) -> Identity:
    """The identity of a NameID, which is an address, and attributes. Raises IdentityRefused without a subject where one is due."""
    subject = ""
    if settings.SAML_SUBJECT_ATTRIBUTE:
        subject = next((value for value in said.get(settings.SAML_SUBJECT_ATTRIBUTE, []) if value), "")
        if not subject:
            raise IdentityRefused("the assertion lacks SAML_SUBJECT_ATTRIBUTE")
    values = {column: " ".join(said[column]) for column in NAMES if column in said}
    if phone := " ".join(said.get("phone", [])):
        values["phone"] = phone
    departments = said.get("departments")
    return Identity(
        kind="saml",
        issuer=issuer,
        subject=subject,
        email=name.strip(),
        values=values,
        departments=None if departments is None else tuple(part for text in departments for part in re.split(r"\s*[,;]\s*", text)),
        studio=next((value for value in said.get("studio_id", []) if value), None),
    )
