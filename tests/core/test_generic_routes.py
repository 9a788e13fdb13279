"""The five generic routes, shown on a small studio table."""

import pytest

from core.errors import BAD_JSON
from tests.makers import make_department, make_person


def test_a_list_answers_every_row_with_its_type(api):
    make_department(name="Animation", color="#009688")
    answer = api.get("/data/departments")
    assert answer.status_code == 200
    row = answer.json()[0]
    assert (row["name"], row["color"], row["archived"], row["type"]) == ("Animation", "#009688", False, "Department")
    assert set(row) == {"id", "created_at", "updated_at", "type", "name", "color", "archived"}
    assert len(row["created_at"]) == len("2026-11-23T15:42:12")


def test_names_are_filtered_in_any_letter_case_with_wildcards(api):
    make_department(name="Éclairage")
    make_department(name="Animation")
    assert [row["name"] for row in api.get("/data/departments?name=éCLAIRAGE").json()] == ["Éclairage"]
    assert [row["name"] for row in api.get("/data/departments?name=anim%25").json()] == ["Animation"]
    assert api.get('/data/departments?name=["Animation"]').json() == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("id=null", "Invalid UUID value: null"),
        ("archived=maybe", "Invalid boolean value: maybe"),
        ("id=[1", "Malformed list filter for field id."),
        ("created_at=yesterday", "One of the provided values has an invalid format."),
        ("page=x", "page must be an integer."),
        ("limit=x", "limit must be an integer."),
        ("page=1&limit=-3", "limit must be a positive integer."),
    ],
)
def test_a_wrong_query_is_refused_with_its_reason(api, query, message):
    answer = api.get(f"/data/departments?{query}")
    assert answer.status_code == 400
    assert answer.json()["message"] == message


def test_a_page_is_an_envelope_newest_first(api):
    for number in range(5):
        make_department(name=f"D{number}")
    answer = api.get("/data/departments?page=2&limit=2&fields=name").json()
    assert {key: answer[key] for key in ("total", "nb_pages", "limit", "offset", "page")} == {
        "total": 5,
        "nb_pages": 3,
        "limit": 2,
        "offset": 2,
        "page": 2,
    }
    assert [set(row) for row in answer["data"]] == [{"id", "type", "name"}] * 2
    assert [row["name"] for row in answer["data"]] == ["D2", "D1"]
    assert api.get("/data/departments?page=0").json()["data"] == []


def test_creation_answers_201_and_refuses_what_it_does_not_know(api):
    answer = api.post("/data/departments", {"name": "Editorial", "color": "#123456", "id": "ignored"})
    assert answer.status_code == 201
    unknown = api.post("/data/departments", {"name": "X", "color": "#123456", "foo": 1})
    assert (unknown.status_code, unknown.json()) == (400, {"message": "'foo' is an invalid keyword argument for Department"})
    again = api.post("/data/departments", {"name": "Editorial", "color": "#123456"})
    assert (again.status_code, again.json()) == (400, {"message": "A record with the same unique values already exists."})
    missing = api.post("/data/departments", {"name": "No colour"})
    assert (missing.status_code, missing.json()) == (400, {"message": "A required field is missing."})


