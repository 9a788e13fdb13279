"""The team of a production, roles given there, and the preview account."""

import pytest

from events.models import ApiEvent
from people.models import Person
from tests.client import ApiClient
from tests.makers import make_project

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def path(cast):
    return f"/data/projects/{cast.project.pk}/team"


def test_the_team_is_read_in_the_form_that_suits_the_role(api, cast, path, django_assert_num_queries):
    cast.project.team_links.filter(person=cast.user).update(role="supervisor")
    rows = {row["id"]: row for row in api.by(cast.manager).get(path).json()}
    assert rows[str(cast.user.pk)]["project_role"] == "supervisor"
    assert rows[str(cast.user.pk)]["email"] == cast.user.email and rows[str(cast.user.pk)]["departments"] == []
    member = api.by(cast.supervisor)
    with django_assert_num_queries(3):
        minimal = member.get(path).json()[0]
    assert "email" not in minimal and minimal["departments"] == [] and "desktop_login" in minimal
    assert set(api.by(cast.client).get(path).json()[0]) == {
        "id",
        "type",
        "first_name",
        "last_name",
        "full_name",
        "has_avatar",
        "active",
        "role",
        "is_bot",
        "project_role",
    }
    assert api.by(cast.outsider).get(path).status_code == 403
    assert api.get(f"/data/projects/{UNKNOWN}/team").status_code == 404


def test_joining_is_told_once(api, cast, path):
    body = {"person_id": str(cast.outsider.pk)}
    for _ in range(2):
        assert api.post(path, body).status_code == 201
    assert ApiEvent.objects.filter(name="project:update", project=cast.project).count() == 1
    api.post(path, {**body, "role": "manager"})
    assert cast.project.team_links.get(person=cast.outsider).role == "manager"
    assert api.post(path, {"person_id": UNKNOWN}).json()["message"] == f"Person with id {UNKNOWN} not found"
    refused = api.post(path, {**body, "role": "admin"}).json()
    assert refused["data"]["errors"] == [
        {"field": "role", "message": "Input should be 'user', 'supervisor', 'manager', 'client' or 'vendor'"}
    ]
    assert api.by(cast.supervisor).post(path, body).status_code == 403


def test_roles_are_given_and_taken_back(api, cast, path):
    one = f"{path}/{cast.user.pk}"
    expected = {"project_id": str(cast.project.pk), "person_id": str(cast.user.pk)}
    assert api.put(one, {"role": "manager"}).json() == {**expected, "role": "manager"}
    assert api.by(cast.user).put(one, {}).json() == {**expected, "role": None}
    assert api.by(cast.user).put(one, {}).status_code == 403
    answer = api.put(f"{path}/{cast.outsider.pk}", {"role": None})
    assert (answer.status_code, answer.json()["message"]) == (400, "Person is not a member of the project team")


def test_leaving_is_told_always(api, cast, path):
    for _ in range(2):
        assert api.delete(f"{path}/{cast.user.pk}").status_code == 204
    assert api.delete(f"{path}/{UNKNOWN}").status_code == 204
    assert not cast.project.team.filter(pk=cast.user.pk).exists()
    assert ApiEvent.objects.filter(name="project:update").count() == 3


def test_the_preview_account_lives_an_hour_at_a_time(api, cast, path):
    route = f"/data/projects/{cast.project.pk}/preview-account"
    assert api.get(route).json() is None
    assert api.put(route, {"is_open": True}).json()["message"] == "404 Not Found: No preview account for this project"
    made = api.post(route)
    assert (made.status_code, len(made.json()["password"]), made.json()["preview_open_until"]) == (201, 16, None)
    again = api.post(route).json()
    assert ApiEvent.objects.filter(name="project:update").count() == 1
    assert (again["id"], again["password"] != made.json()["password"]) == (made.json()["id"], True)
    assert api.put(route, {"is_open": True}).json()["preview_open_until"]
    account = Person.objects.get(pk=again["id"])
    guest = ApiClient(account)
    assert guest.get(f"/data/projects/{cast.project.pk}").status_code == 200
    assert guest.post("/data/user/filters", {"name": "x", "query": "y"}).status_code == 403
    assert api.put(f"{path}/{account.pk}", {"role": "user"}).json()["message"] == "A preview account keeps its client role"
    foreign = f"/data/projects/{make_project().pk}/team"
    assert api.post(foreign, {"person_id": again["id"]}).json()["message"] == (
        "A preview account can only belong to its own project"
    )
    api.put(route, {"is_open": False})
    assert guest.get("/data/projects").status_code == 401
    assert api.by(cast.supervisor).get(route).status_code == 403
    for _ in range(2):
        assert api.delete(route).status_code == 204
    assert list(ApiEvent.objects.filter(name="person:delete").values_list("data", flat=True)) == [{"person_id": again["id"]}]


def test_preview_accounts_need_local_passwords(api, cast, settings):
    settings.AUTH_STRATEGY = "auth_remote_ldap"
    answer = api.post(f"/data/projects/{cast.project.pk}/preview-account")
    assert (answer.status_code, answer.json()["message"]) == (400, "Preview accounts require the local authentication strategy")
