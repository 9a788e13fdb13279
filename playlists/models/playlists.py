"""Playlists, the movies built of them, and the links by which guests see them."""

from django.db import models

from core.fields import CodeField, JsonField, NamedKey, coded, is_list_of_objects
from core.models import BaseModel


class Playlist(BaseModel):
    """An ordered choice of entities for a review session; `shots` holds one `{"entity_id", "preview_file_id"}` per entry."""

    name = models.CharField(max_length=80)
    shots = JsonField(shape=is_list_of_objects, null=True, blank=True)
    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="playlists")
    episode = models.ForeignKey("assets.Entity", models.PROTECT, null=True, blank=True, related_name="playlists")
    task_type = models.ForeignKey("production.TaskType", models.PROTECT, null=True, blank=True, related_name="playlists")
    for_client = models.BooleanField(null=True, blank=True, default=False)
    for_entity = CodeField(
        max_length=10, choices=coded("shot", "asset", "sequence", "edit", "episode"), null=True, blank=True, default="shot"
    )
    is_for_all = models.BooleanField(null=True, blank=True, default=False)
    creator = NamedKey("people.Person", models.PROTECT, id_name="created_by", null=True, blank=True, related_name="+")

    class Meta(BaseModel.Meta):
        db_table = "playlist"
        constraints = [
            models.UniqueConstraint(fields=["name", "project", "episode"], name="playlist_unique"),
        ]


class BuildJob(BaseModel):
    """The making of a playlist's movie. `full` encodes every movie anew; `message` says how far it is, or why it failed."""

    held_by = "playlist"

    status = CodeField(max_length=20, choices=coded("running", "succeeded", "failed"), default="running")
    job_type = CodeField(max_length=20, choices=coded("archive", "movie"), default="movie")
    ended_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(null=True, blank=True)
    playlist = models.ForeignKey("playlists.Playlist", models.CASCADE, related_name="build_jobs")
    full = models.BooleanField(default=False)
    creator = NamedKey("people.Person", models.SET_NULL, id_name="created_by", null=True, blank=True, related_name="+")

    class Meta(BaseModel.Meta):
        db_table = "build_job"


class PlaylistShareLink(BaseModel):
    """A link by which guests without an account review a playlist.

    Of a password only the hash is kept; `failures` counts the wrong ones since the last right one.
    """

    held_by = "playlist"

    token = models.CharField(max_length=64, unique=True)
    playlist = models.ForeignKey("playlists.Playlist", models.CASCADE, related_name="share_links")
    creator = NamedKey("people.Person", models.SET_NULL, id_name="created_by", null=True, blank=True, related_name="+")
    expiration_date = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    can_comment = models.BooleanField(default=True)
    password = models.CharField(max_length=255, null=True, blank=True)
    failures = models.IntegerField(default=0)
    last_failed = models.DateTimeField(null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "playlist_share_link"
