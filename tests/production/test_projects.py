"""Productions: making, reading, changing and deleting them."""

import pytest

from events.models import ApiEvent
from production.models import MetadataDescriptor, Project, ProjectStatus, ProjectTaskTypeLink
from tests.makers import join_team, make_entity, make_project, make_task_status, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def closed(cast):
    cast.project.project_status = ProjectStatus.objects.create(name="Closed", color="#000000")
    cast.project.save()
    return cast.project


def test_a_production_starts_open_and_announced_last(api):
    answer = api.post("/data/projects", {"name": "Big Buck", "fps": 24.5})
    row = answer.json()
    assert (answer.status_code, row["fps"], row["production_style"], row["team"]) == (201, "24.5", "2d3d", [])
    assert row["project_status_id"] == str(ProjectStatus.objects.get(name="Open").pk)
    event = ApiEvent.objects.get()
    assert (event.name, event.data, event.project_id) == ("project:new", {"project_id": row["id"]}, None)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"production_style": "zz"}, "Invalid production_style"),
        ({"resolution": "zzz"}, "Invalid resolution zzz. Expected format: '1920x1080' or 'x1080'."),
        ({"hd_bitrate_compression": 500}, "Invalid bitrate 500. Expected an integer number of Mbit/s between 1 and 28."),
        ({"hd_bitrate_compression": True}, "Invalid bitrate True. Expected an integer number of Mbit/s between 1 and 28."),
        (
            {"hd_bitrate_compression": 5, "ld_bitrate_compression": 6},
            "The low definition bitrate (6) cannot exceed the high definition one (5).",
        ),
    ],
)
def test_formats_are_checked_on_the_way_in(api, cast, values, message):
    for answer in (api.post("/data/projects", {"name": "X", **values}), api.put(f"/data/projects/{cast.project.pk}", values)):
        assert (answer.status_code, answer.json()) == (400, {"error": True, "message": message, "data": None})
    assert Project.objects.count() == 1


def test_a_high_bitrate_may_fall_below_a_low_one_that_stays(api, cast):
    path = f"/data/projects/{cast.project.pk}"
    assert api.put(path, {"ld_bitrate_compression": 3}).status_code == 200
    assert api.put(path, {"hd_bitrate_compression": 2}).json()["hd_bitrate_compression"] == 2
    assert api.put(path, {"ld_bitrate_compression": 4}).status_code == 400


@pytest.mark.parametrize("resolution", ["x1080", "", None, "1920x1080"])
def test_resolutions_of_these_forms_are_kept(api, cast, resolution):
    assert api.put(f"/data/projects/{cast.project.pk}", {"resolution": resolution}).json()["resolution"] == resolution


def test_a_style_of_null_is_the_default_one(api, cast):
    assert api.put(f"/data/projects/{cast.project.pk}", {"production_style": None}).json()["production_style"] == "2d3d"


def test_a_tv_show_comes_with_its_first_episode(api):
    made = api.post("/data/projects", {"name": "Tides", "production_type": "tvshow"}).json()
    project = Project.objects.get(pk=made["id"])
    assert [(e.name, str(e.pk)) for e in project.entities.all()] == [("E01", made["first_episode_id"])]
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True)) == ["episode:new", "project:new"]
    project.entities.all().delete()
    assert "first_episode_id" in api.put(f"/data/projects/{project.pk}", {"name": "Tides 2"}).json()
    assert project.entities.count() == 1


def test_columns_about_productions_are_copied_from_the_open_ones(api, cast):
    for name in ("Client", "Budget code"):
        MetadataDescriptor.objects.create(
            project=cast.project, entity_type="Project", name=name, field_name=name.lower().replace(" ", "_"), data_type="string"
        )
    made = api.post("/data/projects", {"name": "Second"}).json()
    copied = MetadataDescriptor.objects.filter(project_id=made["id"]).order_by("name")
    assert [row.field_name for row in copied] == ["budget_code", "client"]
    assert ApiEvent.objects.filter(name="metadata-descriptor:new").count() == 2


def test_an_unknown_template_or_background_makes_nothing(api):
    assert api.post("/data/projects", {"name": "X", "project_template_id": UNKNOWN}).status_code == 404
    assert api.post("/data/projects", {"name": "X", "preview_background_files": [UNKNOWN]}).status_code == 404
    answer = api.post("/data/projects", {"name": "X", "default_preview_background_file_id": UNKNOWN})
    assert answer.json()["message"] == "Invalid default_preview_background_file_id"
    assert not Project.objects.filter(name="X").exists()


