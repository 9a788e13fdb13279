"""`manage.py sync_ldap`, from a real directory."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from events.models import ApiEvent
from people.models import Person
from people.providers import directory as ldap
from people.tokens import mint_api_token, open_session
from tests.client import ApiClient
from tests.makers import make_person
from tests.people.directory import BASE, READER


def sync(*arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command("sync_ldap", *arguments, stdout=out, stderr=err)
    except CommandError as failure:
        return (out.getvalue() + err.getvalue()).splitlines(), str(failure)
    return (out.getvalue() + err.getvalue()).splitlines(), None


def counted(created=0, updated=0, disabled=0, pictures=0, failed=0):
    return f"{created} created, {updated} updated, {disabled} disabled, {pictures} pictures, {failed} failed"


def jpeg(colour):
    content = BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "JPEG")
    return content.getvalue()


def test_people_of_the_directory_are_taken_on_and_sign_in_with_its_password(directory):
    directory.hire("ada", givenName="Ada", sn="Lovelace", mail="Ada@studio.example", uniqueIdentifier="u-1")
    directory.hire("bob", organizationalStatus="gone")
    directory.hire("eve", organizationalStatus=None)
    assert sync() == (["User ada created.", counted(created=1)], None)
    person = Person.objects.get()
    assert (person.first_name, person.last_name, person.email) == ("Ada", "Lovelace", "ada@studio.example")
    assert (person.desktop_login, person.ldap_uid, person.is_generated_from_ldap) == ("ada", "u-1", True)
    assert (person.role, person.active, person.has_usable_password()) == ("user", True, False)
    assert [event.name for event in ApiEvent.objects.all()] == ["person:new"]
    login = {"email": "ada", "password": "a password of the directory"}
    assert Client().post("/auth/login", login).status_code == 200
    assert sync() == ([counted()], None)


def test_a_dry_run_says_the_same_and_stores_nothing(directory):
    directory.hire("ada", jpegPhoto=jpeg("red"))
    make_person(desktop_login="left", is_generated_from_ldap=True)
    lines, failure = sync("--dry-run")
    assert lines[:2] == ["User left disabled (not found in LDAP).", "User ada created."]
    assert (lines[2], failure) == (counted(created=1, disabled=1) + " (nothing was stored)", None)
    assert (Person.objects.count(), Person.objects.get().active, ApiEvent.objects.count()) == (1, True, 0)


def test_people_are_known_by_identifier_then_by_login_then_by_address(directory):
    renamed = make_person(desktop_login="old", ldap_uid="u-1", email="old@studio.example", role="manager")
    local = make_person(desktop_login="ada", email="ada@elsewhere.example")
    mailed = make_person(email="Eve@studio.local", first_name="E")
    directory.hire("new", mail="new@studio.example", uniqueIdentifier="u-1")
    directory.hire("ada", mail="ada@studio.example")
    directory.hire("eve", givenName="Eve", mail=["eve@other.example", "eve@studio.local"])
    assert sync() == (["User ada updated.", "User eve updated.", "User new updated.", counted(updated=3)], None)
    for person in (renamed, local, mailed):
        person.refresh_from_db()
        assert person.is_generated_from_ldap
    assert (renamed.desktop_login, renamed.email, renamed.role) == ("new", "new@studio.example", "manager")
    assert local.email == "ada@studio.example"
    assert (mailed.email, mailed.desktop_login, mailed.first_name) == ("Eve@studio.local", "eve", "Eve")
    assert Person.objects.count() == 3


def test_who_left_or_is_inactive_is_signed_out_everywhere(directory):
    left = make_person(desktop_login="left", is_generated_from_ldap=True)
    inactive = make_person(desktop_login="idle", email="idle@studio.local", is_generated_from_ldap=True)
    local = make_person(desktop_login="local")
    bot = make_person(desktop_login="bot", is_bot=True, is_generated_from_ldap=True)
    directory.hire("ada")
    directory.hire("idle", sn=inactive.last_name, givenName=inactive.first_name, organizationalStatus="on leave")
    tokens = [open_session(left)[1], open_session(inactive)[1], mint_api_token(left)]
    lines, failure = sync()
    assert lines[:2] == ["User left disabled (not found in LDAP).", "User idle updated."]
    assert failure is None
    for person, active in ((left, False), (inactive, False), (local, True), (bot, True)):
        person.refresh_from_db()
        assert person.active is active, person.desktop_login
    Person.objects.update(active=True)
    for token in tokens:
        answer = Client().get("/auth/authenticated", HTTP_AUTHORIZATION=f"Bearer {token}")
        assert answer.json() == {"msg": "Token has been revoked"}


def test_a_picture_is_followed_and_stored_once(directory):
    directory.hire("ada", jpegPhoto=jpeg("red"))
    assert sync()[0][-1] == counted(created=1, pictures=1)
    person = Person.objects.get()
    picture = ApiClient(person).get(f"/pictures/thumbnails/persons/{person.pk}.png")
    assert (picture.status_code, person.has_avatar) == (200, True)
    assert Image.open(BytesIO(b"".join(picture.streaming_content))).format == "PNG"
    assert sync()[0] == [counted()]
    directory.change("ada", jpegPhoto=jpeg("blue"))
    assert sync()[0] == [counted(pictures=1)]
    directory.change("ada", jpegPhoto=b"no picture")
    lines, failure = sync()
    assert (lines[-2:], failure) == (
        [counted(failed=1), "User ada has a picture that can't be read."],
        "1 of 1 failed.",
    )


def test_addresses_are_made_up_where_the_directory_has_none(directory, settings):
    settings.EMAIL_DOMAIN = "studio.example"
    directory.hire("ada")
    directory.hire("eve", mail=["eve@other.example", "eve@studio.example"])
    directory.hire("odd@x.example", mail=["a@studio.example", "odd@x.example"])
    sync()
    assert sorted(Person.objects.values_list("email", flat=True)) == ["ada@studio.example", "eve@studio.example", "odd@x.example"]


def test_what_fails_for_one_does_not_stop_the_others(directory, settings):
    make_person(email="ada@studio.local", desktop_login="somebody", is_bot=False)
    directory.hire("first", mail="shared@studio.local")
    directory.hire("second", mail="shared@studio.local")
    directory.hire("bad", mail="no address")
    directory.hire("third")
    lines, failure = sync()
    assert "User first created." in lines
    assert "User third created." in lines
    assert "User second creation failed (email duplicated?)." in lines
    assert [line for line in lines if line.startswith("User bad creation failed (")]
    assert (counted(created=2, failed=2) in lines, failure) == (True, "2 of 4 failed.")


def test_a_full_studio_takes_nobody_on_but_lets_people_go(directory, settings):
    settings.USER_LIMIT = 2
    make_person(email="boss@studio.example")
    make_person(desktop_login="left", is_generated_from_ldap=True)
    directory.hire("ada")
    directory.hire("bob")
    lines, failure = sync()
    assert lines[:3] == [
        "User left disabled (not found in LDAP).",
        "User ada created.",
        counted(created=1, disabled=1, failed=1),
    ]
    assert lines[3] == "User bob creation failed (limit reached, limit 2)."
    assert failure == "1 of 2 failed."


def test_some_accounts_are_left_alone(directory, settings):
    settings.LDAP_EXCLUDED_ACCOUNTS = ["Backup"]
    make_person(desktop_login="backup", is_generated_from_ldap=True)
    directory.hire("backup")
    directory.hire("ada")
    assert sync()[0] == ["User ada created.", counted(created=1)]


def test_only_the_people_of_a_group_are_taken_where_one_is_named(directory, settings):
    names = [directory.hire("ada"), directory.hire("eve, k", mail="eve@studio.example"), f"uid=gone,{BASE}"]
    directory.hire("bob")
    directory.link.add(f"cn=art (2d),{BASE}", "groupOfUniqueNames", {"uniqueMember": names})
    settings.LDAP_GROUP = "art (2d)"
    lines, failure = sync()
    assert (lines[-1:], failure) == ([counted(created=2)], None)
    assert sorted(Person.objects.values_list("desktop_login", flat=True)) == ["ada", "eve, k"]
    settings.LDAP_GROUP = "art*"
    assert sync() == ([], "the directory has no group 'art*'")


def test_more_people_than_a_page_holds_are_all_read(directory, monkeypatch):
    monkeypatch.setattr(ldap, "PAGE", 5)
    for number in range(12):
        directory.hire(f"person{number}")
    assert sync("--dry-run")[0][-1].startswith("12 created")


def test_an_empty_or_silent_directory_changes_nothing(directory, settings):
    make_person(desktop_login="left", is_generated_from_ldap=True)
    assert sync()[1].startswith("The directory shows nobody, so nothing was changed")
    settings.LDAP_PASSWORD = "wrong"
    assert sync() == ([], "the directory refuses LDAP_USER with LDAP_PASSWORD")
    settings.LDAP_PASSWORD = ""
    assert sync() == ([], "the directory refuses LDAP_USER with LDAP_PASSWORD")
    settings.LDAP_PORT = 9
    assert "LDAPSocketOpenError" in sync()[1]
    assert Person.objects.get().active


def test_the_reader_may_be_named_by_login(directory, settings):
    settings.LDAP_USER = "ada"
    assert ldap.reader_name() == f"uid=ada,{BASE}"
    settings.LDAP_USER = READER
    assert ldap.reader_name() == READER


@pytest.mark.parametrize(("control", "active"), [(b"512", True), (b"514", False), (b"66050", False), (b"", True)])
def test_an_active_directory_says_by_a_bit_who_is_inactive(settings, control, active):
    settings.LDAP_IS_AD = True
    guid = bytes(range(16))
    row = {
        "raw_attributes": {
            "sAMAccountName": [b"ada"],
            "userAccountControl": [control],
            "objectGUID": [guid],
            "cn": [b"Ada L"],
            "thumbnailPhoto": [b"jpeg"],
        }
    }
    entry = ldap.read_entry(row)
    assert (entry.login, entry.active, entry.first_name, entry.picture) == ("ada", active, "Ada L", b"jpeg")
    assert entry.uid == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    settings.LDAP_GROUP = "cn=art)(x=*"
    assert ldap.everybody() == "(&(objectClass=person)(!(objectClass=computer))(memberOf=cn=art\\29\\28x=\\2a))"
