"""Productions of ShotGrid."""

from typing import Any

from core.errors import Refusal
from events.stamps import touch
from imports.rules.shotgrid.base import PageImport, by_shotgun_id, found, found_or_made, held
from imports.rules.shotgrid.entries import ProjectEntry
from imports.rules.shotgrid.file_tree import SIMPLE_TREE
from production.models import Project, ProjectStatus
from production.readers import PROJECT
from production.rules.defaults import PROJECT_STATUS_COLOR


class ProjectImport(PageImport):
    """Productions with their status and the studio's own fields, which replace those of before."""

    kind = "Project"
    model = Project
    reader = PROJECT
    entry = ProjectEntry

    def prepare(self, entries: list[Any]) -> None:
        """Statuses, those that are missing made; the productions of these ids, and of these names."""
        names = {entry.sg_status: PROJECT_STATUS_COLOR for entry in entries if entry.sg_status is not None}
        self.statuses, _ = found_or_made(ProjectStatus, names)
        self.known = by_shotgun_id(held(Project.objects), [entry.id for entry in entries])
        self.names = {project.name: project.pk for project in found(Project.objects, "name", [entry.name for entry in entries])}

    def plan(self, entry: ProjectEntry) -> Any:
        """A production. Raises a refusal for the name of another."""
        project = self.known.get(entry.id)
        if self.names.get(entry.name, project and project.pk) != (project and project.pk):
            raise Refusal(f"There is another production named {entry.name}.")
        values = {
            "name": entry.name,
            "project_status_id": self.statuses[entry.sg_status].pk if entry.sg_status is not None else None,
            "data": entry.custom("sg_status"),
        }
        if project is None:
            project = self.known[entry.id] = self.make(shotgun_id=entry.id, file_tree=SIMPLE_TREE, **values)
        else:
            self.names.pop(project.name, None)
            self.change(project, **values)
        self.names[entry.name] = project.pk
        return project

    def store(self) -> None:
        """Stores the productions; readers of boards learn that something changed."""
        super().store()
        for project_id in self.changed:
            touch(project_id)
