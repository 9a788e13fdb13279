"""Review rooms: who may enter, and how their state moves."""

from uuid import uuid4

import pytest

from config.realtime.review_rooms import FIRST_COMPARISON, ReviewRooms, may_review, playlist_of
from playlists.models import Playlist
from tests.live import Listener, live_server

PLAYLIST = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("role", "for_client", "may"),
    [
        ("admin", False, True),
        ("manager", False, True),
        ("supervisor", False, True),
        ("user", False, True),
        ("vendor", True, False),
        ("client", False, False),
        ("client", True, True),
        ("outsider", True, False),
    ],
)
def test_the_team_may_review_vendors_may_not_and_clients_what_is_for_them(cast, role, for_client, may):
    playlist = Playlist.objects.create(name="Dailies", project=cast.project, for_client=for_client)
    assert may_review(cast.of(role), playlist.pk) is may


def test_nobody_reviews_what_is_not_there(cast):
    assert not may_review(cast.admin, uuid4())


def test_whoever_finds_the_room_empty_brings_the_state():
    rooms = ReviewRooms()
    first = rooms.join(PLAYLIST, "ada", {"is_playing": True, "current_frame": 12})
    assert (first["people"], first["is_playing"], first["current_frame"]) == (["ada"], True, 12)
    second = rooms.join(PLAYLIST, "bela", {"is_playing": False, "current_frame": 99})
    assert (second["people"], second["is_playing"], second["current_frame"]) == (["ada", "bela"], True, 12)
    assert rooms.with_person("bela") == [PLAYLIST]


def test_an_update_resets_what_it_does_not_name_and_keeps_frame_speed_and_comparison():
    rooms = ReviewRooms()
    comparing = {**FIRST_COMPARISON, "enable": True, "unknown": 1}
    rooms.join(PLAYLIST, "ada", {"is_zoom_enabled": True, "current_frame": 12, "speed": 2, "comparing": comparing})
    room = rooms.update(PLAYLIST, {"is_playing": True, "speed": "fast"})
    assert (room["is_zoom_enabled"], room["is_playing"]) == (False, True)
    assert (room["current_frame"], room["speed"]) == (12, 2)
    assert room["comparing"] == {**FIRST_COMPARISON, "enable": True}


def test_an_empty_room_is_forgotten():
    rooms = ReviewRooms()
    rooms.join(PLAYLIST, "ada", {"is_playing": True})
    assert rooms.leave(PLAYLIST, "ada")["people"] == []
    assert rooms.rooms == {}
    assert rooms.of(PLAYLIST)["is_playing"] is False


@pytest.mark.parametrize("message", [None, [], "x", {}, {"playlist_id": 3}, {"playlist_id": "x"}])
def test_a_message_about_no_playlist_is_about_nothing(message):
    assert playlist_of(message) is None


def wait_for(listener, name, number):
    """The content of the number-th event of a name."""

    def nth(heard):
        return [content for event, content in heard if event == f"preview-room:{name}"][number - 1 : number]

    found = listener.wait_until(nth)
    assert found, f"no {name} among {listener.names()}"
    return found[0]


def test_people_review_together(tmp_path):
    with live_server(tmp_path) as server:
        people = server.gather()
        playlist_id = server.run(
            "from playlists.models import Playlist\n"
            f"answer(Playlist.objects.create(name='Dailies', project_id={people['project_id']!r}).pk)"
        )
        message = {"playlist_id": playlist_id}
        ada, bela, client = (Listener(server.base, people[role]) for role in ("supervisor", "user", "client"))

        def say(listener, act, *args):
            listener.client.emit(f"preview-room:{act}", args or message, namespace="/events")

        for listener in (ada, bela, client):
            say(listener, "open-playlist")
        wait_for(bela, "room-people-updated", 1)
        say(ada, "join", {**message, "current_frame": 7})
        joined = wait_for(bela, "room-updated", 1)
        assert (joined["people"], joined["current_frame"]) == ([people["supervisor_id"]], 7)
        assert "only_newcomer" not in joined
        say(bela, "join")
        say(bela, "add-annotation", {**message, "data": {"x": 1}})
        assert wait_for(ada, "add-annotation", 1) == {**message, "data": {"x": 1}}
        say(ada, "room-updated", {**message, "is_playing": True}, True)
        updated = wait_for(bela, "room-updated", 3)
        assert (updated["is_playing"], updated["only_newcomer"], updated["current_frame"]) == (True, True, 7)
        bela.close()
        ids = [people["supervisor_id"]]
        assert ada.wait_until(lambda heard: heard[-1][0] == "preview-room:room-people-updated" and heard[-1][1]["people"] == ids)
        assert client.heard == []
        ada.close()
        client.close()
