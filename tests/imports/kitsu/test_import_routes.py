"""Rows of another server come in with their ids: all of a request, or none."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Entity, EntityLink
from assets.rules.creation import temporal_type
from events.models import ApiEvent, ProductionStamp
from files.models import AttachmentFile, PreviewFile
from imports.rules.kitsu.kinds import ROUTES
from production.models import MetadataDescriptor, Project
from tasks.models import Comment, News, Notification, Task
from tests.cast import ROLES
from tests.makers import (
    make_asset,
    make_department,
    make_entity_type,
    make_project,
    make_sequence,
    make_shot,
    make_task,
    make_task_status,
    make_task_type,
)


def new() -> str:
    """An id that nothing has yet."""
    return str(uuid4())


@pytest.fixture
def task(cast):
    """A task of a shot of the production."""
    return make_task(cast.project)


@pytest.fixture
def put(api):
    """Sends entries to one of the routes; the answer's rows, or the answer itself when it is a refusal."""

    def put(kind, *entries, by=None, query=""):
        client = api.by(by) if by else api
        answer = client.post(f"/import/kitsu/{kind}{query}", list(entries))
        return answer.json() if answer.status_code == 200 else answer

    return put


def told() -> list[tuple[str, dict]]:
    """The events in the log."""
    return list(ApiEvent.objects.order_by("created_at").values_list("name", "data"))


def entry_of(kind, cast, task) -> dict:
    """A new row of a kind that fits."""
    person, project, entity = str(cast.user.pk), str(cast.project.pk), str(task.entity_id)
    comment = Comment.objects.create(object_id=task.pk, object_type="Task", person=cast.user)
    of_task = {"task_id": str(task.pk), "person_id": person}
    return {"id": new()} | {
        "projects": {"name": "Elsewhere", "type": "Project", "project_status_name": "Open", "team": [person]},
        "entities": {"name": "SH900", "type": "Shot", "project_id": project, "parent_id": str(task.entity.parent_id)},
        "entity-links": {
            "type": "EntityLink",
            "entity_in_id": entity,
            "entity_out_id": str(make_asset(cast.project).pk),
            "nb_occurences": 3,
        },
        "tasks": {
            "type": "Task",
            "name": "main",
            "project_id": project,
            "entity_id": entity,
            "task_type_id": str(make_task_type().pk),
            "assignees": [person],
        },
        "comments": {"object_id": str(task.pk), "object_type": "Task", "text": "Nice", "person_id": person, "for_client": False},
        "preview-files": {**of_task, "name": "a", "revision": 1, "extension": "png", "comments": [new()]},
        "time-spents": {**of_task, "date": "2026-02-03", "duration": 30},
        "subscriptions": of_task,
        "notifications": {**of_task, "author_id": person, "notification_type": "mention", "type": "Notification"},
        "news": {
            "task_id": str(task.pk),
            "author_id": person,
            "comment_id": str(comment.pk),
            "preview_file_id": None,
            "change": True,
            "created_at": "2026-02-03T10:00:00",
        },
        "playlists": {"name": "Dailies", "project_id": project, "shots": [], "build_jobs": []},
        "metadata-descriptors": {"name": "Mood", "field_name": "mood", "entity_type": "Shot", "project_id": project},
        "schedule-items": {"project_id": project, "start_date": "2026-02-03"},
        "milestones": {"project_id": project, "name": "Picture lock", "date": "2026-02-03"},
        "build-jobs": {"playlist_id": made_playlist(cast), "status": "succeeded", "job_type": "movie"},
        "attachment-files": {"name": "a.txt", "extension": "txt", "size": 3, "comment_id": str(comment.pk), "comment": {}},
    }[kind]


def made_playlist(cast) -> str:
    """The id of a playlist."""
    model = Project._meta.get_field("playlists").related_model
    return str(model.objects.create(name="Builds", project=cast.project).pk)


@pytest.mark.parametrize("kind", ROUTES)
def test_a_row_comes_with_its_id_and_the_day_of_its_making(put, cast, task, kind):
    entry = entry_of(kind, cast, task) | {"created_at": "2020-01-02T03:04:05"}
    (row,) = put(kind, entry)
    assert (row["id"], row["created_at"]) == (entry["id"], "2020-01-02T03:04:05")
    assert ROUTES[kind].model._base_manager.filter(pk=entry["id"]).exists()