def test_names_are_unique(api, cast):
    answer = api.post("/data/projects", {"name": cast.project.name})
    assert (answer.status_code, answer.json()) == (400, {"message": "A record with the same unique values already exists."})


def test_a_production_is_read_with_all_that_clients_open_it_with(api, cast, django_assert_num_queries):
    task_type, status = make_task_type(), make_task_status()
    project = cast.project
    api.post(f"/data/projects/{project.pk}/settings/task-types", {"task_type_id": str(task_type.pk), "priority": 3})
    api.post(f"/data/projects/{project.pk}/settings/task-status", {"task_status_id": str(status.pk)})
    with django_assert_num_queries(5):
        row = api.get(f"/data/projects/{project.pk}").json()
    assert (row["project_status_name"], row["descriptors"]) == ("Open", [])
    assert row["task_types_priority"] == {str(task_type.pk): 3}
    assert row["task_type_links"][str(task_type.pk)]["is_client_visible"] is True
    assert row["task_statuses_link"][str(status.pk)]["is_client_allowed"] is None
    assert set(row["team"]) == {str(cast.of(role).pk) for role in ("admin", "manager", "supervisor", "user", "client", "vendor")}
    bare = api.get(f"/data/projects/{project.pk}?relations=false").json()
    assert "team" not in bare and "descriptors" not in bare and bare["project_status_name"] == "Open"


def test_reading_and_changing_are_for_the_team(api, cast):
    path = f"/data/projects/{cast.project.pk}"
    for role in ("manager", "supervisor", "user", "client", "vendor"):
        somebody = api.by(cast.of(role))
        assert somebody.get(path).status_code == 200
        assert somebody.put(path, {"description": role}).status_code == (200 if role == "manager" else 403)
        assert somebody.post("/data/projects", {"name": role}).status_code == 403
    outsider = api.by(cast.outsider)
    assert outsider.get(path).status_code == 403
    assert outsider.get(f"/data/projects/{UNKNOWN}").status_code == 404
    assert api.get(f"/data/projects/{UNKNOWN}").status_code == 404
    assert api.get("/data/projects/abc").json()["message"] == "Malformed ID."


def test_roles_given_in_a_production_count_there(api, cast):
    other = make_project()
    join_team(other, cast.manager, role="user")
    join_team(other, cast.user, role="manager")
    assert api.by(cast.manager).put(f"/data/projects/{other.pk}", {"code": "x"}).status_code == 403
    assert api.by(cast.user).put(f"/data/projects/{other.pk}", {"code": "x"}).status_code == 200


def test_an_update_keeps_the_options_of_links_and_the_team(api, cast):
    kept, new = make_task_type(), make_task_type()
    ProjectTaskTypeLink.objects.create(project=cast.project, task_type=kept, priority=7)
    api.put(f"/data/projects/{cast.project.pk}", {"task_types": [str(kept.pk), {"id": str(new.pk)}], "team": [], "descriptors": 3})
    assert dict(cast.project.task_type_links.values_list("task_type_id", "priority")) == {kept.pk: 7, new.pk: None}
    assert cast.project.team.count() == 6
    event = ApiEvent.objects.get(name="project:update")
    assert (event.project_id, event.data) == (None, {"project_id": str(cast.project.pk)})
    answer = api.put(f"/data/projects/{cast.project.pk}", {"preview_background_file_id": UNKNOWN})
    assert answer.json()["message"] == "Invalid preview_background_file_id"


def test_only_closed_productions_can_be_deleted(api, cast):
    path = f"/data/projects/{cast.project.pk}"
    for somebody in (api, api.by(cast.user)):
        answer = somebody.delete(f"{path}?force=true")
        assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "Only closed projects can be deleted"})


def test_deletion_is_for_studio_managers(api, cast, closed):
    assert api.by(cast.manager).delete(f"/data/projects/{closed.pk}").status_code == 403
    assert api.delete(f"/data/projects/{closed.pk}").status_code == 204
    assert not Project.objects.filter(pk=closed.pk).exists()


