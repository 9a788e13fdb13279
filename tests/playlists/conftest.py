"""A review: a playlist of two shots with their previews, and encodings that take no time."""

import pytest

from tests.files.studio import make_movie, make_work, publish
from tests.playlists.ground import Review


@pytest.fixture(scope="session")
def movie(tmp_path_factory):
    """Half a second with sound."""
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=0.5", "-c:a", "aac"]
    return make_movie(tmp_path_factory.mktemp("movies") / "tone.mp4", *tone, rate=25)


@pytest.fixture
def review(cast):
    """A playlist of two pictures, which nobody has shared yet."""
    works = [make_work(cast.project, cast.user), make_work(cast.project, cast.user)]
    previews = [publish(work, cast.user) for work in works]
    return Review.of(cast, works, previews)
