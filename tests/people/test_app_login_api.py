"""Signing in to desktop applications by way of the browser."""

import threading
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client

from core.models import now
from people.models import AppLoginCode, LoginLog, Person, Session
from people.rules.sign_in import further_session
from people.tokens import claims_of
from tests.client import ApiClient
from tests.makers import make_person

VERIFIER = "a-verifier.of_the~application-0123456789-0123456789"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
WRONG = {"login": False, "message": "Wrong or expired code."}


def mint(person):
    return ApiClient(person).post("/auth/app-login/code", {"code_challenge": CHALLENGE})


def redeem(code, verifier=VERIFIER):
    return Client().post("/auth/app-login/token", {"code": code, "code_verifier": verifier}, content_type="application/json")


def test_an_application_signs_in(db):
    person = make_person()
    answer = mint(person)
    code = answer.json()["code"]
    assert (answer.status_code, set(answer.json()), len(code)) == (201, {"code"}, 43)
    assert code != AppLoginCode.objects.get().digest
    answer = redeem(code)
    body = answer.json()
    assert (answer.status_code, set(body)) == (200, {"user", "organisation", "login", "access_token", "refresh_token"})
    assert (body["user"]["id"], body["user"]["departments"]) == (str(person.pk), [])
    assert not answer.cookies
    assert LoginLog.objects.get().origin == "script"
    assert Client().get("/auth/authenticated", HTTP_AUTHORIZATION=f"Bearer {body['access_token']}").status_code == 200
    again = redeem(code)
    assert (again.status_code, again.json()) == (400, WRONG)


def test_a_wrong_verifier_uses_the_code_up(db):
    code = mint(make_person()).json()["code"]
    assert redeem(code, "b" * 43).json() == WRONG
    assert redeem(code).json() == WRONG


def test_a_code_lives_a_minute(db):
    code = mint(make_person()).json()["code"]
    assert now() + timedelta(seconds=50) < AppLoginCode.objects.get().expires_at <= now() + timedelta(seconds=60)
    AppLoginCode.objects.update(expires_at=now() - timedelta(seconds=1))
    assert redeem(code).json() == WRONG
    assert redeem("unknown").json() == WRONG


def test_a_code_of_who_left_or_whose_session_ended_is_void(db):
    person = make_person()
    code = mint(person).json()["code"]
    Session.objects.update(revoked=True)
    assert redeem(code).json() == WRONG
    code = mint(person).json()["code"]
    Person.objects.update(active=False)
    assert redeem(code).json() == WRONG


def test_an_exemption_from_second_factors_goes_along(db, settings):
    settings.ENFORCE_2FA = True
    signed_in = further_session(make_person(), skip_2fa_setup=True)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {signed_in.access_token}"}
    code = Client().post("/auth/app-login/code", {"code_challenge": CHALLENGE}, **headers).json()["code"]
    body = redeem(code).json()
    assert claims_of(body["access_token"])["skip_2fa_setup"] is True
    renewed = Client().get("/auth/refresh-token", HTTP_AUTHORIZATION=f"Bearer {body['refresh_token']}").json()["access_token"]
    assert Client().get("/data/persons", HTTP_AUTHORIZATION=f"Bearer {renewed}").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("code", {}, ["Field required"]),
        ("code", {"code_challenge": "x"}, ["String should match pattern '^[A-Za-z0-9_-]{43}$'"]),
        ("code", {"code_challenge": "x" * 43 + "\n"}, ["String should match pattern '^[A-Za-z0-9_-]{43}$'"]),
        ("token", {}, ["Field required", "Field required"]),
        (
            "token",
            {"code": "x" * 129, "code_verifier": "y"},
            ["String should have at most 128 characters", "String should match pattern '^[A-Za-z0-9._~-]{43,128}$'"],
        ),
    ],
)
def test_malformed_bodies(db, path, body, errors):
    answer = ApiClient(make_person()).post(f"/auth/app-login/{path}", body)
    assert answer.status_code == 400
    assert [error["message"] for error in answer.json()["data"]["errors"]] == errors


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_one_code_opens_one_session_however_many_try_at_the_same_instant():
    code = mint(make_person()).json()["code"]
    start, found = threading.Barrier(6), []

    def run():
        start.wait()
        found.append(redeem(code).status_code)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, *[400] * 5]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("get", "/auth/saml/login", "SAML"),
        ("post", "/auth/saml/sso", "SAML"),
        ("get", "/auth/oidc/login", "OIDC"),
        ("get", "/auth/oidc/callback", "OIDC"),
    ],
)
def test_single_sign_on_is_off(db, method, path, name):
    answer = getattr(Client(), method)(path)
    assert (answer.status_code, answer.json()) == (400, {"error": f"{name} is not enabled."})
