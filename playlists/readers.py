"""What clients see of playlists, their builds and share links."""

from core.projection import Projection
from playlists.models import Playlist

PLAYLIST = Projection(Playlist, relations=["build_jobs"])
SHORT_BUILD = ("id", "status", "created_at", "message")
LISTED = (
    *("id", "name", "project_id", "episode_id", "task_type_id", "for_client", "for_entity", "is_for_all"),
    *("created_at", "updated_at", "created_by", "shots"),
)
