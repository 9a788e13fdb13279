"""What a production works with: its task types, statuses, asset types, automations, backgrounds and softwares."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core.api.converters import is_uuid
from core.errors import NotFound, WrongParameter
from core.models import now
from core.transactions import hold, whole_step
from people.models import Person, Software
from production.models import (
    EntityType,
    PreviewBackgroundFile,
    Project,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTaskTypeSoftwareLink,
    StatusAutomation,
    TaskStatus,
    TaskType,
)
from production.rules.announcements import announce_settings
from production.rules.formats import HIGH, LOW
from production.rules.links import hold_owner, put_link, rank, store_link

LINKED = {
    "asset_types": EntityType,
    "task_types": TaskType,
    "task_statuses": TaskStatus,
    "status_automations": StatusAutomation,
    "preview_background_files": PreviewBackgroundFile,
}
BAD_TASK_TYPE = "task_type_id is required and must be a valid UUID"
BAD_TASK_STATUS = "task_status_id is required and must be a valid UUID"
BAD_SOFTWARE = "task_type_id and software_id must be valid UUIDs."


def row_named(model: Any, pk: str) -> Any:
    """The row that a body named. Raises WrongParameter."""
    row = model.objects.filter(pk=pk).first() if is_uuid(pk) else None
    if row is None:
        raise WrongParameter(f"{model.__name__} with id {pk} not found")
    return row


@whole_step()
def add_to_project(project: Project, relation: str, pk: str, *, by: Person) -> None:
    """Link an asset type, task status, automation or background; what is linked already changes nothing."""
    row = row_named(LINKED[relation], pk)
    linked = getattr(hold_owner(project), relation)
    if not linked.filter(pk=row.pk).exists():
        linked.add(row)
        announce_settings(project, by=by)


@whole_step()
def remove_from_project(project: Project, relation: str, pk: UUID, *, by: Person) -> None:
    """Take away a link of any kind; what was made with it stays."""
    getattr(project, relation).remove(pk)
    announce_settings(project, by=by)


@whole_step()
def add_task_type(project: Project, task_type_id: str, options: Mapping[str, Any], *, by: Person) -> None:
    """Link a task type with its options. Of a linked one, the bitrates (both, if either is given) and the visibility change."""
    if not is_uuid(task_type_id):
        raise WrongParameter(BAD_TASK_TYPE)
    task_type = row_named(TaskType, task_type_id)
    held = hold_owner(project)
    link = ProjectTaskTypeLink.objects.filter(project=held, task_type=task_type).first()
    values: dict[str, Any] = {"priority": options.get("priority")} if link is None else {}
    if options.get("is_client_visible") is not None:
        values["is_client_visible"] = options["is_client_visible"]
    if HIGH in options or LOW in options:
        values |= {HIGH: options.get(HIGH), LOW: options.get(LOW)}
    store_link(link or ProjectTaskTypeLink(project=held, task_type=task_type), values, by=by)


@whole_step()
def rank_task_type(project: Project, task_type_id: Any, *, priority: int | None, by: Person) -> ProjectTaskTypeLink:
    """Link a task type with a rank, or give the linked one that rank."""
    task_type = row_named(TaskType, task_type_id)
    return put_link(project, ProjectTaskTypeLink, {"task_type": task_type}, {"priority": priority}, by=by)


@whole_step()
def rank_task_status(
    project: Project, task_status_id: Any, *, priority: int | None, roles: list[str], by: Person
) -> ProjectTaskStatusLink:
    """Link a task status with a rank and the roles that see it on boards, or give the linked one those."""
    status = row_named(TaskStatus, task_status_id)
    values = {"priority": priority, "roles_for_board": roles}
    return put_link(project, ProjectTaskStatusLink, {"task_status": status}, values, by=by)


@whole_step()
def allow_clients(project: Project, task_status_id: UUID, *, allowed: bool | None, by: Person) -> ProjectTaskStatusLink:
    """Say whether clients may set a status here; null leaves it to the status itself. Raises NotFound."""
    link = ProjectTaskStatusLink.objects.filter(project=hold_owner(project), task_status_id=task_status_id).first()
    if link is None:
        raise NotFound()
    return store_link(link, {"is_client_allowed": allowed}, by=by)


@whole_step()
def set_many(
    project: Project,
    *,
    task_types: list[dict[str, Any]],
    task_status_ids: list[str],
    asset_type_ids: list[str],
    replace_task_types: bool,
    by: Person,
) -> None:
    """Link task types with their options, statuses and asset types in one go; unknown ids are skipped.

    With `replace_task_types`, task types that are not listed are unlinked.
    """
    hold_owner(project)
    options = {str(entry["task_type_id"]).lower(): entry for entry in task_types if is_uuid(entry["task_type_id"])}
    if replace_task_types:
        ProjectTaskTypeLink.objects.filter(project=project).exclude(task_type_id__in=list(options)).delete()
    put_task_types(project, options)
    for relation, ids in (("task_statuses", task_status_ids), ("asset_types", asset_type_ids)):
        rows = LINKED[relation].objects.filter(pk__in=[pk for pk in ids if is_uuid(pk)])  # type: ignore[attr-defined]
        getattr(project, relation).add(*rows)
    announce_settings(project, by=by)


def put_task_types(project: Project, options: Mapping[str, Mapping[str, Any]]) -> None:
    """Link the task types of these ids, and give the linked ones the options that are not null."""
    given = {
        pk: {name: o[name] for name in ("priority", "is_client_visible") if o.get(name) is not None} for pk, o in options.items()
    }
    links = {str(link.task_type_id): link for link in ProjectTaskTypeLink.objects.filter(project=project)}
    known = {str(pk) for pk in TaskType.objects.filter(pk__in=list(given)).values_list("pk", flat=True)}
    new = [ProjectTaskTypeLink(project=project, task_type_id=pk, **given[pk]) for pk in given if pk in known - set(links)]
    ProjectTaskTypeLink.objects.bulk_create(new)
    changed = [links[pk] for pk in given if pk in links and given[pk]]
    for link in changed:
        for name, value in given[str(link.task_type_id)].items():
            setattr(link, name, value)
        link.updated_at = now()
    if changed:
        ProjectTaskTypeLink.objects.bulk_update(changed, ["priority", "is_client_visible", "updated_at"])


@whole_step()
def reorder_links(project: Project, model: Any, key: str, ids: Iterable[str], *, by: Person) -> list[UUID]:
    """Rank linked task types or statuses from 1 in the given order; what is not linked only takes its rank. Answers links' ids."""
    links = {str(getattr(link, key)): link for link in model.objects.filter(project=hold_owner(project))}
    ordered = rank(model, links, ids)
    announce_settings(project, by=by)
    return ordered


