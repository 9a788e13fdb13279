"""The routes of budgets."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.views import ResourceViewSet
from core.errors import NotFound
from people.permissions import is_admin, manages_production
from production import readers
from production.api import bodies
from production.api.views.base import ProductionViewSet, path_id
from production.models import Budget, BudgetEntry
from production.rules import budgets as rules
from production.rules.calendar import check_calendar

ADMIN_TABLE = dict.fromkeys(("list", "retrieve", "create", "update", "destroy"), is_admin)


class BudgetViewSet(ResourceViewSet):
    """`/data/budgets`: rows as they are."""

    reader = readers.BUDGET
    access = ADMIN_TABLE
    protected = ("revision",)


class BudgetEntryViewSet(ResourceViewSet):
    """`/data/budget-entries`: rows as they are."""

    reader = readers.BUDGET_ENTRY
    access = ADMIN_TABLE
    protected = ("budget_id",)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """Durations are not negative."""
        check_calendar(values)


class ProjectBudgetViewSet(ProductionViewSet):
    """`/data/projects/<id>/budgets`."""

    access = dict.fromkeys(("list", "create", "retrieve", "update", "destroy"), manages_production)

    def list(self, request: Request, project_id: str) -> Any:
        """The production's budgets in their short form."""
        self.enter(path_id(project_id), known=False)
        return json_array(readers.short_rows(readers.SHORT_BUDGET, Budget.objects.order_by().filter(project_id=project_id)))

    def create(self, request: Request, project_id: str) -> Response:
        """The next revision."""
        project = self.project(path_id(project_id))
        body = typed_body(request, bodies.NewBudget)
        budget = rules.create_budget(project, name=body.name, currency=body.currency, by=request.user)
        return Response(readers.BUDGET.one(budget.pk))

    def budget(self, project_id: str, budget_id: str) -> Budget:
        """A budget of the production, whose manager asks. Raises NotFound, Forbidden."""
        project, pk = self.project(path_id(project_id)), path_id(budget_id)
        budget = Budget.objects.filter(pk=pk, project=project).first()
        if budget is None:
            raise NotFound()
        return budget

    def retrieve(self, request: Request, project_id: str, budget_id: str) -> Response:
        """One budget."""
        return Response(readers.BUDGET.one(self.budget(project_id, budget_id).pk))

    def update(self, request: Request, project_id: str, budget_id: str) -> Response:
        """Its name or currency."""
        budget = self.budget(project_id, budget_id)
        rules.update_budget(budget, **typed_body(request, bodies.BudgetChange).model_dump(), by=request.user)
        return Response(readers.BUDGET.one(budget.pk))

    def destroy(self, request: Request, project_id: str, budget_id: str) -> Response:
        """A budget with its posts."""
        rules.delete_budget(self.budget(project_id, budget_id), by=request.user)
        return Response(status=204)


class ProjectBudgetEntryViewSet(ProjectBudgetViewSet):
    """`/data/projects/<id>/budgets/<id>/entries`."""

    def list(self, request: Request, project_id: str, budget_id: str) -> Any:  # type: ignore[override]
        """The posts of a budget in their short form."""
        entries = BudgetEntry.objects.order_by().filter(budget=self.budget(project_id, budget_id))
        return json_array(readers.short_rows(readers.SHORT_BUDGET_ENTRY, entries))

    def create(self, request: Request, project_id: str, budget_id: str) -> Response:  # type: ignore[override]
        """A further post."""
        budget = self.budget(project_id, budget_id)
        entry = rules.create_entry(budget, typed_body(request, bodies.NewEntry).model_dump(exclude_none=True), by=request.user)
        return Response(readers.BUDGET_ENTRY.one(entry.pk))

    def entry(self, project_id: str, budget_id: str, entry_id: str) -> BudgetEntry:
        """A post of the budget. Raises NotFound, Forbidden."""
        budget, pk = self.budget(project_id, budget_id), path_id(entry_id)
        entry = BudgetEntry.objects.select_related("budget").filter(pk=pk, budget=budget).first()
        if entry is None:
            raise NotFound()
        return entry

    def retrieve(self, request: Request, project_id: str, budget_id: str, entry_id: str) -> Response:  # type: ignore[override]
        """One post."""
        return Response(readers.BUDGET_ENTRY.one(self.entry(project_id, budget_id, entry_id).pk))

    def update(self, request: Request, project_id: str, budget_id: str, entry_id: str) -> Response:  # type: ignore[override]
        """All that it says."""
        entry = self.entry(project_id, budget_id, entry_id)
        values = typed_body(request, bodies.WholeEntry).model_dump()
        rules.replace_entry(entry, {**values, "exceptions": rules.whole_amounts(values["exceptions"])}, by=request.user)
        return Response(readers.BUDGET_ENTRY.one(entry.pk))

    def destroy(self, request: Request, project_id: str, budget_id: str, entry_id: str) -> Response:  # type: ignore[override]
        """One post less."""
        rules.delete_entry(self.entry(project_id, budget_id, entry_id), by=request.user)
        return Response(status=204)
