"""The kinds of entries, by the names that the API has for them."""

from imports.rules.shotgrid.assets import AssetImport
from imports.rules.shotgrid.base import PageImport
from imports.rules.shotgrid.configuration import StatusImport, StepImport
from imports.rules.shotgrid.entities import EpisodeImport, SceneImport, SequenceImport, ShotImport
from imports.rules.shotgrid.people import ConnectionImport, PersonImport
from imports.rules.shotgrid.projects import ProjectImport
from imports.rules.shotgrid.tasks import NoteImport, TaskImport, VersionImport

IMPORTS: dict[str, type[PageImport]] = {
    "persons": PersonImport,
    "projects": ProjectImport,
    "steps": StepImport,
    "status": StatusImport,
    "project-connections": ConnectionImport,
    "episodes": EpisodeImport,
    "sequences": SequenceImport,
    "scenes": SceneImport,
    "assets": AssetImport,
    "shots": ShotImport,
    "tasks": TaskImport,
    "versions": VersionImport,
    "notes": NoteImport,
}