def test_what_a_production_holds_stands_against_its_deletion_unless_forced(api, cast, closed):
    MetadataDescriptor.objects.create(project=closed, entity_type="Asset", name="A", field_name="a")
    api.post(f"/data/projects/{closed.pk}/budgets", {"name": "First"})
    answer = api.delete(f"/data/projects/{closed.pk}")
    assert (answer.status_code, answer.json()) == (400, {"message": "The change conflicts with records referencing this one."})
    assert api.delete(f"/data/projects/{closed.pk}?force=true").status_code == 204
    assert list(ApiEvent.objects.values_list("name", "project_id")) == [("project:delete", None)]


def test_a_forced_deletion_takes_the_entities_along(api, closed):
    make_entity("Shot", closed)
    assert api.delete(f"/data/projects/{closed.pk}?force=true").status_code == 204
    assert not Project.objects.filter(pk=closed.pk).exists()


def test_the_list_shows_others_their_open_productions_alone(api, cast, closed):
    opened = make_project(name="Open one")
    join_team(opened, cast.user)
    make_project(name="Foreign")
    assert [row["name"] for row in api.by(cast.user).get("/data/projects").json()] == ["Open one"]
    assert len(api.get("/data/projects").json()) == 3
    assert "team" not in api.get("/data/projects").json()[0]
    assert [row["name"] for row in api.get(f"/data/projects?team={cast.user.pk}&name=open%25").json()] == ["Open one"]


def test_open_productions_cost_the_same_however_many(api, cast, django_assert_num_queries):
    make_project(name="A first")
    with django_assert_num_queries(5):
        assert [row["name"] for row in api.get("/data/projects/open").json()] == ["A first", "The Lantern"]
    for _ in range(4):
        make_project()
    with django_assert_num_queries(5):
        assert len(api.get("/data/projects/open").json()) == 6
    assert [row["name"] for row in api.get("/data/projects/open?name=The Lantern").json()] == ["The Lantern"]
    assert api.get("/data/projects/open?name=the lantern").json() == []
    assert [row["name"] for row in api.by(cast.user).get("/data/projects/open").json()] == ["The Lantern"]


def test_columns_are_narrowed_by_the_role_in_each_production(api, cast, django_assert_num_queries):
    from tests.makers import make_department

    own, foreign = make_department(), make_department()
    cast.vendor.departments.add(own)
    for name, for_client, departments in [("all", False, []), ("own", False, [own]), ("foreign", True, [foreign])]:
        row = MetadataDescriptor.objects.create(
            project=cast.project, entity_type="Shot", name=name, field_name=name, for_client=for_client, data_type="string"
        )
        row.departments.set(departments)
    expected = {"user": {"all", "own", "foreign"}, "client": {"foreign"}, "vendor": {"all", "own"}}
    for role, names in expected.items():
        somebody = api.by(cast.of(role))
        for path in ("/data/projects/open", "/data/user/projects/open"):
            assert {d["name"] for d in somebody.get(path).json()[0]["descriptors"]} == names, (role, path)
        assert {d["name"] for d in somebody.get(f"/data/projects/{cast.project.pk}").json()["descriptors"]} == names
        assert {d["name"] for d in somebody.get("/data/metadata-descriptors").json()} == names
        assert {d["name"] for d in somebody.get(f"/data/projects/{cast.project.pk}/metadata-descriptors").json()} == names


def test_all_productions(api, cast, closed, django_assert_num_queries):
    make_project(name="Foreign")
    with django_assert_num_queries(3):
        rows = api.get("/data/projects/all").json()
    assert [(row["name"], row["project_status_name"], row["descriptors"]) for row in rows] == [
        ("Foreign", "Open", []),
        ("The Lantern", "Closed", []),
    ]
    own = api.by(cast.user).get("/data/projects/all").json()
    assert [row["name"] for row in own] == ["The Lantern"]
    assert "project_status_name" not in own[0]
    assert [row["name"] for row in api.get("/data/projects/all?name=the lan%25").json()] == ["The Lantern"]
    assert [row["name"] for row in api.by(cast.user).get("/data/projects/all?name=THE LANTERN").json()] == ["The Lantern"]
    assert api.by(cast.user).get("/data/projects/all?name=the lan%25").status_code == 404
    assert api.by(cast.user).get("/data/projects/all?name=Foreign").status_code == 404
