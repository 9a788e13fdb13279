"""One metadata column in all open productions at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.errors import WrongParameter
from core.transactions import whole_step
from people.models import Person
from production.models import MetadataDescriptor, Project
from production.rules.descriptors import (
    ENTITY_TYPES,
    WRONG_SHARED_TYPE,
    Column,
    add_columns,
    check_column,
    check_rename,
    delete_descriptor,
    field_name_of,
    reorder_descriptors,
    update_descriptor,
)


def managed_projects(person: Person) -> Any:
    """The open productions that the person manages: all of them for studio managers."""
    projects = Project.objects.under_way().order_by("name")
    if person.is_admin:
        return projects
    as_manager = Q(team_links__role="manager")
    if person.role == "manager":
        as_manager |= Q(team_links__role__isnull=True)
    return projects.filter(as_manager, team_links__person=person)


def refuse_type(entity_type: str) -> None:
    """Raises WrongParameter for a kind that no column of all productions has."""
    if entity_type not in ENTITY_TYPES:
        raise WrongParameter(WRONG_SHARED_TYPE)


def columns_named(field_name: str, entity_type: str, person: Person) -> list[MetadataDescriptor]:
    """The column of that key and kind in each production that the person manages."""
    refuse_type(entity_type)
    columns = MetadataDescriptor.objects.select_related("project").order_by("project__name")
    projects = managed_projects(person).order_by().values("pk")
    return list(columns.filter(project__in=projects, entity_type=entity_type, field_name=field_name))


@whole_step()
def create_everywhere(column: Column, *, by: Person) -> list[UUID]:
    """Add a column to each production where its key and its name are free; answers the new ones' ids."""
    refuse_type(column["entity_type"])
    check_column(column)
    key = field_name_of(column["name"])
    projects = list(managed_projects(by).select_for_update(of=("self",)))
    taken = MetadataDescriptor.objects.filter(Q(field_name=key) | Q(name=column["name"]), entity_type=column["entity_type"])
    without = set(taken.values_list("project_id", flat=True))
    return [add_columns(project, [column], by=by)[0].pk for project in projects if project.pk not in without]


@whole_step()
def update_everywhere(field_name: str, entity_type: str, change: Mapping[str, Any], *, by: Person) -> list[UUID]:
    """Replace what a column is wherever it is; a new name is checked everywhere before anything changes. Answers their ids."""
    columns = columns_named(field_name, entity_type, by)
    if change.get("name") is not None:
        for column in columns:
            check_rename(column, change["name"])
    return [update_descriptor(column, **change, by=by).pk for column in columns]


@whole_step()
def delete_everywhere(field_name: str, entity_type: str, *, by: Person) -> list[str]:
    """Delete a column with its values wherever it is; answers the ids."""
    columns = columns_named(field_name, entity_type, by)
    for column in columns:
        delete_descriptor(column, by=by)
    return [str(column.pk) for column in columns]


@whole_step()
def reorder_everywhere(entity_type: str, field_order: list[str], *, by: Person) -> list[UUID]:
    """Put the columns of these keys first in each production, in that order; answers all ids in order."""
    refuse_type(entity_type)
    ids: list[UUID] = []
    for project in managed_projects(by):
        keys = dict(project.metadata_descriptors.filter(entity_type=entity_type).values_list("field_name", "pk"))
        wanted = [str(keys[key]) for key in field_order if key in keys]
        ids += reorder_descriptors(project, entity_type=entity_type, ids=wanted)
    return ids
