"""Finding what a path names."""

from typing import Any
from uuid import UUID

from assets.models import Entity
from core.errors import NotFound
from core.instances import PreparedInstance
from tasks.models import Comment, Task

TASK = PreparedInstance(Task, "task_type", "entity")


def task_of(task_id: UUID) -> Task:
    """The task of the path with what permissions ask about. Raises NotFound."""
    task: Task | None = TASK.fetch(task_id)
    if task is None:
        raise NotFound()
    return task


def comment_of(comment_id: UUID) -> Comment:
    """The comment of the path. Raises NotFound."""
    comment = Comment.objects.order_by().filter(pk=comment_id).first()
    if comment is None:
        raise NotFound()
    return comment


def project_of(entity_id: UUID, **kind: Any) -> UUID:
    """The production of the entity of the path, which is of this kind if one is given. Raises NotFound."""
    found = Entity.objects.order_by().filter(pk=entity_id, **kind).values_list("project_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found
