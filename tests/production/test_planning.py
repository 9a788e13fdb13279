"""Milestones, schedule rows, schedule versions, budgets."""

import pytest

from events.models import ApiEvent
from production.models import Budget, BudgetEntry, Milestone, ProductionScheduleVersion, ScheduleItem
from tests.makers import make_asset, make_department, make_entity, make_project, make_sequence, make_shot, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def path(cast):
    return f"/data/projects/{cast.project.pk}"


def test_milestones(api, cast, path):
    body = {"project_id": str(cast.project.pk), "name": "Locked", "date": "2026-04-01"}
    made = api.by(cast.manager).post("/data/milestones", body).json()
    assert api.by(cast.user).post("/data/milestones", body).status_code == 403
    assert api.by(cast.user).post("/data/milestones", {}).json() == {"message": "'project_id'"}
    assert api.by(cast.vendor).get(f"{path}/milestones").json() == [
        {"id": made["id"], "date": "2026-04-01", "name": "Locked", "project_id": str(cast.project.pk), "task_type_id": None}
    ]
    assert api.by(cast.client).get(f"{path}/milestones").status_code == 403
    assert api.by(cast.vendor).get(f"/data/milestones/{made['id']}").status_code == 403
    for listed in ("milestones", "schedule-items", "schedule-items/task-types", "time-spents", "budgets"):
        unknown = f"/data/projects/{UNKNOWN}/{listed}"
        assert (api.get(unknown).status_code, api.get(unknown).json()) == (200, []), listed
        assert api.by(cast.user).get(unknown).status_code == 404, listed
    assert Milestone.objects.count() == 1


def test_schedule_rows_are_made_as_they_are_read(api, cast, path, django_assert_num_queries):
    used, idle = make_task_type(), make_task_type()
    cast.project.tasks.create(name="main", task_type=used, entity=make_shot(cast.project))
    rows = api.get(f"{path}/schedule-items/task-types").json()
    assert [(row["task_type_id"], row["object_id"], row["man_days"]) for row in rows] == [(str(used.pk), None, None)]
    assert set(rows[0]) == {"id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id"}
    assert ApiEvent.objects.get().data == {"schedule_item_id": rows[0]["id"], "project_id": str(cast.project.pk)}
    with django_assert_num_queries(6):
        assert api.get(f"{path}/schedule-items/task-types").json() == rows
    cast.project.task_types.add(idle)
    assert api.get(f"{path}/schedule-items/task-types").json() == []
    assert ScheduleItem.objects.count() == 1
    assert api.by(cast.client).get(f"{path}/schedule-items/task-types").status_code == 200
    assert api.by(cast.vendor).get(f"{path}/schedule-items/task-types").status_code == 403
    assert api.by(cast.client).get(f"{path}/schedule-items").status_code == 403
    assert [row["type"] for row in api.by(cast.user).get(f"{path}/schedule-items").json()] == ["ScheduleItem"]


def test_schedule_rows_within_a_task_type(api, cast, path):
    task_type = make_task_type()
    episode = make_entity("Episode", cast.project, name="E01")
    make_sequence(cast.project, name="SQ2", parent=episode)
    make_sequence(cast.project, name="SQ1")
    make_asset(cast.project, kind="Prop", source=episode)
    make_asset(cast.project, kind="Character")
    make_entity("Edit", cast.project, name="Reel", canceled=True)
    route = f"{path}/schedule-items/{task_type.pk}"
    found = {
        kind: [row["name"] for row in api.get(f"{route}/{kind}").json()]
        for kind in ("asset-types", "episodes", "sequences", "edits")
    }
    assert found == {"asset-types": ["Character", "Prop"], "episodes": ["E01"], "sequences": ["SQ1", "SQ2"], "edits": []}
    assert [row["name"] for row in api.get(f"{route}/sequences?episode_id={episode.pk}").json()] == ["SQ2"]
    assert [row["name"] for row in api.get(f"{route}/asset-types?episode_id={episode.pk}").json()] == ["Prop"]
    assert len(api.get(f"{route}/sequences?episode_id=").json()) == 2
    assert api.get(f"{route}/sequences?episode_id=x").json()["message"] == "Wrong UUID format."
    assert api.get(f"{path}/schedule-items/x/sequences").json()["message"] == "Wrong UUID format."
    assert api.get(f"/data/projects/x/schedule-items/{task_type.pk}/sequences").json()["message"] == "Wrong UUID format."
    assert ScheduleItem.objects.count() == 5


def test_a_schedule_row_is_changed_by_who_supervises_its_task_type(api, cast):
    department = make_department()
    task_type = make_task_type(department=department)
    body = {"project_id": str(cast.project.pk), "task_type_id": str(task_type.pk)}
    made = api.by(cast.manager).post("/data/schedule-items", body)
    assert made.status_code == 201
    assert api.post("/data/schedule-items", body).json()["message"] == "A similar schedule item already exists"
    assert api.by(cast.user).post("/data/schedule-items", {}).status_code == 403
    one = f"/data/schedule-items/{made.json()['id']}"
    changed = api.by(cast.supervisor).put(one, {"man_days": "5", "end_date": "2026-02-03"}).json()
    assert (changed["man_days"], changed["end_date"]) == (None, "2026-02-03")
    cast.supervisor.departments.add(make_department())
    assert api.by(cast.supervisor).put(one, {"man_days": 5}).status_code == 403
    assert api.put(one, {"end_date": "2024-13-01"}).json()["message"].startswith("Invalid date format for 'end_date'")
    assert api.by(cast.supervisor).delete(one).status_code == 403
    assert api.delete(one).status_code == 204


