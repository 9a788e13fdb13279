"""Comments after they were posted: reading, editing, deleting, moving, replying, and several at once."""

import pytest

from events.models import ApiEvent
from production.models import ProjectTaskTypeLink, StatusAutomation
from tasks.models import Comment, News, Notification
from tests.makers import join_team, make_department, make_person, make_project, make_task, make_task_type


@pytest.fixture
def say(api, stage, cast):
    """Posts a comment as somebody of the cast; gives back its answer."""

    def post(role="admin", status=None, text="words", **more):
        body = {"task_status_id": str((status or stage.wip).pk), "comment": text, **more}
        return api.by(cast.of(role)).post(stage.comment_path, body).json()

    return post


def texts(api, stage, person):
    return [row["text"] for row in api.by(person).get(f"/data/tasks/{stage.task.pk}/comments").json()]


def test_each_role_reads_what_is_for_it(api, stage, cast, say):
    say("manager", text="inner")
    say("client", text="from client")
    say("manager", text="for client", for_client=True)
    everything = ["for client", "from client", "inner"]
    for role in ("admin", "manager", "supervisor"):
        assert texts(api, stage, cast.of(role)) == everything
    assert texts(api, stage, cast.user) == ["for client", "inner"]
    assert texts(api, stage, cast.client) == ["for client", "from client"]
    stage.project.is_clients_isolated = True
    stage.project.save()
    other = make_person(role="client")
    join_team(stage.project, other)
    assert texts(api, stage, other) == ["for client"]
    assert api.by(cast.outsider).get(f"/data/tasks/{stage.task.pk}/comments").status_code == 403


def test_a_conversation_costs_the_same_however_long_it_is(api, stage, say, django_assert_max_num_queries):
    for _ in range(3):
        comment = say()
        api.post(f"/data/tasks/{stage.task.pk}/comments/{comment['id']}/reply", {"text": "yes"})
    with django_assert_max_num_queries(7):
        rows = api.get(f"/data/tasks/{stage.task.pk}/comments").json()
    assert rows[0]["person"]["full_name"] and "editor" not in rows[0]
    assert rows[0]["task_status"] == {"id": str(stage.wip.pk), "name": "Work In Progress", "short_name": "wip", "color": "#445566"}
    assert rows[0]["replies"][0]["person"]["id"] == rows[0]["person"]["id"]


def test_single_comments_follow_the_same_rules(api, stage, cast, say):
    inner, outer = say("manager")["id"], say("client")["id"]
    for path in (f"/data/comments/{inner}", f"/data/tasks/{stage.task.pk}/comments/{inner}"):
        assert api.by(cast.client).get(path).status_code == 403
        assert api.by(cast.user).get(path).status_code == 200
        assert api.by(cast.outsider).get(path).status_code == 403
    assert api.by(cast.user).get(f"/data/comments/{outer}").status_code == 403
    other = make_task(stage.project)
    assert api.get(f"/data/tasks/{other.pk}/comments/{inner}").status_code == 404
    assert api.get("/data/comments/zz").status_code == 404
    bare = api.get(f"/data/comments/{inner}?relations=false").json()
    assert bare["person"]["id"] == bare["person_id"] and "previews" not in bare and "attachment_files" not in bare


def test_authors_edit_what_they_said_and_managers_everything(api, stage, cast, say):
    comment = say("user", text="old")["id"]
    path, author = f"/data/comments/{comment}", api.by(cast.user)
    answer = author.put(path, {"text": f"new @{cast.manager.full_name}", "mentions": []})
    assert answer.status_code == 200, answer.content
    assert answer.json()["editor_id"] == str(cast.user.pk) and "mentions" not in answer.json()
    assert Notification.objects.filter(notification_type="mention", person=cast.manager).count() == 1
    for body in ({"for_client": True}, {"pinned": True}, {"person_id": str(cast.admin.pk)}):
        assert author.put(path, body).status_code == 403, body
    assert api.by(cast.supervisor).put(path, {"pinned": True}).status_code == 200
    assert api.by(cast.supervisor).put(path, {"text": "mine"}).status_code == 403
    colleague = make_person(role="user")
    join_team(stage.project, colleague)
    for checklist, status in (([], 200), ([{"text": "mine", "checked": True}], 403)):
        assert api.by(colleague).put(path, {"pinned": True, "checklist": checklist}).status_code == status, checklist
    assert api.by(cast.manager).put(path, {"text": "theirs", "object_id": str(make_task(stage.project).pk)}).status_code == 200
    stored = Comment.objects.get(pk=comment)
    assert (stored.text, stored.object_id, stored.pinned, stored.person_id) == ("theirs", stage.task.pk, True, cast.user.pk)
    assert api.put(path, {"text": None}).json() == {"message": "A required field is missing."}
    assert api.put("/data/comments/zz", {}).json()["message"] == "Malformed ID."
    assert Comment.objects.get(pk=comment).text == "theirs"


