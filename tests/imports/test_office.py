"""Sheets that come in by the back-office: looked through line by line, then applied as they were seen."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from assets.models import Entity
from core.models import now
from events.models import ApiEvent
from imports.models import ImportPlan, ImportRecord
from people.models import Person
from production.models import ProjectStatus
from tasks.models import Task
from tests.makers import make_asset, make_entity, make_project, make_sequence, make_shot, make_task

ADD = "/admin/imports/importrecord/add/"
LIST = "/admin/imports/importrecord/"


@pytest.fixture
def hand_in(office, studio):
    """Uploads a sheet of assets of the production, unless it is said otherwise."""

    def upload(text, **more):
        content = text if isinstance(text, bytes) else text.encode()
        given = {"kind": "assets", "project": studio.project.pk, **more}
        return office.post(ADD, {**given, "file": SimpleUploadedFile("sheet.csv", content)})

    return upload


@pytest.fixture
def plan(office, hand_in):
    """The address of the plan of a sheet, and its page."""

    def draw(text, **more):
        answer = hand_in(text, **more)
        assert answer.status_code == 302, answer.context["form"].errors
        return answer.url, office.get(answer.url)

    return draw


def seen_on(page) -> str:
    """What the page's form sends back."""
    return re.search(r'name="seen" value="(\w+)"', page.content.decode()).group(1)


def told(answer) -> str:
    """The last words that the manager is told."""
    return str(list(get_messages(answer.wsgi_request))[-1])


def outcomes(page) -> list[tuple]:
    return [(row["number"], row["word"], row["message"]) for row in page.context["preview"].rows]


def test_a_sheet_is_seen_then_applied_and_written_down(office, plan, studio, cast):
    make_asset(studio.project, kind="Prop", name="Lamp", description="old")
    make_asset(studio.project, kind="Prop", name="Nail", description="same")
    text = "Type,Name,Description,Extra\nProp,Lamp,new,x\nProp,Nail,same,x\nProp,Hammer,,x\n"
    address, page = plan(text, update="on")
    assert outcomes(page) == [
        (2, "Update", "Changes description."),
        (3, "Skip", "It is like that already."),
        (4, "Create", ""),
    ]
    assert "Columns that nothing reads: Extra" in page.content.decode()
    assert Entity.objects.filter(name="Hammer").count() == ImportRecord.objects.count() == ApiEvent.objects.count() == 0

    answer = office.post(address, {"seen": seen_on(page), "_apply": "Import"})
    assert (answer.status_code, answer.url) == (302, LIST)
    assert told(answer) == "The sheet was imported: 1 created, 1 updated, 1 skipped."
    assert studio.named("Lamp").description == "new"
    record = ImportRecord.objects.get()
    assert (record.kind, record.door, record.person, record.project) == ("CSV: assets", "office", cast.admin, studio.project)
    assert record.counts == {"created": 1, "updated": 1, "skipped": 1, "refused": 0}
    assert (record.file_name, record.size, len(record.checksum)) == ("sheet.csv", len(text), 64)
    assert not ImportPlan.objects.exists()


@pytest.mark.parametrize("kind", ["persons", "assets", "shots", "edits", "casting", "estimations"])
def test_every_kind_of_sheet_comes_in(office, plan, studio, kind):
    shot = make_shot(studio.project, name="A", parent=make_sequence(studio.project, name="SQ"))
    make_task(studio.project, entity=shot, task_type=studio.animation)
    make_asset(studio.project, kind="Prop", name="Lamp")
    sheets = {
        "persons": "First Name,Last Name,Email\nIda,Moon,ida@example.com\n",
        "assets": "Type,Name\nProp,New\n",
        "shots": "Sequence,Name\nSQ,New\n",
        "edits": "Name\nNew\n",
        "casting": "Parent,Name,Asset Type,Asset,Occurences\nSQ,A,Prop,Lamp,2\n",
        "estimations": "Parent,Entity,Estimation\nSQ,A,2\n",
    }
    address, page = plan(sheets[kind], kind=kind, task_type=studio.animation.pk)
    assert office.post(address, {"seen": seen_on(page)}).url == LIST
    assert sum(ImportRecord.objects.get().counts.values()) == 1
    made = {
        "persons": Person.objects.filter(email="ida@example.com"),
        "casting": shot.entities_out.all(),
        "estimations": Task.objects.filter(estimation=960),
    }
    assert made.get(kind, Entity.objects.filter(name="New")).count() == 1


