"""Fixtures of sign-in and mail."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from people import mail
from tests.people import directory as peers
from tests.people.certificates import make_key


@pytest.fixture(autouse=True)
def no_throttle():
    """Attempts of one test do not count in the next."""
    cache.clear()


@pytest.fixture
def mailbox(settings, monkeypatch, mailoutbox, django_capture_on_commit_callbacks):
    """Mail is set up; letters leave at once and stand here."""
    settings.MAIL_ENABLED = True
    monkeypatch.setattr(mail, "on_commit", lambda work, **options: work())
    monkeypatch.setattr(mail, "POSTMEN", SimpleNamespace(submit=lambda work, *args: work(*args)))
    return mailoutbox


@pytest.fixture(scope="session")
def slapd(tmp_path_factory):
    """A directory server, one for all tests of a process."""
    if peers.SLAPD is None:
        pytest.skip("slapd is not installed: without it nothing asks a real directory")
    folder = tmp_path_factory.mktemp("slapd")
    with peers.running_directory(folder, make_key(folder, "directory")) as running:
        yield running


@pytest.fixture
def directory(slapd, settings, db):
    """The studio signs in by its directory, which is empty."""
    slapd.clear()
    settings.AUTH_STRATEGY = "auth_remote_ldap"
    settings.LDAP_HOST, settings.LDAP_PORT, settings.LDAP_BASE_DN = "127.0.0.1", slapd.port, peers.BASE
    settings.LDAP_USER, settings.LDAP_PASSWORD = peers.READER, peers.PASSWORD
    return slapd
