"""Signing on by SAML where the studio has a key: requests are signed, and assertions may be encrypted."""

import base64
import os
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.management import call_command
from django.test import Client

from people.models import Person, Session
from tests.makers import make_person
from tests.people import test_saml_api as plain
from tests.people.peers import python_peer

pytestmark = plain.pytestmark
FAILED, bring, idp = plain.FAILED, plain.bring, plain.idp
ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#"
OAEP_OF_KEYS = f"{ENCRYPTION}rsa-oaep-mgf1p"
PREFIXES = (
    'xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" '
    f'xmlns:e="{ENCRYPTION}" xmlns:d="http://www.w3.org/2000/09/xmldsig#"'
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """The folder of the provider's keys, the studio's and a stranger's."""
    return tmp_path_factory.mktemp("idp")


@pytest.fixture(scope="module")
def provider(keys):
    with python_peer("tests.people.saml_provider", str(keys)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def keyed(idp, keys, settings):
    """The studio has a key."""
    settings.SAML_KEY_FILE, settings.SAML_CERTIFICATE_FILE = str(keys / "service.key"), str(keys / "service.crt")
    return idp


def own_metadata(capsys):
    call_command("saml_metadata")
    return capsys.readouterr().out


def read_by(provider, metadata, query):
    """The id of a request, as a provider reads it that wants requests signed."""
    return requests.post(f"{provider}/request", json={"metadata": metadata, "query": query}, timeout=20).text


def sent_query():
    return {name: values[0] for name, values in parse_qs(urlsplit(Client().get("/auth/saml/login")["Location"]).query).items()}


def test_the_provider_verifies_who_sends_people(keyed, provider, capsys, settings):
    metadata, query = own_metadata(capsys), sent_query()
    assert query["SigAlg"].endswith("#rsa-sha256")
    asked = read_by(provider, metadata, query)
    assert asked.startswith("id-")
    make_person(email="ada@studio.example")
    assert bring(keyed("ada@studio.example", in_response_to=asked)).status_code == 302
    assert read_by(provider, metadata, {**query, "SAMLRequest": sent_query()["SAMLRequest"]}) == ""
    settings.SAML_KEY_FILE = settings.SAML_CERTIFICATE_FILE = ""
    assert read_by(provider, metadata, sent_query()) == ""


def test_metadata_carry_the_certificate_for_both_uses(keyed, keys, capsys, settings):
    told = ElementTree.fromstring(own_metadata(capsys))
    (service,) = told.findall("{*}SPSSODescriptor")
    assert service.attrib["AuthnRequestsSigned"] == "true"
    pem = (keys / "service.crt").read_text()
    certificate = "".join(line for line in pem.splitlines() if "-----" not in line)
    uses = {part.attrib["use"]: "".join(part.itertext()).split() for part in service.findall("{*}KeyDescriptor")}
    assert {use: "".join(text) for use, text in uses.items()} == {"signing": certificate, "encryption": certificate}
    settings.SAML_KEY_FILE = settings.SAML_CERTIFICATE_FILE = ""
    (service,) = ElementTree.fromstring(own_metadata(capsys)).findall("{*}SPSSODescriptor")
    assert service.attrib["AuthnRequestsSigned"] == "false"
    assert service.findall("{*}KeyDescriptor") == []


@pytest.mark.parametrize("envelope_signed", [False, True])
def test_an_encrypted_assertion_signs_on_once(keyed, envelope_signed):
    said = keyed("ada@studio.example", sealed_for="service", envelope_signed=envelope_signed)
    assert b"ada@studio.example" not in base64.b64decode(said)
    assert bring(said).status_code == 302
    assert Person.objects.get().full_name == "Ada Lovelace"
    assert bring(said).json() == FAILED
    assert bring(keyed("ada@studio.example")).status_code == 302
    assert Session.objects.count() == 2


@pytest.mark.parametrize("wish", [{"sealed_for": "stranger"}, *plain.UNBELIEVABLE], ids=str)
def test_what_nobody_should_believe_is_refused_encrypted_as_well(keyed, wish):
    make_person(email="ada@studio.example")
    answer = bring(keyed("ada@studio.example", **{"sealed_for": "service", **wish}))
    assert (answer.status_code, answer.json(), dict(answer.cookies)) == (400, FAILED, {})
    assert not Session.objects.exists()


def test_without_a_key_encrypted_assertions_are_refused_and_the_log_says_why(idp, caplog):
    caplog.set_level("WARNING", "callboard.identity")
    make_person(email="ada@studio.example")
    assert bring(idp("ada@studio.example", sealed_for="service")).json() == FAILED
    assert "the assertion is encrypted, and SAML_KEY_FILE is not set" in caplog.text


def seal(content: str, certificate: Path, *, transport: str = OAEP_OF_KEYS, inside: str = "") -> str:
    """Content encrypted for whoever holds the key of a certificate, as anybody can do it."""
    key, start = os.urandom(16), os.urandom(16)
    padder, encryptor = padding.PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    padded = padder.update(content.encode()) + padder.finalize()
    hidden = base64.b64encode(start + encryptor.update(padded) + encryptor.finalize()).decode()
    reader = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    means = OAEP(MGF1(hashes.SHA1()), hashes.SHA1(), None) if transport == OAEP_OF_KEYS else PKCS1v15()
    wrapped = base64.b64encode(reader.encrypt(key, means)).decode()
    return (
        f'<e:EncryptedData {PREFIXES} Type="{ENCRYPTION}Element"><e:EncryptionMethod Algorithm="{ENCRYPTION}aes128-cbc"/>'
        f'<d:KeyInfo>{inside}<e:EncryptedKey><e:EncryptionMethod Algorithm="{transport}"/><e:CipherData><e:CipherValue>{wrapped}'
        f"</e:CipherValue></e:CipherData></e:EncryptedKey></d:KeyInfo><e:CipherData><e:CipherValue>{hidden}</e:CipherValue>"
        "</e:CipherData></e:EncryptedData>"
    )


@pytest.fixture
def studio(keyed, keys):
    """An answer of the provider, its parts, and ways to make others of them."""
    make_person(email="ada@studio.example")
    make_person(email="admin@studio.example", role="admin")
    text = base64.b64decode(keyed("ada@studio.example")).decode()
    start, end = text.index("<ns1:Assertion"), text.index("</ns1:Assertion>") + len("</ns1:Assertion>")
    names = " ".join(re.findall(r'xmlns:\w+="[^"]*"', text[:start]))
    genuine = text[start:end].replace("<ns1:Assertion", f"<ns1:Assertion {names}", 1)

    def around(content):
        answer = f"{text[:start]}{content}{text[end:]}"
        return base64.b64encode(answer.encode()).decode()

    def envelope(content):
        return around(f"<s:EncryptedAssertion {PREFIXES}>{content}</s:EncryptedAssertion>")

    def sealed(content, **how):
        return seal(content, keys / "service.crt", **how)

    return SimpleNamespace(genuine=genuine, names=names, around=around, envelope=envelope, sealed=sealed)


def test_anybodys_encryption_opens_what_the_provider_signed(studio):
    """The forgeries below are refused for what they are, not for how they are made."""
    assert bring(studio.envelope(studio.sealed(studio.genuine))).status_code == 302


def forged(genuine: str) -> tuple[str, str]:
    """An assertion for the administrator without a signature, and the signature that does not fit it."""
    start, end = genuine.index("<ns2:Signature"), genuine.index("</ns2:Signature>") + len("</ns2:Signature>")
    body = genuine[:start] + "{signature}" + genuine[end:]
    return body.replace("ada@studio.example", "admin@studio.example"), genuine[start:end]


def test_a_forgery_whose_parts_are_opened_one_after_the_other_is_refused(studio):
    """The signature appears, and the assertion asks to be opened again, after signatures were looked at."""
    body, signature = forged(studio.genuine)
    late = studio.sealed(signature.replace("<ns2:Signature", f"<ns2:Signature {studio.names}", 1))
    again = f"<s:Advice {PREFIXES}><s:EncryptedAssertion>{studio.sealed('<x/>')}</s:EncryptedAssertion></s:Advice>"
    head, tail = body.split("{signature}")
    conditions = tail.index("</ns1:Conditions>") + len("</ns1:Conditions>")
    forgery = head + late + tail[:conditions] + again + tail[conditions:]
    for content in (forgery, studio.genuine + forgery, forgery + studio.genuine):
        assert bring(studio.envelope(studio.sealed(content))).json() == FAILED
    assert not Session.objects.exists()


def test_encryption_of_another_form_is_not_opened(studio):
    data = studio.sealed(studio.genuine)
    outside = '<d:RetrievalMethod URI="http://127.0.0.1:9/key"/>'
    transforming = '<d:RetrievalMethod URI="#k"><d:Transforms><d:Transform Algorithm="x"/></d:Transforms></d:RetrievalMethod>'
    refused = [
        studio.around(data),
        studio.envelope(data + data),
        studio.around(studio.genuine + f"<s:EncryptedAssertion {PREFIXES}>{data}</s:EncryptedAssertion>"),
        studio.envelope(data + studio.genuine),
        studio.envelope(studio.sealed(studio.genuine, transport=f"{ENCRYPTION}rsa-1_5")),
        studio.envelope(studio.sealed(studio.genuine, inside=outside)),
        studio.envelope(studio.sealed(studio.genuine, inside=transforming)),
        studio.envelope(data.replace("<e:CipherValue>", '<e:CipherReference URI="http://127.0.0.1:9/"/><e:CipherValue>')),
        studio.envelope(re.sub("<d:KeyInfo>.*</d:KeyInfo>", "", data)),
        studio.envelope(data[:-40]),
        studio.envelope(""),
    ]
    for number, answer in enumerate(refused):
        assert (number, bring(answer).json()) == (number, FAILED)
    assert bring(studio.envelope(data)).status_code == 302