def test_an_empty_body_is_no_json_and_changes_nothing(api):
    department = make_department(name="Old")
    for method, path in (("POST", "/data/departments"), ("PUT", f"/data/departments/{department.pk}")):
        answer = api.client.generic(method, path, b"", CONTENT_TYPE="application/json", **api.headers)
        assert (answer.status_code, answer.json()) == (400, {"error": True, "message": BAD_JSON})
    assert type(department).objects.get().updated_at == department.updated_at


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("Application/JSON; charset=utf-8", 201),
        ("application/vnd.studio+json", 201),
        ("text/json", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
def test_a_row_comes_as_json_of_any_application(api, kind, status):
    answer = api.client.generic("POST", "/data/departments", b'{"name": "New", "color": "#123456"}', kind, **api.headers)
    assert answer.status_code == status


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"{", b"null"])
def test_a_body_that_is_no_object_is_refused(api, body):
    answer = api.post("/data/departments", body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert api.get("/data/departments").json() == []


def test_an_update_changes_what_is_sent_and_moves_the_date(api):
    department = make_department(name="Old", color="#111111")
    answer = api.put(f"/data/departments/{department.pk}", {"name": "New", "type": "Department", "unknown": 1})
    assert (answer.status_code, answer.json()["name"], answer.json()["color"]) == (200, "New", "#111111")
    stored = type(department).objects.get(pk=department.pk)
    assert stored.updated_at > department.updated_at


def test_deleting_what_is_referenced_is_refused(api):
    department = make_department()
    person = make_person()
    from people.models import DayOff

    studio = api.post("/data/studios", {"name": "North", "color": "#123456"}).json()
    person.studio_id = studio["id"]
    person.save()
    answer = api.delete(f"/data/studios/{studio['id']}")
    assert (answer.status_code, answer.json()) == (400, {"message": "The change conflicts with records referencing this one."})
    assert api.delete(f"/data/departments/{department.pk}").status_code == 204
    assert api.get(f"/data/departments/{department.pk}").status_code == 404
    assert DayOff.objects.count() == 0


def test_ids_are_checked(api):
    assert api.get("/data/departments/abc").json() == {"error": True, "message": "Malformed ID.", "data": None}
    assert api.get("/data/departments/aaaaaaaa-0000-4000-8000-000000000000").status_code == 404


def test_roles_are_held(api, cast):
    for role in ("manager", "supervisor", "user", "client", "vendor"):
        somebody = api.by(cast.of(role))
        assert somebody.get("/data/departments").status_code == 200
        assert somebody.post("/data/departments", {"name": role, "color": "#123456"}).status_code == 403
    assert api.get("/data/departments").json() == []


def test_nobody_without_a_token(anonymous):
    answer = anonymous.get("/data/departments")
    assert answer.status_code == 401
    assert answer.json()["msg"].startswith("Missing JWT in cookies or headers")
    assert anonymous.client.patch("/data/departments").status_code == 405
    assert anonymous.client.options("/data/departments").status_code == 200


def test_writes_leave_an_event(api, cast):
    from events.models import ApiEvent

    made = api.post("/data/departments", {"name": "Editorial", "color": "#123456"}).json()
    event = ApiEvent.objects.get()
    assert (event.name, event.data, event.user_id) == ("department:new", {"department_id": made["id"]}, cast.admin.pk)
    assert event.project_id is None


def test_lists_and_items_cost_constant_statements(api, django_assert_num_queries):
    make_department()
    with django_assert_num_queries(2):
        api.get("/data/departments")
    make_department()
    with django_assert_num_queries(2):
        department = api.get("/data/departments").json()[0]
    with django_assert_num_queries(2):
        api.get(f"/data/departments/{department['id']}")


def test_numbers_and_days_are_stored_as_a_database_casts_them(api):
    made = api.post("/data/hardware-items", {"name": "Tablet", "short_name": "t", "monthly_cost": 2.5, "archived": 1}).json()
    assert (made["monthly_cost"], made["archived"]) == (3, True)
    path = f"/data/hardware-items/{made['id']}"
    assert api.put(path, {"monthly_cost": -2.5, "archived": 0}).json()["monthly_cost"] == -3
    for wrong in ({"monthly_cost": "1_0"}, {"monthly_cost": True}, {"archived": 2}, {"archived": "true"}, {"archived": 1.5}):
        assert api.put(path, wrong).status_code == 400
    assert (api.get(path).json()["monthly_cost"], api.get(path).json()["archived"]) == (-3, False)
    assert api.get("/data/hardware-items?monthly_cost=1_0").status_code == 400
    late = api.post("/data/projects", {"name": "Late", "start_date": "2024-01-02T23:30:00-05:00"}).json()
    assert late["start_date"] == "2024-01-02"
