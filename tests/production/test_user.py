"""What people keep, and the context that their client starts with."""

import pytest

from people.models import Person
from production.models import SearchFilter, SearchFilterGroup
from tests.makers import join_team, make_department, make_entity_type, make_person, make_project, make_task_status, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"
FILTERS, GROUPS = "/data/user/filters", "/data/user/filter-groups"


def test_a_search_is_kept(api, cast):
    mine = api.by(cast.user)
    body = {"name": "Mine", "query": "wip", "list_type": "shot", "project_id": str(cast.project.pk), "is_shared": True}
    made = mine.post(FILTERS, body)
    row = made.json()
    assert (made.status_code, row["search_query"], row["is_shared"], row["person_id"]) == (201, "wip", False, str(cast.user.pk))
    assert mine.get(FILTERS).json() == {"shot": {str(cast.project.pk): [row]}}
    assert api.get(FILTERS).json() == {}
    assert mine.post(FILTERS, {"name": "All", "query": "x"}).json()["list_type"] == "todo"
    assert list(mine.get(FILTERS).json()["todo"]) == ["all"]
    one = f"{FILTERS}/{row['id']}"
    assert mine.put(one, {"name": "Other", "search_query": None}).json()["search_query"] == "wip"
    assert api.by(cast.manager).put(one, {"name": "No"}).status_code == 404
    assert api.put(one, {"name": "Admin"}).json()["name"] == "Admin"
    assert mine.delete(one).status_code == 204
    assert mine.delete(f"{FILTERS}/x").status_code == 404


@pytest.mark.parametrize("body", [{"project_id": "x"}, {"department_id": UNKNOWN}, {"search_filter_group_id": UNKNOWN}])
def test_a_search_of_nothing_is_not_found(api, body):
    assert api.post(FILTERS, {"name": "A", "query": "b", **body}).status_code == 404


def test_texts_are_measured(api):
    assert api.post(FILTERS, {"name": "A", "query": "b" * 501}).status_code == 400
    assert api.post(FILTERS, {"name": "", "query": "b"}).status_code == 400
    assert api.post(GROUPS, {"name": "A", "color": "#123456789"}).status_code == 400


def test_only_managers_share(api, cast):
    body = {"name": "Ours", "query": "wip", "is_shared": True}
    assert api.by(cast.manager).post(FILTERS, body).json()["is_shared"] is False
    shared = api.by(cast.manager).post(FILTERS, {**body, "project_id": str(cast.project.pk)}).json()
    assert shared["is_shared"] is True
    assert list(api.by(cast.vendor).get(FILTERS).json()["todo"]) == [str(cast.project.pk)]
    department = make_department()
    SearchFilter.objects.update(department=department)
    assert api.by(cast.vendor).get(FILTERS).json() == {}
    cast.vendor.departments.add(department)
    assert api.by(cast.vendor).get(FILTERS).json() != {}


def test_a_group_and_its_searches_are_shared_together(api, cast):
    manager, project = api.by(cast.manager), str(cast.project.pk)
    group = manager.post(GROUPS, {"name": "G", "color": "#FF0000", "project_id": project}).json()
    inside = {"name": "A", "query": "x", "search_filter_group_id": group["id"]}
    refused = manager.post(FILTERS, {**inside, "is_shared": True, "project_id": project})
    assert refused.json()["message"] == "A search filter should have the same value for is_shared than its search filter group."
    made = manager.post(FILTERS, inside).json()
    assert manager.put(f"{GROUPS}/{group['id']}", {"is_shared": True}).json()["is_shared"] is False
    assert manager.put(f"{GROUPS}/{group['id']}", {"is_shared": True, "project_id": project}).json()["is_shared"] is True
    assert SearchFilter.objects.get(pk=made["id"]).is_shared is True
    assert api.by(cast.user).get(f"{GROUPS}/{group['id']}").status_code == 404
    assert manager.get(f"{GROUPS}/{group['id']}").json()["color"] == "#FF0000"
    manager.post(GROUPS, {"name": "Newer", "project_id": project})
    assert [row["name"] for row in manager.get(GROUPS).json()["todo"][project]] == ["Newer", "G"]
    assert manager.delete(f"{GROUPS}/{group['id']}").status_code == 204
    assert not SearchFilter.objects.exists() and SearchFilterGroup.objects.count() == 1


LISTS = ("asset_types", "task_types", "task_status", "project_status", "departments", "studios", "custom_actions")


def test_the_context_holds_the_studio_as_its_lists_do(api, cast):
    make_department(), make_task_type(), make_task_status(is_done=True)
    make_entity_type(name="Prop").task_types.add(make_task_type())
    context = api.get("/data/user/context").json()
    routes = {"task_types": "task-types", "task_status": "task-status", "asset_types": "asset-types"}
    for kind in LISTS:
        route = routes.get(kind) or kind.replace("_", "-")
        listed = api.get(f"/data/{route}").json()
        assert sorted(context[kind], key=lambda row: row["id"]) == sorted(listed, key=lambda row: row["id"]), kind
    assert context["projects"] == api.get("/data/user/projects/open").json()
    assert (context["plugins"], context["preview_background_files"], context["status_automations"]) == ([], [], [])
    assert (context["notification_count"], context["project_roles"], context["user_limit"]) == (0, {}, 100)
    assert len(context["persons"]) == 7 and context["persons"][0]["departments"] == []


def test_the_context_costs_the_same_however_large_the_studio(api, cast, django_assert_num_queries):
    with django_assert_num_queries(7):
        api.get("/data/user/context")
    for _ in range(3):
        join_team(make_project(), make_person(), cast.user)
        make_task_type(), make_department(), make_entity_type()
        api.by(cast.user).post(FILTERS, {"name": "A", "query": "x"})
    with django_assert_num_queries(7):
        assert len(api.get("/data/user/context").json()["projects"]) == 4


def test_the_context_of_others_is_narrowed(api, cast):
    make_project(name="Foreign")
    cast.project.team_links.filter(person=cast.user).update(role="supervisor")
    guest = make_person(is_guest=True)
    context = api.by(cast.user).get("/data/user/context").json()
    assert [row["name"] for row in context["projects"]] == ["The Lantern"]
    assert context["project_roles"] == {str(cast.project.pk): "supervisor"}
    assert "user_limit" not in context and "email" not in context["persons"][0]
    assert str(guest.pk) not in {row["id"] for row in context["persons"]}
    names = [row["full_name"] for row in api.by(cast.client).get("/data/user/context").json()["persons"]]
    assert names == sorted(names) and len(names) == 6
    assert "email" in api.by(cast.manager).get("/data/user/context").json()["persons"][0]


def test_unread_notifications_are_counted(api, cast):
    for read in (False, False, True):
        cast.user.notifications.create(author=cast.admin, notification_type="comment", read=read)
    assert api.by(cast.user).get("/data/user/context").json()["notification_count"] == 2
    assert api.get("/data/user/context").json()["notification_count"] == 0


def test_kept_searches_stand_in_the_context(api, cast):
    mine = api.by(cast.user)
    mine.post(FILTERS, {"name": "A", "query": "x", "project_id": str(cast.project.pk)})
    mine.post(GROUPS, {"name": "G"})
    context = mine.get("/data/user/context").json()
    assert context["search_filters"] == mine.get(FILTERS).json()
    assert context["search_filter_groups"] == mine.get(GROUPS).json()


def test_bots_have_no_context(api, cast):
    Person.objects.filter(pk=cast.user.pk).update(is_bot=True)
    assert api.by(cast.user).get("/data/user/context").status_code == 403
    assert api.by(cast.user).get(FILTERS).status_code == 403
