"""A studio manager in the back-office."""

import pytest
from django.test import Client

from tests.admin.studio import Studio


@pytest.fixture
def office(cast) -> Client:
    """A browser in which the studio manager signed in."""
    client = Client()
    client.force_login(cast.admin)
    return client


@pytest.fixture
def studio(cast) -> Studio:
    """Makes rows of any model, everything that they may refer to included."""
    return Studio(project=cast.project)
