"""A production that goes out and comes in again is the same."""

import pytest
from django.apps import apps
from django.core.management import CommandError

from assets.models import Entity, EntityLink
from events.models import ApiEvent
from files import storage
from files.models import PreviewFile
from imports.archives.parts import OF_STUDIO, OWN, PARTS, STUDIO_PARTS
from imports.models import ImportRecord
from people.models import Department, Person
from production.models import EntityType, Project, TaskStatus, TaskType
from tasks.models import Comment, Task
from tests.imports.archives.conftest import manifest_of, members_of, run, stored_names, studio_counts
from tests.imports.conftest import body_of
from tests.makers import make_asset, make_person, make_project, make_shot

# What archives leave out, and why.
LEFT_OUT = {
    "ApiEvent": "tells what happened on the server that wrote the archive",
    "EventClock": "the server's own",
    "ProductionStamp": "the server's own",
    "SearchDocument": "made anew by the database",
    "CountedNews": "made anew by the database",
    "FailedMessage": "the server's own work",
    "Transcoding": "the server's own work",
    "BuildJob": "movies of playlists are made again",
    "PlaylistShareLink": "opens a door of another server to guests",
    "ProjectTemplate": "the studio's, and no production refers to it",
    "ProjectTemplateTaskTypeLink": "of templates",
    "ProjectTemplateTaskStatusLink": "of templates",
    "CustomAction": "the studio's, and no production refers to it",
    "Plugin": "the server's own",
    "Organisation": "the studio itself",
    "SalaryScale": "the studio's own business",
    "DayOff": "the studio's own business",
    "HardwareItem": "the studio's own business",
    "HardwareItemDepartmentLink": "the studio's own business",
    "SoftwareDepartmentLink": "the studio's own business",
    **dict.fromkeys(
        (
            "Attempts",
            "Session",
            "OneTimeToken",
            "Attempts",
            "LoginLog",
            "DesktopLoginLog",
            "EmailCode",
            "SpentProof",
            "AppLoginCode",
        ),
        "people's signing in",
    ),
}
ROOMS = ("people", "production", "assets", "tasks", "chat", "files", "playlists", "events")


def test_every_model_is_archived_or_left_out_for_a_reason():
    ours = {model.__name__ for room in ROOMS for model in apps.get_app_config(room).get_models()}
    archived = {model.__name__ for model in (*OWN, *OF_STUDIO)}
    assert ours - archived - LEFT_OUT.keys() == set()
    assert archived & LEFT_OUT.keys() == set()
    assert len(archived) == len(PARTS) + len(STUDIO_PARTS)


def reads(api, project) -> dict:
    """What clients read of a production."""
    paths = (
        *("", "/tasks", "/comments", "/entity-links", "/preview-files", "/time-spents", "/news", "/milestones", "/playlists"),
        *("/team", "/settings/task-types", "/schedule-items", "/metadata-descriptors", "/budgets", "/asset-types"),
    )
    answers = {path: api.get(f"/data/projects/{project.pk}{path}") for path in paths}
    task = Task.objects.get(project=project)
    answers["comments"] = api.get(f"/data/tasks/{task.pk}/comments")
    answers["board"] = api.get(f"/data/assets/with-tasks?project_id={project.pk}")
    found = {path: body_of(answer) for path, answer in answers.items() if answer.status_code == 200}
    assert len(found) > 12, {path: answer.status_code for path, answer in answers.items()}
    return found


def test_a_wiped_production_comes_back_as_it_was(made, api):
    before, counts = reads(api, made.project), studio_counts()
    path = made.export()
    made.wipe()
    assert not Project.objects.filter(pk=made.project.pk).exists()
    assert not Task.objects.exists()

    told = run("import_production", path)
    assert "rows of the studio were known by their ids" in told
    assert "is new to the studio" not in told
    assert reads(api, made.project) == before
    assert studio_counts() == {**counts, "ProjectStatus": counts["ProjectStatus"] + 1}
    for place, content in made.files.items():
        assert storage.storage_of(place[0]).open(storage.key(*place[1:])).read() == content
    again = made.export("again.zip")
    assert members_of(again) == members_of(path)
    assert {name for name, text in members_of(path).items() if name.startswith("rows/") and not text} == set()


