"""What every act of these rooms announces: names, payloads, what stays in the log, and whom it reaches."""

import pytest

from events.models import ApiEvent
from production.models import StatusAutomation
from tasks.models import Notification, TimeSpent
from tests.makers import make_shot, make_task

STATUS = "task_id new_task_status_id previous_task_status_id person_id"
SAID = "comment_id task_id person_id for_client"


class World:
    """The stage with somebody who acts on it; `told` is what was broadcast."""

    def __init__(self, stage, cast, api):
        self.stage, self.cast, self.api = stage, cast, api
        self.told = []
        self.day = f"/actions/tasks/{stage.task.pk}/time-spents/2026-02-02/persons/{cast.user.pk}"

    def comment(self, status=None, text="words", **more):
        body = {"task_status_id": str((status or self.stage.wip).pk), "comment": text, **more}
        return self.api.post(self.stage.comment_path, body).json()["id"]

    def on_comment(self, end, method="post", body=None, comment=None):
        path = f"/data/tasks/{self.stage.task.pk}/comments/{comment or self.said}/{end}"
        return self.api.request(method, path, body)

    def reply(self):
        self.replied = self.on_comment("reply", body={"text": "yes"}).json()["id"]

    @property
    def task(self):
        return f"/data/tasks/{self.stage.task.pk}"


@pytest.fixture
def world(stage, cast, api, monkeypatch):
    made = World(stage, cast, api)
    monkeypatch.setattr("events.emit.broadcast", lambda emissions: made.told.extend(emissions))
    return made


def in_work(w):
    w.said = w.comment()


def replied(w):
    in_work(w)
    w.reply()


def logged(w):
    w.api.post(w.day, {"duration": 30})
    w.spent = TimeSpent.objects.get()


def told(w):
    w.comment()
    w.notification = Notification.objects.filter(person=w.cast.user).first()
    w.reader = w.api.by(w.cast.user)


def with_sibling(w):
    in_work(w)
    w.sibling = make_task(w.stage.project, entity=w.stage.shot, task_status=w.stage.todo)


def chatting(w):
    w.chat = f"/data/entities/{w.stage.shot.pk}/chat/messages"
    w.api.post(f"/actions/user/chats/{w.stage.shot.pk}/join")
    w.message = w.api.post(w.chat, {"message": "hi"}).json()["id"]


def reviewed(w):
    from assets.models import EntityLink

    EntityLink.objects.create(entity_in=w.stage.shot, entity_out=w.stage.asset)
    w.modeling = make_task(w.stage.project, entity=w.stage.asset, task_type=w.stage.modeling, task_status=w.stage.todo)
    automation = StatusAutomation.objects.create(
        in_task_type=w.stage.modeling, in_task_status=w.stage.done, out_field_type="ready_for", out_task_type=w.stage.animation
    )
    w.stage.project.status_automations.add(automation)


def nothing(w):
    """Nothing comes first."""


def assign(w, person):
    return w.api.put(f"/actions/tasks/{w.stage.task.pk}/assign", {"person_id": str(person.pk)})


