"""Drawings on previews: merging what several reviewers send."""

import copy
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from core.transactions import whole_step
from events.emit import emit
from files.models import PreviewFile

Annotation = dict[str, Any]


def objects_of(annotation: Annotation) -> list[Any]:
    """The drawn objects of one moment, wherever they are missing none."""
    drawing = annotation.get("drawing")
    objects = drawing.get("objects") if isinstance(drawing, dict) else None
    return [item for item in objects if isinstance(item, dict)] if isinstance(objects, list) else []


def with_objects(annotation: Annotation, objects: list[Any]) -> Annotation:
    """The same moment with other objects."""
    drawing = annotation.get("drawing")
    return {**annotation, "drawing": {**(drawing if isinstance(drawing, dict) else {}), "objects": objects}}


def same_time(annotation: Annotation, time: Any) -> bool:
    """Times are compared as JSON is: `0.4` and `"0.4"` are two."""
    own = annotation.get("time")
    if isinstance(own, str) or isinstance(time, str):
        return type(own) is type(time) and own == time
    return isinstance(own, bool) is isinstance(time, bool) and own == time


def named(objects: list[Any]) -> list[Any]:
    """The objects, each with an id."""
    return [item if item.get("id") else {**item, "id": str(uuid4())} for item in objects]


def at(annotations: list[Annotation], time: Any) -> int | None:
    """Where the entry of a moment stands."""
    return next((index for index, annotation in enumerate(annotations) if same_time(annotation, time)), None)


def merge(
    stored: Sequence[Annotation], additions: Sequence[Annotation], updates: Sequence[Annotation], deletions: Sequence[Annotation]
) -> list[Annotation]:
    """The annotations after additions, which overwrite nothing, updates of objects that are there, and deletions by id."""
    merged = [with_objects(annotation, named(objects_of(annotation))) for annotation in copy.deepcopy(list(stored))]
    for addition in additions:
        index, sent = at(merged, addition["time"]), named(objects_of(addition))
        if index is None:
            merged.append(with_objects(addition, sent))
            continue
        known = [item["id"] for item in objects_of(merged[index])]
        merged[index] = with_objects(merged[index], objects_of(merged[index]) + [item for item in sent if item["id"] not in known])
    for update in updates:
        index = at(merged, update["time"])
        if index is not None:
            merged[index] = with_objects(merged[index], replaced(objects_of(merged[index]), objects_of(update)))
    for deletion in deletions:
        index, gone = at(merged, deletion["time"]), deletion.get("objects") or []
        if index is not None:
            left = [item for item in objects_of(merged[index]) if item["id"] not in gone]
            merged[index] = with_objects(merged[index], left)
    return [annotation for annotation in merged if objects_of(annotation)]


def replaced(objects: list[Any], sent: list[Any]) -> list[Any]:
    """The objects with those sent in the place of the ones of their id, moved to the end; unknown ids are ignored."""
    for item in sent:
        kept = [known for known in objects if known["id"] != item.get("id")]
        if len(kept) < len(objects):
            objects = [*kept, item]
    return objects


@whole_step()
def annotate(
    preview: PreviewFile,
    *,
    additions: Sequence[Annotation] = (),
    updates: Sequence[Annotation] = (),
    deletions: Sequence[Annotation] = (),
    by: Any,
) -> PreviewFile:
    """Merge drawings into those of a preview; reviewers who send theirs at once wait for each other."""
    locked = PreviewFile.objects.order_by().select_for_update(of=("self",)).select_related("task").get(pk=preview.pk)
    locked.annotations = merge(locked.annotations or [], additions, updates, deletions)
    locked.save(update_fields=["annotations"])
    payload = {
        "preview_file_id": locked.pk,
        "person_id": by.pk,
        "updated_at": locked.updated_at.replace(microsecond=0).isoformat(),
    }
    emit("preview-file:annotation-update", payload, project_id=locked.task.project_id if locked.task else None, by=by)
    return locked