def test_the_estimations_of_one_episode_come_in(office, plan, hand_in, studio):
    studio.become_tv_show()
    episode = make_entity("Episode", studio.project, name="E01")
    shots = [
        make_shot(studio.project, name="A", parent=make_sequence(studio.project, name="SQ", parent=parent))
        for parent in (episode, make_entity("Episode", studio.project, name="E02"))
    ]
    for shot in shots:
        make_task(studio.project, entity=shot, task_type=studio.animation)
    given = {"kind": "estimations", "task_type": studio.animation.pk, "episode": "E02"}
    address, page = plan("Parent,Entity,Drawings\nSQ,A,7\n", **given)
    office.post(address, {"seen": seen_on(page)})
    assert list(Task.objects.filter(nb_drawings=7).values_list("entity_id", flat=True)) == [shots[1].pk]
    refused = hand_in("Parent,Entity,Drawings\nSQ,A,7\n", **{**given, "episode": "E99"})
    assert refused.context["form"].errors["episode"] == ["The production has no such episode."]


def test_a_refused_line_is_shown_first_and_nothing_can_be_applied(office, plan, studio):
    address, page = plan("Type,Name\nProp,A\nShot,B\n")
    assert outcomes(page) == [(3, "Refuse", "Shot is not an asset type"), (2, "Create", "")]
    assert 'name="_apply"' not in page.content.decode()
    answer = office.post(address, {"seen": seen_on(page), "_apply": "Import"})
    assert (answer.url, told(answer)) == (address, "Shot is not an asset type")
    assert not Entity.objects.exists()
    assert not ImportRecord.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "The file holds NUL characters: it is not a CSV file."),
        (b"just words", "Could not determine delimiter"),
        (b'Type,Name\nProp,"no end\n', "can&#x27;t be read"),
        (b"Type,Name\nProp," + b"x" * 300_000, "field larger than field limit"),
        (b"Type,Name,Name\nProp,A,B\n", "is there twice."),
    ],
    ids=["picture", "words", "quotes", "endless cell", "doubles"],
)
def test_what_is_no_sheet_is_told_beside_the_file(hand_in, content, message):
    answer = hand_in(content)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not ImportPlan.objects.exists()


def test_a_file_beyond_the_limits_is_refused(hand_in, settings):
    settings.MAX_CSV_ROWS = 2
    assert "more than 2 lines" in hand_in("Type,Name\n" + "Prop,A\n" * 3).content.decode()
    settings.MAX_CSV_LENGTH = 20
    assert "exceeds the capacity limit" in hand_in("Type,Name\nProp,A\nProp,B\n").content.decode()
    assert not ImportPlan.objects.exists()


def test_what_the_kind_needs_is_asked_for(office, hand_in, studio):
    assert "project" in hand_in("Type,Name\nProp,A\n", project="").context["form"].errors
    assert "task_type" in hand_in("Parent,Entity\nSQ,A\n", kind="estimations").context["form"].errors
    assert "kind" in hand_in("Type,Name\nProp,A\n", kind="nothing").context["form"].errors
    assert set(office.post(ADD, {}).context["form"].errors) == {"kind", "file"}
    assert "project" in hand_in("Type,Name\nProp,A\n", project="x\x00").context["form"].errors


def test_formulas_and_markup_are_shown_as_texts(plan):
    _, page = plan("Type,Name\nProp,=cmd|' /C calc'!A0\nProp,<script>alert(1)</script>\n")
    text = page.content.decode()
    assert escape("=cmd|' /C calc'!A0") in text
    assert "<script>alert(1)" not in text


