"""Security keys: registering them, signing in with them, taking them away."""

import pytest
from django.test import Client

from people.models import Person
from tests.client import ApiClient
from tests.makers import make_person
from tests.people.security_key import SecurityKey

EMAIL, PASSWORD = "ada@studio.example", "mysecretpassword"
WRONG_RESPONSE = "FIDO server exception your registration response is probly wrong."


@pytest.fixture
def ada(db):
    return make_person(email=EMAIL, first_name="Ada", last_name="Byron")


@pytest.fixture(autouse=True)
def site(settings):
    settings.DOMAIN_PROTOCOL, settings.DOMAIN_NAME = "http", "localhost:8000"


def register(person, key, name="Blue key"):
    api = ApiClient(person)
    options = api.put("/auth/fido").json()
    return api.post("/auth/fido", {"registration_response": key.register(options), "device_name": name})


def challenged(email=EMAIL):
    """A browser whose key was asked, and what it was asked."""
    client = Client()
    return client, client.get(f"/auth/fido?email={email}").json()


def sign_in(client, response, email=EMAIL):
    body = {"email": email, "password": PASSWORD, "fido_authentication_response": response}
    return client.post("/auth/login", body, content_type="application/json")


def test_what_a_new_key_is_asked(ada):
    api = ApiClient(ada)
    answer = api.put("/auth/fido")
    asked = answer.json()
    assert asked["rp"] == {"name": "Kitsu", "id": "localhost"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == (EMAIL, "Ada Byron")
    assert asked["authenticatorSelection"] == {
        "authenticatorAttachment": "cross-platform",
        "residentKey": "discouraged",
        "userVerification": "preferred",
        "requireResidentKey": False,
    }
    assert (asked["excludeCredentials"], asked["pubKeyCredParams"][0]) == ([], {"type": "public-key", "alg": -7})
    cookie = answer.cookies["session"]
    assert (cookie["httponly"], cookie["path"]) == (True, "/")
    assert "Cookie" in answer["Vary"]


def test_a_key_is_registered_and_opens_the_account(ada):
    key = SecurityKey()
    answer = register(ada, key)
    assert (answer.status_code, len(answer.json()["otp_recovery_codes"])) == (200, 16)
    user = ApiClient(Person.objects.get(pk=ada.pk)).get("/auth/authenticated").json()["user"]
    assert (user["fido_enabled"], user["fido_devices"]) == (True, ["Blue key"])
    assert (user["preferred_two_factor_authentication"], "fido_credentials" in user) == ("fido", False)
    client, options = challenged()
    assert (options["rpId"], set(options)) == ("localhost", {"challenge", "rpId", "allowCredentials"})
    answer = sign_in(client, key.sign(options))
    assert (answer.status_code, answer.json()["login"]) == (200, True)


def test_an_answer_opens_the_account_once(ada):
    key = SecurityKey()
    register(ada, key)
    client, options = challenged()
    response = key.sign(options)
    assert sign_in(client, response).status_code == 200
    assert sign_in(client, response).json()["wrong_OTP"] is True
    key.count += 10
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True


def test_an_answer_to_another_challenge_or_of_another_key_or_page_is_wrong(ada):
    key = SecurityKey()
    register(ada, key)
    client, options = challenged()
    assert sign_in(Client(), key.sign(options)).json()["wrong_OTP"] is True  # the cookie did not come back
    client.cookies["session"] = client.cookies["session"].value[:-2] + "xx"
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True
    client, _ = challenged()
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True
    client, options = challenged()
    stranger = SecurityKey()
    stranger.credential_id = key.credential_id
    assert sign_in(client, stranger.sign(options)).json()["wrong_OTP"] is True
    Person.objects.update(login_failed_attemps=0)
    key.origin = "https://evil.example"
    client, options = challenged()
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True
    key.origin = "http://localhost:8000"
    assert sign_in(client, key.sign(options)).status_code == 200


@pytest.mark.parametrize("response", [{}, {"id": 3}, {"id": "x", "rawId": "x", "response": {}}, {"response": None}])
def test_an_answer_that_makes_no_sense_is_wrong(ada, response):
    register(ada, SecurityKey())
    client, _ = challenged()
    assert sign_in(client, response).json()["wrong_OTP"] is True
    api = ApiClient(ada)
    api.put("/auth/fido")
    answer = api.post("/auth/fido", {"registration_response": response, "device_name": "Key"})
    assert (answer.status_code, answer.json()["message"]) == (400, WRONG_RESPONSE)


def test_a_challenge_of_somebody_else_is_none(ada):
    bob = make_person(email="bob@studio.example")
    key = SecurityKey()
    register(ada, key)
    register(bob, SecurityKey())
    client, options = challenged()
    assert sign_in(client, key.sign(options), email="bob@studio.example").json()["wrong_OTP"] is True
    api, other = ApiClient(ada), ApiClient(bob)
    options = api.put("/auth/fido").json()
    other.client.cookies = api.client.cookies
    answer = other.post("/auth/fido", {"registration_response": SecurityKey().register(options), "device_name": "Mine"})
    assert answer.json()["message"] == "No preregistration before."


def test_a_registration_needs_its_challenge_and_takes_it_once(ada):
    key, api = SecurityKey(), ApiClient(ada)
    options = api.put("/auth/fido").json()
    body = {"registration_response": key.register(options), "device_name": "Key"}
    answer = ApiClient(ada).post("/auth/fido", body)
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "No preregistration before."})
    assert api.post("/auth/fido", body).status_code == 200
    assert api.post("/auth/fido", body).status_code == 400
    assert register(Person.objects.get(pk=ada.pk), key).json()["message"] == WRONG_RESPONSE  # the very key again
    client, options = challenged()
    client.cookies["session"] = api.put("/auth/fido").cookies["session"].value
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True


