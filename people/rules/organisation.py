"""The studio as a whole: its preferences, how many people it may hold, what it pays."""

from itertools import product
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from core.errors import WrongParameter
from people.models import Department, Organisation, Person, SalaryScale

FIRST_NAME = "Kitsu"
POSITIONS = ("supervisor", "lead", "artist")
SENIORITIES = ("senior", "mid", "junior")


def current_organisation(*, lock: bool = False) -> Organisation:
    """The studio's row, made at the first need. `lock` holds it until the transaction ends."""
    rows = Organisation.objects.order_by("created_at", "id")
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        Organisation.objects.get_or_create(name=FIRST_NAME)
        return current_organisation(lock=lock)
    return found


def seated_people() -> "QuerySet[Person]":
    """The people who count against the studio's limit."""
    return Person.objects.filter(active=True, is_bot=False, is_guest=False, preview_project=None)


def claim_seat(data: dict[str, Any] | None = None) -> None:
    """Raises WrongParameter when the studio is full. Until the transaction ends nobody else can claim a seat."""
    current_organisation(lock=True)
    if seated_people().count() >= settings.USER_LIMIT:
        raise WrongParameter("User limit reached.", data)


def complete_salary_scales() -> None:
    """Make the missing rows of the salary table: one for every department, position and seniority."""
    known = set(SalaryScale.objects.values_list("department_id", "position", "seniority"))
    departments = Department.objects.order_by("created_at", "id").values_list("pk", flat=True)
    missing = [key for key in product(departments, POSITIONS, SENIORITIES) if key not in known]
    if not missing:
        return
    # Whoever reads the table at the same instant makes the same rows: those that stand already are left alone.
    SalaryScale.objects.bulk_create(
        [SalaryScale(department_id=department, position=position, seniority=rank) for department, position, rank in missing],
        ignore_conflicts=True,
    )
