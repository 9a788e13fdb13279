"""Second factors: setting them up, signing in with them, taking them away."""

import re
import threading
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from django.db import connection
from django.test import Client

from config.realtime.admission import NO_TWO_FACTOR, NotAdmitted, admit
from core.models import now
from events.models import ApiEvent
from people.models import EmailCode, LoginLog, Person, Session, SpentProof
from people.tokens import claims_of, mint_api_token
from tests.client import ApiClient
from tests.makers import make_person

EMAIL, PASSWORD = "ada@studio.example", "mysecretpassword"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
WRONG = {"error": True, "login": False, "wrong_OTP": True, "message": "Wrong two-factor authentication code."}
UNPROVEN = {"error": True, "message": "OTP verification failed.", "wrong_OTP": True}
SETUP = {
    "error": True,
    "two_factor_authentication_required": True,
    "message": "Two-factor authentication setup is required. Please configure 2FA before accessing the API.",
}


def login(client=None, email=EMAIL, **proof):
    body = {"email": email, "password": PASSWORD, **proof}
    return (client or Client()).post("/auth/login", body, content_type="application/json")


@pytest.fixture
def ada(db):
    return make_person(email=EMAIL, first_name="Ada", last_name="Byron")


def with_app(person):
    """Sets an authenticator app up; its clock and the recovery codes."""
    api = ApiClient(person)
    app = pyotp.TOTP(api.put("/auth/totp").json()["otp_secret"])
    return app, api.post("/auth/totp", {"totp": app.now()}).json()["otp_recovery_codes"]


def wrong_code(app):
    """Six digits that no half minute around has."""
    near = {app.at(time.time() + 30 * step) for step in range(-3, 4)}
    return next(
        code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777") if code not in near
    )


def code_in(letter):
    return re.search(r"\b(\d{6})\b", letter.body)[1]


def with_letters(person, mailbox):
    """Sets codes by e-mail up; the recovery codes."""
    api = ApiClient(person)
    api.put("/auth/email-otp")
    return api.post("/auth/email-otp", {"email_otp": code_in(mailbox[-1])}).json()["otp_recovery_codes"]


def test_an_app_is_set_up_by_a_first_code(ada):
    api = ApiClient(ada)
    offered = api.put("/auth/totp").json()
    secret = offered["otp_secret"]
    parts = urlsplit(offered["totp_provisionning_uri"])
    assert set(offered) == {"otp_secret", "totp_provisionning_uri"}
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Kitsu%20Kitsu:ada%40studio.example"
    assert parse_qs(parts.query) == {"secret": [secret], "issuer": ["Kitsu Kitsu"]}
    assert login().status_code == 200  # not asked before it is confirmed
    app = pyotp.TOTP(secret)
    answer = api.post("/auth/totp", {"totp": wrong_code(app)})
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": True, "message": "TOTP verification failed.", "wrong_OTP": True},
    )
    answer = api.post("/auth/totp", {"totp": app.now()})
    body = answer.json()
    assert (answer.status_code, set(body)) == (200, {"otp_recovery_codes", "access_token", "refresh_token"})
    assert len(set(body["otp_recovery_codes"])) == 16
    assert all(re.fullmatch("[A-Z0-9]{10}", code) for code in body["otp_recovery_codes"])
    me = Client().get("/auth/authenticated", HTTP_AUTHORIZATION=f"Bearer {body['access_token']}").json()["user"]
    assert (me["totp_enabled"], me["preferred_two_factor_authentication"]) == (True, "totp")
    for refused in (api.put("/auth/totp"), api.post("/auth/totp", {"totp": app.now()})):
        assert (refused.status_code, refused.json()) == (400, {"error": True, "message": "TOTP already enabled."})
    assert login().json() == {
        "error": True,
        "login": False,
        "missing_OTP": True,
        "message": "A two-factor authentication code is required.",
        "preferred_two_factor_authentication": "totp",
        "two_factor_authentication_enabled": ["recovery_code", "totp"],
    }


def test_a_code_before_a_secret_was_offered_is_wrong(ada):
    answer = ApiClient(ada).post("/auth/totp", {"totp": "123456"})
    assert (answer.status_code, answer.json()["message"]) == (400, "TOTP verification failed.")


