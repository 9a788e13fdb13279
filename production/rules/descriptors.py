"""Metadata columns: making, changing, ordering and deleting them, with the values that they name."""

from collections.abc import Iterable
from typing import Any, TypedDict
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from core.api.converters import is_uuid
from core.errors import NotFound, WrongParameter
from core.jsontext import WithoutKeys
from core.models import now
from core.transactions import whole_step
from core.words import slug
from events.emit import emit
from people.models import Department, Person
from production.jsonkeys import RenamedKey
from production.models import MetadataDescriptor, Project, TaskType
from production.querysets import OPEN, TEMPORAL_TYPES

ENTITY_TYPES = ("Asset", "Shot", "Sequence", "Episode", "Edit", "Project")
OF_TASKS = "Task"
WRONG_TYPE = "Wrong entity type. Please select Asset, Shot, Sequence, Episode, Edit, Project, or Task."
WRONG_SHARED_TYPE = "Wrong entity type. Please select Asset, Shot, Sequence, Episode, Edit, or Project."
EXISTS = "Metadata descriptor already exists."
EMPTY_NAME = "Name cannot be empty."
TOO_LONG = "Metadata descriptor name is too long."
LONGEST = 120
DATA_TYPES = {code for code, _ in MetadataDescriptor._meta.get_field("data_type").choices or ()}


class Column(TypedDict):
    """What a metadata column is told to be."""

    name: str
    entity_type: str
    task_type_id: Any
    data_type: str | None
    choices: list[str] | None
    for_client: bool | None
    departments: list[Any]


def field_name_of(name: str) -> str:
    """The key that a column's values live under: its name in ASCII and lower case, words joined by underscores."""
    return slug(name, "_")


def check_column(column: Column) -> None:
    """Refuses what no column can be. Raises WrongParameter, or NotFound for a malformed department."""
    if column["entity_type"] not in (*ENTITY_TYPES, OF_TASKS):
        raise WrongParameter(WRONG_TYPE)
    task_type_id = column["task_type_id"]
    if column["entity_type"] == OF_TASKS:
        if not task_type_id:
            raise WrongParameter("Task metadata descriptors require a task_type_id.")
        if not is_uuid(task_type_id) or not TaskType.objects.filter(pk=task_type_id).exists():
            raise WrongParameter("Task type not found.")
    elif task_type_id:
        raise WrongParameter("task_type_id only applies to Task metadata descriptors.")
    check_kind(column["data_type"], column["departments"])
    if len(column["name"]) > LONGEST or len(field_name_of(column["name"])) > LONGEST:
        raise WrongParameter(TOO_LONG)


def check_kind(data_type: str | None, departments: Iterable[Any]) -> None:
    """Raises WrongParameter for an unknown kind of values, NotFound for a malformed department."""
    if data_type not in DATA_TYPES:
        raise WrongParameter("Invalid data_type")
    if not all(is_uuid(str(pk)) for pk in departments):
        raise NotFound()


def beside(project: Project, entity_type: str, task_type_id: Any) -> "models.QuerySet[MetadataDescriptor]":
    """The columns that one more would stand beside."""
    return MetadataDescriptor.objects.filter(project=project).of_columns(entity_type, task_type_id or None)


@whole_step()
def create_descriptor(project: Project, column: Column, *, by: Person) -> MetadataDescriptor:
    """Add a column to a production. Raises WrongParameter, also when its name or key is taken."""
    check_column(column)
    Project.objects.select_for_update().get(pk=project.pk)
    field_name = field_name_of(column["name"])
    taken = beside(project, column["entity_type"], column["task_type_id"])
    if taken.filter(Q(name=column["name"]) | Q(field_name=field_name)).exists():
        raise WrongParameter(EXISTS)
    return add_columns(project, [column], by=by)[0]


def add_columns(project: Project, columns: list[Column], *, by: Person) -> list[MetadataDescriptor]:
    """Store columns known to be free, in three statements however many there are, and announce each."""
    known = {pk for column in columns for pk in column["departments"]}
    departments = {str(pk) for pk in Department.objects.filter(pk__in=known).values_list("pk", flat=True)} if known else set()
    link = MetadataDescriptor.departments.through
    rows, links = [], []
    for column in columns:
        plain: dict[str, Any] = {key: value for key, value in column.items() if key != "departments"}
        plain["task_type_id"] = plain["task_type_id"] or None
        plain.setdefault("field_name", field_name_of(column["name"]))
        row = MetadataDescriptor(project=project, **plain)
        rows.append(row)
        chosen = {str(pk).lower() for pk in column["departments"]} & departments
        links += [link(metadatadescriptor_id=row.pk, department_id=pk) for pk in chosen]
    MetadataDescriptor.objects.bulk_create(rows)
    if links:
        link.objects.bulk_create(links)
    for row in rows:
        announce(row, "new", by=by)
    return rows


def announce(descriptor: MetadataDescriptor, act: str, *, by: Person) -> None:
    """Tell that a column was made, changed or deleted."""
    payload = {"metadata_descriptor_id": descriptor.pk}
    emit(f"metadata-descriptor:{act}", payload, project_id=descriptor.project_id, by=by)


