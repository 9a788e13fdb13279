"""Signing on by SAML, with an identity provider in a process of its own."""

import base64
import shutil
import zlib
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import requests
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from people.models import LoginLog, Person, Session
from people.providers import documents
from tests.makers import make_department, make_person
from tests.parallel import at_once, need_real_connections
from tests.people.peers import python_peer
from tests.people.saml_provider import SITE

ANSWERS = "/api/auth/saml/sso"
FAILED = {"error": "SAML authentication failed."}
# Wishes to the provider for assertions that a server must not believe.
UNBELIEVABLE = [
    {"signed": False},
    {"signed": False, "envelope_signed": True},
    {"server": "expired"},
    {"server": "endless"},
    {"server": "foreign"},
    {"server": "forger"},
    {"audience": "https://other.example/api/auth/saml/login"},
    {"destination": "https://other.example/api/auth/saml/sso"},
    {"in_response_to": "id-that-nobody-asked"},
]
CANNOT = {"error": "This account cannot be signed in to with this identity. Ask an administrator."}
ADA = {"first_name": ["Ada"], "last_name": ["Lovelace"]}
pytestmark = pytest.mark.skipif(
    shutil.which("xmlsec1") is None, reason="xmlsec1 is not installed: it checks the signatures of SAML"
)


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    with python_peer("tests.people.saml_provider", str(tmp_path_factory.mktemp("idp"))) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def idp(provider, settings, db):
    """The studio trusts the provider, which says whatever a test has it say."""
    settings.DOMAIN_PROTOCOL, settings.DOMAIN_NAME = SITE.split("://")
    settings.SAML_ENABLED, settings.SAML_METADATA_URL = True, f"{provider}/metadata"

    def says(email, attributes=None, **wish):
        body = {"email": email, "attributes": ADA if attributes is None else attributes, **wish}
        return requests.post(f"{provider}/answer", json=body, timeout=20).text

    return says


def bring(answer, **more):
    return Client(**more).post(ANSWERS, {"SAMLResponse": answer})


def test_people_are_sent_to_the_identity_provider(idp, provider):
    answer = Client().get("/api/auth/saml/login")
    assert answer.status_code == 302
    address = urlsplit(answer["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider}/sso"
    request = ElementTree.fromstring(zlib.decompress(base64.b64decode(parse_qs(address.query)["SAMLRequest"][0]), -15))
    assert request.attrib["AssertionConsumerServiceURL"] == f"{SITE}/api/auth/saml/sso"
    assert request.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer").text == f"{SITE}/api/auth/saml/login"


def request_id():
    query = parse_qs(urlsplit(Client().get("/auth/saml/login")["Location"]).query)
    return ElementTree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15)).attrib["ID"]


def test_who_has_an_account_is_signed_in_and_led_to_the_site(idp):
    person = make_person(email="Ada@studio.example", first_name="Ada", last_name="Lovelace")
    answer = bring(idp("ada@STUDIO.example", in_response_to=request_id()), HTTP_X_REAL_IP="10.1.2.3")
    assert (answer.status_code, answer["Location"]) == (302, f"{SITE}/")
    cookies = sorted({morsel.key for morsel in answer.cookies.values()})
    assert cookies == ["access_token_cookie", "refresh_token_cookie"]
    client = Client()
    client.cookies["access_token_cookie"] = answer.cookies["access_token_cookie"].value
    assert client.get("/auth/authenticated").json()["user"]["id"] == str(person.pk)
    log = LoginLog.objects.get()
    assert (log.person_id, log.origin, log.ip_address) == (person.pk, "web", "10.1.2.3")


def test_an_account_follows_what_the_provider_tells(idp, django_assert_max_num_queries):
    animation, fx = make_department(name="Animation"), make_department(name="FX")
    person = make_person(email="ada@studio.example", phone="1", country="DE", role="supervisor")
    person.departments.add(fx)
    told = {
        "first_name": ["Ada", "King"],
        "last_name": ["Lovelace"],
        "phone": ["+44 1"],
        "country": ["gb"],
        "departments": [str(animation.pk), "fx", "unheard of"],
        "role": ["admin"],
        "active": ["false"],
    }
    with django_assert_max_num_queries(30):
        assert bring(idp("ada@studio.example", told)).status_code == 302
    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.phone, person.country) == ("Ada King", "Lovelace", "+44 1", "GB")
    assert (person.role, person.active) == ("supervisor", True)
    assert set(person.departments.all()) == {animation, fx}
    bring(idp("ada@studio.example", {**ADA, "country": ["Atlantis"]}))
    person.refresh_from_db()
    assert (person.country, person.first_name) == ("GB", "Ada")
    bring(idp("ada@studio.example", {**ADA, "country": [""]}))
    person.refresh_from_db()
    assert person.country is None


