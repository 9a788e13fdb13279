"""The form that takes a sheet."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import models

from assets.models import Entity
from assets.querysets import EPISODE
from core.errors import TOO_LARGE
from imports.rules.sheets.kinds import ESTIMATIONS, KINDS, PERSONS
from production.models import Project, TaskType

NOT_HERE = "The production has no such episode."
LABELS = {PERSONS: "People", "casting": "Casting", ESTIMATIONS: "Estimations of tasks"}


class ProductionChoice(forms.ModelChoiceField):
    """A production, by its name and how it stands."""

    def label_from_instance(self, obj: Any) -> str:
        """The option's text."""
        return f"{obj.name} ({obj.project_status.name.lower()})" if obj.project_status is not None else obj.name


class TaskTypeChoice(forms.ModelChoiceField):
    """A task type, by its name and what it is for."""

    def label_from_instance(self, obj: Any) -> str:
        """The option's text."""
        return f"{obj.name} ({obj.for_entity or 'Asset'})"


class SheetForm(forms.Form):
    """A CSV file, what is in it and where it belongs."""

    kind = forms.ChoiceField(label="Kind of sheet", choices=[(kind, LABELS.get(kind, kind.capitalize())) for kind in KINDS])
    project = ProductionChoice(Project.objects.none(), label="Production", required=False, help_text="People need none.")
    task_type = TaskTypeChoice(
        TaskType.objects.none(), label="Task type", required=False, help_text="For estimations: whose tasks the lines are."
    )
    episode = forms.CharField(
        max_length=160, required=False, help_text="For estimations of one episode: its name. Empty: the whole production."
    )
    update = forms.BooleanField(
        label="Change what is there", required=False, help_text="Otherwise lines about rows that exist are skipped."
    )
    file = forms.FileField(
        label="CSV file", help_text="Comma, semicolon, tab or | between the cells; the first line names the columns."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["project"].queryset = Project.objects.select_related("project_status").order_by("name")
        self.fields["task_type"].queryset = TaskType.objects.order_by("name", "for_entity")
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.txt,text/csv"

    def clean_file(self) -> Any:
        """Refuses what is longer than an import takes."""
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_CSV_LENGTH:
            raise forms.ValidationError(TOO_LARGE)
        return upload

    def clean(self) -> dict[str, Any]:
        """What the kind of sheet needs besides its file."""
        given = super().clean() or {}
        kind = given.get("kind")
        if kind and kind != PERSONS and given.get("project") is None and "project" not in self.errors:
            self.add_error("project", "Choose the production that the sheet belongs to.")
        if kind == ESTIMATIONS and given.get("task_type") is None and "task_type" not in self.errors:
            self.add_error("task_type", "Choose the task type that is estimated.")
        if kind == ESTIMATIONS and given.get("episode") and given.get("project"):
            episodes: models.QuerySet[Any] = Entity.objects.of_kind(EPISODE).filter(project=given["project"])
            given["episode_row"] = episodes.filter(name=given["episode"]).order_by("created_at", "id").first()
            if given["episode_row"] is None:
                self.add_error("episode", NOT_HERE)
        return given

    def chosen(self) -> dict[str, Any]:
        """What the rule takes, besides the kind and the file's bytes."""
        given = self.cleaned_data
        of_production = given["kind"] != PERSONS
        estimates = given["kind"] == ESTIMATIONS
        return {
            "file_name": given["file"].name,
            "update": given["update"],
            "project": given["project"] if of_production else None,
            "task_type": given["task_type"] if estimates else None,
            "episode": given.get("episode_row") if estimates else None,
        }
