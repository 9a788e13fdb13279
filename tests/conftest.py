"""Fixtures that every test may ask for."""

import pytest
from django.db import transaction

from tests.cast import Cast, gather
from tests.client import ApiClient


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """What a module's own fixtures store is there for all of its tests; what a test does to it goes with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


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
