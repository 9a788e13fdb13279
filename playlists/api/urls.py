"""The routes of this room."""

from django.urls import path

from core.api.router import ResourceRouter
from playlists.api.views import PlaylistViewSet, ProjectPlaylistViewSet

router = ResourceRouter()
router.register("data/playlists", PlaylistViewSet)

playlist = PlaylistViewSet.as_view
of_project = ProjectPlaylistViewSet.as_view
PROJECT = "data/projects/<id:project_id>"

urlpatterns = [
    path("actions/playlists/<id:pk>/add-entity", playlist({"post": "add_entity"})),
    path("actions/playlists/<id:pk>/add-entities", playlist({"post": "add_entities"})),
    path(f"{PROJECT}/playlists", of_project({"get": "list"})),
    path(f"{PROJECT}/playlists/all", of_project({"get": "all"})),
    path(f"{PROJECT}/playlists/<id:pk>", of_project({"get": "retrieve"})),
    path(f"{PROJECT}/episodes/<str:episode_id>/playlists", of_project({"get": "of_episode"})),
    *router.urls,
]