@whole_step()
def update_descriptor(
    descriptor: MetadataDescriptor,
    *,
    name: str | None,
    data_type: str,
    choices: list[str],
    for_client: bool,
    departments: list[Any],
    by: Person,
) -> MetadataDescriptor:
    """Replace what a column is; a new name moves its values to the key of that name. Raises WrongParameter."""
    check_kind(data_type, departments)
    Project.objects.select_for_update().get(pk=descriptor.project_id)
    descriptor = MetadataDescriptor.objects.get(pk=descriptor.pk)
    if name is not None and name != descriptor.name:
        rename(descriptor, name)
    descriptor.data_type, descriptor.choices, descriptor.for_client = data_type, choices, for_client
    descriptor.save()
    descriptor.departments.set(Department.objects.filter(pk__in=departments))
    announce(descriptor, "update", by=by)
    return descriptor


def rename(descriptor: MetadataDescriptor, name: str) -> None:
    """Give a column another name and key, its values following. Raises WrongParameter."""
    field_name = check_rename(descriptor, name)
    if field_name != descriptor.field_name:
        moved = RenamedKey(F("data"), descriptor.field_name, field_name)
        rows_with_values(descriptor).update(data=moved, updated_at=now())
    descriptor.name, descriptor.field_name = name, field_name


def check_rename(descriptor: MetadataDescriptor, name: str) -> str:
    """The key that a new name gives. Raises WrongParameter when it can't have that name."""
    if not name:
        raise WrongParameter(EMPTY_NAME)
    field_name = field_name_of(name)
    if len(name) > LONGEST or len(field_name) > LONGEST:
        raise WrongParameter(TOO_LONG)
    others = beside(descriptor.project, descriptor.entity_type, descriptor.task_type_id).exclude(pk=descriptor.pk)
    if others.filter(Q(name=name) | Q(field_name=field_name)).exists():
        raise WrongParameter(EXISTS)
    return field_name


@whole_step()
def delete_descriptor(descriptor: MetadataDescriptor, *, by: Person) -> None:
    """Delete a column with all its values."""
    Project.objects.select_for_update().get(pk=descriptor.project_id)
    rows_with_values(descriptor).update(data=WithoutKeys(F("data"), [descriptor.field_name]), updated_at=now())
    descriptor_id = descriptor.pk
    descriptor.delete()
    descriptor.pk = descriptor_id
    announce(descriptor, "delete", by=by)


def rows_with_values(descriptor: MetadataDescriptor) -> Any:
    """The rows whose `data` holds a value of the column."""
    project: Any = descriptor.project
    if descriptor.entity_type == OF_TASKS:
        rows = project.tasks.filter(task_type_id=descriptor.task_type_id)
    elif descriptor.entity_type == "Project":
        rows = Project.objects.filter(pk=project.pk)
    elif descriptor.entity_type == "Asset":
        rows = project.entities.exclude(entity_type__name__in=TEMPORAL_TYPES)
    else:
        rows = project.entities.filter(entity_type__name=descriptor.entity_type)
    return rows.order_by().filter(data__has_key=descriptor.field_name)


@whole_step()
def reorder_descriptors(project: Project, *, entity_type: str, ids: list[str]) -> list[UUID]:
    """Put the named columns of a kind first, in that order, the others after them by name; answers all ids in order.

    Raises WrongParameter for an unknown kind, or a column that the production has none of in it.
    """
    if entity_type not in (*ENTITY_TYPES, OF_TASKS):
        raise WrongParameter(WRONG_TYPE)
    Project.objects.select_for_update().get(pk=project.pk)
    rows = {str(row.pk): row for row in MetadataDescriptor.objects.filter(project=project, entity_type=entity_type)}
    wanted = list(dict.fromkeys(str(pk).lower() for pk in ids))
    for pk in wanted:
        if pk not in rows:
            raise WrongParameter(f"Descriptor {pk} not found for project {project.pk} and entity type {entity_type}")
    rest = sorted((row for pk, row in rows.items() if pk not in wanted), key=lambda row: row.name)
    ordered = [*(rows[pk] for pk in wanted), *rest]
    moment = now()
    for position, row in enumerate(ordered, 1):
        row.position, row.updated_at = position, moment
    MetadataDescriptor.objects.bulk_update(ordered, ["position", "updated_at"])
    return [row.pk for row in ordered]


def copy_project_columns(project: Project, *, by: Person) -> None:
    """Give a new production the columns that the other open productions have about themselves, one per key."""
    taken = set(project.metadata_descriptors.filter(entity_type="Project").values_list("field_name", "name"))
    keys, names = {key for key, _ in taken}, {name for _, name in taken}
    others = MetadataDescriptor.objects.filter(entity_type="Project", project__project_status__name=OPEN)
    columns: list[Column] = []
    for row in others.exclude(project=project).in_order().prefetch_related("departments"):
        if row.field_name in keys or row.name in names:
            continue
        keys.add(row.field_name)
        names.add(row.name)
        columns.append(copy_of(row))
    if columns:
        add_columns(project, columns, by=by)


def copy_of(row: MetadataDescriptor) -> Any:
    """What a column is, for another production."""
    return {
        "name": row.name,
        "field_name": row.field_name,
        "entity_type": row.entity_type,
        "task_type_id": row.task_type_id,
        "data_type": row.data_type,
        "choices": row.choices,
        "for_client": row.for_client,
        "departments": [str(department.pk) for department in row.departments.all()],
    }