@pytest.mark.parametrize("kind", ROUTES)
def test_the_same_row_again_is_an_update(put, cast, task, kind):
    entry = entry_of(kind, cast, task)
    put(kind, entry)
    count = ROUTES[kind].model._base_manager.count()
    ApiEvent.objects.all().delete()
    (row,) = put(kind, entry)
    assert row["id"] == entry["id"] and ROUTES[kind].model._base_manager.count() == count
    assert [name.partition(":")[2] for name, _ in told()] == ["update"]


@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("role", ROLES[1:])
def test_of_anybody_but_a_studio_manager_nothing_is_taken_without_a_word(put, cast, task, kind, role):
    entry = entry_of(kind, cast, task)
    assert put(kind, entry, by=cast.of(role)) == []
    assert not ROUTES[kind].model._base_manager.filter(pk=entry["id"]).exists()


def test_nobody_comes_in_without_a_token(anonymous):
    assert anonymous.post("/import/kitsu/tasks", []).status_code == 401


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("body", [{"id": "x"}, "text", 3, None])
def test_a_body_that_is_no_list_is_refused(api, cast, role, body):
    answer = api.by(cast.of(role)).post("/import/kitsu/tasks", b"null" if body is None else body)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": True, "message": "A list of entities is expected.", "data": None},
    )


def test_an_empty_list_is_an_empty_answer(put):
    assert put("tasks") == []


EVENTS = {
    "projects": ("project:new", set()),
    "entities": ("shot:new", {"Shot_id"}),
    "entity-links": ("entity-link:new", set()),
    "tasks": ("task:new", set()),
    "comments": ("comment:new", {"comment_id", "task_id", "person_id", "for_client"}),
    "preview-files": ("preview-file:new", {"preview_file_id"}),
    "time-spents": ("time-spent:new", {"time_spent_id"}),
    "subscriptions": ("subscription:new", {"subscription_id"}),
    "notifications": ("notification:new", {"notification_id"}),
    "news": ("news:new", {"news_id"}),
    "playlists": ("playlist:new", {"playlist_id"}),
    "metadata-descriptors": ("metadata-descriptor:new", {"metadata_descriptor_id"}),
    "schedule-items": ("schedule-item:new", {"schedule_item_id"}),
    "milestones": ("milestone:new", {"milestone_id"}),
    "build-jobs": ("build-job:new", {"build_job_id"}),
    "attachment-files": ("attachment-file:new", {"attachment_file_id"}),
}


@pytest.mark.parametrize("kind", ROUTES)
def test_each_row_is_told_to_its_production(put, cast, task, kind):
    entry = entry_of(kind, cast, task)
    put(kind, entry)
    ((name, payload),) = told()
    project = entry["id"] if kind == "projects" else str(cast.project.pk)
    assert (name, set(payload) - {"project_id"}, payload["project_id"]) == (*EVENTS[kind], project)
    own = [value for key, value in payload.items() if key.lower() == f"{name.partition(':')[0].replace('-', '_')}_id"]
    assert own in ([], [entry["id"]]) or kind == "projects"


@pytest.mark.parametrize("silent", ["1", "true", "Yes"])
@pytest.mark.parametrize("kind", ROUTES)
def test_in_silence_nobody_is_told_but_boards_are_read_anew(put, cast, task, kind, silent):
    entry = entry_of(kind, cast, task)
    put(kind, entry, query=f"?silent={silent}")
    assert told() == []
    assert ProductionStamp.objects.filter(project_id=entry["id"] if kind == "projects" else cast.project.pk).exists()


# What a request stores


def test_a_request_is_stored_wholly_or_not_at_all(put, cast, task):
    good, bad = entry_of("tasks", cast, task), entry_of("tasks", cast, task) | {"difficulty": "hard"}
    answer = put("tasks", good, bad)
    assert answer.status_code == 400
    place = {"row": 2, "id": bad["id"], "field": "difficulty", "message": answer.json()["data"]["message"]}
    assert answer.json() == {"error": True, "message": f"Row 2 ({bad['id']}): difficulty: {place['message']}", "data": place}
    assert not Task.objects.filter(pk__in=[good["id"], bad["id"]]).exists() and told() == []


