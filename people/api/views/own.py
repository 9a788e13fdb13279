"""`/data/user`: one's own days off and arrivals at the desk."""

from datetime import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.views import ApiViewSet
from core.errors import WrongParameter
from core.models import now
from people import readers
from people.api.bodies import OwnArrivalSchema
from people.models import DayOff, DesktopLoginLog
from people.permissions import is_human
from people.rules.desks import note_arrival


class OwnDayOffViewSet(ApiViewSet):
    """`/data/user/day-offs/<date>`."""

    access = {"covering": is_human}

    def covering(self, request: Request, date: str) -> Response:
        """One's own period off that covers a day, or an empty object."""
        try:
            day = datetime.strptime(date, "%Y-%m-%d").date()
        except ValueError:
            raise WrongParameter("Wrong date format.") from None
        found = DayOff.objects.order_by().filter(person=request.user, date__lte=day, end_date__gte=day)
        return Response(next(readers.DAY_OFF.rows(found[:1]), {}))


class OwnArrivalViewSet(ApiViewSet):
    """`/data/user/desktop-login-logs`."""

    access = {"list": is_human, "create": is_human}

    def list(self, request: Request) -> Any:
        """One's own arrivals, latest first."""
        own = DesktopLoginLog.objects.filter(person=request.user)
        return json_array(readers.DESKTOP_LOGIN_LOG.rows(own.order_by("-date", "-id")))

    def create(self, request: Request) -> Response:
        """Notes that one sat down at the desk."""
        body = typed_body(request, OwnArrivalSchema)
        log = note_arrival(request.user, body.date or now(), by=request.user)
        return Response(readers.DESKTOP_LOGIN_LOG.one(log.pk), status=201)
