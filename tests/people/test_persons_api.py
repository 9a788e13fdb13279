"""The generic routes of persons, by role."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client

from core.errors import Refusal
from core.models import now
from events.models import ApiEvent
from people.models import LoginLog, Person, Studio
from people.rules.persons import SECRETS, create_person
from people.tokens import open_session
from tests.makers import join_team, make_department, make_person, make_project

SAFE = {
    *("id", "created_at", "updated_at", "type", "first_name", "last_name", "full_name", "email", "phone", "country"),
    *("contract_type", "active", "archived", "last_presence", "desktop_login", "totp_enabled", "email_otp_enabled"),
    *("fido_enabled", "preferred_two_factor_authentication", "shotgun_id", "timezone", "locale", "use_12_hour_clock"),
    *("display_date_format", "data", "role", "position", "seniority", "daily_salary", "has_avatar", "notifications_enabled"),
    *("notifications_slack_enabled", "notifications_slack_userid", "notifications_mattermost_enabled"),
    *("notifications_mattermost_userid", "notifications_discord_enabled", "notifications_discord_userid", "is_bot"),
    *("is_guest", "preview_project_id", "preview_opened_at", "preview_open_until", "expiration_date"),
    *("is_generated_from_ldap", "ldap_uid", "studio_id"),
}
CLIENT = {"id", "type", "first_name", "last_name", "full_name", "has_avatar", "active", "role", "is_bot"}
MINIMAL = CLIENT | {"departments", "studio_id", "desktop_login"}
OTHERS = ("manager", "supervisor", "user", "vendor")


def put(api, person, **values):
    return api.put(f"/data/persons/{person.pk}", values)


def new(api, **values):
    return api.post("/data/persons", {"first_name": "New", "last_name": "Comer", **values})


def test_each_role_sees_its_form_in_lists(api, cast):
    assert {frozenset(row) for row in api.get("/data/persons").json()} == {frozenset(SAFE)}
    with_departments = api.get("/data/persons?relations=true").json()
    assert {frozenset(row) for row in with_departments} == {frozenset(SAFE | {"departments"})}
    for role in OTHERS:
        rows = api.by(cast.of(role)).get("/data/persons").json()
        assert {frozenset(row) for row in rows} == {frozenset(MINIMAL)}
        assert len(rows) == 7
        assert all(row["departments"] == [] for row in rows)
    rows = api.by(cast.client).get("/data/persons").json()
    assert {frozenset(row) for row in rows} == {frozenset(CLIENT)}
    assert str(cast.outsider.pk) not in {row["id"] for row in rows}
    assert len(rows) == 6


def test_each_role_sees_its_form_of_one_person(api, cast):
    path = f"/data/persons/{cast.user.pk}"
    for role in ("admin", "manager"):
        assert set(api.by(cast.of(role)).get(path).json()) == SAFE | {"departments"}
        assert set(api.by(cast.of(role)).get(f"{path}?relations=false").json()) == SAFE
    for role in ("supervisor", "user", "vendor"):
        assert set(api.by(cast.of(role)).get(path).json()) == MINIMAL
    assert set(api.by(cast.client).get(path).json()) == CLIENT
    assert api.by(cast.client).get(f"/data/persons/{cast.outsider.pk}").status_code == 403
    assert api.get("/data/persons/abc").json()["message"] == "Malformed ID."
    assert api.by(cast.client).get("/data/persons/aaaaaaaa-0000-4000-8000-000000000000").status_code == 404


def test_preview_accounts_are_in_no_list_and_bots_are(api, cast):
    hidden = make_person(preview_project=cast.project, role="client")
    bot = make_person(is_bot=True)
    for role in ("admin", "user"):
        ids = {row["id"] for row in api.by(cast.of(role)).get("/data/persons").json()}
        assert str(hidden.pk) not in ids
        assert str(bot.pk) in ids
    assert put(api, hidden, first_name="X").status_code == 403


def test_people_are_found_by_what_their_form_shows(api, cast):
    department = make_department()
    cast.user.departments.add(department)
    user = api.by(cast.user)
    for client in (api, user):
        for query in ("email=USER@Studio.example", f"departments={department.pk}", f"full_name=User {cast.user.last_name}"):
            assert [row["id"] for row in client.get(f"/data/persons?{query}").json()] == [str(cast.user.pk)], query
    assert user.get(f"/data/persons?departments={department.pk}&relations=true").json()[0]["departments"] == [str(department.pk)]
    assert len(api.get("/data/persons?daily_salary=0").json()) == 7
    for client, name in ((user, "daily_salary"), (user, "phone"), (user, "password"), (api, "password"), (api, "jti")):
        answer = client.get(f"/data/persons?{name}=0")
        assert (answer.status_code, answer.json()["message"]) == (400, f"Filtering on {name} is not allowed.")
    assert len(user.get("/data/persons?unknown=0").json()) == 7
    assert [set(row) for row in user.get("/data/persons?fields=email&limit=1&page=1").json()["data"]] == [{"id", "type"}]


def test_lists_cost_constant_statements(api, cast, django_assert_num_queries):
    for somebody in (api, api.by(cast.user), api.by(cast.client)):
        with django_assert_num_queries(2):
            somebody.get("/data/persons?relations=true")
    with django_assert_num_queries(2):
        api.get(f"/data/persons/{cast.user.pk}")


def test_secrets_are_in_no_answer_and_no_event(api, cast):
    marks = {
        name: f"secret-{number}" for number, name in enumerate(SECRETS) if name not in ("login_failed_attemps", "last_login_failed")
    }
    marks |= {"fido_credentials": ["secret-fido"], "otp_recovery_codes": ["secret-code"]}
    marks["saml_issuer"] = "secret-saml"
    Person.objects.filter(pk=cast.user.pk).update(**marks)
    Person.objects.filter(pk=cast.user.pk).update(daily_salary=98765)
    pages = ["/data/persons?relations=true", f"/data/persons/{cast.user.pk}", "/auth/authenticated", "/data/persons?page=1"]
    for role in ("admin", *OTHERS, "client"):
        for page in pages:
            text = api.by(cast.of(role)).get(page).content.decode()
            assert "secret-" not in text, (role, page)
            shown_in_full = role == "admin" or (role, page) in {("manager", pages[1]), ("user", "/auth/authenticated")}
            assert ("98765" in text) <= shown_in_full, (role, page)
    put(api, cast.user, phone="1")
    api.post(f"/actions/persons/{cast.user.pk}/change-password", {"password": "secret-new", "password_2": "secret-new"})
    api.post(f"/actions/persons/{cast.user.pk}/reset-password-link")
    for event in ApiEvent.objects.all():
        assert set(event.data) == {"person_id"}


def test_password_hashes_are_for_managers_of_the_studio_who_ask(api, cast):
    rows = api.get("/data/persons?with_pass_hash=true").json()
    assert all(row["password"].startswith("bcrypt$") for row in rows)
    assert set(api.by(cast.manager).get("/data/persons?with_pass_hash=true").json()[0]) == MINIMAL
    assert api.get("/data/persons?password=x&with_pass_hash=true").status_code == 400


def test_a_person_is_taken_on(api, cast):
    department = make_department()
    answer = new(
        api,
        email="Ada.Field@EXAMPLE.com",
        password="x",
        country=" fr ",
        locale="",
        role="supervisor",
        departments=[str(department.pk), "aaaaaaaa-0000-4000-8000-000000000000"],
    )
    row = answer.json()
    assert (answer.status_code, set(row)) == (201, SAFE | {"departments"})
    assert (row["email"], row["country"], row["locale"], row["role"]) == ("Ada.Field@example.com", "FR", "en_US", "supervisor")
    assert (row["full_name"], row["departments"], row["timezone"]) == ("New Comer", [str(department.pk)], "Europe/Paris")
    assert check_password("x", Person.objects.get(pk=row["id"]).password)
    event = ApiEvent.objects.get()
    assert (event.name, event.data, event.user_id) == ("person:new", {"person_id": row["id"]}, cast.admin.pk)


@pytest.mark.parametrize(
    ("values", "payload"),
    [
        ({"role": "boss"}, {"error": True, "message": "Invalid role", "data": None}),
        ({"role": None}, {"error": True, "message": "Invalid role", "data": None}),
        ({"contract_type": "x"}, {"error": True, "message": "Invalid contract_type", "data": None}),
        ({"country": "XX"}, "Invalid country code, expected an ISO 3166-1 alpha-2 code."),
        ({"country": 3}, "Invalid country code, expected an ISO 3166-1 alpha-2 code."),
        ({"locale": "xx_YY"}, "Invalid locale, expected a name available in Python Babel (e.g. en_US, fr_FR)."),
        ({"display_date_format": "x"}, "Invalid display_date_format, expected one of: YYYY-MM-DD, DD/MM/YYYY, MM/DD/YYYY."),
        ({"preferred_two_factor_authentication": "x"}, "Invalid two_factor_authentication"),
        ({"expiration_date": "2020-01-01"}, "Expiration date can't be in the past."),
        ({"expiration_date": "soon"}, "Expiration date is not valid."),
        ({"email": "ada"}, "An email address must have an @-sign."),
        ({"email": "USER@studio.example"}, "Email already in use."),
        ({"email": None}, {"message": "email must be str or bytes"}),
        ({"timezone": "Mars/Base"}, {"message": "One of the provided values has an invalid format."}),
        ({"position": "zzz"}, {"message": "One of the provided values has an invalid format."}),
        ({"seniority": 3}, {"message": "One of the provided values has an invalid format."}),
        ({"password": 3}, {"message": "One of the provided values has an invalid format."}),
        ({"departments": "x"}, {"message": "One of the provided values has an invalid format."}),
        ({"data": "x"}, {"message": "One of the provided values has an invalid format."}),
        ({"foo": 1}, {"message": "'foo' is an invalid keyword argument for Person"}),
        ({"first_name": None}, {"message": "A required field is missing."}),
        (
            {"studio_id": "aaaaaaaa-0000-4000-8000-000000000000"},
            {"message": "The change conflicts with records referencing this one."},
        ),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_stored(api, cast, values, payload):
    answer = new(api, **values)
    assert answer.status_code == 400, answer.json()
    assert answer.json() == payload if isinstance(payload, dict) else answer.json()["message"] == payload
    assert Person.objects.count() == 7
    assert ApiEvent.objects.count() == 0


def test_who_may_take_on_and_dismiss(api, cast):
    for role in (*OTHERS, "client"):
        somebody = api.by(cast.of(role))
        assert new(somebody).status_code == 403
        assert somebody.delete(f"/data/persons/{cast.outsider.pk}").status_code == 403
        assert put(somebody, cast.outsider, phone="1").status_code == 403
    assert Person.objects.count() == 7


def test_a_full_studio_takes_nobody_on_but_bots(api, cast, settings):
    settings.USER_LIMIT = 7
    answer = new(api)
    assert answer.json() == {"error": True, "message": "User limit reached.", "data": {"limit": 7}}
    assert new(api, active=False).status_code == 201
    assert new(api, is_bot=True).status_code == 201
    sleeper = make_person(active=False)
    assert put(api, sleeper, active=True).json() == {"error": True, "message": "User limit reached.", "data": None}


def test_people_change_themselves_but_not_their_rights_pay_or_identity(api, cast):
    studio = Studio.objects.create(name="North", color="#123456")
    barred = {
        "role": "admin",
        "departments": [str(make_department().pk)],
        "active": False,
        "archived": True,
        "is_bot": True,
        "is_guest": True,
        "has_avatar": True,
        "studio_id": str(studio.pk),
        "last_presence": "2026-01-01",
        "position": "lead",
        "seniority": "senior",
        "daily_salary": 1000,
        "contract_type": "freelance",
        "shotgun_id": 7,
        "is_generated_from_ldap": True,
        "ldap_uid": "boss",
        "oidc_issuer": "x",
        "oidc_subject": "x",
        "saml_issuer": "x",
        "saml_subject": "x",
        "jti": "x",
        "password": "x",
        "totp_enabled": True,
        "login_failed_attemps": -100,
        "preview_open_until": "2030-01-01",
    }
    before = Person.objects.filter(pk=cast.user.pk).values(*(name for name in barred if name != "departments")).get()
    answer = put(api.by(cast.user), cast.user, **barred, first_name="Ada", phone="12", type="Person", full_name="x")
    assert (answer.status_code, set(answer.json())) == (200, SAFE | {"departments"})
    assert (answer.json()["first_name"], answer.json()["phone"]) == ("Ada", "12")
    assert Person.objects.filter(pk=cast.user.pk).values(*before).get() == before
    assert cast.user.departments.count() == 0


def test_a_manager_changes_all_that_a_request_may(api, cast):
    department = make_department()
    answer = put(api, cast.user, role="supervisor", daily_salary=5, departments=[str(department.pk)], jti="x", totp_enabled=True)
    row = answer.json()
    assert (row["role"], row["daily_salary"], row["departments"], row["totp_enabled"]) == (
        "supervisor",
        5,
        [str(department.pk)],
        False,
    )
    assert put(api, cast.user, departments=None).json()["departments"] == []
    assert put(api, cast.user, departments="x").status_code == 400
    assert put(api, cast.user, email="admin@studio.example").json()["message"] == "Email already in use."
    assert put(api, cast.user, email="USER@studio.example").status_code == 200
    assert put(api, cast.user, birthday="tomorrow", last_presence="never").status_code == 400


def test_protected_accounts_stay_what_they_are(api, cast, settings):
    settings.PROTECTED_ACCOUNTS = ["user@studio.example"]
    answer = put(api, cast.user, active=False)
    assert (answer.status_code, answer.json()["message"]) == (403, "Can't set this person as inactive it's a protected account.")
    assert put(api, cast.user, role="vendor").json()["message"] == "Can't change the role of this person it's a protected account."
    assert put(api, cast.user, phone="1").status_code == 200
    answer = api.delete(f"/data/persons/{cast.user.pk}")
    assert (answer.status_code, answer.json()["message"]) == (403, "Can't delete this person it's a protected account.")


def token_of(answer):
    return answer.json().get("access_token")


def speaks_for(token):
    answer = Client().get("/auth/authenticated", HTTP_AUTHORIZATION=f"Bearer {token}")
    return answer.json()["user"]["id"] if answer.status_code == 200 else None


def test_a_token_is_minted_for_oneself_and_for_bots_alone(api, cast):
    mine = token_of(put(api.by(cast.user), cast.user, expiration_date=None))
    assert speaks_for(mine) == str(cast.user.pk)
    day = (now() + timedelta(days=3)).date().isoformat()
    again = put(api.by(cast.user), cast.user, expiration_date=day)
    assert again.json()["expiration_date"] == day
    assert speaks_for(mine) is None
    for somebody in (cast.user, cast.manager, make_person(role="admin")):
        assert token_of(put(api, somebody, expiration_date=day)) is None
    assert speaks_for(token_of(again)) == str(cast.user.pk)
    made = new(api, is_bot=True, role="user")
    assert made.status_code == 201
    first = token_of(made)
    assert speaks_for(first) == made.json()["id"]
    bot = Person.objects.get(pk=made.json()["id"])
    assert speaks_for(token_of(put(api, bot, expiration_date=day))) == str(bot.pk)
    assert speaks_for(first) is None
    assert token_of(put(api.by(bot), bot, expiration_date=None)) is None


def test_minting_does_not_carry_a_role_along(api, cast):
    answer = put(api.by(cast.user), cast.user, expiration_date=None, role="admin", is_bot=True)
    client = Client(HTTP_AUTHORIZATION=f"Bearer {token_of(answer)}")
    assert client.get("/auth/authenticated").json()["user"]["role"] == "user"
    assert client.post("/data/departments", {"name": "X", "color": "#123456"}, content_type="application/json").status_code == 403
    assert Person.objects.get(pk=cast.user.pk).role == "user"


def test_an_expiration_that_is_over_is_refused_unless_it_was_so(api, cast):
    past = (now() - timedelta(days=3)).date()
    me = api.by(cast.user)
    assert put(me, cast.user, expiration_date=past.isoformat()).json()["message"] == "Expiration date can't be in the past."
    Person.objects.filter(pk=cast.user.pk).update(expiration_date=past)
    answer = put(me, cast.user, expiration_date=past.isoformat(), phone="3")
    assert (answer.status_code, answer.json()["phone"], token_of(answer)) == (200, "3", None)


def test_dismissing_who_left_traces_is_refused_unless_forced(api, cast):
    fresh = make_person()
    open_session(fresh)
    assert api.delete(f"/data/persons/{fresh.pk}").status_code == 204
    assert ApiEvent.objects.get().name == "person:delete"
    LoginLog.objects.create(person=cast.user)
    answer = api.delete(f"/data/persons/{cast.user.pk}")
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "Some data are still linked to given person."})
    assert api.delete(f"/data/persons/{cast.user.pk}?force=true").status_code == 204
    assert not Person.objects.filter(pk=cast.user.pk).exists()
    assert cast.project.team.count() == 5
    assert api.delete(f"/data/persons/{cast.admin.pk}?force=true").status_code == 403


def test_departments_are_added_and_removed(api, cast):
    department = make_department()
    path = f"/actions/persons/{cast.user.pk}/departments"
    for _ in range(2):
        answer = api.post(f"{path}/add", {"department_id": str(department.pk)})
        assert (answer.status_code, answer.json()["departments"]) == (201, [str(department.pk)])
    for _ in range(2):
        assert api.delete(f"{path}/{department.pk}").status_code == 204
    assert cast.user.departments.count() == 0
    unknown = "aaaaaaaa-0000-4000-8000-000000000000"
    for answer in (api.post(f"{path}/add", {"department_id": unknown}), api.delete(f"{path}/{unknown}")):
        assert (answer.status_code, answer.json()["message"]) == (400, "Department ID matches no department")
    assert {event.name for event in ApiEvent.objects.all()} == {"person:update"}


def test_a_picture_is_taken_away(api, cast):
    Person.objects.filter(pk=cast.user.pk).update(has_avatar=True)
    assert api.delete(f"/actions/persons/{cast.user.pk}/clear-avatar").status_code == 204
    assert Person.objects.get(pk=cast.user.pk).has_avatar is False


def test_the_people_of_a_department(api, cast, django_assert_num_queries):
    department = make_department()
    project = make_project()
    for name in ("Zoe", "Ann"):
        person = make_person(first_name=name)
        person.departments.add(department)
        join_team(project, person)
    with django_assert_num_queries(3):
        rows = api.get(f"/data/departments/{department.pk}/persons").json()
    assert [row["first_name"] for row in rows] == ["Ann", "Zoe"]
    assert set(rows[0]) == SAFE | {"departments"}
    assert set(api.by(cast.manager).get(f"/data/departments/{department.pk}/persons").json()[0]) == MINIMAL
    assert api.get("/data/departments/abc/persons").json()["message"] == "Wrong UUID format."
    assert api.get("/data/departments/aaaaaaaa-0000-4000-8000-000000000000/persons").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_parallel_arrivals_do_not_pass_the_limit(settings):
    settings.USER_LIMIT = 2
    outcomes = []

    def take_on(number):
        try:
            create_person({"first_name": "P", "last_name": str(number)}, departments=[], password=None, by=None)
            outcomes.append("in")
        except Refusal as refusal:
            outcomes.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_on, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("in"), Person.objects.count()) == (2, 2)