WRONG = [
    ("tasks", "id", 3),
    ("tasks", "id", "abc"),
    ("tasks", "id", None),
    ("tasks", "name", None),
    ("tasks", "name", "x" * 81),
    ("tasks", "priority", "x"),
    ("tasks", "priority", 2**40),
    ("tasks", "duration", True),
    ("tasks", "duration", "1e400"),
    ("tasks", "start_date", "2026-13-45"),
    ("tasks", "data", []),
    ("tasks", "data", "text"),
    ("tasks", "difficulty", 9),
    ("tasks", "assignees", "x"),
    ("tasks", "assignees", [3]),
    ("tasks", "entity_id", "00000000-0000-4000-8000-000000000000"),
    ("tasks", "task_type_id", "00000000-0000-4000-8000-000000000000"),
    ("tasks", "colour", "red"),
    ("entities", "status", "invented"),
    ("entities", "name", None),
    ("entities", "data", "text"),
    ("entities", "canceled", "false"),
    ("entities", "frame_in", 3),
    ("comments", "replies", ["text"]),
    ("comments", "checklist", {}),
    ("comments", "links", [{}]),
    ("comments", "person_id", None),
    ("preview-files", "status", "invented"),
    ("preview-files", "validation_status", 3),
    ("preview-files", "annotations", ["x"]),
    ("preview-files", "extension", "x" * 7),
    ("time-spents", "duration", -3),
    ("time-spents", "date", "yesterday"),
    ("notifications", "notification_type", "shout"),
    ("metadata-descriptors", "data_type", "invented"),
    ("metadata-descriptors", "choices", [3]),
    ("metadata-descriptors", "departments", ["00000000-0000-4000-8000-000000000000"]),
    ("playlists", "shots", ["x"]),
    ("playlists", "for_entity", "camera"),
    ("projects", "production_style", "invented"),
    ("projects", "file_tree", []),
    ("projects", "team", ["00000000-0000-4000-8000-000000000000"]),
    ("projects", "name", "The Lantern"),
    ("build-jobs", "status", "invented"),
    ("milestones", "date", 3),
]


@pytest.mark.parametrize(("kind", "name", "value"), WRONG, ids=lambda value: str(value)[:20])
def test_a_value_that_does_not_fit_refuses_the_request_by_row_and_field(put, cast, task, kind, name, value):
    before = ROUTES[kind].model._base_manager.count()
    entry = entry_of(kind, cast, task) | {name: value}
    made = ROUTES[kind].model._base_manager.count() - before
    answer = put(kind, entry)
    assert answer.status_code == 400, answer
    fault = answer.json()["data"]
    assert fault["row"] == 1 and (fault["field"] == name or name in answer.json()["message"] or name in ("frame_in", "duration"))
    assert ROUTES[kind].model._base_manager.count() == before + made and told() == []


@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("entry", [3, None, "x", [], {}])
def test_entries_that_are_no_rows_are_refused(put, kind, entry):
    assert put(kind, entry).status_code == 400


@pytest.mark.parametrize("kind", [kind for kind in ROUTES if kind != "news"])
def test_keys_that_no_column_has_are_refused_in_new_rows_and_ignored_in_known_ones(put, cast, task, kind):
    entry = entry_of(kind, cast, task)
    assert put(kind, entry | {"wheels": 3}).status_code == 400
    put(kind, entry)
    assert put(kind, entry | {"wheels": 3})[0]["id"] == entry["id"]


def test_news_needs_all_of_its_keys_and_ignores_others(put, cast, task):
    entry = entry_of("news", cast, task)
    assert put("news", entry | {"wheels": 3})[0]["updated_at"] == entry["created_at"]
    del entry["change"]
    assert put("news", entry).json()["data"]["field"] == "change"


def test_an_entry_changes_only_what_it_names(put, cast, task):
    put("tasks", {"id": str(task.pk), "description": "Slower"}, query="?silent=true")
    task.refresh_from_db()
    assert (task.description, task.name, task.project_id) == ("Slower", "main", cast.project.pk)


