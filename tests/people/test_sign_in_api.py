"""Signing in, staying signed in, signing out."""

import threading
from datetime import timedelta

import jwt
import pytest
from django.conf import settings as configured
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client

from core.models import now
from people.models import LoginLog, Organisation, Person, Session
from people.rules.sign_in import LoginRefused, check_credentials
from people.tokens import mint_api_token, open_session
from tests.makers import make_department, make_person

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
HEADLESS = CHROME.replace("Chrome/", "HeadlessChrome/")
PASSWORD = "mysecretpassword"
WRONG = {"login": False, "message": "Wrong email or password."}
LOCKED = {
    "error": True,
    "login": False,
    "too_many_failed_login_attemps": True,
    "message": "Too many failed login attempts, retry in a minute.",
}
NOT_AUTHORISED = (
    "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong credentials "
    "(e.g. a bad password), or your browser doesn't understand how to supply the credentials required."
)


def login(email, password=PASSWORD, agent="python-requests/2.31", **extra):
    body = {"email": email, "password": password}
    return Client().post("/auth/login", body, content_type="application/json", HTTP_USER_AGENT=agent, **extra)


def browser(email):
    client = Client(HTTP_USER_AGENT=CHROME)
    answer = client.post("/auth/login", {"email": email, "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 200
    return client


def bearer(token):
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def forged(**claims):
    token = {"sub": "x", "jti": "y", "type": "access", "identity_type": "person", "iat": 1, "nbf": 1, **claims}
    return jwt.encode(token, configured.SECRET_KEY, algorithm="HS256")


def test_a_login_answers_the_person_the_studio_and_both_tokens(db):
    department = make_department()
    person = make_person(email="Ada@Studio.Example", role="user", daily_salary=10)
    person.departments.add(department)
    answer = login("aDA@studio.example")
    body = answer.json()
    assert (answer.status_code, body["login"]) == (200, True)
    assert set(body) == {"login", "user", "organisation", "access_token", "refresh_token"}
    assert (body["user"]["id"], body["user"]["departments"]) == (str(person.pk), [str(department.pk)])
    assert body["organisation"]["name"] == "Kitsu"
    assert not any(name.startswith("chat_") for name in body["organisation"])
    assert not answer.cookies
    log = LoginLog.objects.get()
    assert (log.person_id, log.origin, log.ip_address) == (person.pk, "script", "127.0.0.1")


def test_a_manager_of_the_studio_gets_its_chat_tokens(db):
    make_person(email="boss@studio.example", role="admin")
    assert login("boss@studio.example").json()["organisation"]["chat_token_slack"] == ""
    assert Organisation.objects.count() == 1


def test_a_desktop_login_does_as_well_and_a_form_too(db):
    make_person(email="ada@studio.example", desktop_login="ada")
    assert login("ada").status_code == 200
    assert Client().post("/auth/login", {"email": "ada", "password": PASSWORD}).status_code == 200
    assert Client().post(f"/auth/login?email=ada&password={PASSWORD}").status_code == 200


def test_a_browser_gets_cookies_for_both_addresses_of_the_refresh_route(db):
    make_person(email="ada@studio.example")
    answer = login("ada@studio.example", agent=CHROME, HTTP_X_REAL_IP="10.1.2.3")
    cookies = [morsel.OutputString() for morsel in answer.cookies.values()]
    assert len(cookies) == 3
    assert all("HttpOnly" in text and "SameSite=Lax" in text and "Max-Age=31540000" in text for text in cookies)
    names = sorted((text.split("=")[0], text.split("Path=")[1].split(";")[0]) for text in cookies)
    assert names == [
        ("access_token_cookie", "/"),
        ("refresh_token_cookie", "/api/auth/refresh-token"),
        ("refresh_token_cookie", "/auth/refresh-token"),
    ]
    log = LoginLog.objects.get()
    assert (log.origin, log.ip_address) == ("web", "10.1.2.3")
    assert not login("ada@studio.example", agent=HEADLESS).cookies
    assert not login("ada@studio.example", agent="Mozilla/5.0").cookies


def test_unknown_and_known_addresses_are_refused_alike_and_lock_alike(db):
    make_person(email="ada@studio.example")
    make_person(email="bot@studio.example", is_bot=True)
    for name in ("ada@studio.example", "nobody@studio.example", "bot@studio.example"):
        for _ in range(5):
            answer = login(name, "not the password")
            assert (answer.status_code, answer.json()) == (400, WRONG)
        for password in ("not the password", PASSWORD):
            answer = login(name, password)
            assert (answer.status_code, answer.json()) == (400, LOCKED)


def test_a_lock_ends_after_a_minute_and_the_count_starts_afresh(db):
    person = make_person(email="ada@studio.example")
    for _ in range(5):
        login("ada@studio.example", "wrong")
    Person.objects.filter(pk=person.pk).update(last_login_failed=now() - timedelta(seconds=61))
    assert login("ada@studio.example", "wrong").json() == WRONG
    person.refresh_from_db()
    assert person.login_failed_attemps == 1
    assert login("ada@studio.example").status_code == 200
    person.refresh_from_db()
    assert person.login_failed_attemps == 0


def test_inactivity_is_told_only_with_the_right_password(db):
    make_person(email="ada@studio.example", active=False)
    assert login("ada@studio.example", "wrong").json() == WRONG
    answer = login("ada@studio.example")
    assert (answer.status_code, answer.json()) == (
        401,
        {"error": True, "login": False, "unactive": True, "message": "User is unactive, he cannot log in."},
    )


def test_an_account_without_password_can_not_be_entered(db):
    make_person(email="ada@studio.example", password=None)
    assert login("ada@studio.example", "").json() == WRONG
    assert login("ada@studio.example", "default").json() == WRONG


def test_the_default_password_gives_a_secret_to_choose_another(db):
    make_person(email="ada@studio.example", password="default")
    answer = login("ada@studio.example", "default")
    token = answer.json()["token"]
    assert (answer.status_code, set(answer.json())) == (400, {"login", "default_password", "token"})
    body = {"email": "ada@studio.example", "token": token, "password": "another one", "password2": "another one"}
    assert Client().put("/auth/reset-password", body, content_type="application/json").json() == {"success": True}
    assert login("ada@studio.example", "another one").status_code == 200


def test_who_has_a_second_factor_is_asked_for_it(db):
    make_person(email="ada@studio.example", totp_enabled=True, preferred_two_factor_authentication="totp")
    assert login("ada@studio.example").json() == {
        "error": True,
        "login": False,
        "missing_OTP": True,
        "message": "A two-factor authentication code is required.",
        "preferred_two_factor_authentication": "totp",
        "two_factor_authentication_enabled": ["recovery_code", "totp"],
    }


def test_another_way_of_checking_passwords(db, settings):
    make_person(email="ada@studio.example")
    settings.AUTH_STRATEGY = "auth_unheard_of"
    answer = login("ada@studio.example")
    assert (answer.status_code, answer.json()) == (409, {"login": False})
    settings.AUTH_STRATEGY = "auth_local_no_password"
    assert login("ada@studio.example", "anything").status_code == 200
    assert Client().post("/auth/login", {"email": "ada@studio.example"}).json()["login"] is True


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ("{}", "email", "Field required"),
        ("[]", "", "Input should be a valid dictionary or instance of LoginSchema"),
        ('{"email": ""}', "email", "String should have at least 1 character"),
        ('{"email": 3}', "email", "Input should be a valid string"),
    ],
)
def test_a_malformed_login_is_refused(db, body, field, message):
    answer = Client().post("/auth/login", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["data"] == {"errors": [{"field": field, "message": message}]}


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        (None, 401, 'Missing JWT in cookies or headers (Missing cookie "access_token_cookie"; Missing Authorization Header)'),
        (
            "Basic abc",
            401,
            "Missing JWT in cookies or headers (Missing cookie \"access_token_cookie\"; Missing 'Bearer' type in 'Authorization' "
            "header. Expected 'Authorization: Bearer <JWT>')",
        ),
        ("Bearer", 422, "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"),
        ("Bearer a b", 422, "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'"),
        ("Bearer garbage", 422, "Not enough segments"),
        (f"Bearer {forged()[:-4]}AAAA", 422, "Signature verification failed"),
        (f"Bearer {forged(nbf=4_000_000_000, exp=4_100_000_000)}", 422, "The token is not yet valid (nbf)"),
        (f"Bearer {forged(exp=4_100_000_000, type='refresh')}", 422, "Only non-refresh tokens are allowed"),
    ],
)
def test_a_bad_token_is_refused_in_the_words_of_jwt(db, header, status, message):
    answer = Client().get("/auth/authenticated", **({} if header is None else {"HTTP_AUTHORIZATION": header}))
    assert (answer.status_code, answer.json()) == (status, {"msg": message})


