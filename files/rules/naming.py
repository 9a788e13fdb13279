"""Words of the studio as parts of file names and paths."""

from collections.abc import Sequence
from typing import Any

from assets.querysets import EDIT, EPISODE, SCENE, SEQUENCE, SHOT
from core import words
from files.models import PreviewFile
from people.models import Organisation


def slug(text: Any) -> str:
    """Lower-case ASCII letters and digits, with `_` for everything else: `héllo Wörld` is `hello_world`."""
    return words.slug(str(text or ""), "_")


ENTITY_NAMES = {
    "entity_name": "entity__name",
    "entity_kind": "entity__entity_type__name",
    "parent_name": "entity__parent__name",
    "grandparent_name": "entity__parent__parent__name",
}


def full_entity_name(name: str, kind: str, parent: str | None, grandparent: str | None) -> str:
    """`Episode / Sequence / Shot`, without what there is none of; an asset stands behind its type."""
    if kind in (SHOT, SCENE):
        parts = [grandparent, parent, name]
    elif kind in (SEQUENCE, EDIT):
        parts = [parent, name]
    else:
        parts = [name] if kind == EPISODE else [kind, name]
    return " / ".join(part for part in parts if part)


# What the names of downloads are made of, from a preview's point of view.
SUBJECT = ("task__project__name", "task__task_type__name", *(f"task__{path}" for path in ENTITY_NAMES.values()))


def keeps_original_names() -> bool:
    """The studio downloads previews under the names that they were uploaded with. One statement."""
    return bool(Organisation.objects.order_by("created_at").values_list("use_original_file_name", flat=True).first())


def named_after(preview: dict[str, Any], subject: Sequence[Any], *, original: bool) -> str:
    """The name of a download by the values of `SUBJECT`, or with `original` by the uploaded file's name where there is one."""
    position = f"-{preview['position']}" if (preview["position"] or 1) > 1 else ""
    if original and preview["original_name"]:
        return f"{preview['original_name']}{position}.{preview['extension']}"
    entity = full_entity_name(*subject[2:]) if subject[2] else ""
    stem = slug(f"{subject[0]}_{entity}_{subject[1]}_v{preview['revision']}")
    return f"{stem}{position}.{preview['extension']}"


NAMED = ["id", "original_name", "extension", "revision", "position"]


def download_name(preview: dict[str, Any]) -> str:
    """The name under which a preview is downloaded: what it shows, or what it was called where the studio prefers that."""
    position = f"-{preview['position']}" if (preview["position"] or 1) > 1 else ""
    original = preview["original_name"]
    if original and Organisation.objects.order_by("created_at").values_list("use_original_file_name", flat=True).first():
        return f"{original}{position}.{preview['extension']}"
    names = (
        PreviewFile.objects.order_by()
        .filter(pk=preview["id"])
        .values_list(
            "task__project__name",
            "task__task_type__name",
            *(f"task__{path}" for path in ENTITY_NAMES.values()),
        )[0]
    )
    entity = full_entity_name(*names[2:]) if names[2] else ""
    stem = slug(f"{names[0]}_{entity}_{names[1]}_v{preview['revision']}")
    return f"{stem}{position}.{preview['extension']}"


def download_stem(preview_id: Any) -> str:
    """The download name without its extension. Raises DoesNotExist."""
    return download_name(PreviewFile.objects.order_by().values(*NAMED).get(pk=preview_id)).rpartition(".")[0]