def test_two_entries_of_one_row_are_taken_in_turn(put, cast, task):
    entry = entry_of("tasks", cast, task)
    rows = put("tasks", entry, {"id": entry["id"], "description": "Second"})
    assert [row["id"] for row in rows] == [entry["id"]] * 2
    assert Task.objects.get(pk=entry["id"]).description == "Second"


@pytest.mark.parametrize(("kind", "is_now"), [("tasks", True), ("entities", True), ("comments", True), ("time-spents", False)])
def test_projects_entities_tasks_and_comments_are_dated_now(put, cast, task, kind, is_now):
    entry = entry_of(kind, cast, task) | {"updated_at": "2020-01-02T03:04:05"}
    (row,) = put(kind, entry)
    assert (row["updated_at"] != "2020-01-02T03:04:05") is is_now


def test_answers_hold_no_relations(put, cast, task):
    (row,) = put("tasks", entry_of("tasks", cast, task))
    assert "assignees" not in row and row["type"] == "Task"


# Kind by kind


def test_relation_lists_of_productions_only_grow(put, cast):
    pk, statuses = str(cast.project.pk), [str(make_task_status().pk)]
    put("projects", {"id": pk, "team": [str(cast.outsider.pk)], "task_statuses": statuses})
    assert cast.project.team.count() == 7 and cast.project.task_statuses.count() == 1
    put("projects", {"id": pk, "team": [], "task_statuses": statuses})
    assert cast.project.team.count() == 7 and cast.project.task_statuses.count() == 1


def test_an_item_of_the_list_of_productions_can_be_sent_back(api, put, cast):
    (row,) = api.get("/data/projects?relations=true").json()
    assert put("projects", row)[0]["name"] == cast.project.name


def test_assignees_are_replaced_when_they_are_sent_and_unknown_ones_left_out(put, cast, task):
    task.assignees.set([cast.user])
    put("tasks", {"id": str(task.pk), "assignees": [str(cast.manager.pk), new()]})
    assert list(task.assignees.all()) == [cast.manager]
    put("tasks", {"id": str(task.pk), "name": "main"})
    assert list(task.assignees.all()) == [cast.manager]
    put("tasks", {"id": str(task.pk), "assignees": []})
    assert not task.assignees.exists()


def test_relations_of_comments_are_replaced_when_they_are_sent(put, cast, task):
    department, preview = make_department(), PreviewFile.objects.create(task=task, name="a")
    entry = entry_of("comments", cast, task)
    lists = {
        "mentions": [str(cast.user.pk)],
        "department_mentions": [str(department.pk)],
        "acknowledgements": [str(cast.admin.pk), new()],
        "previews": [str(preview.pk)],
    }
    put("comments", entry | lists)
    comment = Comment.objects.get(pk=entry["id"])
    assert [list(getattr(comment, name).all()) for name in lists] == [[cast.user], [department], [cast.admin], [preview]]
    put("comments", entry)
    assert comment.mentions.count() == 1
    put("comments", entry | {"mentions": []})
    assert comment.mentions.count() == 0 and comment.previews.count() == 1


def test_listed_attachments_hang_on_the_comment_from_now_on(put, cast, task):
    entry = entry_of("comments", cast, task)
    kept, other = (AttachmentFile.objects.create(name="a") for _ in range(2))
    put("comments", entry | {"attachment_files": [str(kept.pk), new()]})
    assert list(Comment.objects.get(pk=entry["id"]).attachment_files.all()) == [kept]
    put("comments", entry | {"attachment_files": [str(other.pk)]})
    assert list(Comment.objects.get(pk=entry["id"]).attachment_files.all()) == [other]


def test_a_comment_on_an_unknown_task_is_stored_in_silence_alone(put, cast, task):
    entry = entry_of("comments", cast, task) | {"object_id": new()}
    assert put("comments", entry).status_code == 404 and not Comment.objects.filter(pk=entry["id"]).exists()
    put("comments", entry, query="?silent=true")
    assert Comment.objects.filter(pk=entry["id"]).exists()


