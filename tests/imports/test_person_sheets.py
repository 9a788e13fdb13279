"""Sheets of people coming in and going out."""

import pytest

from people.models import Person, Studio
from tests.cast import ROLES
from tests.imports.conftest import body_of
from tests.makers import make_department, make_person

INTO, OF = "/import/csv/persons", "/export/csv/persons.csv"
HEADER = "First Name,Last Name,Email"
LABELS = "Artist, Studio Manager, Supervisor, Production Manager, Client, Vendor"


def test_people_are_taken_on_without_a_password(send, cast):
    department, site = make_department(name="Animation"), Studio.objects.create(name="Paris", color="#000000")
    text = (
        f"{HEADER},Phone,Role,Contract Type,Position,Seniority,Country,Daily Salary,Studio,Departments,Active\n"
        "Ines,Moreau, Ines.Moreau@EXAMPLE.com ,+33 1,supervisor,Freelance,LEAD,senior,fr,120,Paris,Animation,no\n"
        "Chidi,,chidi@example.com,,Artist,,,,,,,,\n"
    )
    answer = send(INTO, text)
    assert answer.status_code == 201, answer.content
    ines, chidi = answer.json()
    assert "departments" not in ines and "password" not in ines and ines["type"] == "Person"
    columns = ("email", "role", "contract_type", "position", "seniority", "country", "daily_salary", "active", "studio_id")
    expected = ["Ines.Moreau@example.com", "supervisor", "freelance", "lead", "senior", "FR", 120, False, str(site.pk)]
    assert [ines[name] for name in columns] == expected
    assert [chidi[name] for name in columns] == ["chidi@example.com", "user", "open-ended", "artist", "mid", None, 0, True, None]
    person = Person.objects.get(pk=ines["id"])
    assert list(person.departments.all()) == [department] and not person.has_usable_password()


def test_who_is_there_changes_on_demand_only(send, cast):
    text = f"{HEADER},Role,Phone\nNew,,USER@studio.example,manager,\n"
    cast.user.phone = "123"
    cast.user.save()
    assert [row["id"] for row in send(INTO, text).json()] == [str(cast.user.pk)]
    cast.user.refresh_from_db()
    assert (cast.user.first_name, cast.user.role) == ("User", "user")
    assert send(INTO, text, update="true").status_code == 201
    cast.user.refresh_from_db()
    assert (cast.user.first_name, cast.user.last_name, cast.user.role, cast.user.phone) == ("New", "", "manager", "123")


@pytest.mark.parametrize(
    ("more", "cells", "message"),
    [
        ("", "", "A value is invalid: Email: notamail (An email address must have an @-sign.)"),
        (
            ",Role",
            ",boss",
            f"A value is invalid: Role: boss (accepted values: {LABELS})",
        ),
        (",Country", ",France", "A value is invalid: Country: France"),
        (",Daily Salary", ",12.5", "A value is invalid: Daily Salary: 12.5"),
        (",Studio", ",Nope", "Studio not found: Nope"),
        (",Departments", ",Nope", "Department not found: Nope"),
        (",Active", ",maybe", "A value is invalid: Active: maybe"),
        (",Phone", "," + "1" * 31, "A value is invalid: Phone: longer than 30 characters"),
    ],
)
def test_one_wrong_person_stops_all(send, cast, more, cells, message):
    before = Person.objects.count()
    email = "b@example.com" if cells else "notamail"
    answer = send(INTO, f"{HEADER}{more}\nA,A,a@example.com{',' * more.count(',')}\nB,B,{email}{cells}\n")
    assert answer.status_code == 400
    assert answer.json() == {"error": True, "message": message, "line_number": 3, "imported_rows": 0}
    assert Person.objects.count() == before


def test_an_address_twice_makes_one_person(send, cast):
    first, second = send(INTO, f"{HEADER}\nA,A,a@example.com\nB,B,A@example.com\n").json()
    assert (first["id"], first["first_name"]) == (second["id"], "A")


def test_the_limit_of_the_studio_holds_here_too(send, cast, settings):
    settings.USER_LIMIT = Person.objects.count() + 1
    answer = send(INTO, f"{HEADER}\nA,A,a@example.com\nB,B,b@example.com\n")
    assert (answer.status_code, answer.json()["message"]) == (400, "User limit reached.")
    assert send(INTO, f"{HEADER}\nA,A,a@example.com\n").status_code == 201


def test_a_protected_account_is_not_changed(send, cast, settings):
    settings.PROTECTED_ACCOUNTS = [cast.user.email]
    answer = send(INTO, f"{HEADER},Active\nUser,x,{cast.user.email},no\n", update="true")
    assert answer.status_code == 403
    cast.user.refresh_from_db()
    assert cast.user.active


def test_studio_managers_import_and_managers_export(send, api, cast):
    text = f"{HEADER}\nA,A,a@example.com\n"
    assert {r: send(INTO, text, by=cast.of(r)).status_code for r in ROLES} == {r: 201 if r == "admin" else 403 for r in ROLES}
    found = {role: api.by(cast.of(role)).get(OF).status_code for role in ROLES}
    assert found == {role: 200 if role in ("admin", "manager") else 403 for role in ROLES}


def test_people_come_back_as_they_went(send, fetch, cast):
    cast.user.departments.add(make_department(name="Rigging"), make_department(name="Layout"))
    make_person(first_name="=cmd()", last_name="-1+x", email="f@example.com", phone="+33 1 23", active=False, country="FR")
    make_person(first_name="Bot", is_bot=True, email=None)
    sheet = fetch(OF)
    header, *lines = sheet.splitlines()
    assert header == (
        "First Name;Last Name;Email;Phone;Role;Departments;Studio;Country;Contract Type;Position;Seniority;Daily Salary;Active"
    )
    assert "'=cmd();'-1+x;f@example.com;+33 1 23;user;;;FR;open-ended;artist;mid;0;no" in lines
    assert any("Layout,Rigging" in line for line in lines) and not any("Bot" in line for line in lines)
    before = list(Person.objects.values())
    answer = send(INTO, sheet, update="true")
    assert (answer.status_code, len(answer.json())) == (201, len(lines))
    assert list(Person.objects.values()) == before


def test_the_answer_is_a_file(api, cast):
    answer = api.get(OF)
    assert answer["Content-Disposition"] == "attachment; filename=kitsu_people_export.csv"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert body_of(answer).endswith("\r\n")
