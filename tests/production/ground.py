"""A production with one row of everything that this room's routes speak of."""

from datetime import date

from people.models import Department, Software
from production.models import (
    Budget,
    BudgetEntry,
    MetadataDescriptor,
    Milestone,
    PreviewBackgroundFile,
    ProjectTaskTypeSoftwareLink,
    ProjectTemplate,
    ScheduleItem,
    SearchFilter,
    SearchFilterGroup,
    StatusAutomation,
)
from tests.makers import make_entity_type, make_person, make_task, make_task_status, make_task_type

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


def furnish(cast):
    """Stores the rows; answers their ids by name."""
    project, task_type, status = cast.project, make_task_type(), make_task_status()
    project.task_types.add(task_type)
    project.task_statuses.add(status)
    make_task(project, task_type=task_type)
    department = Department.objects.create(name="Light", color="#112233")
    software = Software.objects.create(name="Blender", short_name="b", file_extension="blend")
    ProjectTaskTypeSoftwareLink.objects.create(project=project, task_type=task_type, software=software)
    budget = Budget.objects.create(project=project, name="B")
    entry = {"department": department, "start_date": date(2026, 1, 1), "months_duration": 1, "daily_salary": 1}
    column = {"entity_type": "Shot", "name": "Mood", "field_name": "mood", "data_type": "string"}
    found = {
        "project": project,
        "task_type": task_type,
        "status": status,
        "department": department,
        "software": software,
        "budget": budget,
        "entry": BudgetEntry.objects.create(budget=budget, **entry),
        "descriptor": MetadataDescriptor.objects.create(project=project, **column),
        "asset_type": make_entity_type(),
        "automation": StatusAutomation.objects.create(),
        "background": PreviewBackgroundFile.objects.create(name="HDR"),
        "milestone": Milestone.objects.create(project=project, name="M"),
        "item": ScheduleItem.objects.create(project=project, task_type=task_type, object_id=UNKNOWN),
        "template": ProjectTemplate.objects.create(name="Short"),
        "member": cast.user,
        "newcomer": make_person(),
        "search": SearchFilter.objects.create(list_type="todo", name="S", search_query="x", person=cast.user),
        "group": SearchFilterGroup.objects.create(list_type="todo", name="G", person=cast.user),
    }
    return {name: str(row.pk) for name, row in found.items()}


def filled(value, rows):
    """A body with the ids of rows in place of their names."""
    if isinstance(value, dict):
        return {key: filled(item, rows) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, rows) for item in value]
    return value.format(**rows) if isinstance(value, str) else value
