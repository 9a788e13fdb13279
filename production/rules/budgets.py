"""What productions are meant to cost."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from core.errors import WrongParameter
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import Budget, BudgetEntry, Project
from production.rules.calendar import check_calendar


def announce(budget: Budget, act: str, *, by: Person) -> None:
    """Tell that a budget was made, changed or deleted."""
    emit(f"budget:{act}", {"budget_id": budget.pk}, project_id=budget.project_id, by=by)


def announce_entry(entry: BudgetEntry, act: str, *, by: Person) -> None:
    """Tell that a post of a budget was made, changed or deleted."""
    payload = {"budget_id": entry.budget_id, "budget_entry_id": entry.pk}
    emit(f"budget-entry:{act}", payload, project_id=entry.budget.project_id, by=by)


@whole_step()
def create_budget(project: Project, *, name: str, currency: str | None, by: Person) -> Budget:
    """Store the next revision of a production's budget."""
    Project.objects.select_for_update().get(pk=project.pk)
    last = Budget.objects.filter(project=project).aggregate(last=Max("revision"))["last"] or 0
    budget = Budget.objects.create(project=project, name=name, currency=currency, revision=last + 1)
    announce(budget, "create", by=by)
    return budget


@whole_step()
def update_budget(budget: Budget, *, name: str | None, currency: str | None, by: Person) -> Budget:
    """Change a budget's name or currency; null leaves either alone."""
    budget.name = budget.name if name is None else name
    budget.currency = budget.currency if currency is None else currency
    budget.save(update_fields=["name", "currency"])
    announce(budget, "update", by=by)
    return budget


@whole_step()
def delete_budget(budget: Budget, *, by: Person) -> None:
    """Delete a budget with its posts."""
    BudgetEntry.objects.filter(budget=budget).delete()
    budget_id = budget.pk
    budget.delete()
    budget.pk = budget_id
    announce(budget, "delete", by=by)


@whole_step()
def create_entry(budget: Budget, values: Mapping[str, Any], *, by: Person) -> BudgetEntry:
    """Store a post of a budget, without exceptions unless they are given. Raises WrongParameter for a negative duration."""
    check_calendar(values)
    entry = BudgetEntry.objects.create(budget=budget, **{"exceptions": {}, **values})
    announce_entry(entry, "create", by=by)
    return entry


@whole_step()
def replace_entry(entry: BudgetEntry, values: Mapping[str, Any], *, by: Person) -> BudgetEntry:
    """Replace all that a post of a budget says. Raises WrongParameter for a negative duration."""
    check_calendar(values)
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(values))
    announce_entry(entry, "update", by=by)
    return entry


@whole_step()
def delete_entry(entry: BudgetEntry, *, by: Person) -> None:
    """Delete a post of a budget."""
    entry_id = entry.pk
    entry.delete()
    entry.pk = entry_id
    announce_entry(entry, "delete", by=by)


def whole_amounts(amounts: Mapping[str, Any] | None) -> dict[str, int]:
    """Amounts by month as a post keeps them: whole, and above zero. Raises WrongParameter for what is no number."""
    kept: dict[str, int] = {}
    for month, amount in (amounts or {}).items():
        try:
            whole = 0 if amount is None else int(amount)
        except (TypeError, ValueError, OverflowError):
            raise WrongParameter(f"Wrong amount for {month}.") from None
        if whole > 0:
            kept[month] = whole
    return kept
