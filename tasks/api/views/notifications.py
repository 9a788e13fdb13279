"""Notifications: the generic routes, a person's own, and those of a production."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.filters import ColumnFilter, filterset_for
from core.api.pagination import ListOptions
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import NotFound
from people.permissions import is_admin, is_human
from production.models import Project
from tasks.api.bodies import ReadBody
from tasks.api.loading import TaskRoutes, found, id_parameter, moment_parameter
from tasks.inbox import items, subscribed
from tasks.models import Notification
from tasks.readers import NOTIFICATION
from tasks.rules.notifications import mark_all_as_read, mark_notification

KIND = "notification_type"
NEWEST = 100
WRONG_DATE = "Wrong date format for after or before."


class NotificationViewSet(ResourceViewSet):
    """`/data/notifications`: the kind is `notification_type` in answers and `type` in bodies, for `type` names the object."""

    reader = NOTIFICATION
    access = dict.fromkeys(("list", "retrieve", "create", "update", "destroy", "of_project"), is_admin)
    filterset_class = filterset_for(NOTIFICATION, type=ColumnFilter(field_name=KIND))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new notification, as it is given."""
        self.name_kind(request)
        return super().create(request, *args, **kwargs)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Other values of a notification."""
        self.name_kind(request)
        return super().update(request, *args, **kwargs)

    def name_kind(self, request: Request) -> None:
        """Reads the body's `type` as the kind, unless it is the name of the object."""
        body = request.data if isinstance(request.data, dict) else {}
        kind = body.pop("type", None) if "type" in body else None
        if kind is not None and kind != Notification.__name__:
            body[KIND] = kind

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """The notifications about a production's tasks, the last changed first."""
        project = found(Project, project_id)
        options = ListOptions.of(request.query_params)
        rows = Notification.objects.filter(task__project=project).order_by("-updated_at", "-created_at", "id")
        if options.page < 1:
            return json_array(NOTIFICATION.rows(rows))
        page = NOTIFICATION.shape(NOTIFICATION.query(options.slice(rows)))
        return Response(options.envelope(list(page), rows.order_by().count()))


class InboxViewSet(TaskRoutes):
    """`/data/user/notifications`."""

    access = dict.fromkeys(("list", "one", "mark", "mark_all"), is_human)

    def list(self, request: Request) -> Response:
        """The person's newest notifications."""
        rows = self.asked(Notification.objects.filter(person=request.user))
        return Response(items(rows.order_by("-created_at", "-id")[:NEWEST], reader=request.user))

    def asked(self, rows: Any) -> Any:
        """The notifications that the query string asks for. Raises WrongParameter."""
        params = self.request.query_params
        malformed = "Invalid UUID format for {name}: {value}"
        wanted = {
            "task__task_type_id": id_parameter(params, "task_type_id", malformed),
            "task__task_status_id": id_parameter(params, "task_status_id", malformed),
            "created_at__gt": moment_parameter(params, "after", WRONG_DATE),
            "created_at__lt": moment_parameter(params, "before", WRONG_DATE),
            KIND: (params.get("type") or "").replace("\0", ""),
        }
        rows = rows.filter(**{path: value for path, value in wanted.items() if value})
        if params.get("read"):
            rows = rows.filter(read=is_true(params["read"]))
        if params.get("watching"):
            watched = subscribed(self.request.user)
            rows = rows.filter(watched) if is_true(params["watching"]) else rows.exclude(watched)
        return rows

    def one(self, request: Request, notification_id: UUID) -> Response:
        """One of the person's notifications."""
        rows = items(Notification.objects.filter(pk=notification_id, person=request.user), reader=request.user)
        if not rows:
            raise NotFound()
        return Response(rows[0])

    def mark(self, request: Request, notification_id: UUID) -> Response:
        """Sets whether one of them was read."""
        notification: Notification = found(Notification, notification_id)
        if notification.person_id != request.user.pk:
            raise NotFound()
        mark_notification(notification, read=typed_body(request, ReadBody).read, by=request.user)
        return Response(NOTIFICATION.one(notification.pk))

    def mark_all(self, request: Request) -> Response:
        """Sets all of them as read."""
        mark_all_as_read(by=request.user)
        return Response({"success": True})
