"""The routes of this room."""

from django.urls import path

from core.api.router import ResourceRouter
from files.api.attachments import AttachmentFileViewSet, AttachmentListViewSet
from files.api.avatars import BackgroundPictureViewSet, OrganisationAvatarViewSet, PersonAvatarViewSet, ProjectAvatarViewSet
from files.api.comment_previews import CommentAttachmentViewSet, CommentPreviewViewSet
from files.api.extraction import ExtractionViewSet
from files.api.media import PreviewMediaViewSet
from files.api.output_files import OutputFileViewSet, OutputListsViewSet, OwnerOutputsViewSet
from files.api.preview_lists import PreviewListViewSet
from files.api.previews import PreviewFileViewSet, TaskMainPreviewViewSet
from files.api.statistics import ShotLengthViewSet, StatisticsViewSet
from files.api.studio_tables import FileStatusViewSet, OutputTypeViewSet
from files.api.working_files import (
    AnyFileViewSet,
    EntityWorkingFilesViewSet,
    GuessViewSet,
    TaskFilesViewSet,
    WorkingFileViewSet,
)

router = ResourceRouter()
router.register("data/file-status", FileStatusViewSet)
router.register("data/output-types", OutputTypeViewSet)
router.register("data/output-files", OutputFileViewSet)
router.register("data/working-files", WorkingFileViewSet)
router.register("data/preview-files", PreviewFileViewSet)
router.register("data/attachment-files", AttachmentFileViewSet)

preview = PreviewFileViewSet.as_view
media = PreviewMediaViewSet.as_view
lists = PreviewListViewSet.as_view
outputs = OwnerOutputsViewSet.as_view
working = WorkingFileViewSet.as_view
task_files = TaskFilesViewSet.as_view
COMMENT = "actions/tasks/<id:task_id>/comments/<id:comment_id>"
INSTANCE = "data/asset-instances/<id:instance_id>"
PICTURES = "pictures/thumbnails"
EXTRACTED = {
    "frame": "frame",
    "tile": "tile",
    "annotated-frame": "drawn_frame",
    "annotated-frames": "archive",
    "annotated-frames-pdf": "pages",
}