@whole_step()
def reorder_task_types(ids: list[str]) -> list[UUID]:
    """Rank the studio's task types from 1 in the given order; unknown ids only take their rank. Answers the ids ranked."""
    hold("task types")
    return rank(TaskType, {str(row.pk): row for row in TaskType.objects.filter(pk__in=[pk for pk in ids if is_uuid(pk)])}, ids)


def ids_of(*texts: str) -> list[UUID]:
    """The ids of a task type and a software. Raises WrongParameter where one is none."""
    if not all(map(is_uuid, texts)):
        raise WrongParameter(BAD_SOFTWARE)
    return [UUID(text) for text in texts]


@whole_step()
def add_software(project: Project, task_type_id: str, software_id: str, *, by: Person) -> ProjectTaskTypeSoftwareLink:
    """Say that a task type uses a software in the production. Raises WrongParameter, NotFound for an unknown software."""
    task_type, software_pk = ids_of(task_type_id, software_id)
    if not ProjectTaskTypeLink.objects.filter(project=project, task_type_id=task_type).exists():
        raise WrongParameter("The task type is not a task type of the project.")
    software = Software.objects.filter(pk=software_pk).first()
    if software is None:
        raise NotFound()
    if software.archived:
        raise WrongParameter("The software is archived.")
    keys: dict[str, Any] = {"project": hold_owner(project), "task_type_id": task_type, "software": software}
    known = ProjectTaskTypeSoftwareLink.objects.filter(**keys).first()
    return known or store_link(ProjectTaskTypeSoftwareLink(**keys), {}, by=by)


@whole_step()
def remove_software(project: Project, task_type_id: str, software_id: str, *, by: Person) -> None:
    """Take a software away from a task type of the production. Raises WrongParameter for malformed ids."""
    task_type, software = ids_of(task_type_id, software_id)
    links = ProjectTaskTypeSoftwareLink.objects.filter(project=project, task_type_id=task_type, software_id=software)
    if links.delete()[0]:
        announce_settings(project, by=by)
