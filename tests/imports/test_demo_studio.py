"""Demonstration studios: their size, their sanity, and that they can be made again."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Sum

from assets.models import Entity, EntityLink
from core.errors import WrongParameter
from imports.rules.demo_studio import SIZES, Plan, make_demo_studio
from people.models import Person
from production.models import Project
from tasks.models import Comment, Notification, Task, TimeSpent

TINY = Plan(
    productions=2,
    assets=4,
    shots=6,
    tasks_per_asset=2,
    tasks_per_shot=3,
    casting_links=15,
    comments=80,
    time_spents=20,
    previews=9,
    people=8,
    playlists=2,
)
TODAY = date(2026, 11, 20)


def make(**options) -> Counter[str]:
    return make_demo_studio(TINY, today=TODAY, **options)


def test_a_studio_has_the_counts_of_its_plan(db):
    counts = make()
    assert (counts["project"], counts["person"], counts["playlist"]) == (2, 8, 2)
    assert counts["task"] == Task.objects.count() == 2 * (4 * 2 + 6 * 3)
    assert counts["comment"] == Comment.objects.count() == counts["news"] == counts["api_event"] == 80
    assert counts["entity_link"] == EntityLink.objects.count() == 15
    assert counts["time_spent"] == TimeSpent.objects.count() == 20
    assert counts["preview_file"] == 9
    assert Entity.objects.filter(entity_type__name="Shot", parent__entity_type__name="Sequence").count() == 12


def test_everybody_signs_in_and_every_role_is_there(db):
    make()
    assert set(Person.objects.values_list("role", flat=True)) == {"admin", "manager", "supervisor", "user", "client", "vendor"}
    for role in ("admin", "client", "vendor"):
        person = Person.objects.get(email=f"{role}@example.com")
        assert (person.role, person.check_password("mysecretpassword")) == (role, True)
    assert Project.objects.order_by("team").filter(team__role="vendor").exists()


def test_tasks_agree_with_what_was_said_and_done(db):
    make()
    tasks = Task.objects.prefetch_related("assignees")
    newest = dict(Comment.objects.values_list("object_id").annotate(newest=Max("created_at")))
    minutes = dict(TimeSpent.objects.values_list("task_id").annotate(sum=Sum("duration")))
    for task in tasks:
        assert task.last_comment_date == newest.get(task.pk)
        assert task.duration == minutes.get(task.pk, 0)
        assert (task.done_date is not None) == (task.task_status.short_name == "done")
        assert all(person.role in ("user", "vendor") for person in task.assignees.all())
    last = Comment.objects.filter(created_at__in=newest.values()).values_list("object_id", "task_status_id")
    assert dict(last).items() <= {task.pk: task.task_status_id for task in tasks}.items()
    assert not Notification.objects.filter(person=F("author")).exists()


def test_references_stay_inside_a_production(db):
    make()
    assert not EntityLink.objects.exclude(entity_in__project=F("entity_out__project")).exists()
    assert not Task.objects.exclude(entity__project=F("project")).exists()
    counted = EntityLink.objects.values_list("entity_in_id").annotate(count=Count("id"))
    assert dict(counted) == dict(Entity.objects.filter(nb_entities_out__gt=0).values_list("id", "nb_entities_out"))


def test_the_same_seed_and_day_give_the_same_studio(db):
    from django.db import transaction

    seen = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            make(seed=seed)
            seen.append(set(Comment.objects.values_list("id", "text", "created_at")))
            transaction.set_rollback(True)
    assert seen[0] == seen[1] != seen[2]


def test_a_dry_run_counts_and_stores_nothing(db):
    counts = make(dry=True)
    assert counts["comment"] == 80
    assert not Person.objects.exists() and not Task.objects.exists()


def test_a_studio_is_not_made_twice_and_nothing_is_left_behind(db):
    make()
    people = Person.objects.count()
    with pytest.raises(WrongParameter, match="exists already"):
        make()
    assert (Person.objects.count(), Project.objects.count()) == (people, 2)


def test_the_studio_is_readable_through_the_api(api):
    make()
    names = {project["name"] for project in api.get("/data/projects").json()}
    assert {"The Lighthouse Keepers", "Moss and Marble"} <= names


def test_the_command_prints_totals_and_refuses_senseless_counts(db):
    out = StringIO()
    call_command("make_demo_studio", "--shots", "3", "--assets", "2", "--comments", "5", "--dry-run", stdout=out)
    assert "5 comment\n" in out.getvalue()
    assert "nothing was stored" in out.getvalue()
    assert not Task.objects.exists()
    with pytest.raises(CommandError, match="six people"):
        call_command("make_demo_studio", "--people", "2")
    with pytest.raises(CommandError, match="tasks_per_shot must not exceed 7"):
        call_command("make_demo_studio", "--tasks-per-shot", "8")


def test_the_sizes_are_those_of_the_documentation():
    medium = SIZES["M"]
    assert (medium.productions, medium.assets, medium.shots, medium.comments) == (3, 500, 2000, 33000)
    assert [medium.of_production(number)[:2] for number in range(3)] == [(500, 2000), (50, 100), (50, 100)]