def test_a_comment_is_stored_as_a_row_with_whom_it_names(api, stage, cast):
    department = make_department()
    row = {"object_id": str(stage.task.pk), "object_type": "Task", "person_id": str(cast.user.pk), "text": "as it was"}
    named = {"mentions": [str(cast.manager.pk)], "department_mentions": [str(department.pk)]}
    answer = api.post("/data/comments", {**row, **named})
    assert answer.status_code == 201, answer.content
    assert {name: answer.json()[name] for name in named} == named
    assert not Notification.objects.exists()
    path = f"/data/comments/{answer.json()['id']}"
    assert api.put(path, {"mentions": [str(cast.user.pk)]}).status_code == 200
    assert api.get(path).json()["mentions"] == [], "an update reads them from the text"
    assert api.post("/data/comments", {**row, "mentions": ["zz"]}).status_code == 400


def test_another_status_has_the_history_read_anew(api, stage, say):
    comment = say(status=stage.retake)["id"]
    api.put(f"/data/comments/{comment}", {"task_status_id": str(stage.done.pk)})
    stage.task.refresh_from_db()
    assert (stage.task.task_status_id, stage.task.retake_count) == (stage.done.pk, 0)
    event = ApiEvent.objects.filter(name="task:status-changed").order_by("created_at").last()
    assert event.data["previous_task_status_id"] == str(stage.retake.pk)


def test_another_status_of_an_earlier_comment_is_told_as_its_author_s(api, stage, cast, say):
    comment = say("user", status=stage.wip)["id"]
    say(status=stage.wfa)
    api.put(f"/data/comments/{comment}", {"task_status_id": str(stage.retake.pk)})
    event = ApiEvent.objects.filter(name="task:status-changed").order_by("created_at").last()
    moved = (event.data["previous_task_status_id"], event.data["new_task_status_id"])
    assert moved == (str(stage.wip.pk), str(stage.retake.pk))
    assert event.data["person_id"] == str(cast.user.pk)


def test_deleting_the_last_comment_restores_the_status_before(api, stage, cast, say):
    say(status=stage.wip)
    comment = say("user", status=stage.wfa)["id"]
    assert api.by(cast.supervisor).delete(f"/data/comments/{comment}").status_code == 403
    assert api.by(cast.user).delete(f"/data/tasks/{stage.task.pk}/comments/{comment}").status_code == 204
    stage.task.refresh_from_db()
    assert (stage.task.task_status_id, stage.task.end_date) == (stage.wip.pk, None)
    assert News.objects.count() == 1 and Comment.objects.count() == 1
    assert api.delete(f"/data/comments/{comment}").status_code == 404
    api.delete(f"/data/comments/{Comment.objects.get().pk}")
    stage.task.refresh_from_db()
    assert (stage.task.task_status_id, stage.task.last_comment_date) == (stage.todo.pk, None)


