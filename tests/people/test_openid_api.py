"""Signing on by OpenID Connect, with a provider in a process of its own."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from people.models import LoginLog, Person, Session
from people.providers import documents
from tests.makers import make_person
from tests.parallel import at_once, need_real_connections
from tests.people.openid_provider import CLIENT
from tests.people.peers import python_peer

SITE = "http://kitsu.studio.example"
FAILED = {"error": "OIDC authentication failed."}
UNVERIFIED = {"error": "Email address is not verified."}
CANNOT = {"error": "This account cannot be signed in to with this identity. Ask an administrator."}


@pytest.fixture(scope="module")
def provider():
    with python_peer("tests.people.openid_provider") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def idp(provider, settings, db):
    """The studio trusts the provider, which says whatever a test has it say."""
    settings.DOMAIN_PROTOCOL, settings.DOMAIN_NAME = SITE.split("://")
    settings.OIDC_ENABLED, settings.OIDC_DISCOVERY_URL = True, f"{provider}/.well-known/openid-configuration"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT

    def wish(**what):
        requests.post(f"{provider}/wish", json=what, timeout=20)

    wish()
    return wish


def set_out(client):
    """Where the provider sends the browser back to."""
    there = client.get("/api/auth/oidc/login")
    assert there.status_code == 302
    back = requests.get(there["Location"], allow_redirects=False, timeout=20).headers["Location"]
    assert back.startswith(f"{SITE}/api/auth/oidc/callback?")
    return back.removeprefix(SITE)


def sign_on(client=None):
    client = client or Client()
    return client.get(set_out(client))


def test_people_are_sent_to_the_provider_with_a_state_a_nonce_and_a_challenge(idp, provider):
    client = Client()
    address = urlsplit(client.get("/auth/oidc/login")["Location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider}/authorize"
    fixed = ("response_type", "client_id", "redirect_uri", "scope", "code_challenge_method")
    assert [query[name] for name in fixed] == [
        "code",
        "callboard",
        f"{SITE}/api/auth/oidc/callback",
        "openid email profile",
        "S256",
    ]
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = client.cookies["sign_on_journey"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 600)
    assert query["state"] != parse_qs(urlsplit(client.get("/auth/oidc/login")["Location"]).query)["state"][0]


def test_who_has_an_account_is_bound_to_it_and_signed_in(idp, provider):
    person = make_person(email="Ada@studio.example", role="manager")
    client = Client(HTTP_X_REAL_IP="10.1.2.3")
    answer = sign_on(client)
    assert (answer.status_code, answer["Location"]) == (302, f"{SITE}/")
    assert client.get("/auth/authenticated").json()["user"]["id"] == str(person.pk)
    person.refresh_from_db()
    assert (person.oidc_issuer, person.oidc_subject, person.full_name, person.role) == (provider, "7", "Ada Lovelace", "manager")
    log = LoginLog.objects.get()
    assert (log.person_id, log.origin, log.ip_address) == (person.pk, "web", "10.1.2.3")
    idp(claims={"email": "renamed@studio.example"})
    assert sign_on().status_code == 302
    assert Person.objects.get().email == "Ada@studio.example"
    idp(claims={"sub": "8"})
    refused = sign_on()
    assert (refused.status_code, refused.json()) == (400, CANNOT)
    assert "access_token_cookie" not in refused.cookies


def test_who_has_no_account_gets_one_unless_the_studio_makes_them_itself(idp, settings):
    idp(claims={"family_name": None})
    assert sign_on().status_code == 302
    person = Person.objects.get()
    assert (person.email, person.first_name, person.last_name, person.role) == ("ada@studio.example", "Ada", "", "user")
    assert not person.has_usable_password()
    settings.OIDC_CREATE_PEOPLE = False
    idp(claims={"sub": "9", "email": "new@studio.example"})
    assert sign_on().json() == {"error": "There is no account for this address. Ask an administrator."}
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"claims": {"iss": "https://other.example"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["callboard", "another"], "azp": "another"}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"iat": 4_000_000_000}},
        {"claims": {"nbf": 4_000_000_000}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"sub": None}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 7}},
        {"claims": {"at_hash": "another"}},
        {"alg": "none"},
        {"alg": "HS256"},
        {"key": "foreign"},
    ],
    ids=str,
)
def test_what_nobody_should_believe_is_refused(idp, wish):
    make_person(email="ada@studio.example")
    idp(**wish)
    answer = sign_on()
    assert (answer.status_code, answer.json()) == (400, FAILED)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("claims", "strict", "said"),
    [
        ({"email": None}, True, {"error": "No email claim returned by the provider."}),
        ({"email": ""}, True, {"error": "No email claim returned by the provider."}),
        ({"email": ["ada@studio.example"]}, True, {"error": "No email claim returned by the provider."}),
        ({"email": "no address"}, True, {"error": "The identity provider tells no valid e-mail address."}),
        ({"email_verified": None}, True, UNVERIFIED),
        ({"email_verified": False}, True, UNVERIFIED),
        ({"email_verified": False}, False, UNVERIFIED),
        ({"email_verified": "false"}, False, UNVERIFIED),
        ({"email_verified": None}, False, None),
        ({"email_verified": "true"}, True, None),
    ],
)
def test_the_address_must_be_there_and_verified(idp, settings, claims, strict, said):
    settings.OIDC_REQUIRE_EMAIL_VERIFIED = strict
    idp(claims=claims, userinfo={"sub": "7"})
    answer = sign_on()
    assert answer.status_code == (400 if said else 302)
    assert said is None or answer.json() == said


def test_the_provider_may_tell_the_address_apart_from_the_token(idp, settings):
    settings.OIDC_EMAIL_CLAIM = "mail"
    idp(userinfo={"sub": "7", "mail": "king@studio.example", "email_verified": True})
    assert sign_on().status_code == 302
    assert Person.objects.get().email == "king@studio.example"
    idp(userinfo={"sub": "8", "mail": "boss@studio.example"})
    assert sign_on().json() == FAILED


def test_a_new_key_of_the_provider_is_known_at_once(idp):
    assert sign_on().status_code == 302
    idp(rotate=True)
    assert sign_on().status_code == 302


def test_an_answer_counts_once_in_the_browser_that_set_out(idp):
    client, other = Client(), Client()
    back = set_out(client)
    set_out(other)
    for stranger in (Client(), other):
        assert stranger.get(back).json() == FAILED
    assert client.get(back).status_code == 302
    assert "sign_on_journey" not in {name for name, morsel in client.cookies.items() if morsel.value}
    set_out(client)
    assert client.get(back).json() == FAILED
    assert Session.objects.count() == 1


def test_a_journey_ends_after_ten_minutes(idp, monkeypatch):
    client = Client()
    back = set_out(client)
    moment = time.time() + 601
    monkeypatch.setattr("django.core.signing.time.time", lambda: moment)
    assert client.get(back).json() == FAILED


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=y", "?error=access_denied&state=x", "?code=x&state=%C3%A9"])
def test_what_is_no_answer_is_refused(idp, query):
    client = Client()
    assert client.get(f"/auth/oidc/callback{query}").json() == FAILED
    client.get("/auth/oidc/login")
    answer = client.get(f"/auth/oidc/callback{query}")
    assert (answer.status_code, answer.json()) == (400, FAILED)


def test_an_answer_in_the_name_of_another_provider_is_refused(idp, provider):
    client = Client()
    assert client.get(set_out(client).replace("iss=http", "iss=https")).json() == FAILED


def test_a_refusal_by_the_provider_is_one_of_ours(idp):
    client = Client()
    state = parse_qs(urlsplit(client.get("/auth/oidc/login")["Location"]).query)["state"][0]
    answer = client.get(f"/auth/oidc/callback?error=access_denied&state={state}")
    assert (answer.status_code, answer.json()) == (400, FAILED)


def test_inactive_people_get_to_the_site_without_a_session_and_protected_accounts_are_not_bound(idp, settings):
    make_person(email="ada@studio.example", active=False)
    client = Client()
    answer = sign_on(client)
    assert (answer.status_code, answer["Location"], "access_token_cookie" in client.cookies) == (302, f"{SITE}/", False)
    Person.objects.update(active=True)
    settings.PROTECTED_ACCOUNTS = ["ada@studio.example"]
    assert sign_on().json() == CANNOT


def test_second_factors_are_the_providers_business_where_the_studio_says_so(idp, settings):
    settings.ENFORCE_2FA = True
    client = Client()
    sign_on(client)
    assert client.get("/data/departments").status_code == 403
    settings.OIDC_SKIP_2FA = True
    sign_on(client)
    assert client.get("/data/departments").status_code == 200


def test_the_provider_may_be_away_or_publish_nonsense(idp, settings, provider):
    for address in ("http://127.0.0.1:9", f"{provider}/jwks", f"{provider}/nowhere"):
        settings.OIDC_DISCOVERY_URL = address if address.endswith("9") else f"{address}?/.well-known/"
        answer = Client().get("/auth/oidc/login")
        assert (answer.status_code, answer.json()) == (
            503,
            {"error": "The identity provider can't be reached. Try again in a minute."},
        )
    settings.OIDC_DISCOVERY_URL = f"{provider}/"
    assert Client().get("/auth/oidc/login").status_code == 302


def test_no_secret_of_a_sign_on_gets_into_a_log(idp, settings, caplog, provider):
    caplog.set_level("DEBUG", "callboard")
    idp(claims={"nonce": "another"})
    client = Client()
    back = set_out(client)
    client.get(back)
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert "refused" in caplog.text
    assert not [secret for secret in (code, CLIENT[1], "an access token") if secret in caplog.text]
    documents.kept.clear()


def test_oidc_without_what_it_needs_does_not_start(idp, settings):
    settings.OIDC_CLIENT_ID = ""
    with pytest.raises(SystemCheckError, match="OIDC_ENABLED needs OIDC_DISCOVERY_URL and OIDC_CLIENT_ID"):
        call_command("check")


@pytest.mark.django_db(transaction=True)
def test_one_answer_opens_one_session_however_often_it_comes_at_once(idp):
    need_real_connections()
    client = Client()
    back = set_out(client)
    cookie = client.cookies["sign_on_journey"].value

    def come():
        browser = Client()
        browser.cookies["sign_on_journey"] = cookie
        return browser.get(back).status_code

    assert sorted(at_once([come] * 8)) == [302] + [400] * 7
    assert (Person.objects.count(), Session.objects.count()) == (1, 1)
