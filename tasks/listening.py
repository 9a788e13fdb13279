"""What this room does when rows of lower rooms change or leave."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from assets.models import Entity
from core.rules import wipe
from people.models import Person
from production.models import Project
from tasks.models import Comment, News, Notification, ProductionScheduleVersionTaskLink, Subscription, Task, TimeSpent
from tasks.rules.comment_changes import delete_comment
from tasks.rules.readiness import recount_ready_assets
from tasks.rules.tasks import delete_with_all
from tasks.rules.time_spents import delete_time_spent


def count_ready_assets(sender: Any, *, shot_ids: Any, by: Any, **kwargs: Any) -> None:
    """Counts anew how many assets are ready for the tasks of shots."""
    recount_ready_assets(shot_ids, by=by)


def leave_entity(entity: Entity, by: Any) -> None:
    """An entity takes its tasks and the subscriptions to it along."""
    Subscription.objects.filter(entity=entity).delete()
    delete_with_all(Task.objects.filter(entity=entity), by=by)


def leave_project(project: Project, by: Any) -> None:
    """A production takes along its tasks with all that hangs on them, and the subscriptions to its sequences.

    It costs one statement per table however large the production is, and is told by the production's own event alone.
    """
    tasks = Task.objects.order_by().filter(project=project).values("pk")
    comments = Comment.objects.order_by().filter(object_id__in=tasks).values("pk")
    planned = ProductionScheduleVersionTaskLink.objects.order_by().filter(
        Q(task__in=tasks) | Q(production_schedule_version__project=project)
    )
    wipe(Notification.objects.filter(Q(task__in=tasks) | Q(comment__in=comments)))
    wipe(News.objects.filter(Q(task__in=tasks) | Q(comment__in=comments)))
    wipe(TimeSpent.objects.filter(task__in=tasks))
    wipe(Subscription.objects.filter(Q(task__in=tasks) | Q(entity__project=project)))
    wipe(planned.model.assignees.through.objects.filter(productionscheduleversiontasklink__in=planned.values("pk")))
    wipe(planned)
    for relation in (Comment.previews, Comment.mentions, Comment.department_mentions, Comment.acknowledgements):
        wipe(relation.through.objects.filter(comment__in=comments))
    wipe(Comment.objects.filter(object_id__in=tasks))
    wipe(Task.assignees.through.objects.filter(task__in=tasks))
    wipe(Task.objects.filter(project=project))


def leave_person(person: Person, by: Any) -> None:
    """A person takes along what they said, the time they spent, what they follow and what they were told."""
    for comment_id in list(Comment.objects.filter(person=person).values_list("pk", flat=True)):
        delete_comment(comment_id, by=by)
    for time_spent in TimeSpent.objects.filter(person=person):
        delete_time_spent(time_spent, by=by)
    Notification.objects.filter(person=person).delete()
    Notification.objects.filter(author=person).delete()
    News.objects.filter(author=person).delete()
    Subscription.objects.filter(person=person).delete()


LEAVING: dict[type, Callable[[Any, Any], None]] = {Entity: leave_entity, Project: leave_project, Person: leave_person}


def take_along(sender: Any, *, instance: Any, by: Any, **kwargs: Any) -> None:
    """Deletes what is this room's of a row that leaves, inside its transaction."""
    leave = LEAVING.get(type(instance))
    if leave is not None:
        leave(instance, by)