def test_who_has_no_account_gets_one_unless_the_studio_makes_them_itself(idp, settings):
    assert bring(idp("new@studio.example")).status_code == 302
    person = Person.objects.get(email="new@studio.example")
    assert (person.full_name, person.role, person.active, person.has_usable_password()) == ("Ada Lovelace", "user", True, False)
    assert Client().post("/auth/login", {"email": "new@studio.example", "password": "default"}).status_code == 400
    answer = bring(idp("nameless@studio.example", {}))
    assert (answer.status_code, answer.json()) == (400, {"error": "The identity provider tells no first_name and last_name."})
    answer = bring(idp("not an address"))
    assert (answer.status_code, answer.json()) == (400, {"error": "The identity provider tells no valid e-mail address."})
    settings.SAML_CREATE_PEOPLE = False
    answer = bring(idp("other@studio.example"))
    assert (answer.status_code, answer.json()) == (400, {"error": "There is no account for this address. Ask an administrator."})
    assert Person.objects.count() == 1


@pytest.mark.parametrize("wish", UNBELIEVABLE, ids=str)
def test_what_nobody_should_believe_is_refused(idp, wish):
    make_person(email="ada@studio.example")
    answer = bring(idp("ada@studio.example", **wish))
    assert (answer.status_code, answer.json(), dict(answer.cookies)) == (400, FAILED, {})
    assert not Session.objects.exists()


@pytest.mark.parametrize("part", ["ada@studio.example", "Lovelace", "AudienceRestriction"])
def test_a_tampered_assertion_is_refused(idp, part):
    make_person(email="admin@studio.example", role="admin")
    text = base64.b64decode(idp("ada@studio.example")).decode()
    forged = text.replace(part, {"ada@studio.example": "admin@studio.example"}.get(part, "X" + part))
    assert forged != text
    answer = bring(base64.b64encode(forged.encode()).decode())
    assert (answer.status_code, answer.json()) == (400, FAILED)


def test_an_assertion_wrapped_beside_a_forged_one_is_refused(idp):
    make_person(email="admin@studio.example", role="admin")
    text = base64.b64decode(idp("ada@studio.example")).decode()
    start, end = text.index("<ns1:Assertion"), text.index("</ns1:Assertion>") + len("</ns1:Assertion>")
    genuine = text[start:end]
    forged = genuine.replace("ada@studio.example", "admin@studio.example").replace('ID="id-', 'ID="id-forged', 1)
    for wrapped in (forged + genuine, genuine + forged):
        answer = bring(base64.b64encode((text[:start] + wrapped + text[end:]).encode()).decode())
        assert (answer.status_code, answer.json()) == (400, FAILED)
    assert not Session.objects.exists()


def test_an_assertion_counts_once_and_so_does_a_request(idp):
    make_person(email="ada@studio.example")
    said = idp("ada@studio.example")
    assert bring(said).status_code == 302
    assert bring(said).json() == FAILED
    asked = request_id()
    assert bring(idp("ada@studio.example", in_response_to=asked)).status_code == 302
    assert bring(idp("ada@studio.example", in_response_to=asked)).json() == FAILED
    assert Session.objects.count() == 2


@pytest.mark.parametrize("answer", ["", "x", "AAAA", base64.b64encode(b"<a/>").decode(), base64.b64encode(b"\x00").decode(), "é"])
def test_what_is_no_answer_is_refused(idp, answer):
    refused = bring(answer)
    assert refused.status_code == 400
    said = {"error": True, "message": "Missing required parameter: SAMLResponse", "data": None}
    assert refused.json() == (said if not answer else FAILED)
    assert Client().post(ANSWERS, {"other": "x"}).json() == said
    assert Client().post(ANSWERS, '{"SAMLResponse": ["x"]}', content_type="application/json").json() == said


def test_an_endless_answer_is_refused_unread(idp):
    assert bring("A" * 2 * 1024**2).json() == FAILED


def test_entities_of_a_document_are_not_expanded(idp):
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    assert bring(base64.b64encode(bomb.encode()).decode()).json() == FAILED


def test_nobody_is_led_to_a_foreign_site(idp):
    make_person(email="ada@studio.example")
    answer = Client().post(ANSWERS, {"SAMLResponse": idp("ada@studio.example"), "RelayState": "https://evil.example/"})
    assert answer["Location"] == f"{SITE}/"
    assert "evil" not in Client().get("/auth/saml/login?next=https://evil.example/&RelayState=https://evil.example")["Location"]


