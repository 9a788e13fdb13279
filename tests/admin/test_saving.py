"""What is saved in the back-office goes through the rules: it is checked, announced, and refused in words."""

import pytest
from django.urls import reverse

from assets.models import Entity, EntityLink
from events.models import ApiEvent
from people.models import DayOff, Department, Person, Studio
from playlists.models import Playlist
from production.models import (
    Budget,
    MetadataDescriptor,
    Milestone,
    Project,
    ProjectPersonLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
    TaskType,
)
from tasks.models import Comment, Task, TimeSpent
from tests.makers import make_department, make_entity_type, make_person, make_project, make_task_status, make_task_type


def page(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def form_of(answer) -> dict:
    """What the browser would send if the page's form were submitted as it stands."""
    context, sent = answer.context, {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(bound.field.widget, "decompress"):
                for number, part in enumerate(bound.field.widget.decompress(value)):
                    sent[f"{bound.html_name}_{number}"] = part or ""
            else:
                sent[bound.html_name] = value
    return sent


def submit(office, model, row, **changes):
    """Opens a row's page, or the page of a new one, changes some fields and saves."""
    address = page(model, "change", row.pk) if row is not None else page(model, "add")
    return office.post(address, {**form_of(office.get(address)), **changes})


def events() -> list[str]:
    return list(ApiEvent.objects.order_by("created_at", "id").values_list("name", flat=True))


def complaints(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(message for messages in answer.context["errors"] for message in messages)


def test_a_new_row_is_announced_with_its_author(office, cast):
    answer = submit(office, Department, None, name="Layout", color="#123456")
    assert answer.status_code == 302
    event = ApiEvent.objects.get()
    department = Department.objects.get(name="Layout")
    assert (event.name, event.data, event.user_id) == ("department:new", {"department_id": str(department.pk)}, cast.admin.pk)


def test_a_change_writes_what_changed_alone(office):
    department = make_department(name="Layout")
    answer = submit(office, Department, department, name="Staging")
    assert answer.status_code == 302
    assert events() == ["department:update"]
    stored = Department.objects.get(pk=department.pk)
    assert (stored.name, stored.updated_at > department.updated_at) == ("Staging", True)


def test_saving_without_a_change_announces_nothing(office):
    department = make_department()
    assert submit(office, Department, department).status_code == 302
    assert events() == []


def test_deleting_announces(office):
    department = make_department()
    assert office.post(page(Department, "delete", department.pk), {"post": "yes"}).status_code == 302
    assert events() == ["department:delete"]
    assert not Department.objects.filter(pk=department.pk).exists()


def test_deleting_several_at_once_announces_each(office):
    chosen = [make_department().pk for _ in range(3)]
    body = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert office.post(page(Department, "changelist"), body).status_code == 302
    assert events() == ["department:delete"] * 3


def test_what_is_referenced_is_protected_with_words(office):
    studio = Studio.objects.create(name="North", color="#123456")
    person = make_person(studio=studio)
    address = page(Studio, "delete", studio.pk)
    asking = office.get(address)
    assert asking.context["protected"]
    assert str(person) in asking.content.decode()
    assert office.post(address, {"post": "yes"}).status_code in (200, 403)
    assert Studio.objects.filter(pk=studio.pk).exists()


def test_a_production_is_made_by_its_rule(office):
    answer = submit(office, Project, None, name="Moonrise", production_type="tvshow", production_style="2d3d", revision_padding="0")
    assert answer.status_code == 302, complaints(answer)
    project = Project.objects.get(name="Moonrise")
    assert project.project_status.name == "Open"
    assert [episode.name for episode in project.entities.all()] == ["E01"]
    assert events() == ["episode:new", "project:new"]


def test_a_rule_refuses_in_the_form(office, cast):
    answer = submit(office, Project, cast.project, resolution="huge")
    assert "Invalid resolution huge" in complaints(answer)
    assert events() == []
    assert Project.objects.get(pk=cast.project.pk).resolution == "1920x1080"


def test_a_name_taken_is_an_error_of_the_form(office):
    make_project(name="Moonrise")
    other = make_project(name="Sunset")
    assert "already exists" in complaints(submit(office, Project, other, name="Moonrise"))


def test_a_task_type_that_differs_by_case_alone_is_refused_by_its_rule(office):
    make_task_type(name="Animation")
    answer = submit(office, TaskType, None, name="animation", for_entity="Asset", color="#123456")
    assert "A task type with similar name already exists" in complaints(answer)


@pytest.mark.parametrize(
    ("value", "words"), [("[1, 2]", "JSON object"), ("{", "valid JSON"), ('"text"', "JSON object"), ("[]", "JSON object")]
)
def test_json_of_another_shape_is_an_error_of_the_form(office, cast, value, words):
    assert words in complaints(submit(office, Project, cast.project, data=value))
    assert Project.objects.get(pk=cast.project.pk).data is None


def test_json_is_shown_readably_and_kept(office, cast):
    answer = submit(office, Project, cast.project, data='{"mood": "dusk", "é": [1]}')
    assert answer.status_code == 302
    assert Project.objects.get(pk=cast.project.pk).data == {"mood": "dusk", "é": [1]}
    shown = office.get(page(Project, "change", cast.project.pk)).content.decode()
    assert "\n  &quot;mood&quot;: &quot;dusk&quot;" in shown
    assert "\n  &quot;é&quot;: [" in shown


def test_a_code_that_does_not_exist_is_an_error_of_the_form(office, cast):
    assert "not one of the available choices" in complaints(submit(office, Person, cast.user, role="emperor"))


def test_the_team_is_edited_on_the_production(office, cast):
    newcomer = make_person()
    link = cast.project.team_links.get(person=cast.user)
    sent = form_of(office.get(page(Project, "change", cast.project.pk)))
    total = int(sent["team_links-TOTAL_FORMS"])
    place = next(n for n in range(total) if str(sent[f"team_links-{n}-id"]) == str(link.pk))
    leaver = next(n for n in range(total) if str(sent[f"team_links-{n}-person"]) == str(cast.vendor.pk))
    changes = {
        "team_links-TOTAL_FORMS": total + 1,
        f"team_links-{total}-project": cast.project.pk,
        f"team_links-{total}-person": newcomer.pk,
        f"team_links-{total}-role": "supervisor",
        f"team_links-{place}-role": "manager",
        f"team_links-{leaver}-DELETE": "on",
    }
    answer = office.post(page(Project, "change", cast.project.pk), {**sent, **changes})
    assert answer.status_code == 302, complaints(answer)
    roles = dict(ProjectPersonLink.objects.filter(project=cast.project).values_list("person_id", "role"))
    assert (roles[newcomer.pk], roles[cast.user.pk], cast.vendor.pk in roles) == ("supervisor", "manager", False)
    assert set(events()) == {"project:update"}


def test_links_of_a_production_are_told_as_its_change(office, cast):
    task_type = make_task_type()
    changes = {
        "task_type_links-TOTAL_FORMS": 1,
        "task_type_links-0-project": cast.project.pk,
        "task_type_links-0-task_type": task_type.pk,
        "task_type_links-0-priority": "2",
        "task_type_links-0-is_client_visible": "on",
    }
    answer = submit(office, Project, cast.project, **changes)
    assert answer.status_code == 302, complaints(answer)
    assert ProjectTaskTypeLink.objects.get(project=cast.project).priority == 2
    assert events() == ["project:update"]
    bad = {**changes, "task_type_links-INITIAL_FORMS": 0, "task_type_links-0-task_type": make_task_type().pk}
    answer = submit(office, Project, cast.project, **{**bad, "task_type_links-0-hd_bitrate_compression": "9000"})
    assert "bitrate" in complaints(answer)


def test_metadata_columns_get_their_key_by_their_rule(office, cast):
    body = {"project": cast.project.pk, "name": "Éclairage clé", "entity_type": "Shot", "data_type": "string", "choices": "[]"}
    answer = submit(office, MetadataDescriptor, None, **body)
    assert answer.status_code == 302, complaints(answer)
    assert MetadataDescriptor.objects.get().field_name == "eclairage_cle"
    assert "already exists" in complaints(submit(office, MetadataDescriptor, None, **body))


def test_milestones_are_rows_of_the_production_page(office, cast):
    changes = {
        "milestones-TOTAL_FORMS": 1,
        "milestones-0-project": cast.project.pk,
        "milestones-0-name": "Alpha",
        "milestones-0-date": "2026-05-01",
    }
    assert submit(office, Project, cast.project, **changes).status_code == 302
    assert Milestone.objects.get().name == "Alpha"
    assert events() == ["milestone:new"]


def test_a_person_is_taken_on_without_a_password(office):
    body = {
        "first_name": "Ada",
        "last_name": "Byron",
        "email": "ada@studio.example",
        "role": "user",
        "contract_type": "open-ended",
        "active": "on",
    }
    answer = submit(office, Person, None, **body)
    assert answer.status_code == 302, complaints(answer)
    person = Person.objects.get(email="ada@studio.example")
    assert not person.has_usable_password()
    assert events() == ["person:new"]


@pytest.mark.parametrize(
    ("field", "value"), [("email", "ADMIN@studio.example"), ("email", "no address"), ("timezone", "Moon/Base"), ("country", "ZZ")]
)
def test_a_persons_values_are_checked(office, cast, field, value):
    assert complaints(submit(office, Person, cast.user, **{field: value}))
    assert getattr(Person.objects.get(pk=cast.user.pk), field) != value


def test_a_bots_token_is_shown_once(office):
    body = {
        "first_name": "Render",
        "last_name": "Farm",
        "role": "user",
        "contract_type": "open-ended",
        "active": "on",
        "is_bot": "on",
    }
    answer = office.post(page(Person, "add"), {**form_of(office.get(page(Person, "add"))), **body}, follow=True)
    assert answer.status_code == 200
    bot = Person.objects.get(first_name="Render")
    assert bot.jti
    assert "shown this once: ey" in answer.content.decode()
    assert "shown this once" not in office.get(page(Person, "change", bot.pk)).content.decode()


def test_days_off_do_not_overlap(office, cast):
    DayOff.objects.create(person=cast.user, date="2026-02-01", end_date="2026-02-05")
    body = {"person": cast.user.pk, "date": "2026-02-04", "end_date": "2026-02-08"}
    assert complaints(submit(office, DayOff, None, **body))
    assert DayOff.objects.count() == 1


@pytest.fixture
def shot(cast) -> Entity:
    return Entity.objects.create(name="SH010", project=cast.project, entity_type=make_entity_type(name="Shot"))


@pytest.fixture
def task(cast, shot) -> Task:
    status = make_task_status(is_default=True)
    task_type = make_task_type(name="Animation")
    return Task.objects.create(name="main", project=cast.project, entity=shot, task_type=task_type, task_status=status)


def test_a_shot_is_announced_as_a_shot(office, cast):
    body = {"name": "SH020", "project": cast.project.pk, "entity_type": make_entity_type(name="Shot").pk, "status": "running"}
    answer = submit(office, Entity, None, **body)
    assert answer.status_code == 302, complaints(answer)
    assert events() == ["shot:new"]
    assert Entity.objects.get(name="SH020").created_by == cast.admin.pk


def test_metadata_taken_out_of_an_entity_is_empty_afterwards(office, shot):
    Entity.objects.filter(pk=shot.pk).update(data={"lens": "35", "mood": "dusk"})
    answer = submit(office, Entity, shot, data='{"mood": "dawn"}')
    assert answer.status_code == 302, complaints(answer)
    assert Entity.objects.get(pk=shot.pk).data == {"lens": None, "mood": "dawn"}
    assert events() == ["shot:update"]


def test_casting_on_an_entitys_page_counts(office, cast, shot):
    asset = Entity.objects.create(name="Lamp", project=cast.project, entity_type=make_entity_type())
    changes = {
        "links_out-TOTAL_FORMS": 1,
        "links_out-0-entity_in": shot.pk,
        "links_out-0-entity_out": asset.pk,
        "links_out-0-nb_occurences": "2",
    }
    answer = submit(office, Entity, shot, **changes)
    assert answer.status_code == 302, complaints(answer)
    assert EntityLink.objects.get().nb_occurences == 2
    assert Entity.objects.get(pk=shot.pk).nb_entities_out == 1


def test_assigning_tells_who_is_assigned(office, cast, task):
    answer = submit(office, Task, task, assignees=[cast.user.pk])
    assert answer.status_code == 302, complaints(answer)
    assert list(task.assignees.all()) == [cast.user]
    assert {"task:assign", "task:update"} <= set(events())


def test_a_task_of_another_production_is_refused(office, cast, shot):
    body = {"name": "main", "entity": shot.pk, "task_type": make_task_type().pk, "project": make_project().pk, "difficulty": "3"}
    assert "same production" in complaints(submit(office, Task, None, **body))
    answer = submit(office, Task, None, **{**body, "project": ""})
    assert answer.status_code == 302, complaints(answer)
    assert Task.objects.get().project_id == cast.project.pk


def test_time_on_a_tasks_page_sums_up(office, cast, task):
    changes = {
        "time_spents-TOTAL_FORMS": 1,
        "time_spents-0-task": task.pk,
        "time_spents-0-date": "2026-02-03",
        "time_spents-0-person": cast.user.pk,
        "time_spents-0-duration": "90",
    }
    answer = submit(office, Task, task, **changes)
    assert answer.status_code == 302, complaints(answer)
    assert (TimeSpent.objects.get().duration, Task.objects.get(pk=task.pk).duration) == (90, 90)
    negative = {
        **changes,
        "time_spents-INITIAL_FORMS": 1,
        "time_spents-0-id": TimeSpent.objects.get().pk,
        "time_spents-0-duration": "-1",
    }
    assert submit(office, Task, task, **negative).status_code == 200


def test_a_comment_is_deleted_with_what_hangs_on_it(office, cast, task):
    comment = Comment.objects.create(
        object_id=task.pk, object_type="Task", person=cast.user, text="Nice", task_status=task.task_status
    )
    task.news.create(author=cast.user, comment=comment)
    assert "Nice" in office.get(page(Task, "change", task.pk)).content.decode()
    assert office.post(page(Comment, "delete", comment.pk), {"post": "yes"}).status_code == 302
    assert not Comment.objects.exists()
    assert "comment:delete" in events()


def test_playlists_go_by_their_rules(office, cast, shot):
    body = {"name": "Dailies", "project": cast.project.pk, "for_entity": "shot", "shots": '[{"entity_id": "%s"}]' % shot.pk}
    answer = submit(office, Playlist, None, **body)
    assert answer.status_code == 302, complaints(answer)
    playlist = Playlist.objects.get()
    assert playlist.created_by == cast.admin.pk
    elsewhere = Entity.objects.create(name="E01", project=make_project(), entity_type=make_entity_type(name="Episode"))
    assert complaints(submit(office, Playlist, playlist, episode=elsewhere.pk))
    playlist.build_jobs.create()
    assert office.post(page(Playlist, "delete", playlist.pk), {"post": "yes"}).status_code == 302
    assert events() == ["playlist:new", "build-job:delete", "playlist:delete"]


def test_columns_and_budgets_are_rows_of_the_production_page(office, cast):
    changes = {
        "metadata_descriptors-TOTAL_FORMS": 1,
        "metadata_descriptors-0-project": cast.project.pk,
        "metadata_descriptors-0-name": "Lens",
        "metadata_descriptors-0-entity_type": "Shot",
        "metadata_descriptors-0-data_type": "string",
        "metadata_descriptors-0-choices": "[]",
        "budgets-TOTAL_FORMS": 1,
        "budgets-0-project": cast.project.pk,
        "budgets-0-name": "First",
        "budgets-0-currency": "EUR",
    }
    answer = submit(office, Project, cast.project, **changes)
    assert answer.status_code == 302, complaints(answer)
    assert MetadataDescriptor.objects.get().field_name == "lens"
    assert (Budget.objects.get().revision, Budget.objects.get().currency) == (1, "EUR")
    assert sorted(events()) == ["budget:create", "metadata-descriptor:new"]


def test_calendars_and_colours_that_make_no_sense_are_errors_of_the_form(office, cast):
    answer = submit(office, Project, cast.project, start_date="2026-03-02", end_date="2026-03-01")
    assert "before the start date" in complaints(answer)
    task_type = make_task_type()
    assert "must be a colour" in complaints(submit(office, TaskType, task_type, color="red"))
    assert TaskType.objects.get(pk=task_type.pk).color == "#FFFFFF"


def test_links_of_a_template_are_told_as_its_change(office):
    template = ProjectTemplate.objects.create(name="Short")
    changes = {
        "task_type_links-TOTAL_FORMS": 1,
        "task_type_links-0-project_template": template.pk,
        "task_type_links-0-task_type": make_task_type().pk,
        "task_type_links-0-priority": "2",
    }
    answer = submit(office, ProjectTemplate, template, **changes)
    assert answer.status_code == 302, complaints(answer)
    assert template.task_type_links.get().priority == 2
    assert set(events()) == {"project-template:update"}