def test_entities_know_the_kinds_that_a_type_names(put, cast):
    kinds = ["Shot", "Sequence", "Episode", "Edit"]
    rows = put("entities", *({"id": new(), "name": k, "type": k, "project_id": str(cast.project.pk)} for k in kinds))
    assert [row["entity_type_id"] for row in rows] == [str(temporal_type(kind).pk) for kind in kinds]
    assert {row["type"] for row in rows} == {"Entity"}


def test_a_new_entity_without_a_type_is_a_shot_a_known_one_stays_what_it_is(put, cast):
    (row,) = put("entities", {"id": new(), "name": "A", "project_id": str(cast.project.pk)})
    assert row["entity_type_id"] == str(temporal_type("Shot").pk)
    asset = make_asset(cast.project)
    (row,) = put("entities", {"id": str(asset.pk), "description": "Worn"})
    assert (row["entity_type_id"], row["description"]) == (str(asset.entity_type_id), "Worn")
    assert told()[-1] == ("asset:update", {"Asset_id": str(asset.pk), "project_id": str(cast.project.pk)})


def test_another_type_needs_the_id_of_an_entity_type(put, cast):
    entry = {"id": new(), "name": "A", "type": "Asset", "project_id": str(cast.project.pk)}
    assert put("entities", entry).json()["data"]["field"] == "entity_type_id"
    kind = make_entity_type()
    (row,) = put("entities", entry | {"asset_type_id": str(kind.pk), "asset_type_name": kind.name})
    assert row["entity_type_id"] == str(kind.pk)


@pytest.mark.parametrize("path", ["shots", "shots/with-tasks", "projects/{}/shots", "assets", "projects/{}/assets", "sequences"])
def test_rows_of_the_lists_can_be_sent_back(api, put, cast, path):
    shot = make_shot(cast.project, data={"frame_in": 3, "mood": "sad"}, preview_file=PreviewFile.objects.create(name="a"))
    asset = make_asset(cast.project)
    make_task(cast.project, entity=shot)
    rows = api.get(f"/data/{path.format(cast.project.pk)}").json()
    before = list(Entity.objects.order_by("pk").values("pk", "name", "data", "parent_id", "entity_type_id", "preview_file_id"))
    assert rows and len(put("entities", *rows)) == len(rows) and asset
    after = Entity.objects.order_by("pk").values("pk", "name", "data", "parent_id", "entity_type_id", "preview_file_id")
    for old, row in zip(before, after, strict=True):
        assert row | {"data": old["data"]} == old and row["data"].items() >= old["data"].items()


def test_frames_beside_the_data_go_into_it(put, cast):
    entry = {"id": new(), "name": "A", "project_id": str(cast.project.pk), "frame_in": 3, "frame_out": 9, "fps": "25"}
    (row,) = put("entities", entry | {"data": {"mood": "sad"}, "sequence_id": str(make_sequence(cast.project).pk)})
    assert row["data"] == {"mood": "sad", "frame_in": 3, "frame_out": 9, "fps": "25"} and row["parent_id"]


def test_castings_are_replaced_and_an_entity_without_one_is_emptied(put, cast):
    shot, kept, gone = make_shot(cast.project), make_asset(cast.project), make_asset(cast.project)
    for asset in (kept, gone):
        EntityLink.objects.create(entity_in=shot, entity_out=asset, nb_occurences=4, label="fixed")
    entry = {"id": str(shot.pk), "type": "Shot"}
    put("entities", entry | {"entities_out": [str(kept.pk), new()]})
    assert [(link.entity_out, link.nb_occurences) for link in EntityLink.objects.all()] == [(kept, 4)]
    put("entities", entry)
    assert not EntityLink.objects.exists()


def test_an_unknown_main_preview_is_left_out(put, cast):
    preview, shot = PreviewFile.objects.create(name="a"), make_shot(cast.project)
    put("entities", {"id": str(shot.pk), "preview_file_id": str(preview.pk)})
    for unknown in (new(), "", None):
        put("entities", {"id": str(shot.pk), "preview_file_id": unknown})
    shot.refresh_from_db()
    assert shot.preview_file == preview


