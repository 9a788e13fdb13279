"""The routes of the studio's small tables."""

import math
from typing import Any

from rest_framework.request import Request

from core.api.parsers import row_body
from core.api.renderers import json_array
from core.api.views import ResourceViewSet
from core.errors import WrongParameter
from people import readers
from people.api.filters import ORGANISATION_FILTERS, ORGANISATION_FILTERS_FOR_ALL
from people.permissions import any_person, is_admin
from people.rules.organisation import complete_salary_scales

STUDIO_TABLE = {"list": any_person, "retrieve": any_person, "create": is_admin, "update": is_admin, "destroy": is_admin}
ADMIN_TABLE = dict.fromkeys(STUDIO_TABLE, is_admin)


class StudioViewSet(ResourceViewSet):
    """`/data/studios`."""

    reader = readers.STUDIO
    access = STUDIO_TABLE


class SoftwareViewSet(ResourceViewSet):
    """`/data/softwares`."""

    reader = readers.SOFTWARE
    access = STUDIO_TABLE
    malformed_is_missing = True


class HardwareItemViewSet(ResourceViewSet):
    """`/data/hardware-items`."""

    reader = readers.HARDWARE_ITEM
    access = ADMIN_TABLE


class OrganisationViewSet(ResourceViewSet):
    """`/data/organisations`: the studio itself; its chat tokens are for studio managers alone."""

    reader = readers.ORGANISATION
    access = STUDIO_TABLE

    def get_reader(self) -> Any:
        """Without the chat tokens for all but studio managers."""
        return readers.organisation_form(self.request.user)

    def filter_queryset(self, queryset: Any) -> Any:
        """Nobody may search by what they may not see."""
        self.filterset_class = ORGANISATION_FILTERS if self.request.user.is_admin else ORGANISATION_FILTERS_FOR_ALL
        return super().filter_queryset(queryset)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """A further row; the oldest one counts."""
        check_hours(row_body(request))
        return super().create(request, *args, **kwargs)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The studio's preferences."""
        self.get_object()
        check_hours(row_body(request))
        return super().update(request, *args, **kwargs)


def check_hours(body: dict[str, Any]) -> None:
    """The length of a working day, where it is sent, is a number. Raises WrongParameter."""
    if "hours_by_day" not in body:
        return
    value = body["hours_by_day"]
    try:
        found = math.nan if isinstance(value, bool | list | dict) else float(value)
    except (ValueError, TypeError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise WrongParameter("hours_by_day must be a number.")


class SalaryScaleViewSet(ResourceViewSet):
    """`/data/salary-scales`: a row for every department, position and seniority; reading the table makes those missing."""

    reader = readers.SALARY_SCALE
    access = ADMIN_TABLE
    protected = ("department_id",)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The whole table, whatever the query string says."""
        complete_salary_scales()
        return json_array(self.reader.rows(self.get_queryset().order_by("created_at", "id")))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Refuses: the table has all its rows."""
        raise WrongParameter("Salary scales cannot be created")
