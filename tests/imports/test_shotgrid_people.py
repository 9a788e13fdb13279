"""People, teams, task types and task statuses of ShotGrid coming in."""

import pytest

from events.models import ApiEvent
from people.models import Department, Person
from production.models import ProjectPersonLink, TaskStatus, TaskType
from tests.imports.shotgrid import PERSON_ID, PROJECT, connection, into, link, person, step
from tests.makers import join_team, make_department, make_person, make_task_status, make_task_type


@pytest.fixture
def send(api, cast):
    """Sends entries as the studio manager; gives the rows that they became."""
    cast.project.shotgun_id = PROJECT["id"]
    cast.project.save()

    def post(kind, *entries):
        answer = api.post(into(kind), list(entries))
        assert answer.status_code == 200, answer.content
        return answer.json()

    return post


def test_people_are_taken_on_without_a_password_and_without_secrets_in_the_answer(send):
    rows = send(
        "persons",
        person(1, department={"name": "Light"}),
        person(2, permission_rule_set={"name": "Manager"}, sg_status_list="dis"),
        person(3, permission_rule_set={"name": "Admin"}, firstname=None, login=None),
        person(4, email=None, permission_rule_set={"name": "Artist"}),
        person(5, email="changeme@email.com"),
    )
    assert [(row["shotgun_id"], row["role"], row["active"], row["email"]) for row in rows] == [
        (1, "user", True, "ada1@studio.example"),
        (2, "manager", False, "ada2@studio.example"),
        (3, "admin", True, "ada3@studio.example"),
        (4, "user", True, None),
    ]
    assert not {"password", "totp_secret", "otp_recovery_codes", "fido_credentials", "jti"} & set(rows[0])
    assert rows[0]["desktop_login"] == "ada" and rows[0]["full_name"] == "Ada Lovelace"
    taken = Person.objects.get(shotgun_id=1)
    assert not taken.has_usable_password()
    department = Department.objects.get(name="Light")
    assert (department.color, list(taken.departments.all())) == ("#000000", [department])
    assert list(ApiEvent.objects.values_list("name", flat=True)) == ["department:new"]


def test_of_people_who_are_here_the_department_alone_changes(send, cast):
    light, rig = make_department(name="Light"), make_department(name="Rig")
    cast.user.departments.add(rig)
    entry = person(1, email="USER@studio.example", firstname="Other", department={"name": "Light"}, sg_status_list="dis")
    (row,) = send("persons", entry)
    cast.user.refresh_from_db()
    assert (row["id"], row["first_name"], row["shotgun_id"], row["active"]) == (str(cast.user.pk), "User", None, True)
    assert list(cast.user.departments.all()) == [light]
    send("persons", person(1, email="user@studio.example"))
    assert list(cast.user.departments.all()) == [light]
    known = make_person(shotgun_id=8)
    assert [row["id"] for row in send("persons", person(8))] == [str(known.pk)]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (person(2, email="no address"), "email: "),
        (person(2, department={"name": "x" * 81}), "at most 80 characters"),
        (person(2, firstname=3), "firstname: Input should be a valid string"),
        (person(2, department="Light"), "department: Input should be a valid dictionary"),
    ],
)
def test_one_wrong_person_stops_all(api, send, entry, words):
    before = Person.objects.count(), Department.objects.count()
    answer = api.post(into("persons"), [person(1), entry])
    assert answer.status_code == 400 and words in answer.json()["message"], answer.json()
    assert (Person.objects.count(), Department.objects.count()) == before


def test_the_studio_takes_on_no_more_people_than_it_has_seats(api, send, settings):
    settings.USER_LIMIT = 9
    answer = api.post(into("persons"), [person(1), person(2), person(3)])
    assert (answer.status_code, answer.json()["message"]) == (400, "User limit reached.")
    assert not Person.objects.filter(shotgun_id=1).exists()


