"""A shot with one task and what the studio says about it."""

from dataclasses import dataclass

import pytest

from assets.models import Entity
from production.models import Project, ProjectTaskTypeLink, TaskStatus, TaskType
from tasks.models import Task
from tests.cast import Cast
from tests.makers import make_asset, make_department, make_sequence, make_shot, make_task, make_task_status, make_task_type


@dataclass
class Stage:
    """One shot of the cast's production with an animation task, the statuses that a task goes through, and an asset."""

    project: Project
    sequence: Entity
    shot: Entity
    asset: Entity
    animation: TaskType
    modeling: TaskType
    task: Task
    todo: TaskStatus
    wip: TaskStatus
    wfa: TaskStatus
    retake: TaskStatus
    done: TaskStatus

    @property
    def comment_path(self) -> str:
        """Where comments on the task are posted."""
        return f"/actions/tasks/{self.task.pk}/comment"


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """The stage; the artist of the cast is assigned to the task."""
    project = cast.project
    sequence = make_sequence(project, name="SQ01")
    shot, asset = make_shot(project, name="SH01", parent=sequence), make_asset(project, name="Keeper")
    animation = make_task_type(name="Animation", department=make_department(name="Animation"))
    modeling = make_task_type(name="Modeling", for_entity="Asset")
    todo = make_task_status(name="Todo", short_name="todo", is_default=True)
    for task_type in (animation, modeling):
        ProjectTaskTypeLink.objects.create(project=project, task_type=task_type)
    return Stage(
        project=project,
        sequence=sequence,
        shot=shot,
        asset=asset,
        animation=animation,
        modeling=modeling,
        task=make_task(project, entity=shot, task_type=animation, task_status=todo, assignees=[cast.user]),
        todo=todo,
        wip=make_task_status(name="Work In Progress", short_name="wip", is_wip=True),
        wfa=make_task_status(name="Waiting For Approval", short_name="wfa", is_feedback_request=True),
        retake=make_task_status(name="Retake", short_name="retake", is_retake=True),
        done=make_task_status(name="Done", short_name="done", is_done=True),
    )
