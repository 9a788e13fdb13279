"""A production that sheets come into and go out of."""

from dataclasses import dataclass

import pytest

from assets.models import Entity
from people.models import Department
from production.models import EntityType, MetadataDescriptor, Project, ProjectTaskTypeLink, TaskStatus, TaskType
from tests.makers import make_department, make_entity_type, make_task_status, make_task_type

KINDS = ("Episode", "Sequence", "Shot", "Edit")


@dataclass
class Studio:
    """What the sheets speak of."""

    project: Project
    modeling: TaskType
    rigging: TaskType
    animation: TaskType
    cut: TaskType
    todo: TaskStatus
    wip: TaskStatus
    done: TaskStatus
    prop: EntityType
    department: Department

    def into(self, kind: str) -> str:
        """Where a sheet is imported."""
        return f"/import/csv/projects/{self.project.pk}/{kind}"

    def of(self, kind: str) -> str:
        """Where a sheet is exported."""
        return f"/export/csv/projects/{self.project.pk}/{kind}.csv"

    def describe(self, kind: str, name: str, data_type: str = "string", **more) -> MetadataDescriptor:
        """A metadata column."""
        values = {"field_name": name.lower(), "data_type": data_type, **more}
        return MetadataDescriptor.objects.create(project=self.project, entity_type=kind, name=name, **values)

    def named(self, name: str) -> Entity:
        """The production's entity of a name."""
        return Entity.objects.get(project=self.project, name=name)

    def become_tv_show(self) -> None:
        """Makes the production a TV show."""
        self.project.production_type = "tvshow"
        self.project.save()


@pytest.fixture
def studio(cast) -> Studio:
    """Two types of tasks for assets, one for shots, one for edits; the statuses todo, wip and done."""
    for kind in KINDS:
        make_entity_type(name=kind)
    department = make_department(name="Animation")
    found = Studio(
        project=cast.project,
        modeling=make_task_type(name="Modeling", for_entity="Asset", priority=1),
        rigging=make_task_type(name="Rigging", for_entity="Asset", priority=2),
        animation=make_task_type(name="Animation", department=department),
        cut=make_task_type(name="Cut", for_entity="Edit"),
        todo=make_task_status(name="Todo", short_name="todo", is_default=True),
        wip=make_task_status(name="Work In Progress", short_name="wip", is_wip=True),
        done=make_task_status(name="Done", short_name="done", is_done=True),
        prop=make_entity_type(name="Prop"),
        department=department,
    )
    for task_type in (found.modeling, found.rigging, found.animation, found.cut):
        ProjectTaskTypeLink.objects.create(project=found.project, task_type=task_type, priority=1)
    return found


@pytest.fixture
def send(api):
    """Uploads a sheet; `by` is who does, the studio manager unless it is said."""

    def upload(path, text, *, by=None, **query):
        from django.core.files.uploadedfile import SimpleUploadedFile

        content = text if isinstance(text, bytes) else text.encode()
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        client = api if by is None else api.by(by)
        return client.upload(f"{path}?{asked}", file=SimpleUploadedFile("sheet.csv", content))

    return upload


def body_of(answer) -> str:
    """The text of an exported sheet, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


@pytest.fixture
def fetch(api):
    """The lines of an exported sheet."""

    def download(path, *, by=None):
        answer = (api if by is None else api.by(by)).get(path)
        assert answer.status_code == 200, answer.content
        return body_of(answer)

    return download
