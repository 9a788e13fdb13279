"""The same pages of ShotGrid's entries sent at the same instant: nothing comes in twice."""

import pytest
from django.db import connection

from assets.models import Entity, EntityLink
from people.models import Department, Person
from production.models import EntityType, ProjectPersonLink, ProjectStatus, TaskStatus, TaskType
from tasks.models import Comment, Task
from tests.imports.shotgrid import (
    PERSON_ID,
    PROJECT,
    asset,
    episode,
    into,
    link,
    note,
    person,
    project,
    sequence,
    shot,
    step,
    task,
    version,
)
from tests.imports.shotgrid import connection as place
from tests.parallel import at_once, need_real_connections

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    ("persons", [person(department={"name": "Light"})]),
    ("projects", [project(sg_status="Bidding")]),
    ("steps", [step()]),
    ("status", [{"id": 1, "code": "wip", "name": "WIP", "bg_color": "1,2,3"}]),
    ("project-connections", [place(1)]),
    ("episodes", [episode(1, "E1")]),
    ("sequences", [sequence(1, "S1", episode=link(1))]),
    ("assets", [asset(1, "A"), asset(2, "B", parents=[link(1)])]),
    ("shots", [shot(1, "SH1", sg_sequence=link(1), assets=[link(1), link(2)])]),
    ("tasks", [task(1, entity=link(1, "Shot"), task_assignees=[link(PERSON_ID)])]),
    ("versions", [version(1, 1)]),
    ("notes", [note(1, 1)]),
)


def test_equal_pages_at_once_make_nothing_twice(api, cast):
    need_real_connections()
    cast.project.shotgun_id = PROJECT["id"]
    cast.project.save()
    for kind, page in PAGES:
        answers = at_once([lambda kind=kind, page=page: api.by(cast.admin).post(into(kind), page) for _ in range(4)])
        assert [answer.status_code for answer in answers] == [200] * 4, (kind, [answer.content for answer in answers])
        assert len({row["id"] for answer in answers for row in answer.json()}) == len(page), kind
    assert Entity.objects.count() == 5 and EntityLink.objects.count() == 3
    assert Task.objects.get().assignees.count() == 1 and Comment.objects.count() == 1
    assert Person.objects.filter(shotgun_id=PERSON_ID).count() == ProjectPersonLink.objects.filter(shotgun_id=1).count() == 1
    for model, name in ((Department, "Light"), (ProjectStatus, "Bidding"), (EntityType, "Prop"), (TaskStatus, "WIP")):
        assert model.objects.filter(name=name).count() == 1
    assert TaskType.objects.count() == 1 and connection.vendor == "postgresql"
