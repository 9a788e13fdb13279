"""The routes of this room."""

from django.urls import path

from imports.api.kitsu import KitsuImportViewSet
from imports.api.sheets_in import SheetImportViewSet
from imports.api.sheets_out import PlaylistSheetViewSet, ProductionSheetViewSet, StudioSheetViewSet
from imports.api.shotgrid import ShotGridErrorViewSet, ShotGridRemovalViewSet, ShotGridViewSet
from imports.api.timelines import TimelineImportViewSet
from imports.rules.kitsu.kinds import ROUTES as KITSU_KINDS

IN, STUDIO, OUT = SheetImportViewSet, StudioSheetViewSet, ProductionSheetViewSet
INTO = "import/csv/projects/<id:project_id>"
OF = "export/csv/projects/<id:project_id>"
SHOTGRID, GONE, ERRORS = ShotGridViewSet, ShotGridRemovalViewSet, ShotGridErrorViewSet
SHOTGRID_KINDS = (
    *("persons", "projects", "episodes", "sequences", "scenes", "shots", "assets", "steps", "status"),
    *("tasks", "versions", "notes"),
)
REMOVABLE = (
    *("person", "project", "episode", "sequence", "scene", "shot", "asset"),
    *("task", "step", "status", "version", "note"),
)

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
    *(path(f"import/kitsu/{kind}", KitsuImportViewSet.as_view({"post": "store"}), {"kind": kind}) for kind in KITSU_KINDS),
    *(path(f"import/shotgun/{kind}", SHOTGRID.as_view({"post": kind})) for kind in SHOTGRID_KINDS),
    path("import/shotgun/project-connections", SHOTGRID.as_view({"post": "connections"})),
    path("import/shotgun/projectconnections", SHOTGRID.as_view({"post": "connections"})),
    *(path(f"import/shotgun/remove/{kind}", GONE.as_view({"post": "remove"}), {"kind": kind}) for kind in REMOVABLE),
    path("import/shotgun/remove/project-connection", GONE.as_view({"post": "remove_connection"})),
    path("import/shotgun/remove/projectconnection", GONE.as_view({"post": "remove_connection"})),
    path("import/shotgun/errors", ERRORS.as_view({"get": "list", "post": "create"})),
    path("import/shotgun/errors/<str:error_id>", ERRORS.as_view({"delete": "destroy"})),
    path("import/otio/projects/<id:project_id>", TimelineImportViewSet.as_view({"post": "project"})),
    path("import/otio/projects/<id:project_id>/episodes/<str:episode_id>", TimelineImportViewSet.as_view({"post": "episode"})),
]
