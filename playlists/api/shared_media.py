"""The pictures, movies and documents of shared playlists, served as those of the studio's own people are."""

from typing import Any
from uuid import UUID

from core.api.access import public
from core.errors import Forbidden, NotFound
from files.api.media import SERVED, PreviewMediaViewSet
from playlists.api.shared import SharedRoutes
from playlists.contents import shows


class SharedMediaViewSet(SharedRoutes, PreviewMediaViewSet):
    """`/shared/playlists/<token>/pictures/…` and `/movies/…`."""

    access = dict.fromkeys(
        ("original", "preview", "thumbnail", "square", "tile", "movie", "small_movie", "document", "download"), public
    )

    def found(self, pk: UUID) -> dict[str, Any]:
        """The preview's columns that serving needs, if the playlist shows it. Raises NotFound, Forbidden."""
        names, rows = SERVED.fetch(pk)
        if not rows:
            raise NotFound()
        row = dict(zip(names, rows[0], strict=True))
        if not shows(self.link.playlist, row["project_id"], row["entity_id"], row["task_id"], row["revision"]):
            raise Forbidden()
        return row
