"""Acts about tasks, comments, news, notifications, time and chats."""

from production.models import StatusAutomation
from tasks.models import Notification, TimeSpent
from tests.events.acts.form import act

TASK = "/data/tasks/{task}"
DAY = "/actions/tasks/{task}/time-spents/2026-02-02/persons/{user}"
ON = "/data/tasks/{task}/comments/{said}"
CHAT = "/data/entities/{shot}/chat/messages"
STATUS = "task_id new_task_status_id previous_task_status_id person_id"
SAID = "comment_id task_id person_id for_client"
NEW = f"comment:new {SAID} task_status_id"
CHANGED = f"task:status-changed {STATUS}"
UPDATED, NEWS = "task:update task_id", "news:new news_id task_status_id task_type_id"
TELLS = "notification:new notification_id person_id project_id @person unstored"
ASSIGNED, UNASSIGNED = "task:assign task_id person_id", "task:unassign task_id person_id"
MADE = "task:new task_id"
CASTING = "shot:casting-update shot_id nb_entities_out added_asset_ids removed_asset_ids"


def said(g):
    g.say()


def replied(g):
    said(g)
    g.named["reply"] = g.post(f"{ON}/reply", {"text": "yes"})["id"]


def acknowledged(g):
    said(g)
    g.post(f"{ON}/ack")


def logged(g):
    g.post(DAY, {"duration": 30})
    g.name(spent=TimeSpent.objects.get(task=g.task))


def notified(g):
    said(g)
    g.name(told_of=Notification.objects.get(person=g.user))


def mentioned(g):
    return g.say("wfa", f"@{g.manager.full_name}")


def chatting(g):
    g.post("/actions/user/chats/{shot}/join")
    g.named["message"] = g.post(CHAT, {"message": "hi"})["id"]


def ready_when_done(g):
    automation = StatusAutomation.objects.create(
        in_task_type=g.modeling, in_task_status=g.finished, out_field_type="ready_for", out_task_type=g.animation
    )
    g.project.status_automations.add(automation)


def reviewed_when_done(g):
    automation = StatusAutomation.objects.create(
        entity_type="shot",
        in_task_type=g.animation,
        in_task_status=g.wip,
        out_field_type="status",
        out_task_type=g.sibling.task_type,
        out_task_status=g.wip,
    )
    g.project.status_automations.add(automation)


def planned(g):
    g.post("/actions/production-schedule-versions/{version}/set-task-links-from-production", {})


def tagged(g):
    return g.say("wip", "#all")


def said_by_an_artist(g):
    return g.say("wip", role="user")