def test_a_challenge_lives_five_minutes(ada, monkeypatch):
    key = SecurityKey()
    register(ada, key)
    client, options = challenged()
    import time

    later = time.time() + 301
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True


def test_a_copied_key_is_found_out_by_its_counter(ada):
    key = SecurityKey()
    register(ada, key)
    for _ in range(2):
        client, options = challenged()
        assert sign_in(client, key.sign(options)).status_code == 200
    key.count -= 1
    client, options = challenged()
    assert sign_in(client, key.sign(options)).json()["wrong_OTP"] is True


def test_keys_without_a_counter_do_as_well(ada):
    key = SecurityKey()
    register(ada, key)
    for _ in range(2):
        key.count = -1
        client, options = challenged()
        assert sign_in(client, key.sign(options)).status_code == 200


@pytest.mark.parametrize("name", ["nobody@studio.example", "plain@studio.example", "gone@studio.example"])
def test_who_has_no_key_is_asked_nothing(ada, name):
    make_person(email="plain@studio.example")
    make_person(email="gone@studio.example", active=False, fido_enabled=True)
    answer = Client().get(f"/auth/fido?email={name}")
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "FIDO not enabled."})


def test_keys_go_one_by_one(ada):
    blue, red = SecurityKey(), SecurityKey()
    codes = register(ada, blue, "Blue").json()["otp_recovery_codes"]
    assert register(Person.objects.get(pk=ada.pk), red, "Red").json()["otp_recovery_codes"] is None
    api = ApiClient(ada)
    assert len(api.put("/auth/fido").json()["excludeCredentials"]) == 2
    refused = api.delete("/auth/fido", {"device_name": "Blue"})
    assert (refused.status_code, refused.json()["wrong_OTP"]) == (400, True)
    assert api.delete("/auth/fido", {"device_name": "Green", "recovery_code": codes[0]}).json() == {"success": True}
    assert api.get("/auth/authenticated").json()["user"]["fido_devices"] == ["Blue", "Red"]
    options = api.client.get(f"/auth/fido?email={EMAIL}").json()
    proof = {"fido_authentication_response": red.sign(options)}
    assert api.delete("/auth/fido", {"device_name": "Blue", **proof}).json() == {"success": True}
    user = api.get("/auth/authenticated").json()["user"]
    assert (user["fido_devices"], user["fido_enabled"]) == (["Red"], True)
    assert api.delete("/auth/fido", {"device_name": "Red", "recovery_code": codes[1]}).json() == {"success": True}
    ada.refresh_from_db()
    assert (ada.fido_enabled, ada.otp_recovery_codes, ada.preferred_two_factor_authentication) == (False, None, None)
    assert sign_in(Client(), None).status_code == 200
