"""The routes of a playlist's downloads: all its files in one archive, and its movies as one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.renderers import json_array
from core.api.values import is_true
from core.api.views import ApiViewSet
from core.errors import NotFound, Refusal
from files import storage
from files.api.serving import serve_file
from files.storage import MOVIES
from people.permissions import is_admin, manages_production
from playlists.archives import members_of, zipped
from playlists.models import BuildJob, Playlist
from playlists.names import archive_name, movie_name
from playlists.permissions import downloads_playlist, handles_builds
from playlists.readers import BUILD
from playlists.rules.building import STORED
from playlists.rules.builds import delete_build, start_build
from production.models import Project

UNFINISHED = "Build is not finished"


class BuildViewSet(ApiViewSet):
    """`/data/playlists/<id>/download`, `/build` and `/jobs`."""

    access = {
        "archive": downloads_playlist,
        "build": manages_production,
        "retrieve": handles_builds,
        "destroy": handles_builds,
        "movie": downloads_playlist,
        "of_project": is_admin,
    }
    acts_on_get = ("build",)

    def playlist(self, pk: UUID) -> Playlist:
        """The playlist of the path, once this person may do with it what they ask. Raises NotFound, Forbidden."""
        found = Playlist.objects.order_by().select_related("project", "episode").filter(pk=pk).first()
        if found is None:
            raise NotFound()
        self.authorise(Scope(project_id=found.project_id, instance=found))
        return found

    def job(self, pk: UUID, job_id: UUID) -> BuildJob:
        """A build of the playlist of the path. Raises NotFound, Forbidden."""
        playlist = self.playlist(pk)
        found = playlist.build_jobs.order_by().filter(pk=job_id).first()
        if found is None:
            raise NotFound()
        found.playlist = playlist
        return found

    def archive(self, request: Request, pk: UUID) -> HttpResponseBase:
        """All files of the revisions that the playlist pins, as a ZIP archive that is made while it is sent."""
        playlist = self.playlist(pk)
        disposition = content_disposition_header(True, archive_name(playlist)) or "attachment"
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-cache"}
        if request.method == "HEAD":
            return HttpResponse(b"", content_type="application/zip", headers=headers)
        return StreamingHttpResponse(zipped(members_of(playlist)), content_type="application/zip", headers=headers)

    def build(self, request: Request, pk: UUID) -> Response:
        """Has the playlist's movies joined to one."""
        playlist = self.playlist(pk)
        job = start_build(playlist, full=is_true(request.query_params.get("full")), by=request.user)
        return Response(BUILD.one(job.pk))

    def retrieve(self, request: Request, pk: UUID, job_id: UUID) -> Response:
        """How a build is."""
        return Response(BUILD.one(self.job(pk, job_id).pk))

    def destroy(self, request: Request, pk: UUID, job_id: UUID) -> Response:
        """Throws a build and its movie away."""
        delete_build(self.job(pk, job_id), by=request.user)
        return Response(status=204)

    def movie(self, request: Request, pk: UUID, job_id: UUID) -> HttpResponseBase:
        """The movie of a build."""
        job = self.job(pk, job_id)
        if job.status != "succeeded":
            raise Refusal(UNFINISHED)
        path = storage.local_file(MOVIES, STORED, job.pk)
        served = serve_file(
            request, path, content_type="video/mp4", modified=job.updated_at, filename=movie_name(job), as_attachment=True
        )
        served.headers.pop("Expires", None)
        served["Cache-Control"] = "no-cache"
        return served

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """The builds of all playlists of a production."""
        if not Project.objects.filter(pk=project_id).exists():
            raise NotFound()
        return json_array(BUILD.rows(BuildJob.objects.filter(playlist__project_id=project_id)))
