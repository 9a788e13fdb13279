"""Fixtures of sign-in and mail."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from people import mail


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
