"""Many people writing at the same instant: nothing is lost, nothing is there twice, and nobody meets an error of the server."""

from collections import Counter

import pytest

from chat.models import Chat, ChatMessage
from events.models import ApiEvent
from tasks.models import Comment, News, Notification, Subscription, Task, TimeSpent
from tests.client import ApiClient
from tests.makers import join_team, make_person, make_shot, make_task
from tests.parallel import at_once, need_real_connections

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connections(transactional_db):
    need_real_connections()


@pytest.fixture
def team(stage):
    """Twenty further managers of the production, signed in."""
    people = [make_person(role="manager") for _ in range(20)]
    join_team(stage.project, *people)
    return [ApiClient(person) for person in people]


def statuses(answers):
    return Counter(answer.status_code for answer in answers)


def test_fifty_comments_on_one_task(stage, cast, team):
    wanted = [stage.retake if number % 2 else stage.wip for number in range(50)]

    def post(number):
        body = {"task_status_id": str(wanted[number].pk), "comment": str(number)}
        return lambda: team[number % 20].by(team[number % 20].person).post(stage.comment_path, body)

    answers = at_once(post(number) for number in range(50))
    assert statuses(answers) == {201: 50}
    comments = Comment.objects.filter(object_id=stage.task.pk).order_by("created_at", "id")
    assert {comment.text for comment in comments} == {str(number) for number in range(50)}
    assert ApiEvent.objects.filter(name="comment:new").count() == News.objects.count() == 50
    assert ApiEvent.objects.filter(name="task:update").count() == 50
    assert Notification.objects.filter(person=cast.user).count() == 50
    moves = list(ApiEvent.objects.filter(name="task:status-changed").values_list("data", flat=True))
    assert News.objects.filter(change=True).count() == len(moves)
    stage.task.refresh_from_db()
    newest = max(comment.created_at for comment in comments)
    assert stage.task.last_comment_date.replace(microsecond=0) == newest.replace(microsecond=0)
    into, out = (Counter(move[f"{side}_task_status_id"] for move in moves) for side in ("new", "previous"))
    assert into[str(stage.retake.pk)] == stage.task.retake_count
    # Each move begins where another one ended: the first in the status before all, and the last is the task's own.
    into[str(stage.todo.pk)] += 1
    assert into - out == Counter({str(stage.task.task_status_id): 1}) and not out - into


def test_replies_stand_beside_each_other(stage, api, team):
    comment = api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "?"}).json()["id"]
    path = f"/data/tasks/{stage.task.pk}/comments/{comment}/reply"
    answers = at_once(lambda member=member: member.post(path, {"text": "me"}) for member in team)
    assert statuses(answers) == {200: 20}
    stored = {reply["id"] for reply in Comment.objects.get(pk=comment).replies}
    assert stored == {answer.json()["id"] for answer in answers} and len(stored) == 20
    assert ApiEvent.objects.filter(name="comment:reply").count() == 20


def test_metadata_keys_are_merged(stage, team):
    path = f"/data/tasks/{stage.task.pk}"
    answers = at_once(
        lambda member=member, key=f"key{number}": member.put(path, {"data": {key: 1}}) for number, member in enumerate(team)
    )
    assert statuses(answers) == {200: 20}
    assert Task.objects.get(pk=stage.task.pk).data == {f"key{number}": 1 for number in range(20)}


def test_minutes_add_up(stage, cast, team):
    path = f"/actions/tasks/{stage.task.pk}/time-spents/2026-02-02/persons/{cast.user.pk}/add"
    answers = at_once(lambda member=member: member.post(path, {"duration": 3}) for member in team)
    assert statuses(answers) == {201: 20}
    assert TimeSpent.objects.get().duration == Task.objects.get(pk=stage.task.pk).duration == 60
    assert ApiEvent.objects.filter(name="time-spent:new").count() == 1
    assert ApiEvent.objects.filter(name="time-spent:update").count() == 19


def test_tasks_are_made_once(stage, team):
    for _ in range(4):
        make_shot(stage.project)
    path = f"/actions/projects/{stage.project.pk}/task-types/{stage.animation.pk}/shots/create-tasks"
    answers = at_once(lambda member=member: member.post(path, []) for member in team)
    assert statuses(answers) == {201: 20}
    assert sum(len(answer.json()) for answer in answers) == 4
    assert Task.objects.filter(task_type=stage.animation).count() == 5
    assert ApiEvent.objects.filter(name="task:new").count() == 4


