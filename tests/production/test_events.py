"""What the deletion of a production tells."""

from events.models import ApiEvent
from production.models import Project, ProjectStatus


def test_a_deletion_is_told_with_what_went_before_it(api, cast):
    project = Project.objects.create(name="Over", project_status=ProjectStatus.objects.create(name="Closed", color="#000000"))
    account = api.post(f"/data/projects/{project.pk}/preview-account").json()["id"]
    ApiEvent.objects.all().delete()
    assert api.delete(f"/data/projects/{project.pk}?force=true").status_code == 204
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", "data", "project_id")) == [
        ("person:delete", {"person_id": account}, None),
        ("project:delete", {"project_id": str(project.pk)}, None),
    ]