def test_a_comment_moves_within_its_entity(api, stage, cast, say):
    comment = say(status=stage.wfa)["id"]
    sibling = make_task(stage.project, entity=stage.shot, task_status=stage.todo)
    path = f"/actions/tasks/{stage.task.pk}/comments/{comment}/move"
    moved = api.post(path, {"target_task_id": str(sibling.pk)})
    assert (moved.status_code, moved.json()["object_id"]) == (200, str(sibling.pk))
    sibling.refresh_from_db()
    stage.task.refresh_from_db()
    assert (sibling.task_status_id, stage.task.task_status_id) == (stage.wfa.pk, stage.todo.pk)
    assert News.objects.get().task_id == sibling.pk
    assert api.post(path, {"target_task_id": str(sibling.pk)}).json()["message"] == "Comment does not belong to the given task."
    back = f"/actions/tasks/{sibling.pk}/comments/{comment}/move"
    foreign = make_task(stage.project)
    assert "same entity" in api.post(back, {"target_task_id": str(foreign.pk)}).json()["message"]
    assert api.by(cast.user).post(back, {"target_task_id": str(stage.task.pk)}).status_code == 403


def test_replies_are_told_to_whom_they_concern(api, stage, cast, say):
    comment = say("manager")["id"]
    path = f"/data/tasks/{stage.task.pk}/comments/{comment}/reply"
    reply = api.by(cast.user).post(path, {"text": f"hi @{cast.supervisor.full_name}"})
    assert reply.status_code == 200, reply.content
    assert (reply.json()["person"]["id"], reply.json()["mentions"]) == (str(cast.user.pk), [str(cast.supervisor.pk)])
    rows = Notification.objects.exclude(reply_id=None)
    assert {(row.notification_type, row.person_id) for row in rows} == {
        ("reply", cast.manager.pk),
        ("reply-mention", cast.supervisor.pk),
    }
    assert api.by(cast.vendor).post(path, {"text": "x"}).status_code == 403
    gone = f"{path}/{reply.json()['id']}"
    assert api.by(cast.manager).delete(gone).status_code == 403
    assert api.by(cast.user).delete(gone).json()["replies"] == []
    assert api.delete(gone).status_code == 404
    assert not Notification.objects.exclude(reply_id=None).exists()


def test_only_managers_and_clients_answer_clients(api, stage, cast, say):
    path = f"/data/tasks/{stage.task.pk}/comments/{say('client')['id']}/reply"
    for role, status in (("user", 403), ("supervisor", 403), ("manager", 200), ("client", 200)):
        assert api.by(cast.of(role)).post(path, {"text": "x"}).status_code == status, role


def test_acknowledging_is_a_toggle(api, stage, cast, say):
    path = f"/data/tasks/{stage.task.pk}/comments/{say()['id']}/ack"
    assert api.by(cast.user).post(path).json()["acknowledgements"] == [str(cast.user.pk)]
    assert api.by(cast.user).post(path).json()["acknowledgements"] == []
    assert api.by(cast.outsider).post(path).status_code == 403


def test_many_comments_go_to_the_tasks_that_one_works_on(api, stage, cast):
    foreign = make_task(make_project())
    entry = {"object_id": str(stage.task.pk), "task_status_id": str(stage.wip.pk), "comment": "many"}
    path = f"/actions/projects/{stage.project.pk}/tasks/comment-many"
    for role, count in (("manager", 1), ("user", 1), ("client", 0)):
        answer = api.by(cast.of(role)).post(path, [entry, {**entry, "object_id": str(foreign.pk)}, {**entry, "comment": None}])
        assert (answer.status_code, len(answer.json())) == (201, count)
    assert api.post(path, {}).json()["message"] == "Request body must be a JSON array."
    assert api.post(path, [{"object_id": "zz"}]).json()["data"]["errors"] == [
        {"field": "0.object_id", "message": "Input should be a valid UUID, invalid character: found `z` at 1"}
    ]


def test_many_statuses_change_without_words_all_or_none(api, stage, cast):
    path = f"/actions/projects/{stage.project.pk}/tasks/comment-many"
    entry = {"object_id": str(stage.task.pk), "task_status_id": str(stage.wip.pk), "comment": ""}
    missing = "aaaaaaaa-0000-4000-8000-000000000000"
    for wrong in ({"object_id": missing}, {"task_status_id": missing}):
        assert api.by(cast.user).post(path, [entry, {**entry, **wrong}]).status_code == 404, wrong
    assert not Comment.objects.exists()
    assert [row["text"] for row in api.by(cast.user).post(path, [entry]).json()] == [""]
    stage.task.refresh_from_db()
    assert stage.task.task_status_id == stage.wip.pk


