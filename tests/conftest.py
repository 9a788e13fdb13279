"""Fixtures that every test may ask for."""

import pytest
from django.db import transaction
from django.test import Client

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


@pytest.fixture
def quick(settings):
    """Encodings that take no time, done within the request."""
    settings.MOVIE_ENCODING_PRESET = "ultrafast"
    settings.ENABLE_JOB_QUEUE = False
    return settings


@pytest.fixture
def queue(quick):
    """Jobs wait in the database for a worker."""
    quick.ENABLE_JOB_QUEUE = True
    quick.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    return quick


@pytest.fixture
def office(cast) -> Client:
    """A browser in which the studio manager signed in."""
    client = Client()
    client.force_login(cast.admin)
    return client
