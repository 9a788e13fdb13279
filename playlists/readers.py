"""What clients see of playlists, their builds and share links."""

from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from core.projection import Projection
from people.readers import person_form
from playlists.models import BuildJob, Playlist, PlaylistShareLink

PLAYLIST = Projection(Playlist, relations=["build_jobs"])
BUILD = Projection(BuildJob, hidden=["full", "created_by"])
SHORT_BUILD = ("id", "status", "created_at", "message")
LISTED = (
    *("id", "name", "project_id", "episode_id", "task_type_id", "for_client", "for_entity", "is_for_all"),
    *("created_at", "updated_at", "created_by"),
)
# The preview of a playlist's first entry: lists do not read the others.
FIRST_PREVIEW = KeyTextTransform("preview_file_id", KeyTransform("0", "shots"))

IS_PROTECTED = Case(
    When(Q(password__isnull=True) | Q(password=""), then=Value(False)), default=Value(True), output_field=BooleanField()
)
SHARE_LINK = Projection(PlaylistShareLink, hidden=["password", "failures", "last_failed"], computed={"has_password": IS_PROTECTED})
# A guest is a name that speaks: nothing that accounts have is told of it.
GUEST = person_form("id", "created_at", "updated_at", "first_name", "last_name", "has_avatar", "role", "is_guest", relations=())