def test_schedule_versions(api, cast):
    body = {"project_id": str(cast.project.pk), "name": "Draft"}
    first = api.by(cast.manager).post("/data/production-schedule-versions", body).json()
    second = api.post(
        "/data/production-schedule-versions", {**body, "name": "Second", "production_schedule_from": first["id"]}
    ).json()
    assert second["production_schedule_from"] == first["id"]
    foreign = {"project_id": str(make_project().pk), "name": "X", "production_schedule_from": first["id"]}
    assert api.post("/data/production-schedule-versions", foreign).status_code == 400
    listed = f"/data/production-schedule-versions?project_id={cast.project.pk}"
    assert len(api.by(cast.user).get(listed).json()) == 2
    for person in (cast.client, cast.vendor, cast.outsider):
        assert api.by(person).get(listed).status_code == 403
    assert api.by(cast.manager).get("/data/production-schedule-versions").status_code == 403
    cast.project.from_schedule_version_id = first["id"]
    cast.project.save()
    assert api.delete(f"/data/production-schedule-versions/{first['id']}").status_code == 204
    cast.project.refresh_from_db()
    assert cast.project.from_schedule_version_id is None
    assert ProductionScheduleVersion.objects.get().production_schedule_from is None
    assert ApiEvent.objects.filter(name="project:update").count() == 1


def test_budgets_are_numbered(api, cast, path):
    manager = api.by(cast.manager)
    first = manager.post(f"{path}/budgets", {"name": "First"})
    assert (first.status_code, first.json()["revision"], first.json()["currency"]) == (200, 1, "USD")
    second = manager.post(f"{path}/budgets", {"name": "Second", "currency": "EUR"}).json()
    assert second["revision"] == 2
    assert manager.post(f"{path}/budgets", {"name": "Third", "currency": None}).json()["currency"] is None
    assert len(manager.get(f"{path}/budgets").json()) == 3 and "type" not in manager.get(f"{path}/budgets").json()[0]
    assert manager.put(f"{path}/budgets/{second['id']}", {"name": None, "currency": "GBP"}).json()["name"] == "Second"
    assert manager.post(f"{path}/budgets", {"name": "X", "currency": "EURO"}).status_code == 400
    assert manager.get(f"{path}/budgets/x").json()["message"] == "Wrong UUID format."
    foreign = f"/data/projects/{make_project().pk}/budgets/{second['id']}"
    assert [api.get(foreign).status_code, api.put(foreign, {}).status_code, api.delete(foreign).status_code] == [404] * 3
    for person in (cast.supervisor, cast.user, cast.client, cast.vendor):
        assert api.by(person).get(f"{path}/budgets").status_code == 403
    assert manager.delete(f"{path}/budgets/{second['id']}").status_code == 204
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True)) == [
        "budget:create",
        "budget:create",
        "budget:create",
        "budget:update",
        "budget:delete",
    ]


def test_budget_entries_are_replaced_whole(api, cast, path):
    department = make_department()
    budget = Budget.objects.create(project=cast.project, name="First")
    route = f"{path}/budgets/{budget.pk}/entries"
    body = {"department_id": str(department.pk), "start_date": "2026-01-05", "months_duration": 6, "daily_salary": 180}
    made = api.post(route, {**body, "person_id": str(cast.user.pk)})
    assert (made.status_code, made.json()["exceptions"], made.json()["position"]) == (200, {}, "artist")
    one = f"{route}/{made.json()['id']}"
    assert "2024-02" not in api.post(route, {**body, "exceptions": {"2024-02": 100}}).json()["exceptions"]
    plain = api.post(route, {**body, "start_date": "2026-01-05T10:00:00", "position": None, "seniority": None}).json()
    assert (plain["start_date"], plain["position"], plain["seniority"]) == ("2026-01-05", "artist", "mid")
    changed = api.put(one, {**body, "exceptions": {"2024-02": 100.7, "2024-03": 0, "2024-04": None}}).json()
    assert (changed["person_id"], changed["exceptions"]) == (None, {"2024-02": 100})
    assert (changed["position"], changed["seniority"]) == (None, None)
    assert api.put(one, {**body, "exceptions": {"2024-02": []}}).status_code == 400
    assert api.put(one, {"department_id": str(department.pk)}).json()["message"] == "Validation error."
    assert api.post(route, {**body, "position": "king"}).status_code == 400
    assert api.post(route, {**body, "department_id": UNKNOWN}).status_code == 400
    assert api.get(one).json()["exceptions"] == {"2024-02": 100}
    assert made.json()["id"] in [row["id"] for row in api.get(route).json()]
    assert api.by(cast.supervisor).get(one).status_code == 403
    assert api.get(f"{route}/{UNKNOWN}").status_code == 404
    assert api.delete(one).status_code == 204
    api.post(route, body)
    assert api.delete(f"{path}/budgets/{budget.pk}").status_code == 204
    assert not BudgetEntry.objects.exists()
    names = set(ApiEvent.objects.values_list("name", flat=True))
    assert names == {"budget-entry:create", "budget-entry:update", "budget-entry:delete", "budget:delete"}
