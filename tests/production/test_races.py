"""What several people do at the same instant: nothing twice, nothing lost, nobody is told that the server failed."""

import threading
from collections import Counter

import pytest
from django.db import connection

from events.models import ApiEvent
from production.models import (
    Budget,
    EntityType,
    MetadataDescriptor,
    ProjectPersonLink,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTaskTypeSoftwareLink,
    ProjectTemplate,
    ProjectTemplateTaskTypeLink,
    ScheduleItem,
    TaskType,
)
from tests.makers import make_sequence, make_task_status, make_task_type
from tests.production.ground import filled, furnish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection"),
]
MANY = 6


def at_once(api, method, path, bodies):
    """Sends each body from a thread of its own, all at the same instant; counts the statuses."""
    barrier, statuses = threading.Barrier(len(bodies)), []

    def send(client, body):
        try:
            barrier.wait()
            statuses.append(client.request(method, path, body).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(api.by(api.person), body)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


@pytest.fixture
def rows(cast):
    return furnish(cast)


@pytest.fixture
def path(cast):
    return f"/data/projects/{cast.project.pk}"


def test_schedule_rows_are_made_once(api, cast, rows, path):
    ScheduleItem.objects.all().delete()
    ApiEvent.objects.all().delete()
    for _ in range(3):
        make_sequence(cast.project)
    assert at_once(api, "get", f"{path}/schedule-items/task-types", [None] * MANY) == {200: MANY}
    assert at_once(api, "get", f"{path}/schedule-items/{rows['task_type']}/sequences", [None] * MANY) == {200: MANY}
    keys = list(ScheduleItem.objects.values_list("task_type_id", "object_id"))
    assert (len(keys), len(set(keys))) == (5, 5)
    assert ApiEvent.objects.filter(name="schedule-item:new").count() == 5


def test_a_schedule_row_is_stored_once(api, cast, rows):
    body = {"project_id": str(cast.project.pk), "task_type_id": rows["task_type"]}
    assert at_once(api, "post", "/data/schedule-items", [body] * MANY) == {201: 1, 400: MANY - 1}


NAMED = [
    ("/data/task-types", TaskType, ("Matte", "MATTE")),
    ("/data/entity-types", EntityType, ("Vehicle", "VEHICLE")),
    ("/data/project-templates", ProjectTemplate, ("Short",)),
    ("{project}/metadata-descriptors", MetadataDescriptor, ("Lens",)),
]


def test_of_equal_names_one_is_taken(api, path):
    for route, model, names in NAMED:
        sent = [{"name": name} for name in names] * (MANY // len(names))
        assert at_once(api, "post", route.format(project=path), sent) == {201: 1, 400: MANY - 1}, route
        assert model.objects.filter(name__iexact=names[0]).count() == 1


def test_a_template_of_a_production_is_taken_once(api, cast):
    route = f"/data/project-templates/from-project/{cast.project.pk}"
    assert at_once(api, "post", route, [{"name": "Of it"}] * MANY) == {201: 1, 400: MANY - 1}


def test_every_budget_has_its_revision(api, path):
    assert at_once(api, "post", f"{path}/budgets", [{"name": "First"}] * MANY) == {200: MANY}
    assert sorted(Budget.objects.values_list("revision", flat=True)) == list(range(1, MANY + 1))


def test_a_person_joins_once(api, cast, rows, path):
    body = {"person_id": rows["newcomer"]}
    assert at_once(api, "post", f"{path}/team", [body] * MANY) == {201: MANY}
    assert ProjectPersonLink.objects.filter(person_id=rows["newcomer"]).count() == 1
    assert ApiEvent.objects.filter(name="project:update").count() == 1


LINKS = [
    ("{project}/settings/task-types", {"task_type_id": "{task_type}"}, ProjectTaskTypeLink, 201),
    ("{project}/settings/task-status", {"task_status_id": "{status}"}, ProjectTaskStatusLink, 201),
    ("/data/task-type-links", {"project_id": "{id}", "task_type_id": "{task_type}"}, ProjectTaskTypeLink, 201),
    ("/data/task-status-links", {"project_id": "{id}", "task_status_id": "{status}"}, ProjectTaskStatusLink, 201),
    ("{project}/settings/batch", {"task_types": [{"task_type_id": "{task_type}"}]}, ProjectTaskTypeLink, 200),
    ("{project}/task-types/{linked}/softwares", {"software_id": "{software}"}, ProjectTaskTypeSoftwareLink, 201),
    ("/data/project-templates/{template}/task-types", {"task_type_id": "{task_type}"}, ProjectTemplateTaskTypeLink, 201),
]


def test_a_link_is_made_once(api, cast, rows, path):
    ProjectTaskTypeSoftwareLink.objects.all().delete()
    for route, body, model, status in LINKS:
        new = {"task_type": str(make_task_type().pk), "status": str(make_task_status().pk)}
        named = {**rows, **new, "linked": rows["task_type"], "id": str(cast.project.pk), "project": path}
        before = model.objects.count()
        assert at_once(api, "post", route.format(**named), [filled(body, named)] * MANY) == {status: MANY}, route
        assert model.objects.count() == before + 1, route


def test_no_link_is_lost_among_many(api, cast, path):
    types = [str(make_task_type().pk) for _ in range(MANY)]
    assert at_once(api, "post", f"{path}/settings/task-types", [{"task_type_id": pk} for pk in types]) == {201: MANY}
    assert sorted(str(pk) for pk in cast.project.task_types.values_list("pk", flat=True)) == sorted(types)


def test_orders_given_at_once_do_not_mix(api, cast, path):
    types = [str(make_task_type().pk) for _ in range(4)]
    cast.project.task_types.set(types)
    bodies = [{"task_type_ids": order} for order in (types, types[::-1]) for _ in range(3)]
    assert at_once(api, "post", f"/actions{path[5:]}/task-type-links/reorder", bodies) == {200: MANY}
    links = ProjectTaskTypeLink.objects.order_by("priority").values_list("task_type_id", "priority")
    assert [rank for _, rank in links] == [1, 2, 3, 4]
    assert [str(pk) for pk, _ in links] in (types, types[::-1])


def test_columns_ordered_at_once_keep_one_order(api, cast, path):
    ids = [
        str(MetadataDescriptor.objects.create(project=cast.project, entity_type="Shot", name=n, field_name=n).pk) for n in "abcd"
    ]
    bodies = [{"entity_type": "Shot", "descriptor_ids": order} for order in (ids, ids[::-1]) for _ in range(3)]
    assert at_once(api, "post", f"{path}/metadata-descriptors/reorder", bodies) == {200: MANY}
    found = [str(pk) for pk in MetadataDescriptor.objects.order_by("position").values_list("pk", flat=True)]
    assert found in (ids, ids[::-1])