def test_a_browser_keeps_the_session_that_follows(ada):
    client = Client(HTTP_USER_AGENT=CHROME)
    login(client)
    app = pyotp.TOTP(client.put("/auth/totp").json()["otp_secret"])
    answer = client.post("/auth/totp", {"totp": app.now()}, content_type="application/json")
    assert answer.cookies["access_token_cookie"].value == answer.json()["access_token"]
    foreign = Client(HTTP_USER_AGENT=CHROME, HTTP_ORIGIN="https://evil.example", HTTP_AUTHORIZATION="")
    assert foreign.put("/auth/totp").status_code == 401


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_the_clock_of_an_app_may_be_one_step_off(ada, drift, monkeypatch):
    app, _ = with_app(ada)
    moment = time.time()
    monkeypatch.setattr("people.rules.second_factors.time.time", lambda: moment)
    assert login(totp=app.at(moment + 30 * drift)).status_code == 200
    assert login(totp=app.at(moment + 60 * (drift or 1))).json() == WRONG


def test_a_code_of_the_app_works_once(ada):
    app, _ = with_app(ada)
    code = app.now()
    answer = login(totp=code)
    assert (answer.status_code, answer.json()["login"]) == (200, True)
    assert "two_factor_authentication_required" not in answer.json()
    again = login(totp=code)
    assert (again.status_code, again.json()) == (400, WRONG)
    assert LoginLog.objects.count() == 1
    assert ApiClient(ada).delete("/auth/totp", {"totp": code}).json() == UNPROVEN


def test_the_first_kind_that_is_set_up_and_sent_counts(ada, mailbox):
    app, codes = with_app(ada)
    assert login(email_otp="123456").json()["missing_OTP"]
    assert login(fido_authentication_response={}).json()["missing_OTP"]
    assert login(totp="").json() == WRONG
    assert login(totp=wrong_code(app), recovery_code=codes[0]).json() == WRONG
    assert login(email_otp="123456", recovery_code=codes[0]).status_code == 200


def test_wrong_codes_lock_as_wrong_passwords_do_and_the_right_password_gives_no_further_attempts(ada):
    app, codes = with_app(ada)
    for _ in range(5):
        assert login().json()["missing_OTP"]  # neither counts nor starts the count afresh
        assert login(totp=wrong_code(app)).json() == WRONG
    for proof in ({"totp": app.now()}, {"recovery_code": codes[0]}, {}):
        assert login(**proof).json()["too_many_failed_login_attemps"] is True
    Person.objects.update(last_login_failed=now() - timedelta(seconds=61))
    assert login(totp=app.now()).status_code == 200
    ada.refresh_from_db()
    assert ada.login_failed_attemps == 0


def test_codes_refused_elsewhere_do_not_lock_the_login(ada):
    app, codes = with_app(ada)
    for _ in range(5):
        assert ApiClient(ada).delete("/auth/totp", {"totp": wrong_code(app)}).json() == UNPROVEN
    assert login(totp=app.now()).status_code == 200


def test_an_inactive_person_is_not_asked_for_a_code(ada):
    app, _ = with_app(ada)
    Person.objects.update(active=False)
    assert login(totp=app.now()).status_code == 401


def test_a_recovery_code_works_once_and_only_digests_are_kept(ada):
    _, codes = with_app(ada)
    ada.refresh_from_db()
    assert len(ada.otp_recovery_codes) == 16
    assert not set(codes) & set(ada.otp_recovery_codes)
    assert login(recovery_code=codes[0].lower()).json() == WRONG
    assert login(recovery_code=codes[0]).status_code == 200
    assert login(recovery_code=codes[0]).json() == WRONG
    assert login(recovery_code=codes[1]).status_code == 200
    ada.refresh_from_db()
    assert len(ada.otp_recovery_codes) == 14


def test_a_recovery_code_of_somebody_else_is_none(ada):
    with_app(ada)
    _, codes = with_app(make_person(email="bob@studio.example"))
    assert login(recovery_code=codes[0]).json() == WRONG
    assert login(email="bob@studio.example", recovery_code=codes[0]).status_code == 200


def test_recovery_codes_are_replaced_by_who_proves_themself(ada):
    api = ApiClient(ada)
    answer = api.put("/auth/recovery-codes", {})
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "No two factor authentication enabled."})
    _, old = with_app(ada)
    api = ApiClient(Person.objects.get(pk=ada.pk))
    assert api.put("/auth/recovery-codes", {}).json() == UNPROVEN
    assert api.put("/auth/recovery-codes", {"recovery_code": "AAAAAAAAAA"}).json() == UNPROVEN
    new = api.put("/auth/recovery-codes", {"recovery_code": old[0]}).json()["otp_recovery_codes"]
    assert len(set(new) - set(old)) == 16
    assert login(recovery_code=old[1]).json() == WRONG
    assert login(recovery_code=new[0]).status_code == 200