def test_an_entity_may_come_before_what_holds_it(put, cast):
    project, sequence = str(cast.project.pk), new()
    shot = {"id": new(), "name": "SH", "type": "Shot", "project_id": project, "parent_id": sequence}
    rows = put("entities", shot, {"id": sequence, "name": "SQ", "type": "Sequence", "project_id": project})
    assert rows[0]["parent_id"] == rows[1]["id"]


@pytest.mark.parametrize("kind", ["entities", "tasks"])
def test_what_belongs_to_another_production_is_refused(put, cast, task, kind):
    foreign = make_shot(make_project())
    name, pk = ("parent_id", foreign.parent_id) if kind == "entities" else ("entity_id", foreign.pk)
    answer = put(kind, entry_of(kind, cast, task) | {name: str(pk)})
    assert (answer.status_code, answer.json()["data"]["field"]) == (400, name)


def test_a_casting_is_known_by_its_couple(put, cast):
    shot, asset = make_shot(cast.project), make_asset(cast.project)
    link = EntityLink.objects.create(entity_in=shot, entity_out=asset)
    entry = {"id": new(), "type": "EntityLink", "entity_in_id": str(shot.pk), "entity_out_id": str(asset.pk)}
    (row,) = put("entity-links", entry | {"nb_occurences": 7, "project_name": "x"})
    assert (row["id"], row["nb_occurences"], EntityLink.objects.count()) == (str(link.pk), 7, 1)
    del entry["type"]
    assert put("entity-links", entry).json()["data"]["field"] == "type"


def test_previews_tell_that_their_files_are_not_here(put, cast, task):
    entry = entry_of("preview-files", cast, task)
    (row,) = put("preview-files", entry | {"status": None, "data": {"camera": "A"}})
    assert (row["status"], row["data"]) == ("ready", {"camera": "A", "imported_only": True})
    (row,) = put("preview-files", {"id": entry["id"], "status": "broken"})
    assert (row["status"], row["data"]) == ("broken", {"camera": "A", "imported_only": True})


def test_the_type_of_a_notification_is_its_own_key(put, cast, task):
    entry = entry_of("notifications", cast, task)
    put("notifications", entry)
    assert Notification.objects.get(pk=entry["id"]).notification_type == "mention"


def test_departments_of_metadata_columns_only_grow(put, cast, task):
    entry, department = entry_of("metadata-descriptors", cast, task), make_department()
    put("metadata-descriptors", entry | {"departments": [str(department.pk)]})
    put("metadata-descriptors", entry | {"departments": []})
    assert list(MetadataDescriptor.objects.get().departments.all()) == [department]


def test_an_attachment_is_answered_with_its_comment(put, cast, task):
    (row,) = put("attachment-files", entry_of("attachment-files", cast, task))
    assert row["comment"]["id"] == row["comment_id"]


def test_nothing_else_happens(put, cast, task):
    entry = entry_of("comments", cast, task) | {"mentions": [str(cast.user.pk)], "task_status_id": str(make_task_status().pk)}
    before = task.task_status_id
    put("comments", entry)
    task.refresh_from_db()
    assert (News.objects.count(), Notification.objects.count()) == (0, 0)
    assert (task.task_status_id, task.last_comment_date) == (before, None)


# How


def statements(api, kind, entries) -> int:
    """How many statements a request makes."""
    with CaptureQueriesContext(connection) as captured:
        assert api.post(f"/import/kitsu/{kind}", entries).status_code == 200
    return len(captured)


@pytest.mark.parametrize("kind", ["tasks", "comments", "entities"])
def test_a_batch_makes_the_same_statements_however_many_rows_it_has(api, cast, task, kind):
    def entries(count):
        entry, name = entry_of(kind, cast, task), "text" if kind == "comments" else "name"
        return [entry | {"id": new(), name: new()} for _ in range(count)]

    few, many = entries(2), entries(16)
    statements(api, kind, few)
    assert statements(api, kind, entries(2)) == statements(api, kind, many)


def test_moments_are_kept_as_universal_time(put, cast, task):
    entry = entry_of("tasks", cast, task) | {"due_date": "2026-02-03T10:00:00+02:00"}
    put("tasks", entry)
    assert Task.objects.get(pk=UUID(entry["id"])).due_date == datetime(2026, 2, 3, 8)
