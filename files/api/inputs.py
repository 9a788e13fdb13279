"""Input of rows whose codes or references have conditions of their own."""

from typing import Any

from assets.models import AssetInstance, Entity
from core.api.serializers import RowSerializer, serializer_for
from core.errors import REFERENCED, RowRefused, WrongParameter
from files.models import OutputFile, WorkingFile
from tasks.models import Task

OWNERS = {
    "task_id": (Task, "project_id"),
    "entity_id": (Entity, "project_id"),
    "temporal_entity_id": (Entity, "project_id"),
    "asset_instance_id": (AssetInstance, "asset__project_id"),
    "source_file_id": (WorkingFile, "task__project_id"),
}


class CodedInput(RowSerializer):
    """Refuses a wrong code of `coded` in words that name the column."""

    coded = ""

    def to_internal_value(self, data: dict[str, Any]) -> dict[str, Any]:
        """The values by column. Raises WrongParameter for the wrong code, and what other rows raise."""
        sent = data.get(self.coded)
        codes = [code for code, _ in self.Meta.columns[self.coded].choices or []]
        if sent is not None and sent not in codes:
            raise WrongParameter(f"Invalid {self.coded}")
        return super().to_internal_value(data)


class WorkingFileInput(CodedInput, serializer_for(WorkingFile)):  # type: ignore[misc]
    """What may be written of a working file."""

    coded = "validation_status"


class OutputFileInput(CodedInput, serializer_for(OutputFile)):  # type: ignore[misc]
    """What may be written of an output file."""

    coded = "quality"


def check_production(values: dict[str, Any], project_id: Any) -> None:
    """What a row is moved to belongs to the production where it is. Raises RowRefused."""
    for name, (model, path) in OWNERS.items():
        target = values.get(name)
        if target is not None and project_id is not None:
            found = model._base_manager.filter(pk=target).values_list(path, flat=True).first()
            if found is not None and str(found) != str(project_id):
                raise RowRefused(REFERENCED)
