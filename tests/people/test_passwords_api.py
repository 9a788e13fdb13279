"""Changing, recovering and handing out passwords."""

import re
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client

from core.errors import Refusal
from core.models import now
from people.models import OneTimeToken, Person
from people.rules import passwords
from people.tokens import open_session
from tests.makers import make_person

NEW = "a new password"


def as_person(person):
    session, access, _ = open_session(person)
    client = Client(HTTP_AUTHORIZATION=f"Bearer {access}")
    return session, client


def change(client, **overrides):
    body = {"old_password": "mysecretpassword", "password": NEW, "password_2": NEW, **overrides}
    return client.post("/auth/change-password", body, content_type="application/json")


def ask(email):
    return Client().post("/auth/reset-password", {"email": email}, content_type="application/json")


def reset(email, token, password=NEW, again=NEW):
    body = {"email": email, "token": token, "password": password, "password2": again}
    return Client().put("/auth/reset-password", body, content_type="application/json")


def link_in(letter):
    link = re.search(r"https?://\S+", letter.body)[0]
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_a_changed_password_ends_all_other_sessions(db, mailbox):
    person = make_person(email="ada@studio.example", locale="fr_FR")
    session, client = as_person(person)
    _, other = as_person(person)
    assert change(client).json() == {"success": True}
    person.refresh_from_db()
    assert check_password(NEW, person.password)
    assert client.get("/auth/authenticated").status_code == 200
    assert other.get("/auth/authenticated").json() == {"msg": "Token has been revoked"}
    (letter,) = mailbox
    assert (letter.subject, letter.extra_headers) == ("Kitsu - Kitsu : mot de passe modifié", {"Content-Language": "fr"})
    assert NEW not in letter.body


@pytest.mark.parametrize(
    ("change_of", "message"),
    [
        ({"old_password": "wrong", "password": "x"}, "Old password is wrong."),
        ({"password": "short", "password_2": "other"}, "Password is too short."),
        ({"password_2": "something else"}, "Confirmation password doesn't match."),
    ],
)
def test_a_change_is_refused_with_its_reason(db, change_of, message):
    person = make_person()
    answer = change(as_person(person)[1], **change_of)
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": message})
    person.refresh_from_db()
    assert check_password("mysecretpassword", person.password)


def test_wrong_old_passwords_lock_like_failed_logins(db):
    _, client = as_person(make_person())
    for _ in range(5):
        assert change(client, old_password="wrong").json()["message"] == "Old password is wrong."
    assert change(client).json() == {
        "error": True,
        "message": "Too many failed login attempts.",
        "too_many_failed_login_attemps": True,
    }


def test_a_reset_tells_nothing_about_the_address(db, mailbox):
    make_person(email="ada@studio.example")
    make_person(email="gone@studio.example", active=False)
    make_person(email="bot@studio.example", is_bot=True)
    for email in ("ada@studio.example", "nobody@studio.example", "gone@studio.example", "bot@studio.example"):
        answer = ask(email)
        assert (answer.status_code, answer.json()) == (200, {"success": "Reset token sent"})
    assert [letter.to for letter in mailbox] == [["ada@studio.example"]]
    assert OneTimeToken.objects.count() == 1


def test_a_reset_token_opens_once_and_ends_all_sessions(db, mailbox, django_assert_num_queries):
    person = make_person(email="ada@studio.example")
    _, client = as_person(person)
    ask("ada@studio.example")
    sent = link_in(mailbox[0])
    assert set(sent) == {"email", "token"}
    assert re.fullmatch("[A-Z0-9]{64}", sent["token"])
    assert sent["token"] not in OneTimeToken.objects.values_list("digest", flat=True)
    refused = reset(**sent, password="short", again="other")
    assert (refused.status_code, refused.json()["message"]) == (400, "Password is too short.")
    assert reset(**sent, again="something else").json()["message"] == "Confirmation password doesn't match."
    assert reset("Ada@studio.example", sent["token"]).json()["message"] == "Wrong or expired token."
    assert reset(**sent).json() == {"success": True}
    assert reset(**sent).json() == {"error": True, "message": "Wrong or expired token."}
    assert client.get("/auth/authenticated").status_code == 401


def test_a_new_request_replaces_the_former_token_and_time_ends_it(db, mailbox):
    make_person(email="ada@studio.example")
    ask("ada@studio.example")
    ask("ada@studio.example")
    former, latter = map(link_in, mailbox)
    assert reset(**former).json()["message"] == "Wrong or expired token."
    OneTimeToken.objects.update(expires_at=now() - timedelta(seconds=1))
    assert reset(**latter).json()["message"] == "Wrong or expired token."


def test_an_invitation_is_a_letter_with_a_link_for_a_week(api, cast, mailbox):
    answer = api.get(f"/actions/persons/{cast.user.pk}/invite")
    assert answer.json() == {"success": True, "message": "Email sent"}
    sent = link_in(mailbox[0])
    assert mailbox[0].subject == "You are invited by Kitsu to join their Kitsu platform"
    assert sent["type"] == "new"
    assert OneTimeToken.objects.get().expires_at > now() + timedelta(days=6)
    assert reset(sent["email"], sent["token"]).json() == {"success": True}


