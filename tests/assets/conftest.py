"""A small production with entities of every kind."""

from dataclasses import dataclass

import pytest

from assets.models import Entity
from tasks.models import Task
from tests.makers import make_asset, make_entity, make_sequence, make_shot, make_task_status, make_task_type


@dataclass
class World:
    """An episode with a sequence, two shots and a scene; two assets, an edit, a concept and a folder."""

    episode: Entity
    sequence: Entity
    shot: Entity
    other_shot: Entity
    scene: Entity
    hero: Entity
    sword: Entity
    edit: Entity
    concept: Entity
    folder: Entity

    def give_task(self, entity, *people, **overrides) -> Task:
        """A task of a type of its own, assigned to people."""
        values = {"task_type": make_task_type(), "task_status": make_task_status(), "name": "main", **overrides}
        task = Task.objects.create(project=entity.project, entity=entity, **values)
        task.assignees.set(people)
        return task


@pytest.fixture
def world(cast) -> World:
    """The entities of the cast's production."""
    project = cast.project
    episode = make_entity("Episode", project, name="E01")
    sequence = make_sequence(project, name="SQ01", parent=episode)
    return World(
        episode=episode,
        sequence=sequence,
        shot=make_shot(project, name="SH010", parent=sequence, data={"fps": 24, "frame_in": 10, "frame_out": 20}, nb_frames=11),
        other_shot=make_shot(project, name="sh005", parent=sequence),
        scene=make_entity("Scene", project, name="SC01", parent=sequence),
        hero=make_asset(project, name="Hero", description="x"),
        sword=make_asset(project, name="Sword", kind="Prop"),
        edit=make_entity("Edit", project, name="Reel 1", parent=episode),
        concept=make_entity("Concept", project, name="Sketch"),
        folder=make_entity("ConceptFolder", project, name="Folder", data=None),
    )
