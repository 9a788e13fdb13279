"""What the files room's routes are sent, beside rows."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from core.api.parsers import Body


class NewPreview(Body):
    """A further preview of a comment, of a revision of its own if one is named."""

    revision: int | None = Field(None, ge=0, lt=2**31)


class Place(Body):
    """A place within a revision."""

    position: int = Field(0, ge=0)


class MainFrame(Body):
    """The frame of a movie, counted from 1, that is to stand for its entity."""

    frame_number: int | None = None


class DrawnFrame(Body):
    """The frame of a movie, counted from 1, that was drawn on."""

    frame_number: int | None = Field(None, ge=1, lt=2**31)


class PathToGuess(Body):
    """A path, and the production whose file tree may say what lies there."""

    project_id: str
    file_path: str = Field(min_length=1)
    sep: str = "/"


class TaskChoice(Body):
    """Several tasks."""

    task_ids: list[UUID] = Field(min_length=1)


class Annotation(Body):
    """The drawings of one moment of a preview; whatever else comes with them is kept."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)
    time: Any


class Erasure(Body):
    """Ids of objects to take out of the drawings of one moment."""

    time: Any
    objects: list[str] = []


class AnnotationChange(Body):
    """What a reviewer changed in the drawings of a preview."""

    additions: list[Annotation] = []
    updates: list[Annotation] = []
    deletions: list[Erasure] = []


class WorkingFilePath(Body):
    """What a working file's path is made of."""

    name: str = "main"
    mode: str = "working"
    software_id: UUID | None = None
    comment: str | None = ""
    revision: int = Field(0, ge=0, lt=2**31)
    sep: str = "/"


class NewWorkingFile(Body):
    """A new revision of a working file; revision 0 is the next one."""

    name: str = Field(min_length=1, max_length=250)
    description: str | None = None
    mode: str = "working"
    comment: str | None = ""
    person_id: UUID | None = None
    software_id: UUID | None = None
    revision: int = Field(0, ge=0, lt=2**31)
    sep: str = "/"


class WorkingFileComment(Body):
    """What to say about a working file."""

    comment: str = Field(min_length=1)


class OutputFilePath(Body):
    """What an output file's path is made of."""

    name: str = "main"
    mode: str = "output"
    output_type_id: UUID
    task_type_id: UUID
    revision: int = Field(0, lt=2**31, ge=-(2**31))
    extension: str | None = ""
    representation: str = ""
    separator: str = "/"


class NewOutputFile(Body):
    """A new output file; revision 0 or less is the next one."""

    name: str = Field("main", max_length=250)
    output_type_id: UUID
    task_type_id: UUID
    person_id: UUID | None = None
    working_file_id: UUID | None = None
    comment: str | None = ""
    revision: int = Field(0, lt=2**31, ge=-(2**31))
    extension: str = Field("", max_length=10)
    representation: str = Field("", max_length=20)
    nb_elements: int = Field(1, lt=2**31, ge=0)
    sep: str = "/"
    file_status_id: UUID | None = None


class OutputName(Body):
    """The series of output files that shares revisions."""

    name: str = "main"
    output_type_id: UUID
    task_type_id: UUID