def test_one_of_equal_tasks_is_stored(stage, team):
    body = {"task_type_id": str(stage.modeling.pk), "entity_id": str(stage.asset.pk), "project_id": str(stage.project.pk)}
    answers = at_once(lambda member=member: member.post("/data/tasks", body) for member in team)
    assert statuses(answers) == {201: 1, 400: 19}
    assert {answer.json()["message"] for answer in answers if answer.status_code == 400} == {"Task already exists."}
    assert ApiEvent.objects.filter(name="task:new").count() == 1


def test_one_subscription_is_stored(stage, cast):
    clients = [ApiClient(cast.user) for _ in range(20)]
    path = f"/actions/user/tasks/{stage.task.pk}/subscribe"
    answers = at_once(lambda client=client: client.post(path) for client in clients)
    assert statuses(answers) == {201: 20}
    assert {answer.json()["id"] for answer in answers} == {str(Subscription.objects.get().pk)}
    path = f"/actions/user/sequences/{stage.sequence.pk}/task-types/{stage.animation.pk}/subscribe"
    answers = at_once(lambda client=client: client.post(path) for client in clients)
    assert statuses(answers) == {201: 20}
    assert Subscription.objects.filter(entity=stage.sequence).count() == 1


def test_everybody_s_acknowledgement_counts(stage, api, team):
    comment = api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "?"}).json()["id"]
    path = f"/data/tasks/{stage.task.pk}/comments/{comment}/ack"
    answers = at_once(lambda member=member: member.post(path) for member in team)
    assert statuses(answers) == {200: 20}
    assert Comment.objects.get(pk=comment).acknowledgements.count() == 20


def test_a_comment_is_deleted_once(stage, api, team):
    comment = api.post(stage.comment_path, {"task_status_id": str(stage.wip.pk), "comment": "?"}).json()["id"]
    answers = at_once(lambda member=member: member.delete(f"/data/comments/{comment}") for member in team)
    assert statuses(answers) == {204: 1, 404: 19}
    assert ApiEvent.objects.filter(name="comment:delete").count() == 1
    assert ApiEvent.objects.filter(name="task:status-changed").count() == 2


def test_assignments_and_comments_and_deletions_do_not_block_each_other(stage, cast, team):
    tasks = [stage.task, *(make_task(stage.project, entity=stage.shot, task_status=stage.todo) for _ in range(3))]
    ids = [str(task.pk) for task in tasks]
    body = {"task_status_id": str(stage.wip.pk), "comment": "#all"}

    def acts(number, member):
        path, order = f"/actions/tasks/{ids[number % 4]}", ids[:: -1 if number % 2 else 1]
        return [
            lambda: member.post(f"{path}/comment", body),
            lambda: member.put(f"/actions/persons/{cast.manager.pk}/assign", {"task_ids": order}),
            lambda: member.put("/actions/tasks/set-priority", {"task_ids": order, "priority": 2}),
            lambda: member.put("/actions/tasks/clear-assignation", {"task_ids": order}),
        ][number % 4 if number < 16 else 0]

    answers = at_once(acts(number, member) for number, member in enumerate(team))
    assert statuses(answers).keys() <= {200, 201}
    posted = sum(answer.status_code == 201 for answer in answers)
    assert Comment.objects.count() == 4 * posted
    assert set(Task.objects.filter(pk__in=ids).values_list("priority", flat=True)) == {2}


def test_a_chat_is_made_once_and_hears_everybody(stage, team):
    path = f"/actions/user/chats/{stage.shot.pk}/join"
    assert statuses(at_once(lambda member=member: member.post(path) for member in team)) == {200: 20}
    assert Chat.objects.get().participants.count() == 20
    path = f"/data/entities/{stage.shot.pk}/chat/messages"
    answers = at_once(lambda member=member: member.post(path, {"message": "hi"}) for member in team)
    assert statuses(answers) == {201: 20}
    assert ChatMessage.objects.count() == 20
