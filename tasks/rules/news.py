"""News: the feed in which a production's comments appear."""

from typing import Any

from events.emit import emit
from people.models import Person
from tasks.models import Comment, News, Task
from tasks.rules.life_cycle import is_of_concept, to_second


def publish(comment: Comment, task: Task, *, change: bool, by: Person | None) -> None:
    """Put a comment into the news, dated like it, unless it is about a concept."""
    if is_of_concept(task):
        return
    moment = to_second(comment.created_at)
    news = News.objects.create(
        change=change, author_id=comment.person_id, comment=comment, task=task, created_at=moment, updated_at=moment
    )
    payload = {"news_id": news.pk, "task_status_id": comment.task_status_id, "task_type_id": task.task_type_id}
    emit("news:new", payload, project_id=task.project_id, by=by)


def withdraw(rows: Any, *, project_id: Any, by: Person | None) -> None:
    """Delete news, and tell so."""
    ids = list(rows.order_by("created_at", "id").values_list("pk", flat=True))
    News.objects.filter(pk__in=ids).delete()
    for news_id in ids:
        emit("news:delete", {"news_id": news_id}, project_id=project_id, by=by)
