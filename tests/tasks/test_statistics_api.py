"""Statistics of episodes, quotas, and the shots behind them."""

from datetime import date, datetime

import pytest

from people.models import Studio
from production.models import Project
from tasks.models import TimeSpent
from tests.makers import join_team, make_asset, make_entity, make_project, make_sequence, make_shot, make_task

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


def sums(count=0, frames=0, drawings=0):
    return {"count": count, "frames": frames, "drawings": drawings}


@pytest.fixture
def episode(stage):
    return make_entity("Episode", stage.project, name="E01")


@pytest.fixture
def series(stage, cast, episode):
    """Three tasks on the shots of an episode: done, in retake for the second time, and not begun."""
    sequence = make_sequence(stage.project, name="SQ09", parent=episode)
    plans = ((stage.done, 25, 0, cast.user), (stage.retake, 100, 2, cast.user), (stage.todo, None, 4, cast.vendor))
    return [
        make_task(
            stage.project,
            entity=make_shot(stage.project, name=f"SH0{number}", parent=sequence, nb_frames=frames),
            task_type=stage.animation,
            task_status=status,
            retake_count=retakes,
            nb_drawings=10,
            assignees=[person],
        )
        for number, (status, frames, retakes, person) in enumerate(plans)
    ]


def test_the_tasks_of_episodes_by_type_and_status(api, stage, series, episode, django_assert_num_queries):
    make_task(stage.project, entity=make_asset(stage.project))
    path = f"/data/projects/{stage.project.pk}/episodes/stats"
    api.get(path)
    with django_assert_num_queries(3):
        found = api.get(path).json()
    kind, done = str(stage.animation.pk), str(stage.done.pk)
    assert set(found) == {str(episode.pk), "all"} and set(found["all"]) == {"all", kind}
    assert found["all"]["all"] == found[str(episode.pk)][kind] == found[str(episode.pk)]["all"] == found["all"][kind]
    assert found["all"]["all"][done] == {"name": "done", "color": stage.done.color, **sums(1, 25, 10)}
    assert found["all"]["all"][str(stage.todo.pk)] == {"name": "todo", "color": stage.todo.color, **sums(1, 0, 10)}


def test_who_may_see_the_statistics_of_episodes(api, stage, series, cast):
    path = f"/data/projects/{stage.project.pk}/episodes/stats"
    assert api.by(cast.client).get(path).status_code == 200
    Project.objects.update(is_client_stats_visible=False)
    answers = {role: api.by(cast.of(role)).get(path) for role in ("manager", "supervisor", "user", "vendor", "client", "outsider")}
    assert [answer.status_code for answer in answers.values()] == [200, 200, 200, 200, 403, 403]
    assert list(answers["vendor"].json()["all"]["all"]) == [str(stage.todo.pk)]
    assert api.get(f"/data/projects/{MISSING}/episodes/stats").status_code == 404
    assert api.get("/data/projects/abc/episodes/retake-stats").status_code == 404


def test_takes_evolve(api, stage, series, episode, cast, django_assert_num_queries):
    path = f"/data/projects/{stage.project.pk}/episodes/retake-stats"
    api.get(path)
    with django_assert_num_queries(3):
        found = api.get(path).json()
    whole = {"max_retake_count": 4, "done": sums(1, 25, 10), "retake": sums(1, 100, 10), "other": sums(1, 0, 10)}
    assert found["all"] == {"all": {**whole, "evolution": {}}, str(stage.animation.pk): {**whole, "evolution": {}}}
    takes = found[str(episode.pk)]["all"]["evolution"]
    assert list(takes) == ["1", "2", "3", "4"]
    assert takes["2"] == {"done": sums(1, 25, 10), "retake": sums(2, 100, 20), "other": sums()}
    assert takes["3"] == {"done": sums(1, 25, 10), "retake": sums(1, 0, 10), "other": sums(1, 100, 10)}
    assert api.by(cast.client).get(path).status_code == 403
    assert api.by(cast.vendor).get(path).json()["all"]["all"]["max_retake_count"] == 4


def test_no_take_is_a_take_too(api, stage):
    empty = {"max_retake_count": 0, "evolution": {}, "done": sums(), "retake": sums(), "other": sums()}
    assert api.get(f"/data/projects/{stage.project.pk}/episodes/retake-stats").json() == {"all": {"all": empty}}
    assert api.get(f"/data/projects/{stage.project.pk}/episodes/stats").json() == {}


def test_a_number_typed_by_mistake_makes_no_endless_answer(api, stage, series, episode):
    series[2].retake_count = 2**31 - 1
    series[2].save()
    found = api.get(f"/data/projects/{stage.project.pk}/episodes/retake-stats").json()
    assert len(found[str(episode.pk)]["all"]["evolution"]) == 1000


