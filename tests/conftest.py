"""Fixtures that every test may ask for."""

import pytest

from tests.cast import Cast, gather
from tests.client import ApiClient


@pytest.fixture
def cast(db) -> Cast:
    """A small production with one person of every role in its team, and one person outside it."""
    return gather()


@pytest.fixture
def api(cast) -> ApiClient:
    """A client signed in as the studio manager; `api.by(person)` gives one for somebody else."""
    return ApiClient(cast.admin)


@pytest.fixture
def anonymous(db) -> ApiClient:
    """A client without an account."""
    return ApiClient(None)