def test_an_expired_token_says_so_in_the_words_on_which_clients_refresh(db):
    answer = Client().get("/auth/authenticated", **bearer(forged(exp=2)))
    assert (answer.status_code, answer.json()) == (401, {"error": True, "message": "Signature has expired"})


@pytest.mark.parametrize("change", [{"identity_type": "other"}, {"identity_type": None}, {"jti": None}, {"jti": "unknown"}])
def test_a_token_of_no_known_kind_is_revoked(db, change):
    person = make_person()
    _, access, _ = open_session(person)
    claims = jwt.decode(access, configured.SECRET_KEY, algorithms=["HS256"])
    claims.update(change)
    if "jti" in change:
        claims["identity_type"] = "person_api"
    claims = {name: value for name, value in claims.items() if value is not None}
    token = jwt.encode(claims, configured.SECRET_KEY, algorithm="HS256")
    answer = Client().get("/auth/authenticated", **bearer(token))
    assert (answer.status_code, answer.json()) == (401, {"msg": "Token has been revoked"})


def test_a_session_that_an_inactive_person_used_stays_ended(db):
    person = make_person()
    _, access, _ = open_session(person)
    api_token = mint_api_token(person)
    Person.objects.filter(pk=person.pk).update(active=False)
    for token in (access, api_token):
        answer = Client().get("/auth/authenticated", **bearer(token))
        assert (answer.status_code, answer.json()) == (401, {"error": True, "message": NOT_AUTHORISED})
    Person.objects.filter(pk=person.pk).update(active=True)
    assert Client().get("/auth/authenticated", **bearer(access)).json() == {"msg": "Token has been revoked"}
    assert Client().get("/auth/authenticated", **bearer(api_token)).status_code == 200


