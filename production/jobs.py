"""Work on whole productions that people do not wait for."""

from typing import Any

from django.conf import settings
from django_tasks import task

from core.progress import watched_by
from events.emit import tell_progress
from people.models import Person
from production.models import Project
from production.rules.projects import delete_project, is_large


@task()
def delete_production(project_id: str, person_id: str) -> int:
    """Delete a closed production with all that it holds, and tell how it goes on; gives the number of rows that went.

    It is one transaction however long it takes. A production that is gone already costs nothing; one that was opened again stays.
    """
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        return 0
    by = Person.objects.get(pk=person_id)
    removed = 0

    def tell(kind: str, rows: int) -> None:
        nonlocal removed
        removed += rows
        progress = {"project_id": project_id, "kind": kind, "rows": removed}
        tell_progress("project:delete-progress", progress, project_id=project_id, by=by)

    with watched_by(tell):
        delete_project(project, force=True, by=by)
    return removed


def delete_with_contents(project: Project, *, by: Any) -> bool:
    """Delete a closed production with all that it holds: at once, or in a job where that is very much. Tells whether it is gone."""
    if settings.ENABLE_JOB_QUEUE and is_large(project):
        delete_production.enqueue(str(project.pk), str(by.pk))
        return False
    delete_project(project, force=True, by=by)
    return True