def test_the_import_is_told_and_written_down(made):
    path = made.export()
    made.wipe()
    ApiEvent.objects.all().delete()
    run("import_production", path, "--by", made.cast.admin.email)
    assert [(event.name, event.data) for event in ApiEvent.objects.all()] == [("project:new", {"project_id": str(made.project.pk)})]
    record = ImportRecord.objects.get()
    assert (record.kind, record.door, record.person, record.project_id) == (
        *("Archive of a production", "command"),
        *(made.cast.admin, made.project.pk),
    )
    assert (record.file_name, record.size, record.counts["Task"]) == ("made.zip", path.stat().st_size, 1)


def test_a_dry_run_checks_everything_and_stores_nothing(made):
    path = made.export()
    counts, files = studio_counts(), stored_names()
    with pytest.raises(CommandError, match="The production is here already"):
        run("import_production", path, "--dry-run")
    told = run("import_production", path, "--dry-run", "--as", "Copy")
    assert f"{len(made.files)} files of “Copy” (nothing was stored)" in told
    assert studio_counts() == counts
    assert stored_names() == files
    assert not ImportRecord.objects.exists()


def test_another_studio_takes_it_in_by_names(made):
    """People and configuration are there under other ids; some are not there at all."""
    path = made.export()
    made.wipe()
    kept = {model: model._base_manager.order_by("created_at").values().last() for model in (TaskType, TaskStatus, Department)}
    Person.objects.exclude(pk=made.cast.admin.pk).delete()
    for part in reversed(STUDIO_PARTS[:-1]):
        part.model._base_manager.all().delete()
    department = Department.objects.create(name=kept[Department]["name"].upper(), color="#000000")
    status = TaskStatus.objects.create(name="Other", short_name=kept[TaskStatus]["short_name"], color="#000000")
    storage.remove("pictures", "thumbnails", made.cast.user.pk)
    colleague = make_person(email="USER@studio.example", first_name="Somebody", role="supervisor")

    told = run("import_production", path)
    assert "Department “" in told
    assert "TaskType “" in told
    assert Task.objects.get().task_status == status
    assert Task.objects.get().assignees.get() == colleague
    comment = Comment.objects.get()
    assert (comment.person, comment.department_mentions.get()) == (colleague, department)
    assert Department.objects.count() == 1
    manager = Person.objects.get(email="manager@studio.example")
    assert comment.replies[0]["person_id"] == str(manager.pk)
    assert (manager.has_usable_password(), manager.role, manager.active) == (False, "manager", True)
    assert Person.objects.get(pk=colleague.pk).first_name == "Somebody"
    assert EntityType.objects.filter(name="Character").count() == 1
    # The pictures of people who are here already stay their own.
    assert not storage.is_stored("pictures", "thumbnails", made.cast.user.pk)


def test_nobody_becomes_a_studio_manager_by_an_archive(made, cast):
    boss = make_person(role="admin", email="boss@elsewhere.example", daily_salary=900, phone="123")
    Task.objects.get().assignees.add(boss)
    path = made.export()
    made.wipe()
    boss.delete()
    run("import_production", path)
    boss = Person.objects.get(email="boss@elsewhere.example")
    assert (boss.role, boss.has_usable_password(), boss.daily_salary, boss.phone) == ("manager", False, 0, None)


def test_no_secret_goes_into_an_archive(made):
    Person.objects.update(totp_secret="TOTPSECRET", jti=None, otp_recovery_codes=["RECOVERY"], daily_salary=77777)
    text = members_of(made.export())["rows/Person.ndjson"].decode()
    assert made.cast.user.email in text
    assert not [word for word in ("TOTPSECRET", "RECOVERY", "77777", "password", "bcrypt") if word in text]