def test_a_deleted_person_is_not_let_in(db):
    person = make_person()
    _, access, _ = open_session(person)
    Person.objects.filter(pk=person.pk).delete()
    answer = Client().get("/auth/authenticated", **bearer(access))
    assert (answer.status_code, answer.json()) == (401, {"error": True, "message": NOT_AUTHORISED})
    answer = Client().get("/auth/logout", **bearer(access))
    assert (answer.status_code, answer.json()) == (401, {"msg": f"Error loading the user {person.pk}"})


def test_a_new_token_of_a_script_replaces_the_former_one(db):
    person = make_person()
    former = mint_api_token(person)
    latter = mint_api_token(person)
    assert Client().get("/auth/authenticated", **bearer(former)).json() == {"msg": "Token has been revoked"}
    assert Client().get("/auth/authenticated", **bearer(latter)).status_code == 200


def test_who_am_i(api, cast):
    body = api.get("/auth/authenticated").json()
    assert body["authenticated"] is True
    assert body["user"]["id"] == str(cast.admin.pk)
    assert (body["user"]["departments"], body["user"]["fido_devices"]) == ([], [])
    assert "chat_token_slack" in body["organisation"]
    mine = api.by(cast.client).get("/auth/authenticated").json()
    assert mine["user"]["email"] == "client@studio.example"
    assert "chat_token_slack" not in mine["organisation"]


def test_a_bot_is_known_but_neither_logs_out_nor_changes_its_password(db):
    token = mint_api_token(make_person(is_bot=True))
    assert Client().get("/auth/authenticated", **bearer(token)).status_code == 200
    assert Client().get("/auth/logout", **bearer(token)).status_code == 403
    assert Client().post("/auth/change-password", {}, **bearer(token)).status_code == 403


def test_a_logout_ends_the_session_and_all_that_was_refreshed_from_it(db):
    person = make_person()
    other = open_session(person)[1]
    _, access, refresh = open_session(person)
    renewed = Client().get("/auth/refresh-token", **bearer(refresh)).json()["access_token"]
    assert Client().get("/auth/authenticated", **bearer(renewed)).status_code == 200
    assert Client().get("/auth/logout", **bearer(renewed)).json() == {"logout": True}
    for token in (access, renewed):
        assert Client().get("/auth/authenticated", **bearer(token)).json() == {"msg": "Token has been revoked"}
    assert Client().get("/auth/refresh-token", **bearer(refresh)).json() == {"msg": "Token has been revoked"}
    assert Client().get("/auth/authenticated", **bearer(other)).status_code == 200


def test_a_token_of_a_script_survives_a_logout(db):
    token = mint_api_token(make_person())
    assert Client().get("/auth/logout", **bearer(token)).json() == {"logout": True}
    assert Client().get("/auth/authenticated", **bearer(token)).status_code == 200


