"""Where the files of a production from ShotGrid lie, unless somebody says otherwise."""

from typing import Any

FOLDERS = {
    "shot": "<Project>/shots/<Sequence>/<Shot>",
    "asset": "<Project>/assets/<AssetType>/<Asset>",
    "scene": "<Project>/scenes/<Sequence>/<Scene>",
    "episode": "<Project>/episodes/<Episode>",
    "sequence": "<Project>/sequences/<Sequence>",
}
NAMES = {
    "shot": "<Project>_<Sequence>_<Shot>",
    "asset": "<Project>_<AssetType>_<Asset>",
    "scene": "<Project>_<Sequence>_<Scene>",
    "episode": "<Project>_<Episode>",
    "sequence": "<Project>_<Sequence>",
}


def part(root: str, folder: str, name: str) -> dict[str, Any]:
    """The tree of one kind of files, whose folders and names end as given."""
    return {
        "mountpoint": "/simple",
        "root": root,
        "folder_path": {**{kind: f"{path}/{folder}" for kind, path in FOLDERS.items()}, "style": "lowercase"},
        "file_name": {**{kind: f"{path}_{name}" for kind, path in NAMES.items()}, "style": "lowercase"},
    }


def simple_tree() -> dict[str, Any]:
    """The three parts of the tree, with the few places that differ."""
    working = part("productions", "<TaskType>", "<TaskType>")
    preview = part("productions/previews", "<TaskType>", "<TaskType>")
    output = part("productions/export", "<OutputType>", "<OutputType>_<OutputFile>")
    working["file_name"]["shot"] = "<Project>_<Shot>_<TaskType>"
    preview["file_name"]["scene"] = "<Project>_<Scene>_<TaskType>"
    preview["folder_path"]["scene"] = "<Project>/scene/<Scene>/<TaskType>"
    return {"working": working, "output": output, "preview": preview}


SIMPLE_TREE = simple_tree()