# What comes first, what is done, and the events of it in order: name, payload keys without project_id, whether the production is in
# the payload, whether it is stored.
CASES = {
    "a task is made": (
        nothing,
        lambda w: w.api.post(
            "/data/tasks",
            {
                "task_type_id": str(w.stage.modeling.pk),
                "entity_id": str(w.stage.asset.pk),
                "project_id": str(w.stage.project.pk),
                "assignees": [str(w.cast.user.pk)],
            },
        ),
        [("task:new", "task_id", True, True)],
    ),
    "tasks are made in bulk": (
        lambda w: make_shot(w.stage.project),
        lambda w: w.api.post(f"/actions/projects/{w.stage.project.pk}/task-types/{w.stage.animation.pk}/shots/create-tasks", []),
        [("task:new", "task_id", True, True)],
    ),
    "a task changes": (
        nothing,
        lambda w: w.api.put(w.task, {"task_status_id": str(w.stage.done.pk)}),
        [("task:update", "task_id", True, True)],
    ),
    "assignees are replaced": (
        nothing,
        lambda w: w.api.put(w.task, {"assignees": [str(w.cast.manager.pk)]}),
        [
            ("task:assign", "task_id person_id", True, True),
            ("notification:new", "notification_id person_id", True, False),
            ("task:unassign", "task_id person_id", True, True),
            ("task:update", "task_id", True, True),
        ],
    ),
    "a stranger is assigned": (
        nothing,
        lambda w: assign(w, w.cast.outsider),
        [
            ("task:assign", "task_id person_id", True, True),
            ("task:update", "task_id", True, True),
            ("notification:new", "notification_id person_id", True, False),
            ("project:update", "", True, True),
        ],
    ),
    "assignees are cleared": (
        nothing,
        lambda w: w.api.put("/actions/tasks/clear-assignation", {"task_ids": [str(w.stage.task.pk)]}),
        [("task:unassign", "task_id person_id", True, True), ("task:update", "task_id", True, True)],
    ),
    "a priority is set": (
        nothing,
        lambda w: w.api.put("/actions/tasks/set-priority", {"task_ids": [str(w.stage.task.pk)], "priority": 1}),
        [("task:update", "task_id", True, True)],
    ),
    "a task is deleted with all": (
        in_work,
        lambda w: w.api.delete(f"{w.task}?force=true"),
        [("news:delete", "news_id", True, True), ("task:delete", "task_id entity_id task_type_id", True, True)],
    ),
    "time is logged": (
        nothing,
        lambda w: w.api.post(w.day, {"duration": 30}),
        [
            ("person:update", "person_id", False, True),
            ("time-spent:new", "time_spent_id", True, True),
            ("task:update", "task_id", True, True),
        ],
    ),
    "time is added": (
        logged,
        lambda w: w.api.post(f"{w.day}/add", {"duration": 30}),
        [("time-spent:update", "time_spent_id", True, True), ("task:update", "task_id", True, True)],
    ),
    "time is cleared": (
        logged,
        lambda w: w.api.delete(w.day),
        [("time-spent:delete", "time_spent_id", True, True), ("task:update", "task_id", True, True)],
    ),
    "time changes as a row": (
        logged,
        lambda w: w.api.put(f"/data/time-spents/{w.spent.pk}", {"duration": 5}),
        [("task:update", "task_id", True, True), ("time-spent:update", "time_spent_id", False, True)],
    ),
    "a comment asks for feedback": (
        nothing,
        lambda w: w.comment(w.stage.wfa, f"@{w.cast.manager.full_name}"),
        [
            ("comment:new", f"{SAID} task_status_id", True, True),
            ("task:update", "task_id", True, True),
            ("task:status-changed", STATUS, True, True),
            ("task:to-review", f"{STATUS} comment_id", True, True),
            ("notification:new", "notification_id person_id", True, False),
            ("notification:new", "notification_id person_id", True, False),
            ("news:new", "news_id task_status_id task_type_id", True, True),
        ],
    ),
    "a comment leaves the status": (
        in_work,
        lambda w: w.comment(),
        [
            ("comment:new", f"{SAID} task_status_id", True, True),
            ("task:update", "task_id", True, True),
            ("notification:new", "notification_id person_id", True, False),
            ("news:new", "news_id task_status_id task_type_id", True, True),
        ],
    ),
    "a comment is stored as a row": (
        nothing,
        lambda w: w.api.post(
            "/data/comments", {"object_id": str(w.stage.task.pk), "object_type": "Task", "person_id": str(w.cast.admin.pk)}
        ),
        [("comment:new", SAID, False, True)],
    ),
    "a comment is pinned": (
        in_work,
        lambda w: w.api.put(f"/data/comments/{w.said}", {"pinned": True}),
        [("comment:update", SAID, True, True)],
    ),
    "a comment gets another status": (
        in_work,
        lambda w: w.api.put(f"/data/comments/{w.said}", {"task_status_id": str(w.stage.done.pk)}),
        [
            ("task:update", "task_id", True, True),
            ("task:status-changed", STATUS, True, True),
            ("comment:update", SAID, True, True),
        ],
    ),
    "a comment is deleted": (
        in_work,
        lambda w: w.api.delete(f"/data/comments/{w.said}"),
        [
            ("news:delete", "news_id", True, True),
            ("comment:delete", "comment_id task_id", True, True),
            ("task:update", "task_id", True, True),
            ("task:status-changed", STATUS, True, True),
        ],
    ),
    "a comment moves": (
        with_sibling,
        lambda w: w.api.post(f"/actions/tasks/{w.stage.task.pk}/comments/{w.said}/move", {"target_task_id": str(w.sibling.pk)}),
        [
            ("news:delete", "news_id", True, True),
            ("task:update", "task_id", True, True),
            ("task:update", "task_id", True, True),
            ("comment:delete", "comment_id task_id", True, True),
            ("comment:new", f"{SAID} task_status_id", True, True),
            ("news:new", "news_id task_status_id task_type_id", True, True),
        ],
    ),
    "a reply": (
        in_work,
        lambda w: w.reply(),
        [
            ("comment:reply", "task_id comment_id reply_id", True, True),
            ("notification:new", "notification_id person_id", True, False),
        ],
    ),
    "a reply is removed": (
        replied,
        lambda w: w.on_comment(f"reply/{w.replied}", "delete"),
        [("comment:delete-reply", "task_id comment_id reply_id", True, False)],
    ),
    "an acknowledgement": (
        in_work,
        lambda w: w.on_comment("ack"),
        [("comment:acknowledge", "comment_id person_id", True, False)],
    ),
    "an acknowledgement is taken back": (
        lambda w: (in_work(w), w.on_comment("ack")),
        lambda w: w.on_comment("ack"),
        [("comment:unacknowledge", "comment_id person_id", True, False)],
    ),
    "a preview is added": (
        in_work,
        lambda w: w.api.post(f"/actions/tasks/{w.stage.task.pk}/comments/{w.said}/add-preview", {}),
        [("preview-file:new", "preview_file_id comment_id", True, True), ("comment:update", SAID, True, True)],
    ),
    "a notification is read": (
        told,
        lambda w: w.reader.put(f"/data/user/notifications/{w.notification.pk}", {"read": True}),
        [("notification:read", "person_id notification_id", False, True)],
    ),
    "a notification is unread": (
        told,
        lambda w: w.reader.put(f"/data/user/notifications/{w.notification.pk}", {"read": False}),
        [("notification:unread", "person_id notification_id", False, True)],
    ),
    "all notifications are read": (
        told,
        lambda w: w.reader.post("/actions/user/notifications/mark-all-as-read"),
        [("notification:all-read", "person_id", False, True)],
    ),
    "a subscription": (nothing, lambda w: w.api.post(f"/actions/user/tasks/{w.stage.task.pk}/subscribe"), []),
    "an asset is ready": (
        reviewed,
        lambda w: w.api.post(f"/actions/tasks/{w.modeling.pk}/comment", {"task_status_id": str(w.stage.done.pk)}),
        [
            ("comment:new", f"{SAID} task_status_id", True, True),
            ("task:update", "task_id", True, True),
            ("task:status-changed", STATUS, True, True),
            ("news:new", "news_id task_status_id task_type_id", True, True),
            ("asset:update", "asset_id data", True, True),
            ("shot:casting-update", "shot_id nb_entities_out added_asset_ids removed_asset_ids", True, True),
            ("task:update-casting-stats", "task_id nb_assets_ready", True, False),
        ],
    ),
    "a chat is joined": (
        nothing,
        lambda w: w.api.post(f"/actions/user/chats/{w.stage.shot.pk}/join"),
        [("chat:joined", "chat_id person_id", False, False)],
    ),
    "a chat is left": (
        chatting,
        lambda w: w.api.delete(f"/actions/user/chats/{w.stage.shot.pk}/join"),
        [("chat:left", "chat_id person_id", False, False)],
    ),
    "something is said in a chat": (
        chatting,
        lambda w: w.api.post(w.chat, {"message": "there"}),
        [("chat:new-message", "chat_id chat_message_id last_message", False, False)],
    ),
    "something is taken back in a chat": (
        chatting,
        lambda w: w.api.delete(f"{w.chat}/{w.message}"),
        [("chat:deleted-message", "chat_id chat_message_id", False, False)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_act_tells_what_the_table_says(world, case, django_capture_on_commit_callbacks):
    first, act, expected = CASES[case]
    first(world)
    ApiEvent.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        answer = act(world)
    assert getattr(answer, "status_code", 200) < 300, answer.content
    found = [(e.name, frozenset(e.payload) - {"project_id"}, "project_id" in e.payload, e.stored) for e in world.told]
    wanted = [(name, frozenset(keys.split()), of_production, stored) for name, keys, of_production, stored in expected]
    assert found == wanted
    project_id = str(world.stage.project.pk)
    assert all(e.payload.get("project_id", project_id) == project_id for e in world.told)
    stored = list(ApiEvent.objects.order_by("created_at", "id").values_list("id", "name", "data", "user_id"))
    acting = world.cast.user.pk if "notification" in case else world.cast.admin.pk
    assert sorted(stored) == sorted((e.id, e.name, e.payload, acting) for e in world.told if e.stored)


def test_a_notification_is_told_to_its_person_alone(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        told(world)
        for body in ({"read": True}, {"read": False}):
            world.reader.put(f"/data/user/notifications/{world.notification.pk}", body)
        world.reader.post("/actions/user/notifications/mark-all-as-read")
    own = [e for e in world.told if e.name.startswith("notification:")]
    assert [e.name.partition(":")[2] for e in own] == ["new", "read", "unread", "all-read"]
    assert all(e.person_ids == [str(world.cast.user.pk)] for e in own)
    assert all(e.person_ids is None for e in world.told if e not in own)
