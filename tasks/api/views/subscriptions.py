"""Subscriptions: the generic routes, what a person follows, and those of a production."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.views import ResourceViewSet
from people.permissions import is_admin, is_human, may_open_entity
from production.models import Project, TaskType
from tasks.api.bodies import TaskIdsBody
from tasks.api.loading import TaskRoutes, found, sequence
from tasks.models import Subscription, Task
from tasks.readers import SUBSCRIPTION
from tasks.rules.subscriptions import (
    subscribe_to_sequence,
    subscribe_to_tasks,
    unsubscribe_from_sequence,
    unsubscribe_from_tasks,
)


class SubscriptionViewSet(ResourceViewSet):
    """`/data/subscriptions`."""

    reader = SUBSCRIPTION
    access = dict.fromkeys(("list", "retrieve", "create", "update", "destroy", "of_project"), is_admin)

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """The subscriptions to a production's tasks."""
        project = found(Project, project_id)
        return json_array(SUBSCRIPTION.rows(Subscription.objects.filter(task__project=project)))


class FollowingViewSet(TaskRoutes):
    """`/data/user/…/subscribed` and `/actions/user/…/subscribe`."""

    access = {
        "follows_task": is_human,
        "follows_sequence": is_human,
        "follow_task": is_human & may_open_entity,
        "follow_tasks": is_human & may_open_entity,
        "follow_sequence": is_human & may_open_entity,
        "unfollow_task": is_human,
        "unfollow_tasks": is_human,
        "unfollow_sequence": is_human,
    }

    def follows(self, **what: str) -> Response:
        """Whether the person follows that; nobody follows what has no proper id."""
        known = all(is_uuid(value) for value in what.values())
        return Response(known and Subscription.objects.filter(person=self.request.user, **what).exists())

    def follows_task(self, request: Request, task_id: str) -> Response:
        """Whether the person follows a task."""
        return self.follows(task_id=task_id)

    def follows_sequence(self, request: Request, sequence_id: str, task_type_id: str) -> Response:
        """Whether the person follows the tasks of a type on a sequence."""
        return self.follows(entity_id=sequence_id, task_type_id=task_type_id)

    def follow_task(self, request: Request, task_id: UUID) -> Response:
        """Follows a task."""
        (subscription,) = subscribe_to_tasks([self.task(task_id)], by=request.user)
        return Response(SUBSCRIPTION.one(subscription.pk), status=201)

    def unfollow_task(self, request: Request, task_id: str) -> Response:
        """Follows a task no longer."""
        unsubscribe_from_tasks([task_id] if is_uuid(task_id) else [], by=request.user)
        return Response(status=204)

    def follow_tasks(self, request: Request) -> Response:
        """Follows tasks, all of them or none."""
        ids = typed_body(request, TaskIdsBody).task_ids
        tasks: list[Task] = [self.task(task_id) for task_id in dict.fromkeys(ids)]
        subscriptions = subscribe_to_tasks(tasks, by=request.user)
        return Response(SUBSCRIPTION.some([subscription.pk for subscription in subscriptions]), status=201)

    def unfollow_tasks(self, request: Request) -> Response:
        """Follows tasks no longer."""
        ids = typed_body(request, TaskIdsBody).task_ids
        unsubscribe_from_tasks([task_id for task_id in ids if is_uuid(task_id)], by=request.user)
        return Response(ids)

    def follow_sequence(self, request: Request, sequence_id: UUID, task_type_id: UUID) -> Response:
        """Follows the tasks of a type on a sequence."""
        entity, task_type = sequence(sequence_id), found(TaskType, task_type_id)
        self.authorise(Scope(project_id=entity.project_id, entity_id=entity.pk))
        subscription = subscribe_to_sequence(entity.pk, task_type.pk, by=request.user)
        return Response(SUBSCRIPTION.one(subscription.pk), status=201)

    def unfollow_sequence(self, request: Request, sequence_id: UUID, task_type_id: UUID) -> Response:
        """Follows those no longer."""
        unsubscribe_from_sequence(sequence_id, task_type_id, by=request.user)
        return Response(status=204)
