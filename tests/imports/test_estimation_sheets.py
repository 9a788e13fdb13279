"""Sheets of estimations coming in."""

import pytest

from events.models import ApiEvent
from people.models import Organisation
from tasks.models import Task
from tests.cast import ROLES
from tests.makers import join_team, make_asset, make_department, make_entity, make_person, make_sequence, make_shot, make_task


@pytest.fixture
def shots(studio):
    """A shot of the same sequence and name in each of two episodes."""
    studio.become_tv_show()
    found = []
    for name in ("E01", "E02"):
        episode = make_entity("Episode", studio.project, name=name)
        sequence = make_sequence(studio.project, name="SQ01", parent=episode)
        shot = make_shot(studio.project, name="SH010", parent=sequence)
        make_task(studio.project, entity=shot, task_type=studio.animation, task_status=studio.todo)
        found.append((episode, shot))
    return found


@pytest.fixture
def lamp(studio):
    asset = make_asset(studio.project, kind="Prop", name="Lamp")
    return make_task(studio.project, entity=asset, task_type=studio.modeling, task_status=studio.todo)


def into(studio, task_type, episode=None):
    part = f"episodes/{episode}/" if episode else ""
    return f"/import/csv/projects/{studio.project.pk}/{part}task-types/{task_type.pk}/estimations"


def test_a_task_takes_what_the_cells_say(send, studio, lamp):
    studio.describe("Task", "Reviewed", "boolean", task_type=studio.modeling)
    header = "Parent,Entity,Estimation,Drawings,Start date,Due date,Difficulty,Reviewed\n"
    answer = send(into(studio, studio.modeling), header + "prop,LAMP,2.5,7,2026-11-05,,4,yes\n")
    assert (answer.status_code, answer.json()) == (201, [None])
    lamp.refresh_from_db()
    assert (lamp.estimation, lamp.nb_drawings, lamp.difficulty, lamp.data) == (1200, 7, 4, {"reviewed": "true"})
    assert (str(lamp.start_date), str(lamp.due_date)) == ("2026-11-05 00:00:00", "2026-11-09 00:00:00")
    assert ApiEvent.objects.filter(name="task:update").count() == 1
    send(into(studio, studio.modeling), header + "Prop,Lamp,,,,2026-12-01,,\n")
    lamp.refresh_from_db()
    assert (lamp.estimation, str(lamp.due_date), lamp.data) == (1200, "2026-12-01 00:00:00", {"reviewed": ""})


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [("2026-11-06", "0.5", "2026-11-06"), ("2026-11-07", "3", "2026-11-10"), ("2026-11-02", "12", "2026-11-17")],
)
def test_a_due_date_is_worked_out_in_working_days(send, studio, lamp, start, days, due):
    send(into(studio, studio.modeling), f"Parent,Entity,Estimation,Start date\nProp,Lamp,{days},{start}\n")
    lamp.refresh_from_db()
    assert f"{lamp.due_date:%Y-%m-%d}" == due


def test_a_studio_may_estimate_in_hours(send, studio, lamp):
    Organisation.objects.create(name="Studio", format_duration_in_hours=True, hours_by_day=8)
    send(into(studio, studio.modeling), "Parent,Entity,Estimation,Start date\nProp,Lamp,12,2026-11-02\n")
    lamp.refresh_from_db()
    assert (lamp.estimation, f"{lamp.due_date:%Y-%m-%d}") == (720, "2026-11-03")


def test_an_episode_narrows_the_sheet(send, studio, shots):
    (first, one), (second, two) = shots
    text = "Parent,Entity,Estimation\nSQ01,SH010,1\n"
    assert send(into(studio, studio.animation, second.pk), text).status_code == 201
    assert dict(Task.objects.values_list("entity_id", "estimation")) == {one.pk: 0, two.pk: 480}
    make_task(studio.project, entity=make_asset(studio.project, kind="Prop", name="A", source=first), task_type=studio.modeling)
    text = "Parent,Entity,Estimation\nProp,A,1\n"
    answers = [send(into(studio, studio.modeling, episode), text).status_code for episode in (first.pk, "main", "all", second.pk)]
    assert answers == [201, 201, 201, 400]


def test_of_one_name_each_line_is_about_the_next(send, studio, shots):
    text = "Parent,Entity,Estimation\nSQ01,SH010,1\nSQ01,SH010,2\n"
    send(into(studio, studio.animation, "all"), text)
    assert list(Task.objects.order_by("entity__created_at").values_list("estimation", flat=True)) == [480, 960]
    before = list(Task.objects.values()), ApiEvent.objects.count()
    send(into(studio, studio.animation, "all"), text)
    assert (list(Task.objects.values()), ApiEvent.objects.count()) == before


def test_assignments_stay_as_they_are(send, studio, lamp, cast):
    lamp.assignees.set([cast.user])
    send(into(studio, studio.modeling), "Parent,Entity,Estimation\nProp,Lamp,1\n")
    assert list(lamp.assignees.all()) == [cast.user]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Estimation", "x", "A value is invalid: could not convert string to float: 'x'"),
        ("Estimation", "nan", "A value is invalid: Estimation: nan"),
        ("Estimation", "-1", "A value is invalid: Estimation: -1"),
        ("Drawings", "1.5", "A value is invalid: invalid literal for int() with base 10: '1.5'"),
        ("Start date", "02/11/2026", "A value is invalid: time data '02/11/2026' does not match format '%Y-%m-%d'"),
        ("Difficulty", "6", "A value is invalid: Difficulty: 6"),
    ],
)
def test_wrong_cells_are_refused(send, studio, lamp, column, cell, message):
    answer = send(into(studio, studio.modeling), f"Parent,Entity,{column}\nProp,Lamp,{cell}\n")
    assert answer.status_code == 400
    assert answer.json() == {"error": True, "message": message, "line_number": 2, "imported_rows": 0}


def test_a_line_without_its_task_is_refused(send, studio, lamp):
    make_asset(studio.project, kind="Prop", name="Nail")
    text = "Parent,Entity,Estimation\nProp,Lamp,3\nProp,{},1\n"
    for name, words in (
        ("Nope", "Entity 'Nope' with parent 'Prop' not found"),
        ("Nail", "Entity 'Nail' with parent 'Prop' has no Modeling task"),
    ):
        answer = send(into(studio, studio.modeling), text.format(name))
        assert (answer.status_code, answer.json()["message"], answer.json()["line_number"]) == (400, words, 3)
    lamp.refresh_from_db()
    assert lamp.estimation == 0


def test_supervisors_of_the_department_estimate(send, studio, cast):
    path, text = into(studio, studio.animation), "Parent,Entity\n"
    allowed = ("admin", "manager", "supervisor")
    found = {role: send(path, text, by=cast.of(role)).status_code for role in ROLES}
    assert found == {role: 201 if role in allowed else 403 for role in ROLES}
    foreign, own = make_person(role="supervisor"), make_person(role="supervisor")
    foreign.departments.add(make_department(name="Sound"))
    own.departments.add(studio.department)
    join_team(studio.project, foreign, own)
    assert [send(path, text, by=person).status_code for person in (foreign, own)] == [403, 201]


def test_what_does_not_exist_is_told(send, studio):
    unknown = "00000000-0000-0000-0000-000000000000"
    text = "Parent,Entity\n"
    assert send(f"/import/csv/projects/{studio.project.pk}/task-types/{unknown}/estimations", text).status_code == 404
    assert send(f"/import/csv/projects/{unknown}/task-types/{studio.modeling.pk}/estimations", text).status_code == 404
    answer = send(into(studio, studio.modeling, "nope"), text)
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid UUID value: nope")