def test_an_invitation_is_confirmed_without_mail_too(api, cast):
    assert api.get(f"/actions/persons/{cast.user.pk}/invite").json() == {"success": True, "message": "Email sent"}
    assert api.get("/actions/persons/aaaaaaaa-0000-4000-8000-000000000000/invite").status_code == 404
    assert api.get("/actions/persons/abc/invite").status_code == 404


def test_a_reset_link_can_be_handed_over(api, cast):
    link = api.post(f"/actions/persons/{cast.user.pk}/reset-password-link").json()["reset_password_link"]
    sent = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert "/reset-change-password?" in link
    assert reset(**sent).json() == {"success": True}


def test_a_manager_gives_others_a_password(api, cast, mailbox):
    _, theirs = as_person(cast.user)
    path = f"/actions/persons/{cast.user.pk}/change-password"
    assert api.post(path, {"password": NEW, "password_2": NEW}).json() == {"success": True}
    assert theirs.get("/auth/authenticated").status_code == 401
    cast.user.refresh_from_db()
    assert check_password(NEW, cast.user.password)
    assert len(mailbox) == 1
    assert api.post(path, {"password": "x", "password_2": "x"}).json() == {"error": True, "message": "Password is too short."}
    assert api.post(path, {"password": "x", "password_2": "y"}).json()["data"]["errors"] == [
        {"field": "", "message": "Value error, Confirmation password doesn't match."}
    ]


def test_managers_and_protected_accounts_are_not_taken_over(api, cast, settings):
    other = make_person(role="admin")
    body = {"password": NEW, "password_2": NEW}
    answer = api.post(f"/actions/persons/{other.pk}/change-password", body)
    assert (answer.status_code, answer.json()["message"]) == (400, "An admin can't change another admin's password.")
    assert api.post(f"/actions/persons/{other.pk}/reset-password-link").status_code == 400
    settings.PROTECTED_ACCOUNTS = ["USER@studio.example"]
    answer = api.post(f"/actions/persons/{cast.user.pk}/change-password", body)
    assert answer.json()["message"] == "This user is in protected accounts."
    new_admin = make_person(role="admin", password=None)
    assert api.post(f"/actions/persons/{new_admin.pk}/change-password", body).status_code == 200
    assert api.post(f"/actions/persons/{cast.admin.pk}/change-password", body).status_code == 200
    assert api.get("/auth/authenticated").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "invite"),
        ("post", "reset-password-link"),
        ("post", "change-password"),
        ("delete", "disable-two-factor-authentication"),
        ("post", "departments/add"),
        ("delete", "departments/aaaaaaaa-0000-4000-8000-000000000000"),
        ("delete", "clear-avatar"),
    ],
)
def test_accounts_are_the_business_of_studio_managers(api, cast, method, path):
    for role in ("manager", "supervisor", "user", "client", "vendor"):
        somebody = cast.of(role)
        assert getattr(api.by(somebody), method)(f"/actions/persons/{somebody.pk}/{path}").status_code == 403


def test_bots_have_no_password(api):
    bot = make_person(is_bot=True)
    for method, path in (("get", "invite"), ("post", "reset-password-link"), ("post", "change-password")):
        assert getattr(api, method)(f"/actions/persons/{bot.pk}/{path}").status_code == 403
    assert api.delete(f"/actions/persons/{bot.pk}/disable-two-factor-authentication").status_code == 403


def test_second_factors_are_removed_for_who_lost_them(api, cast, mailbox):
    path = f"/actions/persons/{cast.user.pk}/disable-two-factor-authentication"
    answer = api.delete(path)
    assert (answer.status_code, answer.json()["message"]) == (400, "Two factor authentication not enabled for this user.")
    values = {"totp_enabled": True, "totp_secret": "S", "preferred_two_factor_authentication": "totp", "otp_recovery_codes": ["x"]}
    Person.objects.filter(pk=cast.user.pk).update(**values)
    assert api.delete(path).json() == {"success": True}
    cast.user.refresh_from_db()
    assert (cast.user.totp_enabled, cast.user.totp_secret, cast.user.otp_recovery_codes) == (False, None, None)
    assert mailbox[0].subject == "Kitsu - Kitsu: two factor authentication disabled"
    other = make_person(role="admin", totp_enabled=True)
    answer = api.delete(f"/actions/persons/{other.pk}/disable-two-factor-authentication")
    assert answer.json()["message"] == "An admin can't disable 2FA for other admins."


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_a_reset_token_opens_once_even_at_the_same_instant():
    person = make_person(email="ada@studio.example")
    token = passwords.replace_reset_token(person, email=person.email)
    outcomes = []

    def spend(number):
        try:
            passwords.reset_password(email=person.email, token=token, new=f"password {number}", confirmation=f"password {number}")
            outcomes.append("changed")
        except Refusal as refusal:
            outcomes.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("changed") == 1
    assert outcomes.count("Wrong or expired token.") == 7
