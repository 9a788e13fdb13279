"""The routes of this room."""

from django.urls import path

from imports.api.sheets_in import SheetImportViewSet
from imports.api.sheets_out import PlaylistSheetViewSet, ProductionSheetViewSet, StudioSheetViewSet

IN, STUDIO, OUT = SheetImportViewSet, StudioSheetViewSet, ProductionSheetViewSet
INTO = "import/csv/projects/<id:project_id>"
OF = "export/csv/projects/<id:project_id>"

urlpatterns = [
    path("import/csv/persons", IN.as_view({"post": "persons"})),
    path(f"{INTO}/assets", IN.as_view({"post": "assets"})),
    path(f"{INTO}/shots", IN.as_view({"post": "shots"})),
    path(f"{INTO}/edits", IN.as_view({"post": "edits"})),
    path(f"{INTO}/casting", IN.as_view({"post": "casting"})),
    path(f"{INTO}/task-types/<id:task_type_id>/estimations", IN.as_view({"post": "estimations"})),
    path(
        f"{INTO}/episodes/<str:episode_id>/task-types/<id:task_type_id>/estimations",
        IN.as_view({"post": "estimations_of_episode"}),
    ),
    path("export/csv/persons.csv", STUDIO.as_view({"get": "persons"})),
    path("export/csv/projects.csv", STUDIO.as_view({"get": "projects"})),
    path("export/csv/task-types.csv", STUDIO.as_view({"get": "task_types"})),
    path("export/csv/tasks.csv", STUDIO.as_view({"get": "tasks"})),
    path("export/csv/time-spents.csv", STUDIO.as_view({"get": "time_spents"})),
    path(f"{OF}/assets.csv", OUT.as_view({"get": "assets"})),
    path(f"{OF}/shots.csv", OUT.as_view({"get": "shots"})),
    path(f"{OF}/edits.csv", OUT.as_view({"get": "edits"})),
    path(f"{OF}/casting.csv", OUT.as_view({"get": "casting"})),
    path("export/csv/playlists/<id:playlist_id>", PlaylistSheetViewSet.as_view({"get": "playlist"})),
]
