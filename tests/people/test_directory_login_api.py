"""Signing in with the passwords of the studio's directory, which is a real one."""

import socket

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.test import Client

from people.models import Attempts, Person
from people.providers import directory as ldap
from people.rules import sign_in
from people.rules.sign_in import LoginRefused, check_credentials
from tests.makers import make_person
from tests.parallel import at_once, need_real_connections
from tests.people.directory import BASE, PASSWORD

WRONG = {"login": False, "message": "Wrong email or password."}
AWAY = {"error": True, "login": False, "message": "A server error occurred. Please contact your administrator."}
SECRET = "a password of the directory"


@pytest.fixture
def ada(directory):
    """Somebody of the directory who is known to the studio."""
    directory.hire("ada")
    return make_person(email="ada@studio.example", desktop_login="ada", is_generated_from_ldap=True, password=None)


def login(name, password=SECRET):
    answer = Client().post("/auth/login", {"email": name, "password": password}, content_type="application/json")
    return answer.status_code, answer.json()


def test_who_comes_from_the_directory_signs_in_with_its_password(ada):
    for name in ("ada@studio.example", "ada"):
        status, body = login(name)
        assert (status, body["user"]["id"]) == (200, str(ada.pk))
    assert login("ada", "another password") == (400, WRONG)


def test_a_local_password_is_nobodys_business_for_whom_the_directory_knows(ada, settings):
    ada.set_password("mysecretpassword")
    ada.save()
    settings.LDAP_FALLBACK = True
    assert login("ada", "mysecretpassword") == (400, WRONG)
    assert login("ada")[0] == 200


def test_others_sign_in_with_the_studios_password_where_it_says_so(directory, settings):
    directory.hire("boss", password="of the directory")
    make_person(email="boss@studio.example", desktop_login="boss")
    assert login("boss", "mysecretpassword") == (400, WRONG)
    settings.LDAP_FALLBACK = True
    assert login("boss", "mysecretpassword")[0] == 200
    assert login("boss", "of the directory") == (400, WRONG)


@pytest.mark.parametrize("password", ["", "\x00", "a password of the directory\x00", "*"])
def test_an_empty_password_is_never_right(ada, directory, password):
    assert not ldap.accepts("ada", password)
    assert login("ada", password)[0] == 400


def test_a_directory_would_take_an_empty_password_for_somebody(ada, directory):
    """What the test above guards against: this directory answers a bind with an empty password with success."""
    name = f"uid=ada,{BASE}".encode()
    bind = bytes([0x02, 1, 3, 0x04, len(name)]) + name + bytes([0x80, 0])
    message = bytes([0x02, 1, 1, 0x60, len(bind)]) + bind
    with socket.create_connection(("127.0.0.1", directory.port), timeout=5) as link:
        link.sendall(bytes([0x30, len(message)]) + message)
        assert b"\x0a\x01\x00" in link.recv(100)


@pytest.mark.parametrize("name", ["ada,ou=people", "*", "ada)(uid=*", "ada+cn=Ada", "\\61da", f"ada,{BASE}", "#616461"])
def test_a_login_stays_one_part_of_a_name(directory, name):
    directory.hire("ada")
    make_person(email="mallory@studio.example", desktop_login=name, is_generated_from_ldap=True)
    assert login("mallory@studio.example") == (400, WRONG)


def test_names_with_marks_of_their_own_are_found(directory):
    for number, name in enumerate(("smith, jo", "a+b", 'quo"te', "back\\slash", "lea#d", "#first", "größe")):
        directory.hire(name)
        make_person(email=f"{number}@studio.example", desktop_login=name, is_generated_from_ldap=True)
        assert login(f"{number}@studio.example")[0] == 200, name


def test_who_lacks_a_login_or_left_the_directory_is_refused(ada, directory):
    make_person(email="nologin@studio.example", is_generated_from_ldap=True)
    assert login("nologin@studio.example") == (400, WRONG)
    directory.dismiss("ada")
    assert login("ada") == (400, WRONG)