ACTS = [
    act(
        "post /data/tasks",
        MADE,
        body={"task_type_id": "{modeling}", "entity_id": "{sword}", "project_id": "{project}", "assignees": ["{user}"]},
    ),
    act("post /actions/projects/{project}/task-types/{animation}/shots/create-tasks", MADE, body=["{empty_shot}", "{shot}"]),
    act("post /data/entities/{sword}/tasks", MADE, body={"task_type_ids": ["{modeling}"]}),
    act(f"put {TASK}", UPDATED, body={"task_status_id": "{finished}"}),
    act(f"put {TASK}", ASSIGNED, TELLS, UNASSIGNED, UPDATED, body={"assignees": ["{manager}"]}),
    act(
        "put /actions/tasks/{task}/assign", ASSIGNED, UPDATED, TELLS, "project:update project_id", body={"person_id": "{outsider}"}
    ),
    act("put /actions/persons/{user}/assign", ASSIGNED, UPDATED, TELLS, body={"task_ids": ["{task}"]}),
    act("put /actions/tasks/clear-assignation", UNASSIGNED, UPDATED, body={"task_ids": ["{task}"]}),
    act("put /actions/tasks/set-priority", UPDATED, UPDATED, body={"task_ids": ["{task}", "{sibling}"], "priority": 1}),
    act(f"delete {TASK}?force=true", "news:delete news_id", "task:delete task_id entity_id task_type_id", first=said),
    act("delete /data/tasks/{sibling}", "task:delete task_id entity_id task_type_id"),
    act(f"post {DAY}", "person:update person_id @studio", "time-spent:new time_spent_id", UPDATED, body={"duration": 30}),
    act(f"post {DAY}/add", "time-spent:update time_spent_id", UPDATED, body={"duration": 30}, first=logged),
    act(f"delete {DAY}", "time-spent:delete time_spent_id", UPDATED, first=logged),
    act(
        "post /data/time-spents",
        UPDATED,
        "time-spent:new time_spent_id @team",
        body={"task_id": "{task}", "person_id": "{user}", "date": "2026-02-03", "duration": 5},
    ),
    act("put /data/time-spents/{spent}", UPDATED, "time-spent:update time_spent_id @team", body={"duration": 5}, first=logged),
    act("delete /data/time-spents/{spent}", "time-spent:delete time_spent_id @team", UPDATED, first=logged),
    act(mentioned, NEW, UPDATED, CHANGED, f"task:to-review {STATUS} comment_id", TELLS, TELLS, NEWS),
    act(said_by_an_artist, NEW, UPDATED, CHANGED, NEWS, by="user"),
    act(tagged, NEW, NEW, UPDATED, NEWS, UPDATED, CHANGED, TELLS, NEWS),
    act(said, NEW, UPDATED, TELLS, NEWS, first=said),
    act(said, NEW, UPDATED, CHANGED, TELLS, NEWS, NEW, UPDATED, CHANGED, NEWS, first=reviewed_when_done),
    act(
        "post /data/comments",
        f"comment:new {SAID} @team",
        body={"object_id": "{task}", "object_type": "Task", "person_id": "{admin}"},
    ),
    act("put /data/comments/{said}", f"comment:update {SAID}", body={"pinned": True}, first=said),
    act("put /data/comments/{said}", UPDATED, CHANGED, f"comment:update {SAID}", body={"task_status_id": "{finished}"}, first=said),
    act("delete /data/comments/{said}", "news:delete news_id", "comment:delete comment_id task_id", UPDATED, CHANGED, first=said),
    act(
        "post /actions/tasks/{task}/comments/{said}/move",
        "news:delete news_id",
        UPDATED,
        UPDATED,
        "comment:delete comment_id task_id",
        NEW,
        NEWS,
        body={"target_task_id": "{sibling}"},
        first=said,
    ),
    act(f"post {ON}/reply", "comment:reply task_id comment_id reply_id", TELLS, body={"text": "yes"}, first=said),
    act(f"delete {ON}/reply/{{reply}}", "comment:delete-reply task_id comment_id reply_id unstored", first=replied),
    act(f"post {ON}/ack", "comment:acknowledge comment_id person_id unstored", first=said),
    act(f"post {ON}/ack", "comment:unacknowledge comment_id person_id unstored", first=acknowledged),
    act(
        "put /data/user/notifications/{told_of}",
        "notification:read person_id notification_id @person",
        body={"read": True},
        first=notified,
        by="user",
    ),
    act(
        "put /data/user/notifications/{told_of}",
        "notification:unread person_id notification_id @person",
        body={"read": False},
        first=notified,
        by="user",
    ),
    act("post /actions/user/notifications/mark-all-as-read", "notification:all-read person_id @person", first=notified, by="user"),
    act("post /actions/user/tasks/{task}/subscribe"),
    act(
        "post /actions/tasks/{model_task}/comment",
        NEW,
        UPDATED,
        CHANGED,
        NEWS,
        "asset:update asset_id data",
        CASTING,
        "task:update-casting-stats task_id nb_assets_ready unstored",
        "task:update-casting-stats task_id nb_assets_ready unstored",
        body={"task_status_id": "{finished}"},
        first=ready_when_done,
    ),
    act("post /actions/user/chats/{shot}/join", "chat:joined chat_id person_id @team unstored"),
    act("delete /actions/user/chats/{shot}/join", "chat:left chat_id person_id @team unstored", first=chatting),
    act(
        f"post {CHAT}",
        "chat:new-message chat_id chat_message_id last_message @team unstored",
        body={"message": "a"},
        first=chatting,
    ),
    act(f"delete {CHAT}/{{message}}", "chat:deleted-message chat_id chat_message_id @team unstored", first=chatting),
    act(
        "post /actions/production-schedule-versions/{version}/apply-to-production",
        UPDATED,
        UPDATED,
        UPDATED,
        UPDATED,
        "production_schedule_version:update production_schedule_version_id",
        "project:update project_id",
        first=planned,
    ),
]
