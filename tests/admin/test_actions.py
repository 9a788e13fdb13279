"""What studio managers do to several rows at once, the dashboard, pictures and passwords."""

import io

import pytest
from django.contrib.auth import authenticate
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from events.models import ApiEvent
from people.models import Person, Session
from people.tokens import open_session
from playlists.models import PlaylistShareLink
from production.models import Project
from tests.admin.studio import make_job
from tests.client import ApiClient
from tests.makers import make_person, make_project


def act(office, model, action: str, *rows):
    """Chooses rows of a list and an action; answers the words that the manager is told."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    answer = office.post(address, {"action": action, "_selected_action": [row.pk for row in rows]})
    assert answer.status_code == 302
    return str(list(get_messages(answer.wsgi_request))[-1])


def test_productions_are_closed_and_reopened(office, cast):
    other = make_project()
    assert act(office, Project, "close", cast.project, other) == "Closed: 2 of 2 productions changed."
    assert set(Project.objects.values_list("project_status__name", flat=True)) == {"Closed"}
    assert list(ApiEvent.objects.values_list("name", flat=True)) == ["project:update"] * 2
    assert act(office, Project, "reopen", cast.project) == "Open: 1 of 1 productions changed."
    assert Project.objects.get(pk=cast.project.pk).project_status.name == "Open"


def test_people_are_archived_and_their_sessions_end(office, cast):
    session, _, _ = open_session(cast.user)
    assert act(office, Person, "archive", cast.user) == "1 people archived."
    person = Person.objects.get(pk=cast.user.pk)
    assert (person.archived, person.active) == (True, False)
    assert Session.objects.get(pk=session.pk).revoked
    assert list(ApiEvent.objects.values_list("name", flat=True)) == ["person:update"]
    assert act(office, Person, "activate", cast.user) == "1 people activated."
    assert Person.objects.get(pk=cast.user.pk).active


def test_nobody_archives_themself(office, cast):
    assert "your own account" in act(office, Person, "archive", cast.user, cast.admin)
    assert Person.objects.get(pk=cast.user.pk).active


def test_ending_sessions_ends_those_of_the_api_and_of_the_back_office(office, cast):
    colleague = make_person(role="admin")
    browser, api = Client(), ApiClient(colleague)
    browser.force_login(colleague)
    assert browser.get("/admin/").status_code == api.get("/data/departments").status_code == 200
    assert act(office, Person, "end_sessions", colleague) == "Sessions of 1 people ended."
    assert browser.get("/admin/").status_code == 302
    assert api.get("/data/departments").status_code == 401
    assert office.get("/admin/").status_code == 200


def test_single_sessions_are_ended(office, cast):
    (kept, _, _), (ended, _, _) = open_session(cast.user), open_session(cast.user)
    assert act(office, Session, "end", ended) == "1 sessions ended."
    assert (Session.objects.get(pk=kept.pk).revoked, Session.objects.get(pk=ended.pk).revoked) == (False, True)


def test_failed_jobs_are_retried_once_and_others_left_alone(office, db):
    failed, done = make_job(), make_job(status="SUCCESSFUL")
    assert act(office, DBTaskResult, "retry", failed, done) == "1 jobs wait for another run."
    retried = DBTaskResult.objects.get(pk=failed.pk)
    assert (retried.status, retried.traceback, retried.finished_at) == ("READY", "", None)
    assert DBTaskResult.objects.ready().count() == 1
    assert DBTaskResult.objects.get(pk=done.pk).status == "SUCCESSFUL"
    assert act(office, DBTaskResult, "retry", failed) == "0 jobs wait for another run."


def test_share_links_are_closed(office, studio):
    link = studio.row(PlaylistShareLink)
    assert act(office, PlaylistShareLink, "close", link) == "1 links closed."
    assert not PlaylistShareLink.objects.get(pk=link.pk).is_active


def test_an_invitation_needs_an_address(office, cast):
    nobody = make_person(email=None)
    assert "no email address" in act(office, Person, "send_invitation", nobody)
    assert act(office, Person, "send_invitation", cast.user) == "1 invitations sent."
    assert cast.user.one_time_tokens.count() == 1


def test_a_manager_sets_a_password(office, cast):
    session, _, _ = open_session(cast.user)
    address = reverse("admin:people_person_password", args=[cast.user.pk])
    assert office.get(address).status_code == 200
    assert office.post(address, {"new_password1": "short", "new_password2": "short"}).context["form"].errors
    assert office.post(address, {"new_password1": "a-long-new-one", "new_password2": "another-one"}).context["form"].errors
    assert Person.objects.get(pk=cast.user.pk).check_password("mysecretpassword")
    assert office.post(address, {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}).status_code == 302
    assert Person.objects.get(pk=cast.user.pk).check_password("a-long-new-one")
    assert Session.objects.get(pk=session.pk).revoked


def test_another_managers_password_is_theirs_to_set(office):
    colleague = make_person(role="admin")
    address = reverse("admin:people_person_password", args=[colleague.pk])
    answer = office.post(address, {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"})
    assert "another admin" in str(answer.context["form"].errors)
    assert authenticate(username=colleague.email, password="mysecretpassword") == colleague


def test_ones_own_new_password_keeps_one_signed_in(office, cast):
    address = reverse("admin:people_person_password", args=[cast.admin.pk])
    assert office.post(address, {"new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}).status_code == 302
    assert office.get("/admin/").status_code == 200


def test_the_dashboard_shows_the_studio_in_few_statements(office, cast, studio, django_assert_max_num_queries):
    from assets.models import Entity
    from tasks.models import Task
    from tests.makers import make_entity_type, make_task_status

    shot = Entity.objects.create(name="SH010", project=cast.project, entity_type=make_entity_type(name="Shot"))
    done, todo = make_task_status(is_done=True), make_task_status()
    for number, status in enumerate((done, todo, todo, todo)):
        Task.objects.create(name=f"t{number}", project=cast.project, entity=shot, task_status=status)
    Project.objects.create(name="Long ago", project_status=None)
    make_job()
    with django_assert_max_num_queries(12):
        answer = office.get("/admin/")
    (progress,) = answer.context["productions"]
    assert (progress.project, progress.assets, progress.shots, progress.tasks, progress.percentage) == (cast.project, 0, 1, 4, 25)
    text = answer.content.decode()
    assert "The Lantern" in text
    assert "make_film" in text
    assert "Callboard" in text


def test_pictures_are_shown_to_whoever_signed_in(office, cast):
    from PIL import Image

    drawn = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(drawn, "PNG")
    drawn.seek(0)
    drawn.name = "me.png"
    api = ApiClient(cast.admin)
    stored = api.upload(f"/pictures/thumbnails/persons/{cast.user.pk}", file=drawn)
    if stored.status_code == 404:
        pytest.skip("no picture can be uploaded here")
    assert stored.status_code == 201, stored.content
    answer = office.get(f"/admin/pictures/thumbnails/persons/{cast.user.pk}.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert f"/admin/pictures/thumbnails/persons/{cast.user.pk}.png" in office.get("/admin/people/person/").content.decode()
    assert office.get("/admin/pictures/originals/preview-files/x.png").status_code == 404
    assert office.post(f"/admin/pictures/thumbnails/persons/{cast.user.pk}").status_code == 404


def test_the_address_without_a_slash_leads_to_the_dashboard(office):
    assert office.get("/admin").status_code in (301, 302)


def test_ones_own_password_is_changed_with_the_former_one(office, cast):
    body = {"old_password": "wrong", "new_password1": "a-long-new-one", "new_password2": "a-long-new-one"}
    assert office.get("/admin/password_change/").status_code == 200
    assert office.post("/admin/password_change/", body).context["form"].errors["old_password"]
    short = {**body, "old_password": "mysecretpassword", "new_password1": "short", "new_password2": "short"}
    assert office.post("/admin/password_change/", short).context["form"].errors["new_password1"]
    session, _, _ = open_session(cast.admin)
    assert office.post("/admin/password_change/", {**body, "old_password": "mysecretpassword"}).status_code == 302
    assert Person.objects.get(pk=cast.admin.pk).check_password("a-long-new-one")
    assert Session.objects.get(pk=session.pk).revoked
    assert office.get("/admin/").status_code == 200
