"""Which rows a vendor, a client and an artist outside the team find in feeds, lists, sums, inboxes and chats."""

from dataclasses import dataclass

import pytest

from tasks.models import Notification, Task
from tests.makers import make_person, make_project, make_shot, make_task
from tests.tasks.conftest import Stage

ROLES = ("user", "vendor", "client", "outsider")


@dataclass
class Work:
    """The team's task, the vendor's, and one of a production in whose team nobody is; all of the cast are assigned to that one."""

    team: Task
    vendors: Task
    foreign: Task

    def names_of(self, ids) -> str:
        """Which of them are among the ids, by their first letters."""
        found = set(ids)
        return "".join(name[0] for name, task in vars(self).items() if str(task.pk) in found)


@pytest.fixture
def work(api, stage: Stage, cast) -> Work:
    """Every task has a comment, an estimation, and is done."""
    foreign = make_task(make_project(name="Foreign"), task_status=stage.todo)
    vendors = make_task(stage.project, task_status=stage.todo, assignees=[cast.vendor])
    foreign.assignees.set(cast.of(role) for role in ROLES)
    for task in (stage.task, vendors, foreign):
        Task.objects.filter(pk=task.pk).update(estimation=60)
        body = {"task_status_id": str(stage.done.pk), "comment": "words"}
        assert api.post(f"/actions/tasks/{task.pk}/comment", body).status_code == 201
    return Work(stage.task, vendors, foreign)


def rows(answer):
    """The rows of a list, or of a page."""
    assert answer.status_code == 200, answer.content
    value = answer.json()
    return value["data"] if isinstance(value, dict) else value


# The list, the key that names the task, and which tasks each role of ROLES finds in it: (t)eam, (v)endors, (f)oreign.
LISTS = [
    ("/data/projects/news", "task_id", ("tv", "v", "tv", "")),
    ("/data/tasks/open-tasks", "id", ("tv", "v", "tv", "")),
    ("/data/user/done-tasks", "id", ("t", "v", "", "")),
    ("/data/persons/{user}/done-tasks", "id", ("t", None, "", "")),
    ("/data/persons/{vendor}/done-tasks", "id", ("v", "v", "", "")),
    ("/data/tasks", "id", ("tv", "v", "tv", "")),
    ("/data/user/notifications", "task_id", ("tf", "vf", "f", "f")),
]


@pytest.mark.parametrize(("path", "key", "expected"), LISTS, ids=[path for path, *_ in LISTS])
def test_lists_hold_what_each_may_see(api, cast, work, path, key, expected):
    for role, seen in zip(ROLES, expected, strict=True):
        answer = api.by(cast.of(role)).get(path.format(user=cast.user.pk, vendor=cast.vendor.pk))
        if seen is None:
            assert answer.status_code == 403, role
        else:
            assert work.names_of(row[key] for row in rows(answer)) == seen, role


def test_what_is_to_do_is_in_productions_of_one_s_own(api, stage, cast, work):
    Task.objects.update(task_status=stage.todo)
    own = {role: work.names_of(row["id"] for row in rows(api.by(cast.of(role)).get("/data/user/tasks"))) for role in ROLES}
    assert own == {"user": "t", "vendor": "v", "client": "", "outsider": ""}


def test_sums_are_of_what_each_may_see(api, stage, cast, work):
    found = {}
    for role in ROLES:
        reader = api.by(cast.of(role))
        burndown = reader.get("/data/tasks/open-tasks/burndown").json()
        page = reader.get("/data/tasks/open-tasks").json()["stats"]
        stats = reader.get("/data/tasks/open-tasks/stats").json()
        assert set(stats) <= {str(stage.project.pk)}, role
        numbers = {burndown["total"], page["total"], sum(row["amount"] for row in stats.values())}
        numbers.add(sum(day["done"] for day in burndown["done_by_day"]))
        minutes = {burndown["total_estimation"], page["total_estimation"]}
        minutes.add(sum(row["total_estimation"] for row in stats.values()))
        found[role] = (numbers, minutes)
    assert found == {"user": ({2}, {120}), "vendor": ({1}, {60}), "client": ({2}, {0}), "outsider": ({0}, {0})}