def test_the_app_is_taken_away_by_who_proves_themself(ada):
    api = ApiClient(ada)
    assert api.delete("/auth/totp", {}).json() == {"error": True, "message": "TOTP not enabled."}
    app, codes = with_app(ada)
    assert api.delete("/auth/totp", {}).json() == UNPROVEN
    assert api.delete("/auth/email-otp", {"totp": app.now()}).json()["message"] == "OTP by email not enabled."
    assert api.delete("/auth/fido", {"totp": app.now(), "device_name": "x"}).json()["message"] == "FIDO not enabled."
    assert api.delete("/auth/totp", {"totp": app.now()}).json() == {"success": True}
    ada.refresh_from_db()
    assert (ada.totp_enabled, ada.totp_secret, ada.otp_recovery_codes) == (False, None, None)
    assert ada.preferred_two_factor_authentication is None
    assert login().status_code == 200


def test_codes_by_e_mail(ada, mailbox):
    api = ApiClient(ada)
    assert api.put("/auth/email-otp", HTTP_X_FORWARDED_FOR="10.9.8.7").json() == {"success": True}
    letter = mailbox[-1]
    assert (letter.to, letter.subject) == ([EMAIL], "Kitsu - Kitsu: your verification code")
    assert "10.9.8.7" in letter.body
    assert code_in(letter) in letter.alternatives[0][0]
    assert code_in(letter) not in EmailCode.objects.get().digest
    wrong = "000000" if code_in(letter) != "000000" else "111111"
    refused = api.post("/auth/email-otp", {"email_otp": wrong})
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": True, "message": "OTP by email verification failed.", "wrong_OTP": True},
    )
    assert len(api.post("/auth/email-otp", {"email_otp": code_in(letter)}).json()["otp_recovery_codes"]) == 16
    for refused in (api.put("/auth/email-otp"), api.post("/auth/email-otp", {"email_otp": "1"})):
        assert refused.json() == {"error": True, "message": "OTP by email already enabled."}
    assert login(email_otp=code_in(letter)).json() == WRONG
    assert Client().get("/auth/email-otp?email=ADA@studio.example").json() == {"success": True}
    former = code_in(mailbox[-1])
    assert Client().get("/auth/email-otp?email=ada@studio.example").json() == {"success": True}
    code = code_in(mailbox[-1])
    assert len(mailbox) == 3
    if former != code:
        assert login(email_otp=former).json() == WRONG
    assert login(email_otp=code).status_code == 200
    assert login(email_otp=code).json() == WRONG


def test_a_code_by_e_mail_lives_five_minutes(ada, mailbox):
    with_letters(ada, mailbox)
    Client().get(f"/auth/email-otp?email={EMAIL}")
    assert now() + timedelta(seconds=290) < EmailCode.objects.get().expires_at < now() + timedelta(seconds=310)
    EmailCode.objects.update(expires_at=now() - timedelta(seconds=1))
    assert login(email_otp=code_in(mailbox[-1])).json() == WRONG


def test_nobody_else_is_sent_a_code_and_the_answer_tells_nothing(ada, mailbox):
    make_person(email="gone@studio.example", active=False, email_otp_enabled=True)
    make_person(email="bot@studio.example", is_bot=True, email_otp_enabled=True)
    for name in (EMAIL, "gone@studio.example", "bot@studio.example", "nobody@studio.example", ""):
        answer = Client().get(f"/auth/email-otp?email={name}")
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert not mailbox
    assert not EmailCode.objects.exists()
    for path in ("/auth/email-otp", "/auth/fido"):
        missing = Client().get(path)
        assert (missing.status_code, missing.json()["message"]) == (400, "Missing required parameter: email")
        assert Client().get(f"{path}?email=%00").status_code == 400


def test_a_second_factor_more_comes_without_recovery_codes_and_the_preferred_one_falls_back(ada, mailbox):
    _, codes = with_app(ada)
    assert with_letters(ada, mailbox) is None
    assert login().json()["two_factor_authentication_enabled"] == ["recovery_code", "totp", "email_otp"]
    api = ApiClient(ada)
    assert api.delete("/auth/totp", {"recovery_code": codes[0]}).json() == {"success": True}
    ada.refresh_from_db()
    assert (ada.preferred_two_factor_authentication, len(ada.otp_recovery_codes)) == ("email_otp", 15)
    assert api.delete("/auth/email-otp", {"recovery_code": codes[1]}).json() == {"success": True}
    ada.refresh_from_db()
    assert (ada.preferred_two_factor_authentication, ada.otp_recovery_codes) == (None, None)


