"""The pages about the server."""

import pytest
from django.conf import settings as configured
from django.test import Client

from events.models import ApiEvent

FLAGS = ("database-up", "key-value-store-up", "event-stream-up", "job-queue-up", "indexer-up")


def test_the_root_tells_the_version(db):
    assert Client().get("/").json() == {"api": "Zou", "version": "1.0.97"}
    assert Client().get("/api").json() == Client().get("/").json()


def test_the_status_in_three_forms(db):
    status = Client().get("/status").json()
    assert status == {"name": "Zou", "version": "1.0.97", **dict.fromkeys(FLAGS, True)}
    answer = Client().get("/status.txt")
    assert answer["Content-Type"] == "text"
    assert answer.content.decode().split("\n") == [
        "name: Zou",
        "version: 1.0.97",
        *(f"{name}: up" for name in ("database-up", "event-stream-up", "key-value-store-up", "job-queue-up", "indexer-up")),
        "",
    ]
    numbers = Client().get("/status/influx").json()
    assert {name: numbers[name] for name in FLAGS} == dict.fromkeys(FLAGS, 1)
    assert isinstance(numbers["time"], float)


def test_an_event_to_see_that_events_arrive(db, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("events.emit.broadcast", sent.extend)
    with django_capture_on_commit_callbacks(execute=True):
        assert Client().get("/status/test-event").json() == {"success": True}
    assert [(emission.name, emission.payload) for emission in sent] == [("main:test", {})]
    assert ApiEvent.objects.count() == 0


def test_orchestrators_are_told_when_to_send_requests_elsewhere(db, monkeypatch):
    assert Client().get("/status/live").json() == {"live": True}
    ready = Client().get("/status/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "database-up": True, "key-value-store-up": True})
    monkeypatch.setattr("people.api.views.server_pages.database_is_up", lambda: False)
    away = Client().get("/status/ready")
    assert (away.status_code, away.json()["ready"]) == (503, False)
    assert Client().get("/status/live").status_code == 200


def test_the_resources(db):
    found = Client().get("/status/resources").json()
    assert set(found) == {"date", "cpu", "memory", "jobs"}
    assert set(found["cpu"]["loadavg"]) == {"last 1 min", "last 5 min", "last 10 min"}
    assert set(found["memory"]) == {"total", "used", "available", "percent"}
    assert found["jobs"] == {"running_jobs": 0}


def test_the_configuration(db, settings):
    found = Client().get("/config").json()
    assert found == {
        "is_self_hosted": True,
        "crisp_token": "",
        "dark_theme_by_default": False,
        "indexer_configured": True,
        "saml_enabled": False,
        "saml_idp_name": "",
        "oidc_enabled": False,
        "oidc_idp_name": "",
        "default_locale": "en_US",
        "default_timezone": "Europe/Paris",
        "enforce_2fa": False,
        "movie_highdef_bitrate": 28,
        "movie_lowdef_bitrate": 6,
        "preview_accounts_enabled": True,
    }
    settings.AUTH_STRATEGY = "auth_remote_ldap"
    settings.SENTRY_KITSU_ENABLED = True
    found = Client().get("/config").json()
    assert found["preview_accounts_enabled"] is False
    assert set(found["sentry"]) == {"dsn", "sampleRate"}


@pytest.mark.parametrize("path", ["/", "/config", "/status", "/status.txt", "/status/influx", "/status/resources"])
def test_the_pages_hold_no_secret_and_mind_no_token(db, path):
    answer = Client().get(path, HTTP_AUTHORIZATION="Bearer garbage")
    assert answer.status_code == 200
    for secret in (configured.SECRET_KEY, str(configured.DATABASES["default"]["NAME"]), str(configured.DATA_DIR)):
        assert secret not in answer.content.decode()
