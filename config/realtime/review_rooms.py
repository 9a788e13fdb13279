"""Review rooms: people who look at one playlist together, with what they see kept alike."""

from typing import Any
from uuid import UUID

from core.api.converters import is_uuid
from people.models import Person
from people.permissions import role_in
from playlists.models import Playlist

Room = dict[str, Any]
RELAYED = {
    "preview-room:add-annotation",
    "preview-room:remove-annotation",
    "preview-room:update-annotation",
    "preview-room:change-version",
    "preview-room:panzoom-changed",
    "preview-room:comparison-panzoom-changed",
}
FIRST_STATE: Room = {
    "user_id": None,
    "local_id": None,
    "is_playing": False,
    "current_entity_id": None,
    "current_entity_index": None,
    "current_preview_file_id": None,
    "current_preview_file_index": None,
    "is_repeating": None,
    "is_annotations_displayed": False,
    "is_zoom_enabled": False,
    "is_waveform_displayed": False,
    "is_laser_mode": None,
    "handle_in": None,
    "handle_out": None,
}
FIRST_COMPARISON: Room = {
    "enable": False,
    "task_type": None,
    "revision": None,
    "mode": "sidebyside",
    "comparison_preview_index": 0,
}
KEPT: Room = {"current_frame": 0, "speed": None, "comparing": FIRST_COMPARISON}


def may_review(person: Person, playlist_id: UUID) -> bool:
    """The person may enter the room of the playlist. It asks the database."""
    playlist = Playlist.objects.filter(pk=playlist_id).first()
    if playlist is None:
        return False
    role = role_in(person, playlist.project_id)
    return role not in (None, "vendor") and (role != "client" or bool(playlist.for_client))


def new_room(playlist_id: str) -> Room:
    """A room where nobody is yet."""
    return {"playlist_id": playlist_id, "people": [], **FIRST_STATE, **KEPT, "comparing": dict(FIRST_COMPARISON)}


def renew_state(room: Room, message: Room) -> None:
    """Takes over what a message says; what it does not say is as at the beginning, or stays where it is KEPT."""
    for key, first in FIRST_STATE.items():
        room[key] = message.get(key, first)
    if "current_frame" in message:
        room["current_frame"] = message["current_frame"]
    speed = message.get("speed")
    if isinstance(speed, int | float) and not isinstance(speed, bool):
        room["speed"] = speed
    if isinstance(message.get("comparing"), dict):
        room["comparing"] = {key: value for key, value in message["comparing"].items() if key in FIRST_COMPARISON}


class ReviewRooms:
    """The rooms where somebody is, by playlist."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}

    def of(self, playlist_id: str) -> Room:
        """The room of a playlist; an empty one is not kept."""
        return self.rooms.get(playlist_id) or new_room(playlist_id)

    def join(self, playlist_id: str, person_id: str, message: Room) -> Room:
        """Puts a person in; whoever finds the room empty brings the state along."""
        room = self.of(playlist_id)
        if not room["people"]:
            renew_state(room, message)
        if person_id not in room["people"]:
            room["people"].append(person_id)
        self.rooms[playlist_id] = room
        return room

    def leave(self, playlist_id: str, person_id: str) -> Room:
        """Takes a person out; a room left by its last person is forgotten."""
        room = self.of(playlist_id)
        room["people"] = [other for other in room["people"] if other != person_id]
        if not room["people"]:
            self.rooms.pop(playlist_id, None)
        return room

    def update(self, playlist_id: str, message: Room) -> Room:
        """Renews the state of a room."""
        room = self.of(playlist_id)
        renew_state(room, message)
        if room["people"]:
            self.rooms[playlist_id] = room
        return room

    def with_person(self, person_id: str) -> list[str]:
        """The playlists in whose rooms a person is."""
        return [playlist_id for playlist_id, room in self.rooms.items() if person_id in room["people"]]


def people_of(room: Room) -> Room:
    """What a room is told when somebody comes or goes."""
    return {"people": room["people"], "playlist_id": room["playlist_id"], "id": room["playlist_id"]}


def playlist_of(message: Any) -> str | None:
    """The playlist that a client's message is about, or None when it names none."""
    given = message.get("playlist_id") if isinstance(message, dict) else None
    return str(given).lower() if is_uuid(given) else None