def test_another_preferred_factor_stays_preferred(ada, mailbox):
    _, codes = with_app(ada)
    with_letters(ada, mailbox)
    ApiClient(ada).delete("/auth/email-otp", {"recovery_code": codes[0]})
    ada.refresh_from_db()
    assert ada.preferred_two_factor_authentication == "totp"


ROUTES = [
    *(("put", "/auth/totp"), ("post", "/auth/totp"), ("delete", "/auth/totp"), ("put", "/auth/recovery-codes")),
    *(("put", "/auth/email-otp"), ("post", "/auth/email-otp"), ("delete", "/auth/email-otp")),
    *(("put", "/auth/fido"), ("post", "/auth/fido"), ("delete", "/auth/fido"), ("post", "/auth/app-login/code")),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_people_have_second_factors(db, method, path):
    token = mint_api_token(make_person(is_bot=True))
    answer = Client().generic(method.upper(), path, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == 403
    assert getattr(Client(), method)(path).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("post", "/auth/totp", {}, "totp"),
        ("post", "/auth/totp", {"totp": 123456}, "totp"),
        ("post", "/auth/email-otp", {}, "email_otp"),
        ("post", "/auth/fido", {"device_name": "x"}, "registration_response"),
        ("post", "/auth/fido", {"registration_response": {}, "device_name": ""}, "device_name"),
        ("delete", "/auth/fido", {"recovery_code": "x"}, "device_name"),
        ("put", "/auth/recovery-codes", {"recovery_code": 3}, "recovery_code"),
        ("delete", "/auth/totp", {"fido_authentication_response": 3}, "fido_authentication_response"),
    ],
)
def test_malformed_bodies(ada, method, path, body, field):
    answer = ApiClient(ada).request(method, path, body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["data"]["errors"]] == [field]


def test_secrets_appear_neither_in_rows_nor_in_events_nor_in_logs(api, ada, mailbox, caplog):
    caplog.set_level("DEBUG", "callboard")
    app, codes = with_app(ada)
    with_letters(ada, mailbox)
    login(totp=app.now())
    shown = api.get("/data/persons").content + api.get(f"/data/persons/{ada.pk}").content
    shown += ApiClient(ada).get("/auth/authenticated").content
    for secret in (app.secret, codes[0], code_in(mailbox[-1]), *Person.objects.get(pk=ada.pk).otp_recovery_codes):
        assert secret.encode() not in shown
        assert secret not in caplog.text
    assert not ApiEvent.objects.filter(name__startswith="person").exists()


def test_a_manager_lets_in_who_lost_everything(api, ada, mailbox):
    with_app(ada)
    with_letters(ada, mailbox)
    api.by(ada).put("/auth/fido")
    Client().get(f"/auth/email-otp?email={EMAIL}")
    assert api.by(ada).delete(f"/actions/persons/{ada.pk}/disable-two-factor-authentication").status_code == 403
    assert api.delete(f"/actions/persons/{ada.pk}/disable-two-factor-authentication").json() == {"success": True}
    assert login().status_code == 200
    assert not EmailCode.objects.exists()
    again = api.delete(f"/actions/persons/{ada.pk}/disable-two-factor-authentication")
    assert (again.status_code, again.json()["message"]) == (400, "Two factor authentication not enabled for this user.")


def test_who_never_did_anything_but_sign_in_can_be_dismissed(api, ada, mailbox):
    ApiClient(ada).put("/auth/email-otp")
    ApiClient(ada).post("/auth/app-login/code", {"code_challenge": "x" * 43})
    assert api.delete(f"/data/persons/{ada.pk}").status_code == 204


# The studio wants a second factor of everybody