def test_a_production_s_sums_and_news_are_its_team_s(api, stage, cast, work):
    project = stage.project.pk
    for path in (f"/data/tasks/open-tasks/burndown?project_id={project}", f"/data/tasks/open-tasks?project_id={project}"):
        assert [api.by(cast.of(role)).get(path).status_code for role in ROLES] == [200, 200, 200, 403], path
    news = {role: api.by(cast.of(role)).get(f"/data/projects/{project}/news") for role in ROLES}
    assert {role: answer.status_code for role, answer in news.items()} == {
        "user": 200,
        "vendor": 200,
        "client": 403,
        "outsider": 403,
    }
    done = str(stage.done.pk)
    counts = {role: (news[role].json()["total"], news[role].json()["stats"]) for role in ("user", "vendor")}
    assert counts == {"user": (2, {done: 2}), "vendor": (1, {done: 1})}


def test_news_of_an_entity_are_for_those_who_may_open_it(api, stage, cast, work):
    def statuses(task):
        return [api.by(cast.of(role)).get(f"/data/entities/{task.entity_id}/news").status_code for role in ROLES]

    assert statuses(work.team) == [200, 403, 200, 403]
    assert statuses(work.vendors) == [200, 200, 200, 403]
    assert statuses(work.foreign) == [403, 403, 403, 403]


def test_the_inbox_keeps_words_from_whom_the_work_is_not_or_no_longer(api, stage, cast, work):
    def words(role):
        found = rows(api.by(cast.of(role)).get("/data/user/notifications"))
        return {work.names_of([row["task_id"]]): row["comment_text"] for row in found}

    assert words("user") == {"t": "words", "f": ""}
    assert words("vendor") == {"v": "words", "f": ""}
    assert words("outsider") == {"f": ""}
    work.vendors.assignees.clear()
    assert words("vendor") == {"v": "", "f": ""}
    Notification.objects.filter(person=cast.vendor, task=work.vendors).update(notification_type="mention")
    assert words("vendor") == {"v": "words", "f": ""}
    cast.user.team_links.all().delete()
    assert words("user") == {"t": "", "f": ""}
    own = Notification.objects.get(person=cast.user, task=work.team)
    assert api.by(cast.user).get(f"/data/user/notifications/{own.pk}").json()["comment_text"] == ""
    assert [api.by(cast.of(role)).get(f"/data/user/notifications/{own.pk}").status_code for role in ROLES[1:]] == [404] * 3


def test_chats_are_for_those_who_may_open_the_entity(api, stage, cast, work):
    team, vendors = (f"/actions/user/chats/{task.entity_id}/join" for task in (work.team, work.vendors))
    assert [api.by(cast.of(role)).post(team).status_code for role in ROLES] == [200, 403, 200, 403]
    assert [api.by(cast.of(role)).post(vendors).status_code for role in ROLES] == [200, 200, 200, 403]
    assert api.by(cast.vendor).post(f"/actions/user/chats/{make_shot(stage.project).pk}/join").status_code == 403

    def own(role):
        chats = {row["object_id"] for row in rows(api.by(cast.of(role)).get("/data/user/chats"))}
        return "".join(name[0] for name, task in vars(work).items() if str(task.entity_id) in chats)

    assert {role: own(role) for role in ROLES} == {"user": "tv", "vendor": "v", "client": "tv", "outsider": ""}
    work.vendors.assignees.clear()
    cast.user.team_links.all().delete()
    assert (own("vendor"), own("user"), own("client")) == ("", "", "tv")


def test_one_s_own_tasks_on_an_entity(api, stage, cast):
    """Studio managers need no place in the team, neither here nor elsewhere; who left it has no task there any more."""
    outsider = make_person()
    stage.task.assignees.set([cast.admin, cast.user, outsider])
    path = f"/data/user/shots/{stage.shot.pk}"
    found = {
        name: [len(api.by(person).get(f"{path}/{what}").json()) for what in ("tasks", "task-types")]
        for name, person in (("admin", cast.admin), ("user", cast.user), ("vendor", cast.vendor), ("outsider", outsider))
    }
    assert found == {"admin": [1, 1], "user": [1, 1], "vendor": [0, 0], "outsider": [0, 0]}


@pytest.mark.parametrize(
    "path", ["/data/tasks/{task}", "/data/tasks/{task}/full", "/data/shots/{shot}", "/data/shots/with-tasks?project_id={project}"]
)
def test_nobody_is_given_what_another_was_answered(api, stage, cast, work, path):
    address = path.format(task=stage.task.pk, shot=stage.task.entity_id, project=stage.project.pk)
    first = api.by(cast.manager).get(address)
    theirs = api.by(cast.client).get(address, HTTP_IF_NONE_MATCH=first.headers.get("ETag", '"none"'))
    assert theirs.status_code == 200
    assert api.by(cast.manager).get(address).json() == first.json() != theirs.json()