@pytest.fixture
def worked(series, cast):
    """Time noted on the first task in two equal parts; the second was worked on without notes, the third on a Saturday."""
    first, second, third = series
    first.end_date, first.done_date, first.duration = datetime(2026, 3, 6, 23, 30), datetime(2026, 3, 9, 10), 480
    second.real_start_date, second.end_date = datetime(2026, 2, 27, 23, 30), datetime(2026, 3, 5, 12)
    third.real_start_date, third.end_date = datetime(2026, 3, 7, 10), datetime(2026, 3, 7, 12)
    for task in series:
        task.save()
    for day in (2, 3):
        TimeSpent.objects.create(task=first, person=cast.user, date=date(2026, 3, day), duration=240)
    return series


def quota(api, stage, mode="weighted", more=""):
    return api.get(f"/data/projects/{stage.project.pk}/quotas/{stage.animation.pk}?count_mode={mode}{more}")


def test_weighted_quotas_share_a_shot_between_its_days(api, stage, cast, worked, django_assert_num_queries):
    cast.admin.timezone = "Europe/Paris"
    cast.admin.save()
    quota(api, stage)
    with django_assert_num_queries(4):
        found = quota(api, stage).json()
    assert set(found) == {str(cast.user.pk), "total"} and found["total"] == found[str(cast.user.pk)]
    days = found["total"]["day"]
    assert days["frames"] == {"2026-02-28": 25, "2026-03-02": 12, "2026-03-03": 37, "2026-03-04": 25, "2026-03-05": 25}
    assert days["count"] == {"2026-02-28": 0.25, "2026-03-02": 0.5, "2026-03-03": 0.75, "2026-03-04": 0.25, "2026-03-05": 0.25}
    assert days["seconds"]["2026-03-03"] == 1.48 and days["drawings"]["2026-03-03"] == 15
    assert days["entries"] == {"2026-02": 1, "2026-03": 4}
    assert found["total"]["week"]["frames"] == {"2026-9": 25, "2026-10": 99} and found["total"]["week"]["entries"] == {"2026": 2}
    assert found["total"]["month"]["drawings"] == {"2026-02": 10, "2026-03": 40}
    assert found["total"]["year"] == {
        "frames": {"2026": 124},
        "seconds": {"2026": 4.96},
        "count": {"2026": 2.0},
        "drawings": {"2026": 50},
    }
    assert quota(api, stage, "weighteddone").json()["total"]["month"]["frames"] == {"2026-03": 24}


def test_raw_quotas_count_a_shot_on_the_day_of_its_date_where_the_reader_is(api, stage, cast, worked, django_assert_num_queries):
    cast.admin.timezone = "Europe/Paris"
    cast.admin.save()
    quota(api, stage)
    with django_assert_num_queries(3):
        found = quota(api, stage, "feedback").json()
    assert found[str(cast.user.pk)]["day"]["frames"] == {"2026-03-05": 100, "2026-03-07": 25}
    assert found[str(cast.vendor.pk)]["day"]["count"] == {"2026-03-07": 1}
    assert found["total"]["day"]["count"] == {"2026-03-05": 1, "2026-03-07": 2}
    assert quota(api, stage, "done").json()["total"]["day"]["frames"] == {"2026-03-09": 25}
    cast.manager.timezone = "America/New_York"
    cast.manager.save()
    assert "2026-03-06" in quota(api.by(cast.manager), stage, "feedback").json()["total"]["day"]["frames"]


def test_quotas_of_a_person_are_by_task_type(api, stage, cast, worked):
    path = f"/data/projects/{stage.project.pk}/quotas/persons/{cast.user.pk}?count_mode=feedback"
    found = api.by(cast.user).get(path).json()
    assert set(found) == {str(stage.animation.pk), "total"} and found["total"]["year"]["count"] == {"2026": 2}
    asked = {
        role: api.by(cast.of(role)).get(path).status_code for role in ("manager", "supervisor", "vendor", "client", "outsider")
    }
    assert asked == {"manager": 200, "supervisor": 200, "vendor": 403, "client": 403, "outsider": 403}
    own = f"/data/projects/{stage.project.pk}/quotas/persons"
    assert api.by(cast.client).get(f"{own}/{cast.client.pk}").status_code == 403
    assert api.get(f"{own}/{MISSING}").status_code == 404