def test_who_has_no_second_factor_may_do_nothing_but_set_one_up(ada, settings):
    settings.ENFORCE_2FA = True
    answer = login()
    body = answer.json()
    assert (answer.status_code, body["two_factor_authentication_required"]) == (200, True)
    assert claims_of(body["access_token"])["requires_2fa_setup"] is True
    headers = {"HTTP_AUTHORIZATION": f"Bearer {body['access_token']}"}
    for path in ("/data/persons", "/data/user/context", f"/data/persons/{ada.pk}"):
        refused = Client().get(path, **headers)
        assert (refused.status_code, refused.json()) == (403, SETUP)
        assert Client().get(f"/api{path}/", **headers).json() == SETUP
    code = Client().post("/auth/app-login/code", {"code_challenge": "x" * 43}, **headers)
    assert (code.status_code, code.json()) == (403, SETUP)
    token = Client().put(f"/data/persons/{ada.pk}", {"expiration_date": None}, content_type="application/json", **headers)
    assert token.json() == SETUP
    assert Client().post("/auth/change-password", {}, **headers).json() == SETUP
    assert Client().get("/auth/authenticated", **headers).status_code == 200
    app = pyotp.TOTP(Client().put("/api/auth/totp/", **headers).json()["otp_secret"])
    new = Client().post("/auth/totp", {"totp": app.now()}, **headers).json()
    assert "requires_2fa_setup" not in claims_of(new["access_token"])
    assert Client().get("/data/persons", HTTP_AUTHORIZATION=f"Bearer {new['access_token']}").status_code == 200
    assert Client().get("/data/persons", **headers).json() == SETUP
    assert "two_factor_authentication_required" not in login(totp=app.now()).json()
    renewed = Client().get("/auth/refresh-token", HTTP_AUTHORIZATION=f"Bearer {body['refresh_token']}").json()["access_token"]
    assert Client().get("/data/persons", HTTP_AUTHORIZATION=f"Bearer {renewed}").status_code == 200


def test_a_restricted_session_stays_so_when_it_is_refreshed_and_can_be_ended(ada, settings):
    settings.ENFORCE_2FA = True
    body = login().json()
    renewed = Client().get("/auth/refresh-token", HTTP_AUTHORIZATION=f"Bearer {body['refresh_token']}").json()["access_token"]
    assert Client().get("/data/persons", HTTP_AUTHORIZATION=f"Bearer {renewed}").json() == SETUP
    assert Client().get("/auth/logout", HTTP_AUTHORIZATION=f"Bearer {renewed}").json() == {"logout": True}
    assert Session.objects.get().revoked


def test_without_the_last_factor_the_running_session_stays_and_the_next_is_restricted(ada, settings):
    settings.ENFORCE_2FA = True
    app, codes = with_app(ada)
    body = login(totp=app.now()).json()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {body['access_token']}"}
    gone = Client().delete("/auth/totp", {"recovery_code": codes[0]}, content_type="application/json", **headers)
    assert gone.json() == {"success": True}
    assert Client().get("/data/persons", **headers).status_code == 200
    renewed = Client().get("/auth/refresh-token", HTTP_AUTHORIZATION=f"Bearer {body['refresh_token']}").json()["access_token"]
    assert Client().get("/data/persons", HTTP_AUTHORIZATION=f"Bearer {renewed}").json() == SETUP
    assert login().json()["two_factor_authentication_required"] is True


def test_some_are_exempt(ada, settings):
    settings.ENFORCE_2FA = True
    settings.TWO_FACTOR_EXEMPT_USERS = ["Ada@studio.example"]
    body = login().json()
    assert "two_factor_authentication_required" not in body
    assert Client().get("/data/persons", HTTP_AUTHORIZATION=f"Bearer {body['access_token']}").status_code == 200


def test_the_real_time_channel_refuses_restricted_sessions(ada, settings):
    settings.ENFORCE_2FA = True
    with pytest.raises(NotAdmitted, match=NO_TWO_FACTOR):
        admit(login().json()["access_token"])


# The back-office


def office(code=None, email=EMAIL, client=None):
    body = {"username": email, "password": PASSWORD, **({} if code is None else {"code": code})}
    return (client or Client()).post("/admin/login/?next=/admin/", body)


@pytest.fixture
def boss(db):
    return make_person(email=EMAIL, role="admin")


def refusal_of(answer):
    assert answer.status_code == 200
    return " ".join(answer.context["form"].non_field_errors())


