"""`/admin/config/check`, by which administrators compare what they set with what is in force."""

import pytest
from django.db import DatabaseError

from tests.makers import make_person

PATH = "/admin/config/check"


@pytest.fixture
def token(settings):
    settings.ADMIN_TOKEN = "the-operators-own-token"
    return settings.ADMIN_TOKEN


def test_it_tells_settings_and_seats(token, cast, client, settings):
    settings.USER_LIMIT, settings.DEFAULT_TIMEZONE, settings.DEFAULT_LOCALE = 3, "Asia/Tokyo", "fr_FR"
    make_person(is_bot=True, email=None)
    make_person(active=False)
    make_person(is_guest=True)
    make_person(preview_project=cast.project)
    answer = client.get(PATH, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == 200
    nowhere = {"env": None, "redis": None}
    assert answer.json() == {
        "user_limit": {"env": 3, "redis": "3"},
        "default_timezone": {"env": "Asia/Tokyo", "redis": "Asia/Tokyo"},
        "default_locale": {"env": "fr_FR", "redis": "fr_FR"},
        "nomad_host": nowhere,
        "nomad_normalize_job": nowhere,
        "nomad_playlist_job": nowhere,
        "nomad_tile_job": nowhere,
        "active_users": 7,
    }
    assert client.get(f"/api{PATH}/", HTTP_AUTHORIZATION=f"bearer {token}").json() == answer.json()


def test_nobody_else_is_let_in(token, api, client):
    assert api.get(PATH).status_code == 403
    for wrong in ("", "Bearer", "Bearer ", f"Bearer {token}x", f"Bearer {token[:-1]}", f"Basic {token}", token, "Bearer \xe9\xff"):
        assert client.get(PATH, HTTP_AUTHORIZATION=wrong).status_code == 403
    assert client.get(PATH).status_code == 403
    assert client.get(PATH, {"token": token}).status_code == 403
    assert client.post(PATH, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 405


@pytest.mark.parametrize("shown", ["Bearer ", "Bearer None", "Bearer x"])
def test_without_a_token_of_the_operator_there_is_no_such_page(settings, client, shown):
    settings.ADMIN_TOKEN = ""
    assert client.get(PATH, HTTP_AUTHORIZATION=shown).status_code == 404


def test_it_answers_while_the_database_is_away(token, client, monkeypatch):
    def away():
        raise DatabaseError("away")

    monkeypatch.setattr("people.rules.server.seated_people", away)
    answer = client.get(PATH, HTTP_AUTHORIZATION=f"Bearer {token}").json()
    assert (answer["active_users"], answer["user_limit"]["redis"]) == (None, "100")