previews = [
    path("pictures/preview-files/<id:pk>", preview({"post": "upload"})),
    path("actions/preview-files/<id:pk>/update-position", preview({"put": "place"})),
    path("actions/preview-files/<id:pk>/update-annotations", preview({"put": "annotate"})),
    path("actions/preview-files/<id:pk>/set-main-preview", preview({"put": "set_main"})),
    *(
        path(f"actions/preview-files/<id:pk>/extract-{what}", ExtractionViewSet.as_view({"get": action}))
        for what, action in EXTRACTED.items()
    ),
    path("actions/tasks/set-main-preview", TaskMainPreviewViewSet.as_view({"put": "several"})),
    path("actions/tasks/<id:task_id>/set-main-preview", TaskMainPreviewViewSet.as_view({"put": "one"})),
    path(f"{COMMENT}/add-preview", CommentPreviewViewSet.as_view({"post": "add"})),
    path(
        f"{COMMENT}/preview-files/<id:preview_id>",
        CommentPreviewViewSet.as_view({"post": "add_beside", "delete": "remove"}),
    ),
    path("data/tasks/<id:task_id>/previews", lists({"get": "of_task"})),
    path("data/projects/<id:project_id>/preview-files", lists({"get": "of_project"})),
    path("data/entities/<id:entity_id>/preview-files", lists({"get": "of_entity"})),
    path("data/playlists/entities/<id:entity_id>/preview-files", lists({"get": "revisions"})),
    path("data/shots/<id:entity_id>/preview-files", lists({"get": "of_shot"})),
    path("data/edits/<id:entity_id>/preview-files", lists({"get": "of_edit"})),
    path("data/concepts/<id:entity_id>/preview-files", lists({"get": "of_concept"})),
    path("data/playlists/preview-files/running", lists({"get": "unfinished"})),
]
served = [
    path("movies/originals/preview-files/<id:pk>.mp4", media({"get": "movie"})),
    path("movies/originals/preview-files/<id:pk>/download", media({"get": "movie_download"})),
    path("movies/low/preview-files/<id:pk>.mp4", media({"get": "small_movie"})),
    path("movies/source/preview-files/<id:pk>.mp4", media({"get": "source"})),
    path("movies/tiles/preview-files/<id:pk>.png", media({"get": "tile"})),
    path("pictures/previews/preview-files/<id:pk>.png", media({"get": "preview"})),
    path(f"{PICTURES}/preview-files/<id:pk>.png", media({"get": "thumbnail"})),
    path(f"{PICTURES}-square/preview-files/<id:pk>.png", media({"get": "square"})),
    path("pictures/originals/preview-files/<id:pk>.png", media({"get": "original"})),
    path("pictures/originals/preview-files/<id:pk>.<str:extension>", media({"get": "document"})),
    path("pictures/originals/preview-files/<id:pk>/download", media({"get": "download"})),
]
avatars = [
    path("actions/user/clear-avatar", PersonAvatarViewSet.as_view({"delete": "clear"})),
    path(f"{PICTURES}/persons/<id:pk>", PersonAvatarViewSet.as_view({"get": "fetch", "post": "store"})),
    path(f"{PICTURES}/persons/<id:pk>.png", PersonAvatarViewSet.as_view({"get": "fetch", "post": "store"})),
    path(f"{PICTURES}/projects/<id:pk>", ProjectAvatarViewSet.as_view({"get": "fetch", "post": "store"})),
    path(f"{PICTURES}/projects/<id:pk>.png", ProjectAvatarViewSet.as_view({"get": "fetch", "post": "refuse_store"})),
    path(f"{PICTURES}/organisations/<id:pk>", OrganisationAvatarViewSet.as_view({"get": "fetch", "post": "store"})),
    path(f"{PICTURES}/organisations/<id:pk>.png", OrganisationAvatarViewSet.as_view({"get": "fetch", "post": "store"})),
    path("pictures/preview-background-files/<id:pk>", BackgroundPictureViewSet.as_view({"post": "store"})),
    path("pictures/preview-background-files/<id:pk>.<str:extension>", BackgroundPictureViewSet.as_view({"get": "fetch"})),
    path(
        f"{PICTURES}/preview-background-files/<id:pk>.png",
        BackgroundPictureViewSet.as_view({"get": "thumbnail", "post": "refuse_store"}),
    ),
]
attachments = [
    path(f"{COMMENT}/add-attachment", CommentAttachmentViewSet.as_view({"post": "add"})),
    path(
        "data/tasks/<id:task_id>/comments/<id:comment_id>/attachments/<id:attachment_id>",
        CommentAttachmentViewSet.as_view({"delete": "remove"}),
    ),
    path("data/attachment-files/<id:pk>/file/<str:file_name>", AttachmentFileViewSet.as_view({"get": "fetch"})),
    path(f"{PICTURES}/attachment-files/<id:pk>.png", AttachmentFileViewSet.as_view({"get": "thumbnail"})),
    path("data/tasks/<id:task_id>/attachment-files", AttachmentListViewSet.as_view({"get": "of_task"})),
    path("data/projects/<id:project_id>/attachment-files", AttachmentListViewSet.as_view({"get": "of_project"})),
]
working_files = [
    path("data/tasks/<id:task_id>/working-files", task_files({"get": "list"})),
    path("data/tasks/<id:task_id>/working-files/last-revisions", task_files({"get": "last"})),
    path("data/tasks/<id:task_id>/working-files/new", task_files({"post": "create"})),
    path("data/tasks/<id:task_id>/working-file-path", task_files({"post": "path"})),
    path("data/entities/<id:entity_id>/working-files", EntityWorkingFilesViewSet.as_view({"get": "list"})),
    path("actions/working-files/<id:pk>/comment", working({"put": "comment"})),
    path("actions/working-files/<id:pk>/modified", working({"put": "touch"})),
    path("data/working-files/<id:pk>/file", working({"get": "fetch", "post": "store"})),
    *(path(f"data/entities/{name}", GuessViewSet.as_view({"post": "guess"})) for name in ("guess-from-path", "guess_from_path")),
    path("data/files/<id:pk>", AnyFileViewSet.as_view({"get": "retrieve"})),
]
# The same routes for the outputs of an entity and of an instance within a shot or scene.
owned_outputs = [
    route
    for owner in ("data/entities/<id:entity_id>", f"{INSTANCE}/entities/<id:temporal_entity_id>")
    for route in (
        path(f"{owner}/output-file-path", outputs({"post": "path"})),
        path(f"{owner}/output-files/new", outputs({"post": "create"})),
        path(f"{owner}/output-files/next-revision", outputs({"post": "next_revision"})),
        path(f"{owner}/output-files/last-revisions", outputs({"get": "last"})),
        path(f"{owner}/output-types", outputs({"get": "types"})),
        path(f"{owner}/output-types/<id:output_type_id>/output-files", outputs({"get": "of_type"})),
    )
]
output_files = [
    path("data/entities/<id:entity_id>/output-files", outputs({"get": "list"})),
    path(f"{INSTANCE}/output-files", OutputListsViewSet.as_view({"get": "of_instance"})),
    path("data/projects/<id:project_id>/output-files", OutputListsViewSet.as_view({"get": "of_project"})),
    *owned_outputs,
]
statistics = [
    path("stats", StatisticsViewSet.as_view({"get": "list"})),
    path(
        "actions/projects/<str:project_id>/task-types/<str:task_type_id>/set-shot-nb-frames",
        ShotLengthViewSet.as_view({"post": "measure"}),
    ),
]

urlpatterns = [
    *previews,
    *served,
    *avatars,
    *attachments,
    *working_files,
    *output_files,
    *statistics,
    *router.urls,
]
