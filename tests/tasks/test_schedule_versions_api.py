"""Versions of the schedule: planning them, and putting them into force."""

from datetime import datetime

import pytest

from events.models import ApiEvent
from production.models import ProductionScheduleVersion
from tasks.models import ProductionScheduleVersionTaskLink, Task
from tests.makers import make_project, make_task

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"
PLANS = "/data/production-schedule-versions"
ACTIONS = "/actions/production-schedule-versions"
START, DUE = datetime(2026, 1, 5), datetime(2026, 1, 9)


@pytest.fixture
def version(stage):
    return ProductionScheduleVersion.objects.create(name="First", project=stage.project)


@pytest.fixture
def draft(stage):
    return ProductionScheduleVersion.objects.create(name="Draft", project=stage.project)


@pytest.fixture
def dated(stage, cast):
    """Two tasks, one of them with dates, an estimation and an assignee."""
    Task.objects.update(start_date=START, due_date=DUE, estimation=480)
    return [stage.task, make_task(stage.project, task_type=stage.modeling)]


def copy_production(api, version):
    return api.post(f"{ACTIONS}/{version.pk}/set-task-links-from-production")


def test_what_is_in_force_is_planned(api, stage, cast, version, dated, django_assert_max_num_queries):
    gone = ProductionScheduleVersionTaskLink.objects.create(production_schedule_version=version, task=stage.task, estimation=1)
    gone.assignees.set([cast.vendor, cast.manager])
    with django_assert_max_num_queries(15):
        answer = copy_production(api, version)
    assert (answer.status_code, answer.json()) == (200, {"success": True, "task_link_count": 2})
    rows = {row["task_id"]: row for row in api.get(f"{PLANS}/{version.pk}/task-links?relations=true").json()}
    row = rows[str(stage.task.pk)]
    assert (row["id"], row["start_date"], row["estimation"]) == (str(gone.pk), "2026-01-05T00:00:00", 480.0)
    assert (row["assignees"], row["type"]) == ([str(cast.user.pk)], "ProductionScheduleVersionTaskLink")
    assert rows[str(dated[1].pk)]["assignees"] == []
    assert not ApiEvent.objects.exists()
    assert copy_production(api, version).json()["task_link_count"] == 2


def test_plans_are_listed_by_task_type(api, stage, version, dated, django_assert_num_queries):
    copy_production(api, version)
    path = f"{PLANS}/{version.pk}/task-links?task_type_id={stage.modeling.pk}"
    with django_assert_num_queries(3):
        rows = api.get(path).json()
    assert [row["task_id"] for row in rows] == [str(dated[1].pk)] and "assignees" not in rows[0]
    assert api.get(f"{PLANS}/{version.pk}/task-links?task_type_id=abc").status_code == 400


def test_a_version_takes_over_what_another_plans(api, stage, cast, version, draft, dated):
    copy_production(api, version)
    kept = make_task(stage.project)
    ProductionScheduleVersionTaskLink.objects.create(production_schedule_version=draft, task=kept, estimation=7)
    path = f"{ACTIONS}/{draft.pk}/set-task-links-from-production-schedule-version"
    answer = api.by(cast.manager).post(path, {"production_schedule_version_id": str(version.pk)})
    assert answer.json() == {"success": True, "task_link_count": 2}
    links = draft.task_links.all()
    assert {link.task_id for link in links} == {kept.pk, *(task.pk for task in dated)}
    assert list(draft.task_links.get(task=stage.task).assignees.all()) == [cast.user]
    draft.refresh_from_db()
    assert draft.production_schedule_from == version.pk
    event = ApiEvent.objects.get()
    assert event.name == "production_schedule_version:update"
    assert event.data == {"production_schedule_version_id": str(draft.pk), "project_id": str(stage.project.pk)}


def test_what_no_version_takes_over(api, stage, draft):
    path = f"{ACTIONS}/{draft.pk}/set-task-links-from-production-schedule-version"
    foreign = ProductionScheduleVersion.objects.create(name="Foreign", project=make_project())
    said = {
        foreign.pk: (400, "Production schedule versions must belong to the same project."),
        draft.pk: (400, "A production schedule version cannot be copied onto itself."),
    }
    for source_id, expected in said.items():
        answer = api.post(path, {"production_schedule_version_id": str(source_id)})
        assert (answer.status_code, answer.json()["message"]) == expected
    for source_id in (MISSING, "abc"):
        assert api.post(path, {"production_schedule_version_id": source_id}).status_code == 404
    errors = api.post(path, {}).json()["data"]["errors"]
    assert errors == [{"field": "production_schedule_version_id", "message": "Field required"}]
    assert api.post(path, {"production_schedule_version_id": ""}).json()["message"] == "Validation error."


def test_a_version_is_put_into_force(api, stage, cast, version, dated, django_assert_max_num_queries):
    for task in dated:
        link = ProductionScheduleVersionTaskLink.objects.create(
            production_schedule_version=version, task=task, start_date=DUE, estimation=60
        )
        link.assignees.set([cast.vendor])
    with django_assert_max_num_queries(20):
        answer = api.by(cast.manager).post(f"{ACTIONS}/{version.pk}/apply-to-production")
    assert (answer.status_code, answer.json()) == (200, {"success": True, "task_count": 2})
    stage.task.refresh_from_db()
    assert (stage.task.start_date, stage.task.due_date, stage.task.estimation) == (DUE, None, 60)
    assert list(stage.task.assignees.all()) == [cast.user]
    version.refresh_from_db()
    stage.project.refresh_from_db()
    assert version.locked and stage.project.from_schedule_version_id == version.pk
    names = sorted(ApiEvent.objects.values_list("name", flat=True))
    assert names == ["production_schedule_version:update", "project:update", "task:update", "task:update"]
    told = {event.data["task_id"] for event in ApiEvent.objects.filter(name="task:update", project=stage.project)}
    assert told == {str(task.pk) for task in dated}


def test_who_may_plan_and_read_plans(api, cast, version, draft, dated):
    statuses = {}
    for role in ("manager", "supervisor", "user", "client", "vendor", "outsider"):
        person = api.by(cast.of(role))
        statuses[role] = [
            person.get(f"{PLANS}/{version.pk}/task-links").status_code,
            copy_production(person, version).status_code,
            person.post(
                f"{ACTIONS}/{draft.pk}/set-task-links-from-production-schedule-version",
                {"production_schedule_version_id": str(version.pk)},
            ).status_code,
            person.post(f"{ACTIONS}/{version.pk}/apply-to-production").status_code,
        ]
    assert statuses.pop("manager") == [200] * 4
    readers = {role for role, (reading, *_) in statuses.items() if reading == 200}
    assert readers == {"supervisor", "user"}
    assert {status for found in statuses.values() for status in found[1:]} == {403}


def test_versions_that_are_not_there(api, stage):
    for version_id in (MISSING, "abc"):
        assert api.get(f"{PLANS}/{version_id}/task-links").status_code == 404
        for act in ("set-task-links-from-production", "set-task-links-from-production-schedule-version", "apply-to-production"):
            assert api.post(f"{ACTIONS}/{version_id}/{act}").status_code == 404
