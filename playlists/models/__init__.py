"""Playlists, their builds and share links."""

from playlists.models.playlists import BuildJob, Playlist, PlaylistShareLink

__all__ = [
    "BuildJob",
    "Playlist",
    "PlaylistShareLink",
]
