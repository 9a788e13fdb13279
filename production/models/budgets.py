"""Budgets of productions: who is paid how much, month by month."""

from django.db import models

from core.fields import CodeField, JsonField, coded, is_object
from core.models import BaseModel


class BudgetEntry(BaseModel):
    """A post of a budget: months of a person, or of somebody of that position and seniority, in a department.

    `exceptions` are the amounts of single months (`2026-02`) that differ from the daily salary.
    """

    held_by = "budget"

    budget = models.ForeignKey("production.Budget", models.PROTECT, related_name="entries")
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="budget_entrys")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="budget_entrys")
    start_date = models.DateField()
    months_duration = models.IntegerField()
    daily_salary = models.FloatField()
    position = CodeField(max_length=20, choices=coded("supervisor", "lead", "artist"), null=True, blank=True, default="artist")
    seniority = CodeField(max_length=20, choices=coded("senior", "mid", "junior"), null=True, blank=True, default="mid")
    exceptions = JsonField(shape=is_object, null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "budget_entry"


class Budget(BaseModel):
    """One revision of what a production is meant to cost."""

    project = models.ForeignKey("production.Project", models.PROTECT, null=True, blank=True, related_name="budgets")
    revision = models.IntegerField(default=1)
    name = models.CharField(max_length=255)
    currency = models.CharField(max_length=3, null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "budget"