def test_inactive_people_get_to_the_site_without_a_session_and_bots_are_not_people(idp):
    make_person(email="gone@studio.example", first_name="Gone", active=False)
    answer = bring(idp("gone@studio.example"))
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (302, f"{SITE}/", {})
    assert Person.objects.get(email="gone@studio.example").first_name == "Gone"
    bot = make_person(email="bot@studio.example", is_bot=True, role="admin")
    settings_answer = bring(idp("bot@studio.example"))
    assert settings_answer.status_code == 302
    assert Session.objects.get().person_id != bot.pk
    guest = make_person(email="guest@studio.example", is_guest=True)
    assert bring(idp("guest@studio.example")).json() == CANNOT
    assert not Session.objects.filter(person=guest).exists()


def test_accounts_are_bound_to_a_subject_where_the_studio_names_its_attribute(idp, settings):
    settings.SAML_SUBJECT_ATTRIBUTE = "uid"
    person = make_person(email="ada@studio.example")
    assert bring(idp("ada@studio.example")).json() == FAILED
    assert bring(idp("ada@studio.example", {**ADA, "uid": ["7"]})).status_code == 302
    person.refresh_from_db()
    assert (person.saml_subject, person.saml_issuer[-4:]) == ("7", "/idp")
    assert bring(idp("renamed@studio.example", {**ADA, "uid": ["7"]})).status_code == 302
    assert Person.objects.count() == 1
    refused = bring(idp("ada@studio.example", {**ADA, "uid": ["8"]}))
    assert (refused.status_code, refused.json()) == (400, CANNOT)
    make_person(email="boss@studio.example", role="admin")
    settings.PROTECTED_ACCOUNTS = ["Boss@studio.example"]
    assert bring(idp("boss@studio.example", {**ADA, "uid": ["9"]})).json() == CANNOT


def test_second_factors_are_the_providers_business_where_the_studio_says_so(idp, settings):
    settings.ENFORCE_2FA = True
    make_person(email="ada@studio.example", totp_enabled=True)
    make_person(email="new@studio.example")

    def first_page(email):
        client = Client()
        client.cookies["access_token_cookie"] = bring(idp(email)).cookies["access_token_cookie"].value
        return client.get("/data/departments").status_code

    assert first_page("ada@studio.example") == 200
    assert first_page("new@studio.example") == 403
    settings.SAML_SKIP_2FA = True
    assert first_page("new@studio.example") == 200


def test_the_provider_may_be_away(idp, settings, tmp_path, provider):
    settings.SAML_METADATA_URL = "http://127.0.0.1:9/metadata"
    for answer in (Client().get("/auth/saml/login"), bring("AAAA")):
        assert (answer.status_code, answer.json()) == (
            503,
            {"error": "The identity provider can't be reached. Try again in a minute."},
        )
    path = tmp_path / "metadata.xml"
    settings.SAML_METADATA_URL = path.as_uri()
    path.write_text("no metadata at all")
    assert Client().get("/auth/saml/login").status_code == 503


def test_metadata_may_lie_in_a_file_and_is_kept_while_it_is_away(idp, settings, tmp_path, provider, monkeypatch):
    path = tmp_path / "meta data.xml"
    path.write_bytes(requests.get(f"{provider}/metadata", timeout=20).content)
    settings.SAML_METADATA_URL = path.as_uri()
    assert Client().get("/auth/saml/login").status_code == 302
    path.unlink()
    assert Client().get("/auth/saml/login").status_code == 302
    monkeypatch.setattr(documents.kept[settings.SAML_METADATA_URL], "until", 0)
    assert Client().get("/auth/saml/login").status_code == 302


def test_the_provider_is_told_about_this_server(idp, capsys):
    call_command("saml_metadata")
    told = ElementTree.fromstring(capsys.readouterr().out)
    assert told.attrib["entityID"] == f"{SITE}/api/auth/saml/login"
    assert f"{SITE}/api/auth/saml/sso" in ElementTree.tostring(told, encoding="unicode")


def test_saml_without_what_it_needs_does_not_start(idp, settings, monkeypatch):
    settings.SAML_METADATA_URL = ""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemCheckError, match="(?s)needs SAML_METADATA_URL.*needs the program xmlsec1"):
        call_command("check")


@pytest.mark.django_db(transaction=True)
def test_one_assertion_opens_one_session_and_makes_one_account_however_often_it_comes_at_once(idp):
    need_real_connections()
    said = idp("new@studio.example")
    statuses = at_once([lambda: bring(said).status_code] * 8)
    assert sorted(statuses) == [302] + [400] * 7
    others = [idp("second@studio.example") for _ in range(4)]
    assert at_once([lambda said=said: bring(said).status_code for said in others]) == [302] * 4
    assert Person.objects.filter(email="second@studio.example").count() == 1
