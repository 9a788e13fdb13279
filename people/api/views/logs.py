"""What studio managers read of arrivals and logins."""

import csv
import io
from calendar import monthrange
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.converters import is_uuid
from core.api.pagination import number
from core.api.values import as_datetime
from core.api.views import ApiViewSet
from core.errors import WrongParameter
from people import readers
from people.models import LoginLog
from people.permissions import is_admin
from people.rules.desks import presence_table

MOST = 1000
WRONG_CURSOR = "The cursor_login_log_id parameter is not a valid id"


class LogViewSet(ApiViewSet):
    """`/data/persons/presence-logs/<month>` and `/data/events/login-logs/last`."""

    access = {"presence": is_admin, "logins": is_admin}

    def presence(self, request: Request, month: str) -> HttpResponse:
        """A table of the month as CSV: who was at their desk on which day."""
        try:
            first = datetime.strptime(month, "%Y-%m").date()
        except ValueError:
            raise WrongParameter("Invalid month or year.") from None
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
            presence_table(first, monthrange(first.year, first.month)[1])
        )
        headers = {"Content-Disposition": "attachment; filename=kitsu_export.csv"}
        return HttpResponse(text.getvalue(), content_type="text/csv", headers=headers)

    def logins(self, request: Request) -> Response:
        """The latest logins, or those before one that is known."""
        params = request.query_params
        rows = LoginLog.objects.order_by("-created_at", "-id")
        for name, lookup in (("after", "created_at__gt"), ("before", "created_at__lt")):
            if params.get(name):
                rows = rows.filter(**{lookup: as_datetime(params[name], WrongParameter(f"Wrong date format for {name}."))})
        if people := [pk for pk in params.getlist("person_ids") if pk]:
            if not all(map(is_uuid, people)):
                raise WrongParameter("Wrong UUID format.")
            rows = rows.filter(person_id__in=people)
        rows = before_cursor(rows, params.get("cursor_login_log_id"))
        found = readers.LOGIN_LOG.rows(rows[: max(1, min(number(params, "limit", 100), MOST))])
        return Response([{name: value for name, value in row.items() if name != "type"} for row in found])


def before_cursor(rows: Any, cursor: str | None) -> Any:
    """The logins older than the one of an id. Raises WrongParameter when it is none."""
    if not cursor:
        return rows
    found = LoginLog.objects.filter(pk=cursor).values_list("created_at", flat=True).first() if is_uuid(cursor) else None
    if found is None:
        raise WrongParameter(WRONG_CURSOR)
    return rows.filter(created_at__lt=found)
