"""Every model has its pages, for studio managers alone, at a constant number of statements."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from assets.models import AssetInstance, Entity, EntityVersion, SearchDocument
from chat.models import Chat, ChatMessage
from events.models import ApiEvent, EventClock, ProductionStamp
from files.models import AttachmentFile, PreviewFile, Transcoding
from imports.models import DataImportError, ImportPlan
from people.models import (
    AppLoginCode,
    Attempts,
    DesktopLoginLog,
    EmailCode,
    LoginLog,
    OneTimeToken,
    Organisation,
    Person,
    SalaryScale,
    Session,
    SpentProof,
)
from playlists.models import BuildJob, PlaylistShareLink
from production.models import Project
from tasks.models import Comment, CountedNews, FailedMessage, News, Notification, Task
from tests.admin.studio import Studio
from tests.cast import ROLES, gather

ROOMS = ("people", "production", "assets", "tasks", "files", "playlists", "chat", "events", "imports")
# What the server keeps for itself: digests of secrets, counters of failures, stamps of change.
WITHOUT_PAGES = {
    *(AppLoginCode, EmailCode, OneTimeToken, SpentProof, Attempts, EventClock, ProductionStamp, SearchDocument, ImportPlan),
    CountedNews,
}
NOT_ADDED = {
    *(ApiEvent, AttachmentFile, BuildJob, Chat, ChatMessage, Comment, DBTaskResult, DesktopLoginLog, EntityVersion, LoginLog),
    *(DataImportError, FailedMessage, News, Notification, Organisation, PlaylistShareLink, PreviewFile, SalaryScale, Session),
    Transcoding,
}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
STATEMENTS = 10


@pytest.fixture(scope="module")
def kept_studio(kept):
    """A row of every model with all its references, made once."""
    cast = gather()
    studio = Studio(project=cast.project)
    return cast, studio, {model: studio.full(model) for model in MODELS}


@pytest.fixture
def cast(kept_studio, db):
    return kept_studio[0]


@pytest.fixture
def studio(kept_studio, db) -> Studio:
    return kept_studio[1]


@pytest.fixture
def full_rows(kept_studio, db):
    return kept_studio[2]


def label(model) -> str:
    return model._meta.label


def page(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_model_of_every_room_has_its_page():
    ours = {model for room in ROOMS for model in apps.get_app_config(room).get_models()}
    assert ours - set(MODELS) == WITHOUT_PAGES
    assert DBTaskResult in MODELS


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_list_shows_its_rows_in_few_statements_however_many(office, studio, model):
    counted = []
    office.get(page(model, "changelist"))  # what a process reads once and keeps is no part of the count
    for _ in range(2):
        studio.full(model)
        with CaptureQueriesContext(connection) as statements:
            answer = office.get(page(model, "changelist"))
        assert answer.status_code == 200
        assert answer.context["cl"].result_count >= 1
        counted.append(len(statements))
    assert counted[0] == counted[1] < STATEMENTS


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_list_is_searched(office, studio, model):
    answer = office.get(page(model, "changelist"), {"q": "nothing is called like this"})
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == 0


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_list_is_ordered_by_any_column(office, studio, model):
    numbers = range(1, len(admin.site._registry[model].list_display) + 1)
    for sign in ("", "-"):
        order = ".".join(f"{sign}{number}" for number in numbers)
        assert office.get(page(model, "changelist"), {"o": order}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_row_has_its_page(office, full_rows, model):
    row = full_rows[model]
    answer = office.get(page(model, "change", row.pk))
    assert answer.status_code == 200
    subtitle = answer.context["subtitle"]
    assert subtitle
    assert str(row.pk) not in subtitle
    assert office.get(page(model, "history", row.pk)).status_code == 200
    deleting = office.get(page(model, "delete", row.pk))
    assert deleting.status_code == (200 if admin.site._registry[model].has_delete_permission(answer.wsgi_request, row) else 403)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_row_is_added_unless_the_server_alone_makes_such_rows(office, model):
    assert office.get(page(model, "add")).status_code == (403 if model in NOT_ADDED else 200)


def test_there_is_one_studio(office, studio):
    assert office.get(page(Organisation, "add")).status_code == 403
    Organisation.objects.all().delete()
    assert office.get(page(Organisation, "add")).status_code == 200


@pytest.mark.parametrize("role", [*[role for role in ROLES if role != "admin"], None])
def test_nobody_else_comes_in(cast, full_rows, role):
    client = Client()
    if role is not None:
        client.force_login(cast.of(role))
    paths = [page(model, name) for model in MODELS for name in ("changelist", "add")]
    paths += [page(model, "change", full_rows[model].pk) for model in MODELS]
    paths += [
        reverse("admin:index"),
        reverse("admin:people_person_password", args=[cast.user.pk]),
        "/admin/pictures/thumbnails/x.png",
    ]
    for path in paths:
        answer = client.get(path)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/admin/login/"), path


@pytest.mark.parametrize("flags", [{"active": False}, {"is_bot": True}])
def test_a_manager_who_left_or_is_a_bot_stays_outside(cast, flags):
    client = Client()
    client.force_login(cast.admin)
    Person.objects.filter(pk=cast.admin.pk).update(**flags)
    assert client.get("/admin/").status_code == 302


def test_signing_in_takes_address_and_password(cast):
    wrong = Client().post("/admin/login/", {"username": cast.admin.email, "password": "nothing like it"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors
    artist = Client().post("/admin/login/", {"username": cast.user.email, "password": "mysecretpassword"})
    assert artist.context["form"].errors
    right = Client().post("/admin/login/?next=/admin/", {"username": cast.admin.email.upper(), "password": "mysecretpassword"})
    assert (right.status_code, right.url) == (302, "/admin/")


def test_no_page_shows_a_secret(office, studio, cast):
    secrets = {
        "totp_secret": "TOTPSECRETTOTP",
        "email_otp_secret": "EMAILSECRETEMAIL",
        "otp_recovery_codes": ["RECOVERYCODE"],
        "fido_credentials": [{"name": "FIDOKEY"}],
        "jti": "JTIJTIJTIJTI",
    }
    Person.objects.filter(pk=cast.user.pk).update(**secrets)
    person = Person.objects.get(pk=cast.user.pk)
    session = studio.make(Session, person=person)
    link = studio.make(PlaylistShareLink, token="SHARETOKENSHARETOKEN", password="HASHOFSHARELINK")
    text = "".join(
        office.get(path).content.decode()
        for path in (
            page(Person, "change", person.pk),
            page(Person, "changelist"),
            page(Session, "change", session.pk),
            page(PlaylistShareLink, "change", link.pk),
            page(PlaylistShareLink, "changelist"),
        )
    )
    hidden = [
        "TOTPSECRETTOTP",
        "EMAILSECRETEMAIL",
        "RECOVERYCODE",
        "FIDOKEY",
        "JTIJTIJTIJTI",
        person.password,
        str(session.access_jti),
    ]
    assert not [secret for secret in [*hidden, "SHARETOKENSHARETOKEN", "HASHOFSHARELINK"] if secret in text]


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_editable_column_is_forgotten(office, full_rows, model):
    room_admin = admin.site._registry[model]
    answer = office.get(page(model, "change", full_rows[model].pk))
    shown = {name for line in answer.context["adminform"].fieldsets for name in flat(line[1]["fields"])}
    columns = {column.name for column in model._meta.concrete_fields if column.editable and not column.primary_key}
    assert columns - set(room_admin.hidden) - shown == set()


def flat(fields):
    for field in fields:
        yield from field if isinstance(field, list | tuple) else [field]


@pytest.mark.parametrize("model", [Entity, AssetInstance, Person], ids=label)
def test_large_tables_are_found_by_typing(office, full_rows, model):
    row = full_rows[model]
    field = {
        Entity: ("tasks", "task", "entity"),
        AssetInstance: ("files", "outputfile", "asset_instance"),
        Person: ("tasks", "task", "assigner"),
    }
    app, owner, name = field[model]
    term = row.last_name if model is Person else row.name or ""
    answer = office.get("/admin/autocomplete/", {"app_label": app, "model_name": owner, "field_name": name, "term": term})
    assert answer.status_code == 200
    results = {result["id"]: result["text"] for result in answer.json()["results"]}
    assert results[str(row.pk)] == admin.site._registry[model].describe(row)


def test_a_production_tells_what_its_files_weigh_in_as_many_statements_however_many(office, studio):
    project = studio.make(Project)
    address = page(Project, "change", project.pk)
    asset, task = studio.make(Entity, project=project), studio.make(Task, project=project)
    comment = studio.make(Comment, object_id=task.pk, object_type="Task")
    message = studio.make(ChatMessage, chat=studio.make(Chat, object_id=asset.pk))

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            office.get(address)
        return len(asked)

    def weighs(text: str) -> bool:
        return text in office.get(address).content.decode().replace("\xa0", " ")

    assert weighs("0 bytes (0 bytes of previews · 0 bytes of attachments)")
    before = statements()
    for size in (1024, 2048):
        studio.make(PreviewFile, task=task, file_size=size)
        studio.make(AttachmentFile, comment=comment, size=size)
        studio.make(AttachmentFile, comment=None, chat_message=message, size=size * 2)
    assert weighs("12.0 KB (3.0 KB of previews · 9.0 KB of attachments)")
    assert statements() == before
    studio.make(PreviewFile, task=studio.make(Task, project=studio.make(Project)), file_size=4096)
    assert weighs("12.0 KB (3.0 KB")