def test_a_plan_is_applied_once(office, plan, studio):
    address, page = plan("Type,Name\nProp,A\n")
    given = {"seen": seen_on(page)}
    assert office.post(address, given).url == LIST
    again = office.post(address, given)
    assert "applied already, or has expired" in told(again)
    assert Entity.objects.filter(name="A").count() == ImportRecord.objects.count() == 1


def test_a_plan_expires_and_goes_with_the_next_upload(office, plan):
    address, page = plan("Type,Name\nProp,A\n")
    ImportPlan.objects.update(created_at=now() - timedelta(hours=3))
    for answer in (office.get(address), office.post(address, {"seen": seen_on(page)})):
        assert answer.url == LIST
        assert "has expired" in told(answer)
    assert not Entity.objects.filter(name="A").exists()
    plan("Type,Name\nProp,B\n")
    assert ImportPlan.objects.count() == 1


def test_a_plan_that_would_do_something_else_by_now_is_shown_again(office, plan, studio):
    address, page = plan("Type,Name\nProp,A\nProp,B\n")
    make_asset(studio.project, kind="Prop", name="A")
    answer = office.post(address, {"seen": seen_on(page)})
    assert answer.url == address
    assert "The studio has changed" in told(answer)
    assert not Entity.objects.filter(name="B").exists()
    page = office.get(address)
    assert [word for _, word, _ in outcomes(page)] == ["Skip", "Create"]
    assert office.post(address, {"seen": seen_on(page)}).url == LIST
    assert Entity.objects.filter(name="B").exists()


def test_a_plan_is_its_makers_alone_and_can_be_given_up(office, plan, cast):
    address, page = plan("Type,Name\nProp,A\n")
    other, artist = Client(), Client()
    other.force_login(Person.objects.create_user(email="second@example.com", password="mysecretpassword", role="admin"))
    assert "has expired" in told(other.get(address))
    artist.force_login(cast.manager)
    for path in (address, ADD, LIST):
        assert artist.get(path).url.startswith("/admin/login/")
    assert office.post(address, {"_cancel": "1"}).url == LIST
    assert not ImportPlan.objects.exists()
    assert not Entity.objects.exists()


def test_a_form_of_a_foreign_page_applies_nothing(cast, plan):
    address, page = plan("Type,Name\nProp,A\n")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.admin)
    assert strict.post(address, {"seen": seen_on(page)}).status_code == 403
    assert not Entity.objects.exists()


def test_a_long_plan_has_pages(plan, office):
    address, page = plan("Type,Name\n" + "".join(f"Prop,A{number}\n" for number in range(450)))
    assert len(page.context["preview"].rows) == 200
    assert "Page 1 of 3" in page.content.decode()
    assert len(office.get(address + "?page=3").context["preview"].rows) == 50
    assert office.get(address + "?page=x").status_code == 200


def test_the_list_shows_who_imported_what(office, plan, send, studio, cast):
    send(studio.into("assets"), "Type,Name\nProp,A\n", by=cast.manager)
    record = ImportRecord.objects.get()
    assert (record.door, record.person, record.counts["created"]) == ("api", cast.manager, 1)
    text = office.get(LIST).content.decode()
    assert "CSV: assets" in text
    assert "1 created" in text
    page = office.get(reverse("admin:imports_importrecord_change", args=[record.pk]))
    assert record.checksum in page.content.decode()
    assert office.post(reverse("admin:imports_importrecord_delete", args=[record.pk]), {"post": "yes"}).status_code == 403


def test_dry_runs_and_refused_files_leave_no_record(send, studio):
    assert send(studio.into("assets"), "Type,Name\nProp,A\n", dry_run="true").status_code == 200
    assert send(studio.into("assets"), "Type,Name\nShot,A\n").status_code == 400
    assert not ImportRecord.objects.exists()


def test_a_record_outlives_its_production(api, send):
    project = make_project(project_status=ProjectStatus.objects.create(name="Closed"))
    send(f"/import/csv/projects/{project.pk}/edits", "Name\nA\n")
    assert api.delete(f"/data/projects/{project.pk}?force=true").status_code == 204
    assert ImportRecord.objects.get().project is None
