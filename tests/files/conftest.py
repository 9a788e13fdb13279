"""A piece of work in the cast's production, and movies."""

import pytest

from tests.files.studio import make_movie, make_work


@pytest.fixture
def work(cast):
    """A task assigned to the cast's artist."""
    made = make_work(cast.project, cast.user)
    made.task.assignees.add(cast.user)
    return made


@pytest.fixture(scope="session")
def silent_movie(tmp_path_factory):
    """Half a second without sound, with B-frames as usual."""
    return make_movie(tmp_path_factory.mktemp("movies") / "silent.mp4")
