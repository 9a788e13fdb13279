"""A studio manager in the back-office."""

import pytest

from tests.admin.studio import Studio


@pytest.fixture
def studio(cast) -> Studio:
    """Makes rows of any model, everything that they may refer to included."""
    return Studio(project=cast.project)
