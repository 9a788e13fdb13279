"""The kinds of sheets by the names that routes, commands and the back-office have for them."""

from typing import Any

from imports.rules.sheets.assets import AssetSheet
from imports.rules.sheets.base import SheetImport
from imports.rules.sheets.casting import CastingSheet
from imports.rules.sheets.edits import EditSheet
from imports.rules.sheets.estimations import EstimationSheet
from imports.rules.sheets.persons import PersonSheet
from imports.rules.sheets.shots import ShotSheet
from people.models import Person
from production.models import TaskType

PERSONS, ESTIMATIONS = "persons", "estimations"
OF_PRODUCTION: dict[str, Any] = {"assets": AssetSheet, "shots": ShotSheet, "edits": EditSheet, "casting": CastingSheet}
KINDS = (PERSONS, *OF_PRODUCTION, ESTIMATIONS)


def sheet_import(
    kind: str, project_id: Any = None, task_type: TaskType | None = None, episode_id: Any = None, *, by: Person, update: bool
) -> SheetImport:
    """The import of one kind. People need no production; estimations need a task type, and may be those of one episode."""
    found: SheetImport
    if kind == PERSONS:
        found = PersonSheet(by=by, update=update)
    elif kind == ESTIMATIONS and task_type is not None:
        found = EstimationSheet(project_id, task_type, episode_id=episode_id, by=by, update=update)
    else:
        found = OF_PRODUCTION[kind](project_id, by=by, update=update)
    return found