def test_unknown_and_known_names_cost_the_same_and_lock_alike(ada, settings, monkeypatch):
    settings.LDAP_FALLBACK = True
    make_person(email="local@studio.example")
    done = []
    binds, hashes = ldap.accepts, []
    monkeypatch.setattr(ldap, "accepts", lambda login, password: done.append("bind") or binds(login, password))
    monkeypatch.setattr(sign_in, "check_password", lambda *args: done.append("hash") or check_password(*args))
    monkeypatch.setattr(sign_in, "make_password", lambda *args: done.append("hash") or hashes.append(args))
    for name in ("ada", "local@studio.example", "nobody@studio.example"):
        done.clear()
        assert login(name, "wrong") == (400, WRONG)
        assert sorted(done) == ["bind", "hash"], name
        for _ in range(4):
            assert login(name, "wrong") == (400, WRONG)
        assert login(name)[1]["too_many_failed_login_attemps"] is True


def test_while_the_directory_is_away_only_local_passwords_open_and_guesses_still_count(ada, settings):
    settings.LDAP_FALLBACK, settings.LDAP_PORT = True, 9
    make_person(email="local@studio.example")
    assert login("local@studio.example", "mysecretpassword")[0] == 200
    for name in ("ada", "local@studio.example", "nobody@studio.example"):
        for _ in range(5):
            assert login(name, "a guess") == (503, AWAY)
        assert login(name)[1]["too_many_failed_login_attemps"] is True
    assert Attempts.objects.get().number == 5


def test_inactive_people_are_told_only_with_the_right_password(ada):
    Person.objects.update(active=False)
    assert login("ada", "wrong") == (400, WRONG)
    assert login("ada")[0] == 401


def test_the_password_of_new_accounts_is_none_of_the_directorys(directory):
    directory.hire("ada", password="default")
    make_person(email="ada@studio.example", desktop_login="ada", is_generated_from_ldap=True)
    assert login("ada", "default")[0] == 200


def test_the_back_office_opens_by_the_directory_too(ada):
    assert authenticate(username="ada", password=SECRET) is None
    Person.objects.update(role="admin")
    assert authenticate(username="ada", password=SECRET) == ada


@pytest.mark.parametrize("way", ["LDAP_SSL", "LDAP_STARTTLS"])
def test_the_connection_is_secret_and_the_directory_proves_itself(ada, directory, settings, way):
    setattr(settings, way, True)
    settings.LDAP_PORT = directory.secure_port if way == "LDAP_SSL" else directory.port
    assert login("ada") == (503, AWAY)
    settings.LDAP_CA_FILE = directory.certificate
    Person.objects.update(login_failed_attemps=0)
    assert login("ada")[0] == 200
    settings.LDAP_CA_FILE, settings.LDAP_VERIFY_CERTIFICATE = "", False
    assert login("ada")[0] == 200


def test_an_active_directory_is_asked_by_its_own_names(settings):
    settings.LDAP_DOMAIN, settings.LDAP_BASE_DN = "STUDIO", "cn=Users,dc=studio"
    settings.LDAP_IS_AD = True
    assert ldap.name_of("ada") == "STUDIO\\ada"
    settings.LDAP_IS_AD, settings.LDAP_IS_AD_SIMPLE = False, True
    assert ldap.name_of("Ada, K") == "cn=Ada\\, K,cn=Users,dc=studio"


def test_passwords_stay_out_of_the_log(ada, directory, caplog, settings):
    caplog.set_level("DEBUG")
    login("ada")
    login("ada", "a wrong password")
    settings.LDAP_PORT = 9
    login("ada")
    assert "can't check passwords" in caplog.text
    assert not [text for text in (SECRET, "a wrong password", PASSWORD) if text in caplog.text]


@pytest.mark.django_db(transaction=True)
def test_thirty_wrong_passwords_at_once_lock_as_thirty_one_after_the_other_do(ada):
    need_real_connections()

    def guess(number):
        try:
            check_credentials("ada", f"guess {number}")
        except LoginRefused as refusal:
            return refusal.message

    said = at_once([lambda number=number: guess(number) for number in range(30)])
    assert said.count("Wrong email or password.") == 5
    assert said.count("Too many failed login attempts, retry in a minute.") == 25