def test_only_refresh_tokens_refresh(db):
    _, access, refresh = open_session(make_person())
    answer = Client().get("/auth/refresh-token", **bearer(access))
    assert (answer.status_code, answer.json()) == (422, {"msg": "Only refresh tokens are allowed"})
    assert Client().get("/auth/authenticated", **bearer(refresh)).json() == {"msg": "Only non-refresh tokens are allowed"}
    missing = Client().get("/auth/refresh-token").json()["msg"]
    assert missing.startswith('Missing JWT in cookies or headers (Missing cookie "refresh_token_cookie"')


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_a_browser_refreshes_once_a_login(db, prefix):
    make_person(email="ada@studio.example")
    client = browser("ada@studio.example")
    former = client.cookies["access_token_cookie"].value
    answer = client.get(f"{prefix}/auth/refresh-token")
    assert answer.json() == {"refresh": True}
    assert answer.cookies["access_token_cookie"].value not in ("", former)
    cleared = [morsel for morsel in answer.cookies.values() if morsel.key == "refresh_token_cookie"]
    assert sorted(morsel["path"] for morsel in cleared) == ["/api/auth/refresh-token", "/auth/refresh-token"]
    assert all(morsel.value == "" and "1970" in morsel["expires"] for morsel in cleared)
    assert client.get("/auth/authenticated").status_code == 200


def test_a_browser_forgets_its_cookies_at_logout(db):
    make_person(email="ada@studio.example")
    client = browser("ada@studio.example")
    answer = client.get("/auth/logout")
    assert answer.json() == {"logout": True}
    assert {morsel.value for morsel in answer.cookies.values()} == {""}
    assert len(answer.cookies) == 3
    assert Session.objects.get().revoked


def test_a_bad_cookie_fails_even_beside_a_good_header(db):
    client = Client()
    client.cookies["access_token_cookie"] = "garbage"
    answer = client.get("/auth/authenticated", **bearer(open_session(make_person())[1]))
    assert (answer.status_code, answer.json()) == (422, {"msg": "Not enough segments"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"HTTP_ORIGIN": "http://testserver"}, 200),
        ({"HTTP_REFERER": "http://testserver/people"}, 200),
        ({"HTTP_ORIGIN": "https://kitsu.studio.example"}, 200),
        ({"HTTP_ORIGIN": "https://allowed.example"}, 200),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_REFERER": "https://evil.example/form"}, 403),
        ({"HTTP_REFERER": "https://testserver.evil.example/form"}, 403),
    ],
)
def test_a_session_in_cookies_takes_no_write_from_a_foreign_page(db, settings, headers, status):
    settings.DOMAIN_NAME = "kitsu.studio.example"
    settings.CORS_ALLOWED_ORIGINS = ["https://allowed.example"]
    person = make_person(email="ada@studio.example")
    client = browser("ada@studio.example")
    path = f"/data/persons/{person.pk}"
    assert client.put(path, {"phone": "1"}, content_type="application/json", **headers).status_code == status
    form = {"old_password": "x", "password": "y", "password_2": "y"}
    assert client.post("/auth/change-password", form, **headers).status_code == (403 if status == 403 else 400)
    assert client.get(path, **headers).status_code == 200
    script = Client().put(path, {"phone": "2"}, content_type="application/json", **headers, **bearer(open_session(person)[1]))
    assert script.status_code == 200


def test_a_foreign_page_can_not_have_a_browser_keep_a_login(db):
    make_person(email="ada@studio.example")
    assert not login("ada@studio.example", agent=CHROME, HTTP_ORIGIN="https://evil.example").cookies


def test_the_back_office_opens_to_managers_of_the_studio_for_whom_a_password_is_enough(db):
    make_person(email="boss@studio.example", role="admin")
    make_person(email="ada@studio.example", role="manager")
    make_person(email="careful@studio.example", role="admin", totp_enabled=True)
    make_person(email="fresh@studio.example", role="admin", password="default")
    make_person(email="gone@studio.example", role="admin", active=False)
    for name, password, opens in (
        ("boss", PASSWORD, True),
        ("boss", "wrong", False),
        ("ada", PASSWORD, False),
        ("careful", PASSWORD, False),
        ("fresh", "default", False),
        ("gone", PASSWORD, False),
    ):
        found = authenticate(username=f"{name}@studio.example", password=password)
        assert (found is not None) == opens, name


def test_sessions_that_ran_out_go_at_the_next_login(db):
    person = make_person(email="ada@studio.example")
    old, *_ = open_session(person)
    Session.objects.filter(pk=old.pk).update(expires_at=now() - timedelta(seconds=1))
    login("ada@studio.example")
    assert Session.objects.filter(person=person).count() == 1
    assert not Session.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
@pytest.mark.parametrize("name", ["ada@studio.example", "nobody@studio.example"])
def test_thirty_parallel_wrong_passwords_lock_as_thirty_serial_ones_do(name):
    make_person(email="ada@studio.example")
    said = []

    def guess(number):
        try:
            check_credentials(name, f"guess {number}")
        except LoginRefused as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 30
    assert said.count(WRONG["message"]) == 5
    assert said.count(LOCKED["message"]) == 25
    with pytest.raises(LoginRefused, match="Too many"):
        check_credentials(name, PASSWORD)