def test_seats_are_limited_here_too(made, settings):
    Task.objects.get().assignees.add(make_person(email="new@elsewhere.example"))
    path = made.export()
    made.wipe()
    Person.objects.filter(email="new@elsewhere.example").delete()
    settings.USER_LIMIT = Person.objects.count()
    with pytest.raises(CommandError, match="User limit reached"):
        run("import_production", path)
    assert not Project.objects.filter(pk=made.project.pk).exists()
    assert not [place for place in made.places if storage.is_stored(*place)]


def test_a_copy_has_ids_of_its_own(made, api):
    PreviewFile.objects.update(shotgun_id=7)
    path = made.export()
    told = run("import_production", path, "--as", "The Copy")
    assert "of “The Copy”" in told
    copy = Project.objects.get(name="The Copy")
    assert copy.pk != made.project.pk
    tasks = {task.project_id: task for task in Task.objects.all()}
    assert len(tasks) == 2
    comment = Comment.objects.get(object_id=tasks[copy.pk].pk)
    preview = comment.previews.get()
    assert (preview.task_id, preview.shotgun_id) == (tasks[copy.pk].pk, None)
    assert storage.is_stored("movies", "previews", preview.pk)
    assert len(api.get(f"/data/tasks/{tasks[copy.pk].pk}/comments").json()) == 1
    with pytest.raises(CommandError, match="There is a production named “The Copy” already"):
        run("import_production", path, "--as", "The Copy")
    for name in ("", " ", "x" * 81):
        with pytest.raises(CommandError, match="1 to 80 characters"):
            run("import_production", path, "--as", name)


def test_names_and_ids_that_are_taken_are_refused(made):
    path = made.export()
    made.wipe()
    other = make_project(name=made.project.name)
    with pytest.raises(CommandError, match="There is a production named “The Lantern” already"):
        run("import_production", path)
    Project.objects.filter(pk=other.pk).update(name="Other")
    asset = make_asset(other, id=made.rows.row(Entity).pk)
    with pytest.raises(CommandError, match="rows of Entity with the archive's ids"):
        run("import_production", path)
    asset.delete()
    run("import_production", path)


def test_what_leads_to_other_productions_is_left_out(made):
    other = make_project()
    asset, shot = make_asset(other), make_shot(made.project)
    EntityLink.objects.create(entity_in=shot, entity_out=asset)
    Entity.objects.filter(pk=shot.pk).update(source=make_shot(other))
    EntityLink.objects.create(entity_in=make_shot(other), entity_out=made.rows.row(Entity))
    path = made.export()
    text = b"".join(members_of(path).values()).decode()
    assert str(asset.pk) not in text
    made.wipe()
    run("import_production", path)
    shot.refresh_from_db()
    assert (shot.source, shot.entities_out.count()) == (None, 0)


def test_an_export_may_count_and_leave_files_out(made, tmp_path, monkeypatch):
    told = run("export_production", made.project.pk, "--dry-run")
    assert f"{len(made.files)} files" in told
    assert not list(tmp_path.glob("*.zip"))
    path = made.export("bare.zip", "--without-files")
    assert not [name for name in members_of(path) if name.startswith("files/")]
    assert manifest_of(path)["members"]["rows/Task.ndjson"]["rows"] == 1
    with pytest.raises(CommandError, match="is there already"):
        made.export("bare.zip")
    made.export("bare.zip", "--force")
    with pytest.raises(CommandError, match="There is no production"):
        run("export_production", "Nope")
    with pytest.raises(CommandError, match="can't be written"):
        run("export_production", made.project.name, tmp_path / "nowhere" / "x.zip")
    monkeypatch.chdir(tmp_path)
    assert "the-lantern.callboard.zip: " in run("export_production", made.project.name)


def test_an_export_that_fails_leaves_no_archive(made, tmp_path, monkeypatch):
    def fail(*args, **options):
        raise OSError("the disk is full")

    monkeypatch.setattr("imports.archives.exporting.Export.add_files", fail)
    with pytest.raises(CommandError, match="the disk is full"):
        made.export()
    assert not list(tmp_path.iterdir())