def test_quotas_of_a_studio(api, stage, cast, worked):
    studio = Studio.objects.create(name="Paris", color="#112233")
    cast.vendor.studio = studio
    cast.vendor.save()
    found = quota(api, stage, "feedback", f"&studio_id={studio.pk}").json()
    assert set(found) == {str(cast.vendor.pk), "total"}
    assert quota(api, stage, "feedback", "&studio_id=abc").status_code == 400


def test_who_may_read_quotas(api, stage, cast, worked):
    asked = {role: quota(api.by(cast.of(role)), stage, "feedback") for role in ("manager", "user", "vendor", "client", "outsider")}
    assert [answer.status_code for answer in asked.values()] == [200, 200, 200, 403, 403]
    assert set(asked["vendor"].json()) == {str(cast.vendor.pk), "total"}
    assert quota(api, stage, "x").json()["message"] == ("count_mode must be equal to weighted, weigtheddone, feedback, or done")
    assert api.get(f"/data/projects/{MISSING}/quotas/{stage.animation.pk}").status_code == 404
    assert api.get(f"/data/projects/{stage.project.pk}/quotas/{MISSING}").json() == {}


@pytest.mark.parametrize(
    ("mode", "period", "found"),
    [
        ("weighted", "month/2026/3", [("SH00", 1.0), ("SH01", 0.75)]),
        ("weighted", "month/2026/2", [("SH01", 0.25)]),
        ("weighted", "week/2026/10", [("SH00", 1.0), ("SH01", 0.75)]),
        ("weighted", "day/2026/3/2", [("SH00", 0.5), ("SH01", 0.25)]),
        ("weighteddone", "month/2026/3", [("SH00", 1.0)]),
        ("feedback", "month/2026/3", [("SH00", 1), ("SH01", 1)]),
        ("feedback", "day/2026/3/2", []),
        ("done", "day/2026/3/9", [("SH00", 1)]),
    ],
)
def test_the_shots_behind_a_quota(api, stage, cast, worked, mode, period, found):
    path = f"/data/persons/{cast.user.pk}/quota-shots/{period}?count_mode={mode}&project_id={stage.project.pk}"
    rows = api.by(cast.supervisor).get(path).json()
    assert [(row["name"], row["weight"]) for row in rows] == found
    assert all(row["full_name"] == f"E01 / SQ09 / {row['name']}" and row["type"] == "Entity" for row in rows)


def test_a_saturday_of_work_is_work(api, stage, cast, worked):
    rows = api.get(f"/data/persons/{cast.vendor.pk}/quota-shots/month/2026/3").json()
    assert [(row["name"], row["weight"]) for row in rows] == [("SH02", 1.0)]


def test_who_may_read_the_shots_of_a_person(api, stage, cast, worked, django_assert_num_queries):
    path = f"/data/persons/{cast.user.pk}/quota-shots/month/2026/3"
    with_project = f"{path}?project_id={stage.project.pk}"
    assert api.by(cast.user).get(path).status_code == api.get(path).status_code == 200
    assert api.by(cast.manager).get(path).status_code == 403
    assert api.by(cast.manager).get(with_project).status_code == 200
    for role in ("client", "vendor", "outsider"):
        assert api.by(cast.of(role)).get(with_project).status_code == 403
    other = make_project()
    join_team(other, cast.manager)
    assert api.by(cast.manager).get(f"{path}?project_id={other.pk}").json() == []
    with django_assert_num_queries(5):
        api.get(path)
    assert api.get(f"{path}?task_type_id={stage.modeling.pk}").json() == []
    assert api.get(f"{path}?project_id=abc").status_code == api.get(f"{path}?project_id={MISSING}").status_code == 404
    assert api.get(f"/data/persons/{MISSING}/quota-shots/month/2026/3").status_code == 404
    cast.user.is_bot = True
    cast.user.save()
    assert api.get(path).status_code == 403


@pytest.mark.parametrize(
    "period",
    ["month/2026/13", "month/x/3", "week/2026/60", "week/10000/1", "day/2026/2/30", "month/99999999999999999999/1", "day/0/1/1"],
)
def test_periods_that_are_none(api, cast, period):
    path = f"/data/persons/{cast.user.pk}/quota-shots/{period}"
    answer = api.get(path)
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid month or year.")
    message = "count_mode must be equal to weighted, weighteddone, feedback, or done"
    assert api.get(f"{path}?count_mode=x").json()["message"] == message


@pytest.mark.parametrize("mode", ["weighted", "feedback"])
def test_the_ends_of_time_are_periods(api, cast, worked, mode):
    for period in ("month/9999/12", "week/9999/51", "day/1/1/1"):
        assert api.get(f"/data/persons/{cast.user.pk}/quota-shots/{period}?count_mode={mode}").json() == [], period