def test_connections_put_people_into_teams(send, cast):
    send("persons", person())
    ada = Person.objects.get(shotgun_id=PERSON_ID)
    rows = send("project-connections", connection(1), connection(2, user=link(999)), connection(3, project=link(999)))
    assert [row["id"] for row in rows] == [str(cast.project.pk)] * 2 and rows[0]["type"] == "Project"
    assert ProjectPersonLink.objects.get(shotgun_id=1).person == ada
    assert [event.name for event in ApiEvent.objects.all()] == ["project:update"]
    assert len(send("projectconnections", connection(1, user=link(999)), connection(1))) == 2
    assert ApiEvent.objects.count() == 1


def test_a_member_keeps_their_role_and_learns_of_the_connection(send, cast):
    ada = make_person(shotgun_id=PERSON_ID)
    join_team(cast.project, ada, role="supervisor")
    send("project-connections", connection(1))
    member = ProjectPersonLink.objects.get(person=ada)
    assert (member.role, member.shotgun_id) == ("supervisor", 1)


def test_a_step_is_a_task_type_of_the_department_of_its_first_word(send):
    (row,) = send("steps", step())
    department = Department.objects.get(name="Light")
    assert (row["name"], row["short_name"], row["color"], row["for_entity"], row["shotgun_id"], row["department_id"]) == (
        "Light Rig",
        "lgt",
        "#0102ff",
        "Shot",
        13,
        str(department.pk),
    )
    assert department.color == "#0102ff"
    (row,) = send("steps", {"id": 14, "code": "Model"})
    assert (row["short_name"], row["color"], row["for_entity"]) == ("", "#000000", "Asset")
    (row,) = send("steps", step(code="Paint", entity_type="Asset"))
    assert (row["name"], row["for_entity"], TaskType.objects.count()) == ("Paint", "Asset", 2)


def test_a_step_of_a_known_name_keeps_the_name(send):
    known = make_task_type(name="Modeling", for_entity="Asset", department=make_department(name="Modeling"))
    (row,) = send("steps", {"id": 510, "code": "MODELING", "color": "1,2,3"})
    assert (row["id"], row["name"], row["shotgun_id"], row["color"]) == (str(known.pk), "Modeling", 510, "#010203")
    assert row["department_id"] == str(Department.objects.get(name="MODELING").pk)


@pytest.mark.parametrize("color", [None, "1,2", "1,2,300", "red", "1,2,3,4", [1, 2, 3]])
def test_a_wrong_colour_stops_all(api, send, color):
    assert api.post(into("steps"), [step(1), step(2, code="B", color=color)]).status_code == 400
    assert not TaskType.objects.exists() and not Department.objects.exists()


def test_a_status_of_a_known_short_name_takes_over_name_and_colour(send):
    wip = make_task_status(name="Work In Progress", short_name="wip", is_wip=True)
    entries = [
        {"id": 1, "code": "wip", "name": "In Work", "bg_color": "0,255,0"},
        {"id": 2, "code": "fin", "name": "Final", "bg_color": None},
    ]
    first, second = send("status", *entries)
    assert (first["id"], first["name"], first["color"], first["is_wip"]) == (str(wip.pk), "In Work", "#00ff00", True)
    flags = ("color", "is_done", "is_artist_allowed", "is_client_allowed", "is_default")
    assert [second[name] for name in flags] == ["#000000", False, True, True, False]
    (again,) = send("status", {"id": 2, "code": "fin2", "name": "Final", "bg_color": "0,0,0"})
    assert (again["id"], again["short_name"]) == (second["id"], "fin2")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"id": 1, "code": "two", "name": "x"}, "There is another task status with the short name two."),
        ({"id": 3, "code": "x" * 11, "name": "x"}, "code: String should have at most 10 characters"),
        ({"id": 3, "code": "x", "name": "x", "bg_color": "blue"}, "bg_color: "),
    ],
)
def test_one_wrong_status_stops_all(api, send, entry, words):
    send("status", {"id": 1, "code": "one", "name": "1"}, {"id": 2, "code": "two", "name": "2"})
    answer = api.post(into("status"), [{"id": 4, "code": "fine", "name": "x"}, entry])
    assert answer.status_code == 400 and words in answer.json()["message"]
    assert TaskStatus.objects.count() == 2
