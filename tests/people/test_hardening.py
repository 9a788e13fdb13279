"""Against patient and parallel attackers: guesses are counted, tokens end, and nobody can tell who has an account."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Attempts, Person
from people.rules import second_factors, sign_in
from people.rules.second_factors import prepare_totp
from people.tokens import mint_api_token, open_session
from tests.client import ApiClient
from tests.makers import make_person
from tests.parallel import at_once, need_real_connections

TOO_MANY = {"error": True, "message": "Too many failed login attempts.", "wrong_OTP": True, "too_many_failed_login_attemps": True}
TOO_OFTEN = {"error": True, "message": "Too many requests, retry later."}
REVOKED = {"msg": "Token has been revoked"}
HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS")
PASSWORD, NEW = "mysecretpassword", "a new password"


@pytest.fixture
def ada(db):
    return make_person(email="ada@studio.example", totp_enabled=True, totp_secret="A" * 32, desktop_login="ada")


def who(token):
    return Client().get("/auth/authenticated", HTTP_AUTHORIZATION=f"Bearer {token}").json()


# Guessing


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("delete", "/auth/totp", {"totp": "000000"}),
        ("delete", "/auth/totp", {"recovery_code": "AAAAAAAAAA"}),
        ("delete", "/auth/totp", {}),
        ("put", "/auth/recovery-codes", {"totp": "000000"}),
        ("post", "/auth/email-otp", {"email_otp": "000000"}),
    ],
)
def test_a_stolen_session_guesses_a_few_codes_a_minute(ada, method, path, body, monkeypatch):
    client = ApiClient(ada)
    assert not [answer for answer in (client.request(method, path, body).json() for _ in range(5)) if answer == TOO_MANY]
    answer = client.request(method, path, body)
    assert (answer.status_code, answer.json()) == (400, TOO_MANY)
    monkeypatch.setattr(second_factors, "totp_step", lambda secret, code: 1)
    assert client.delete("/auth/totp", {"totp": "111111"}).json() == TOO_MANY
    Attempts.objects.update(forgotten_at="2020-01-01")
    assert client.delete("/auth/totp", {"totp": "111111"}).json() == {"success": True}


def test_a_first_code_of_an_app_is_not_guessed_either(db):
    person = make_person()
    prepare_totp(person)
    client = ApiClient(person)
    for _ in range(5):
        assert client.post("/auth/totp", {"totp": "x"}).json()["message"] == "TOTP verification failed."
    assert client.post("/auth/totp", {"totp": "x"}).json() == TOO_MANY


def test_a_right_proof_starts_the_count_afresh(ada, monkeypatch):
    client = ApiClient(ada)
    for _ in range(2):
        for _ in range(4):
            client.put("/auth/recovery-codes", {"totp": "000000"})
        with monkeypatch.context() as right:
            right.setitem(second_factors.CHECKS, "totp", lambda person, proof: True)
            assert client.put("/auth/recovery-codes", {"totp": "111111"}).status_code == 200


@pytest.mark.parametrize("name", ["ada@studio.example", "nobody@studio.example"])
def test_codes_by_mail_are_sent_a_few_times_alike_for_known_and_unknown_names(ada, mailbox, name):
    Person.objects.update(email_otp_enabled=True)
    for _ in range(5):
        assert Client().get(f"/auth/email-otp?email={name}").json() == {"success": True}
    answer = Client().get(f"/auth/email-otp?email={name.upper()}")
    assert (answer.status_code, answer.json()) == (429, TOO_OFTEN)
    assert len(mailbox) == (5 if name.startswith("ada") else 0)


@pytest.mark.parametrize("name", ["ada@studio.example", "nobody@studio.example"])
def test_links_for_a_new_password_are_sent_a_few_times_alike_for_known_and_unknown_names(ada, mailbox, name):
    for _ in range(5):
        assert Client().post("/auth/reset-password", {"email": name}).json() == {"success": "Reset token sent"}
    answer = Client().post("/auth/reset-password", {"email": name})
    assert (answer.status_code, answer.json()) == (429, TOO_OFTEN)
    assert len(mailbox) == (5 if name.startswith("ada") else 0)


def test_a_first_letter_with_a_code_is_sent_a_few_times(db, mailbox):
    client = ApiClient(make_person())
    for _ in range(5):
        assert client.put("/auth/email-otp").json() == {"success": True}
    assert client.put("/auth/email-otp").json() == TOO_OFTEN


def test_the_back_office_goes_on_asking_for_a_code_when_no_more_are_sent(ada, mailbox):
    Person.objects.update(email_otp_enabled=True, role="admin")
    for _ in range(7):
        page = Client().post("/admin/login/", {"username": "ada@studio.example", "password": PASSWORD})
        assert "A two-factor authentication code is required." in page.content.decode()
    assert len(mailbox) == 5


def test_known_and_unknown_names_cost_as_many_hashes(ada, monkeypatch):
    make_person(email="fresh@studio.example", password=None)
    make_person(email="gone@studio.example", active=False)
    hashes = []
    hasher = "people.hashers.StudioBCryptHasher.encode"
    encode = sign_in.make_password.__globals__["get_hasher"]().__class__.encode
    monkeypatch.setattr(hasher, lambda self, password, salt: hashes.append(1) or encode(self, password, salt))
    for name in ("ada@studio.example", "fresh@studio.example", "gone@studio.example", "nobody@studio.example"):
        hashes.clear()
        Client().post("/auth/login", {"email": name, "password": "wrong"})
        assert len(hashes) == 1, name


@pytest.mark.parametrize("ask", ["reset", "code"])
def test_asking_for_letters_costs_as_many_statements_for_known_and_unknown_names(ada, ask):
    Person.objects.update(email_otp_enabled=True)
    counts = []
    for name in ("ada@studio.example", "nobody@studio.example"):
        with CaptureQueriesContext(connection) as done:
            if ask == "reset":
                Client().post("/auth/reset-password", {"email": name})
            else:
                Client().get(f"/auth/email-otp?email={name}")
        counts.append(len([query for query in done if not query["sql"].startswith(HOUSEKEEPING)]))
    assert abs(counts[0] - counts[1]) <= 2


# Tokens that end


def every_token(person):
    return [open_session(person)[1], open_session(person)[1], mint_api_token(person)]


def test_a_password_change_ends_other_sessions_and_the_token_of_scripts(db):
    person = make_person()
    own, other, script = every_token(person)
    body = {"old_password": PASSWORD, "password": NEW, "password_2": NEW}
    answer = Client().post("/auth/change-password", body, HTTP_AUTHORIZATION=f"Bearer {own}")
    assert answer.json() == {"success": True}
    assert who(own)["authenticated"] is True
    assert [who(other), who(script)] == [REVOKED, REVOKED]


@pytest.mark.parametrize("door", ["reset", "manager", "command"])
def test_a_new_password_from_elsewhere_ends_all_of_them(api, door, mailbox):
    person = make_person(email="ada@studio.example")
    tokens = every_token(person)
    if door == "reset":
        link = api.post(f"/actions/persons/{person.pk}/reset-password-link").json()["reset_password_link"]
        body = {"email": person.email, "token": link.split("token=")[1], "password": NEW, "password2": NEW}
        assert api.put("/auth/reset-password", body).status_code == 200
    elif door == "manager":
        body = {"password": NEW, "password_2": NEW}
        assert api.post(f"/actions/persons/{person.pk}/change-password", body).status_code == 200
    else:
        call_command("change_password", person.email, "--password", NEW)
    assert [who(token) for token in tokens] == [REVOKED] * 3


def test_what_ended_with_an_account_stays_ended_when_it_is_opened_again(api):
    person, bot = make_person(), make_person(is_bot=True)
    tokens, token_of_bot = every_token(person), mint_api_token(bot)
    for active in (False, True):
        for row in (person, bot):
            assert api.put(f"/data/persons/{row.pk}", {"active": active}).status_code == 200
    assert [who(token) for token in tokens] == [REVOKED] * 3
    assert who(token_of_bot)["authenticated"] is True


def test_a_token_of_scripts_can_be_revoked_by_who_forgets_it(db):
    """A new token replaces the former one, so a leaked one ends."""
    person = make_person()
    leaked = mint_api_token(person)
    assert "access_token" in ApiClient(person).put(f"/data/persons/{person.pk}", {"expiration_date": None}).json()
    assert who(leaked) == REVOKED


@pytest.mark.django_db(transaction=True)
def test_thirty_guesses_of_a_stolen_session_at_once_are_five():
    need_real_connections()
    person = make_person(totp_enabled=True, totp_secret="A" * 32)
    said = at_once([lambda: ApiClient(person).delete("/auth/totp", {"totp": "000000"}).json()["message"]] * 30)
    assert sorted(set(said)) == ["OTP verification failed.", "Too many failed login attempts."]
    assert said.count("OTP verification failed.") == 5


@pytest.mark.django_db(transaction=True)
def test_thirty_requests_for_a_code_at_once_send_five():
    need_real_connections()
    said = at_once([lambda: Client().get("/auth/email-otp?email=ada@studio.example").status_code] * 30)
    assert (said.count(200), said.count(429)) == (5, 25)
