"""The studio's small tables: the organisation, salaries, equipment."""

import threading

import pytest
from django.db import connection

from events.models import ApiEvent
from people.models import HardwareItem, Organisation, SalaryScale, Software
from people.rules.organisation import complete_salary_scales, current_organisation
from tests.makers import make_department

SECRETS = ("chat_token_slack", "chat_webhook_mattermost", "chat_token_discord")
ROLES = ("manager", "supervisor", "user", "client", "vendor")
UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


def test_the_chat_tokens_are_for_managers_of_the_studio(api, cast):
    studio = current_organisation()
    path = f"/data/organisations/{studio.pk}"
    answer = api.put(path, dict.fromkeys(SECRETS, "secret-token"))
    assert all(answer.json()[name] == "secret-token" for name in SECRETS)
    for role in ROLES:
        somebody = api.by(cast.of(role))
        for page in ("/data/organisations", path, "/auth/authenticated", "/config"):
            assert b"secret-token" not in somebody.get(page).content
        answer = somebody.get("/data/organisations?chat_token_slack=secret-token")
        assert (answer.status_code, answer.json()["message"]) == (400, "Filtering on chat_token_slack is not allowed.")
        assert somebody.put(path, {"name": "Mine"}).status_code == 403
    assert len(api.get("/data/organisations?chat_token_slack=secret-token").json()) == 1
    assert all("secret-token" not in str(event.data) for event in ApiEvent.objects.all())


def test_a_department_may_do_without_a_colour(api):
    made = api.post("/data/departments", {"name": "Runners", "color": "", "archived": False})
    assert (made.status_code, made.json()["color"]) == (201, "")
    assert api.put(f"/data/departments/{made.json()['id']}", {"color": "red"}).status_code == 400


@pytest.mark.parametrize("value", ["long", None, [], {}, True, "nan", "inf", "1e999"])
def test_a_working_day_has_a_number_of_hours(api, value):
    studio = current_organisation()
    answer = api.put(f"/data/organisations/{studio.pk}", {"hours_by_day": value})
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "hours_by_day must be a number.", "data": None})
    assert api.post("/data/organisations", {"name": "X", "hours_by_day": value}).status_code == 400
    assert api.put(f"/data/organisations/{studio.pk}", {"hours_by_day": "7.5"}).json()["hours_by_day"] == 7.5


def test_the_oldest_organisation_counts(db):
    first = current_organisation()
    Organisation.objects.create(name="Another")
    assert current_organisation() == first
    assert Organisation.objects.count() == 2


def test_salary_scales_come_by_reading_them(api, cast, django_assert_num_queries):
    make_department()
    make_department()
    rows = api.get("/data/salary-scales?position=lead").json()
    assert len(rows) == 18
    assert {row["salary"] for row in rows} == {0}
    with django_assert_num_queries(4):
        assert len(api.get("/data/salary-scales").json()) == 18
    path = f"/data/salary-scales/{rows[0]['id']}"
    answer = api.put(path, {"salary": 320, "department_id": UNKNOWN})
    assert (answer.json()["salary"], answer.json()["department_id"]) == (320, rows[0]["department_id"])
    assert api.put(path, {"position": "boss"}).status_code == 400
    assert api.delete(path).status_code == 204
    assert len(api.get("/data/salary-scales").json()) == 18
    assert SalaryScale.objects.count() == 18
    answer = api.post("/data/salary-scales", {"salary": 1})
    assert (answer.status_code, answer.json()["message"]) == (400, "Salary scales cannot be created")
    assert [event.name for event in ApiEvent.objects.order_by("created_at")] == ["salary-scale:update", "salary-scale:delete"]


def test_salaries_and_machines_are_the_business_of_studio_managers(api, cast):
    department = make_department()
    paths = ("salary-scales", "hardware-items", "departments/hardware-items", "departments/software-licenses")
    for role in ROLES:
        for path in (*paths, f"departments/{department.pk}/hardware-items/{UNKNOWN}"):
            assert api.by(cast.of(role)).get(f"/data/{path}").status_code == 403
        assert api.by(cast.of(role)).get("/data/softwares").status_code == 200
        assert api.by(cast.of(role)).post(f"/data/departments/{department.pk}/hardware-items", {}).status_code == 403


@pytest.mark.parametrize(
    ("table", "collection", "key"),
    [(HardwareItem, "hardware-items", "hardware_item_id"), (Software, "software-licenses", "software_id")],
)
def test_departments_are_equipped(api, table, collection, key, django_assert_num_queries):
    department, other = make_department(), make_department()
    values = {"file_extension": ".x"} if table is Software else {}
    item = table.objects.create(name="Thing", short_name="t", **values)
    path = f"/data/departments/{department.pk}/{collection}"
    first = api.post(path, {key: str(item.pk)})
    assert first.status_code == 201
    assert (first.json()["department_id"], first.json()[key]) == (str(department.pk), str(item.pk))
    assert api.post(path, {key: str(item.pk)}).json()["id"] == first.json()["id"]
    assert api.get(f"{path}/{item.pk}").json()["name"] == "Thing"
    assert api.get(f"/data/departments/{other.pk}/{collection}/{item.pk}").status_code == 404
    with django_assert_num_queries(3):
        found = api.get(f"/data/departments/{collection}").json()
    assert {name: [row["id"] for row in rows] for name, rows in found.items()} == {str(department.pk): [str(item.pk)]}
    assert api.post(path, {}).json()["data"]["errors"] == [{"field": key, "message": "Field required"}]
    assert api.post(path, {key: UNKNOWN}).status_code == 404
    assert api.post(f"/data/departments/{UNKNOWN}/{collection}", {key: str(item.pk)}).status_code == 404
    assert api.get(f"{path}/abc").json()["message"] == "Wrong UUID format."
    for _ in range(2):
        assert api.delete(f"{path}/{item.pk}").status_code == 204
    assert api.get(f"/data/departments/{collection}").json() == {}


def test_softwares_with_a_malformed_id_are_missing(api):
    assert api.get("/data/softwares/abc").status_code == 404
    assert api.put("/data/softwares/abc", {}).json()["message"] == "Malformed ID."
    assert (
        api.post("/data/softwares", {"name": "X", "short_name": "x", "file_extension": "x", "secondary_extensions": 3}).status_code
        == 400
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_what_is_made_at_the_first_need_is_made_once():
    for _ in range(3):
        make_department()

    def need():
        try:
            current_organisation()
            complete_salary_scales()
        finally:
            connection.close()

    threads = [threading.Thread(target=need) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Organisation.objects.count() == 1
    assert SalaryScale.objects.count() == 27
