"""What tests of reviews stand on: a playlist, links to it, and visitors."""

import io
from dataclasses import dataclass
from zipfile import ZipFile

from django.test import Client

from files import storage
from files.models import PreviewFile
from files.rules.previews import add_preview
from files.storage import MOVIES
from playlists.models import Playlist, PlaylistShareLink
from playlists.rules.share_links import create_link
from production.models import ProjectTaskStatusLink
from tests.cast import Cast
from tests.client import ApiClient
from tests.files.studio import Work

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


@dataclass
class Review:
    """A playlist with the works that it shows and their previews."""

    cast: Cast
    playlist: Playlist
    works: list[Work]
    previews: list[PreviewFile]

    @classmethod
    def of(cls, cast, works, previews, **values) -> "Review":
        shots = [{"entity_id": str(w.shot.pk), "preview_file_id": str(p.pk)} for w, p in zip(works, previews, strict=True)]
        for status in {work.task.task_status for work in works}:
            status.is_client_allowed = True
            status.save()
            ProjectTaskStatusLink.objects.get_or_create(project=cast.project, task_status=status)
        playlist = Playlist.objects.create(**{"name": "Dailies", "project": cast.project, "shots": shots, **values})
        return cls(cast, playlist, works, previews)

    @property
    def path(self) -> str:
        return f"/data/playlists/{self.playlist.pk}"

    def share(self, **values) -> PlaylistShareLink:
        options = {"expiration_date": None, "can_comment": True, "password": None, **values}
        return create_link(self.playlist, **options, by=self.cast.manager)


class Visitor(ApiClient):
    """Somebody without an account who has a link."""

    def __init__(self, link, **headers) -> None:
        super().__init__(None)
        self.client = Client(raise_request_exception=True, **headers)
        self.base = f"/shared/playlists/{link.token}"

    def request(self, method, path, body=None, **extra):
        return super().request(method, self.base + path, body, **extra)

    def upload(self, path, **files):
        return self.client.post(self.base + path, files)

    def enter(self, first_name="Ann", **body) -> str:
        answer = self.post("/guest", {"first_name": first_name, **body})
        assert answer.status_code == 201, answer.content
        return answer.json()["id"]


def ready_movie(work, content: bytes, by) -> PreviewFile:
    """A movie that is ready, as a worker leaves it."""
    preview = add_preview(work.task, work.comment, by=by)
    storage.put(MOVIES, "previews", preview.pk, io.BytesIO(content))
    PreviewFile.objects.filter(pk=preview.pk).update(status="ready", original_name="take", extension="mp4")
    preview.refresh_from_db()
    return preview


def members(answer) -> dict[str, bytes]:
    """The files in an archive that was answered."""
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
