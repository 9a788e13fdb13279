"""Playlists, their builds and share links."""

from django.apps import AppConfig


class PlaylistsConfig(AppConfig):
    name = "playlists"
    verbose_name = "Playlists"

    def ready(self) -> None:
        from playlists.receivers import connect

        connect()
