"""Acts about previews, pictures, working and output files, and playlists."""

from tests.events.acts.form import act
from tests.files.studio import png, sent
from tests.files.test_production_files import TREE

SAID = "comment_id task_id person_id for_client"


def published(g):
    g.publish()


def upload_of(path, name="frame.png"):
    """Sends a picture there."""

    def send(g):
        return g.api.upload(path.format(**g.named), file=sent(name, png((64, 64))))

    send.__name__ = f"upload {path}"
    return send


def panorama(g):
    """Sends a background of one colour."""
    content = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 8 +X 8\n" + b"\x80\x80\x80\x81" * 64
    return g.api.upload(f"/pictures/preview-background-files/{g.named['background']}", file=sent("sky.hdr", content))


def with_tree(g):
    g.project.file_tree = TREE
    g.project.save()


def announced(g):
    g.say()
    path = f"/actions/tasks/{g.task.pk}/comments/{g.named['said']}/add-preview"
    g.named["preview"] = g.answered(g.api.post(path, {}))["id"]


ACTS = [
    act(
        "post /actions/tasks/{task}/comments/{said}/add-preview",
        "preview-file:new preview_file_id comment_id",
        f"comment:update {SAID}",
        body={},
        first=lambda g: g.say(),
    ),
    act(
        upload_of("/pictures/preview-files/{preview}"),
        "preview-file:update preview_file_id status",
        "preview-file:update preview_file_id status",
        f"comment:update {SAID}",
        "preview-file:add-file comment_id task_id preview_file_id revision extension status",
        first=announced,
    ),
    act("put /data/preview-files/{preview}", "preview-file:update preview_file_id @team", body={"name": "x"}, first=published),
    act(
        "delete /data/preview-files/{preview}?force=true",
        "task:update task_id",
        "preview-file:delete preview_file_id @team",
        first=published,
    ),
    act(
        "put /actions/preview-files/{preview}/set-main-preview",
        "preview-file:set-main entity_id preview_file_id preview_file_status",
        "shot:update shot_id",
        body={},
        first=published,
    ),
    act(
        "put /actions/preview-files/{preview}/update-annotations",
        "preview-file:annotation-update preview_file_id person_id updated_at",
        body={"additions": [{"time": 0, "drawing": {"objects": []}}]},
        first=published,
    ),
    act(
        panorama,
        "preview-background-file:update preview_background_file_id @studio",
        "preview-background-file:add-file preview_background_file_id extension @studio",
    ),
    act(
        upload_of("/pictures/thumbnails/persons/{user}"),
        "person:update person_id @studio",
        "person:set-thumbnail person_id @studio",
    ),
    act(
        upload_of("/pictures/thumbnails/organisations/{organisation}"),
        "organisation:update organisation_id @studio",
        "organisation:set-thumbnail organisation_id @studio",
    ),
    act(upload_of("/pictures/thumbnails/projects/{project}"), "project:update project_id", "project:set-thumbnail project_id"),
    act(
        "post /data/tasks/{task}/working-files/new",
        "task:assign task_id person_id",
        "task:update task_id",
        "working-file:new working_file_id",
        body={"name": "main"},
        first=with_tree,
    ),
    act(
        "post /data/tasks/{task}/working-file-path",
        "software:new software_id @studio",
        "output_type:new output_type_id @studio",
        body={"mode": "output"},
        first=with_tree,
    ),
    act(
        "post /data/entities/{shot}/output-files/new",
        "file-status:new file_status_id @studio",
        "output-file:new output_file_id",
        body={"output_type_id": "{output_type}", "task_type_id": "{animation}", "person_id": "{user}"},
        first=with_tree,
    ),
    act("post /data/playlists", "playlist:new playlist_id", body={"name": "Another", "project_id": "{project}"}),
    act("put /data/playlists/{playlist}", "playlist:update playlist_id", body={"name": "Another"}),
    act("delete /data/playlists/{playlist}", "playlist:delete playlist_id"),
    act(
        "post /actions/playlists/{playlist}/add-entity",
        "playlist:add_entity playlist_id entity_id preview_file_id",
        body={"entity_id": "{shot}"},
    ),
]