def test_the_back_office_asks_a_manager_for_the_second_factor(boss, mailbox):
    app, codes = with_app(boss)
    page = Client().get("/admin/login/").content.decode()
    assert 'name="code"' in page
    assert refusal_of(office()) == "A two-factor authentication code is required."
    assert refusal_of(office(wrong_code(app))) == "Wrong two-factor authentication code."
    client, code = Client(), app.now()
    assert office(code, client=client).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert refusal_of(office(code)) == "Wrong two-factor authentication code."
    assert office(f" {codes[0].lower()} ").status_code == 302
    assert refusal_of(office(codes[0])) == "Wrong two-factor authentication code."
    assert not Client().login(username=EMAIL, password=PASSWORD)
    assert Client().login(username=EMAIL, password=PASSWORD, code=codes[1])


def test_the_back_office_sends_a_code_once_the_password_is_right(boss, mailbox):
    with_letters(boss, mailbox)
    assert len(mailbox) == 1
    wrong = Client().post("/admin/login/", {"username": EMAIL, "password": "nothing like it"})
    assert "correct" in refusal_of(wrong)
    assert len(mailbox) == 1
    assert refusal_of(office()) == "A two-factor authentication code is required."
    assert office(code_in(mailbox[-1])).status_code == 302


def test_wrong_codes_lock_the_back_office_too(boss):
    app, codes = with_app(boss)
    for _ in range(5):
        assert refusal_of(office(wrong_code(app))) == "Wrong two-factor authentication code."
    assert "Too many" in refusal_of(office(app.now()))
    assert "Too many" in login(totp=app.now()).json()["message"]


def test_a_manager_who_must_set_a_second_factor_up_does_so_first(boss, settings):
    settings.ENFORCE_2FA = True
    assert refusal_of(office()) == "Set up two-factor authentication in the studio's site first."
    app, _ = with_app(boss)
    assert office(app.now()).status_code == 302


def test_the_back_office_stays_shut_to_all_others(ada):
    app, _ = with_app(ada)
    assert "staff" in refusal_of(office(app.now()))
    fresh = make_person(role="admin", password="default")
    assert "staff" in refusal_of(Client().post("/admin/login/", {"username": fresh.email, "password": "default"}))


# Many at the same instant


def at_once(work, arguments):
    """Calls `work` with each argument in a thread of its own; what they gave."""
    start, found = threading.Barrier(len(arguments)), []

    def run(argument):
        try:
            start.wait()
            found.append(work(argument))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(arguments)
    return found


in_parallel = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]


def parallel(test):
    for mark in in_parallel:
        test = mark(test)
    return test


def person_of(email=EMAIL):
    return make_person(email=email)


@parallel
@pytest.mark.parametrize("kind", ["totp", "recovery_code", "email_otp"])
def test_one_code_works_once_however_many_try_at_the_same_instant(kind, settings, monkeypatch):
    person = person_of()
    app, codes = with_app(person)
    if kind == "email_otp":
        from people.rules.second_factors import new_email_code

        Person.objects.update(email_otp_enabled=True)
        code = new_email_code(person)
    else:
        code = {"totp": app.now(), "recovery_code": codes[0]}[kind]
    found = at_once(lambda _: login(**{kind: code}).status_code, range(5))
    assert sorted(found) == [200, 400, 400, 400, 400]
    assert LoginLog.objects.count() == 1


@parallel
def test_recovery_codes_used_at_once_are_all_spent():
    person = person_of()
    _, codes = with_app(person)
    assert at_once(lambda code: login(recovery_code=code).status_code, codes[:6]) == [200] * 6
    person.refresh_from_db()
    assert len(person.otp_recovery_codes) == 10


@parallel
def test_thirty_parallel_wrong_codes_lock_as_thirty_serial_ones_do():
    app, _ = with_app(person_of())
    wrong = wrong_code(app)
    found = at_once(lambda _: login(totp=wrong).json(), range(30))
    assert sum("wrong_OTP" in said for said in found) == 5
    assert sum("too_many_failed_login_attemps" in said for said in found) == 25


@parallel
def test_an_app_confirmed_at_once_is_set_up_once():
    person = person_of()
    app = pyotp.TOTP(ApiClient(person).put("/auth/totp").json()["otp_secret"])
    api, code = ApiClient(person), app.now()
    found = at_once(lambda _: api.by(person).post("/auth/totp", {"totp": code}).status_code, range(5))
    assert sorted(found) == [200, 400, 400, 400, 400]


def test_spent_proofs_do_not_pile_up(ada):
    app, _ = with_app(ada)
    login(totp=app.now())
    SpentProof.objects.update(expires_at=now() - timedelta(seconds=1))
    login(totp=app.at(time.time() + 30))
    assert SpentProof.objects.count() == 1
