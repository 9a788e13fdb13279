"""The routes of this room."""

from django.urls import path

from core.api.router import ResourceRouter
from playlists.api.builds import BuildViewSet
from playlists.api.share_links import ShareLinkViewSet
from playlists.api.shared import SharedCommentViewSet, SharedPlaylistViewSet
from playlists.api.shared_media import SharedMediaViewSet
from playlists.api.views import PlaylistViewSet, ProjectPlaylistViewSet

router = ResourceRouter()
router.register("data/playlists", PlaylistViewSet)

playlist = PlaylistViewSet.as_view
of_project = ProjectPlaylistViewSet.as_view
builds = BuildViewSet.as_view
links = ShareLinkViewSet.as_view
shared = SharedPlaylistViewSet.as_view
comments = SharedCommentViewSet.as_view
media = SharedMediaViewSet.as_view
PROJECT = "data/projects/<id:project_id>"
PLAYLIST = "data/playlists/<id:pk>"
SHARED = "shared/playlists/<str:token>"
COMMENT = f"{SHARED}/comments/<id:comment_id>"

downloads = [
    path(f"{PLAYLIST}/download/zip", builds({"get": "archive"})),
    path(f"{PLAYLIST}/build/mp4", builds({"get": "build"})),
    path(f"{PLAYLIST}/jobs/<id:job_id>", builds({"get": "retrieve", "delete": "destroy"})),
    path(f"{PLAYLIST}/jobs/<id:job_id>/build/mp4", builds({"get": "movie"})),
    path(f"{PROJECT}/build-jobs", builds({"get": "of_project"})),
]
share_links = [
    path(f"{PLAYLIST}/share", links({"get": "list", "post": "create"})),
    path(f"{PLAYLIST}/share/<str:token>", links({"delete": "destroy"})),
    path(f"{PLAYLIST}/share/<str:token>/invite", links({"post": "invite"})),
]
for_guests = [
    path(SHARED, shared({"get": "retrieve"})),
    path(f"{SHARED}/context", shared({"get": "context"})),
    path(f"{SHARED}/guest", shared({"post": "greet"})),
    path(f"{SHARED}/annotations", shared({"put": "annotate"})),
    path(f"{SHARED}/comments", comments({"get": "list", "post": "create"})),
    path(COMMENT, comments({"put": "update", "delete": "destroy"})),
    path(f"{COMMENT}/attachments", comments({"post": "attach"})),
    path(f"{COMMENT}/attachments/<id:attachment_id>", comments({"delete": "detach"})),
    path(f"{SHARED}/attachment-files/<id:attachment_id>/file/<str:file_name>", comments({"get": "attachment"})),
    path(f"{SHARED}/preview-files/<id:pk>", shared({"get": "preview"})),
    path(f"{SHARED}/preview-files/<id:pk>/download", media({"get": "download"})),
    path(f"{SHARED}/movies/originals/preview-files/<id:pk>.mp4", media({"get": "movie"})),
    path(f"{SHARED}/movies/low/preview-files/<id:pk>.mp4", media({"get": "small_movie"})),
    path(f"{SHARED}/movies/tiles/preview-files/<id:pk>.png", media({"get": "tile"})),
    path(f"{SHARED}/pictures/originals/preview-files/<id:pk>.png", media({"get": "original"})),
    path(f"{SHARED}/pictures/originals/preview-files/<id:pk>.<str:extension>", media({"get": "document"})),
    path(f"{SHARED}/pictures/previews/preview-files/<id:pk>.png", media({"get": "preview"})),
    path(f"{SHARED}/pictures/thumbnails/preview-files/<id:pk>.png", media({"get": "thumbnail"})),
    path(f"{SHARED}/pictures/thumbnails-square/preview-files/<id:pk>.png", media({"get": "square"})),
    path(f"{SHARED}/pictures/thumbnails/persons/<id:pk>.png", shared({"get": "avatar"})),
]

urlpatterns = [
    path("actions/playlists/<id:pk>/add-entity", playlist({"post": "add_entity"})),
    path("actions/playlists/<id:pk>/add-entities", playlist({"post": "add_entities"})),
    path(f"{PLAYLIST}/notify-clients", playlist({"post": "notify"})),
    *downloads,
    *share_links,
    *for_guests,
    path(f"{PROJECT}/playlists/temp", of_project({"post": "temporary"})),
    path(f"{PROJECT}/playlists", of_project({"get": "list"})),
    path(f"{PROJECT}/playlists/all", of_project({"get": "all"})),
    path(f"{PROJECT}/playlists/<id:pk>", of_project({"get": "retrieve"})),
    path(f"{PROJECT}/episodes/<str:episode_id>/playlists", of_project({"get": "of_episode"})),
    *router.urls,
]