def test_a_batch_is_posted_whole_or_not_at_all(api, stage, cast):
    entry = {"task_id": str(stage.task.pk), "task_status_id": str(stage.wip.pk), "text": "one"}
    answer = api.post("/actions/tasks/batch-comment", {"comments": [entry, {**entry, "text": "two"}]})
    assert answer.status_code == 201, answer.content
    assert [(row["text"], row["preview_files"]) for row in answer.json()] == [("one", []), ("two", [])]
    assert api.post("/actions/tasks/batch-comment", {}).json()["message"] == "Missing required parameter: comments"
    assert api.post(f"/actions/tasks/{stage.task.pk}/batch-comment", {"comments": [{"text": "x"}]}).status_code == 400
    assert api.post("/actions/tasks/batch-comment", {"comments": [entry, {**entry, "task_id": "zz"}]}).status_code == 404
    assert Comment.objects.count() == 2
    assert api.by(cast.vendor).post("/actions/tasks/batch-comment", {"comments": [entry]}).status_code == 403


def test_the_newest_client_comment_is_repeated_for_the_team(api, stage, cast, say):
    say("client", text="first")
    say("client", text="newest")
    path = f"/actions/projects/{stage.project.pk}/tasks/copy-client-comments"
    rows = api.post(path, {"task_ids": [str(stage.task.pk)], "prefix": "Client:"}).json()
    assert [(row["text"], row["task_status_id"]) for row in rows] == [("Client:\n\nnewest", str(stage.wip.pk))]
    assert api.by(cast.user).post(path, {"task_ids": [str(stage.task.pk)]}).status_code == 403


def automate(stage, into, out, status_in, status_out, kind="shot"):
    automation = StatusAutomation.objects.create(
        entity_type=kind, in_task_type=into, in_task_status=status_in, out_task_type=out, out_task_status=status_out
    )
    stage.project.status_automations.add(automation)


def test_automations_comment_on_other_tasks_and_never_for_ever(api, stage, say):
    lighting = make_task_type(name="Lighting")
    ProjectTaskTypeLink.objects.create(project=stage.project, task_type=lighting)
    target = make_task(stage.project, entity=stage.shot, task_type=lighting, task_status=stage.todo)
    automate(stage, stage.animation, lighting, stage.done, stage.wip)
    automate(stage, lighting, stage.animation, stage.wip, stage.done)
    say(status=stage.done)
    comment = Comment.objects.get(object_id=target.pk)
    assert comment.text == "Change triggered by Animation set to Done"
    target.refresh_from_db()
    assert target.task_status_id == stage.wip.pk
    assert Comment.objects.filter(object_id=stage.task.pk).count() == 2


def test_automations_never_reach_back_in_the_order_of_task_types(api, stage, say):
    layout = make_task_type(name="Layout")
    target = make_task(stage.project, entity=stage.shot, task_type=layout, task_status=stage.todo)
    ProjectTaskTypeLink.objects.filter(task_type=stage.animation).update(priority=3)
    ProjectTaskTypeLink.objects.create(project=stage.project, task_type=layout, priority=1)
    automate(stage, stage.animation, layout, stage.done, stage.wip)
    say(status=stage.done)
    assert not Comment.objects.filter(object_id=target.pk).exists()


def test_an_asset_becomes_ready_for_the_shots_that_use_it(api, stage, say):
    from assets.models import EntityLink

    EntityLink.objects.create(entity_in=stage.shot, entity_out=stage.asset)
    ProjectTaskTypeLink.objects.filter(task_type=stage.animation).update(priority=2)
    modeling = make_task(stage.project, entity=stage.asset, task_type=stage.modeling, task_status=stage.todo)
    automation = StatusAutomation.objects.create(
        in_task_type=stage.modeling, in_task_status=stage.done, out_field_type="ready_for", out_task_type=stage.animation
    )
    stage.project.status_automations.add(automation)
    api.post(f"/actions/tasks/{modeling.pk}/comment", {"task_status_id": str(stage.done.pk)})
    stage.asset.refresh_from_db()
    stage.task.refresh_from_db()
    assert (stage.asset.ready_for, stage.task.nb_assets_ready) == (stage.animation.pk, 1)
