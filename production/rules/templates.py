"""Templates: making them, taking them from a production, and giving them to one."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from core.api.converters import is_uuid
from core.errors import Refusal, RowRefused, WrongParameter
from core.rules import set_relations
from core.transactions import hold, whole_step
from people.models import Person
from production.models import (
    EntityType,
    PreviewBackgroundFile,
    Project,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    ProjectTemplate,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
    StatusAutomation,
    TaskStatus,
    TaskType,
)
from production.rules.announcements import announce_settings, announce_template
from production.rules.descriptors import DATA_TYPES, ENTITY_TYPES, LONGEST, OF_TASKS, add_columns, copy_of, field_name_of
from production.rules.links import hold_owner, put_link, rank

# What a template takes over from a production, and what may be said when one is made.
SETTINGS = (
    "fps",
    "ratio",
    "resolution",
    "production_type",
    "production_style",
    "max_retakes",
    "is_clients_isolated",
    "is_client_stats_visible",
    "is_client_task_list_visible",
    "is_client_task_panel_visible",
    "is_preview_download_allowed",
    "is_set_preview_automated",
    "is_publish_default_for_artists",
    "homepage",
    "hd_bitrate_compression",
    "ld_bitrate_compression",
    "file_tree",
    "data",
)
# What a template gives to a production: it may hold more than is taken over.
GIVEN_SETTINGS = (*SETTINGS, "is_single_preview_per_revision", "is_frame_in_numbering", "revision_padding")
NAME_TAKEN = "A project template with this name already exists"
NOT_LINKED = "Preview background file is not linked to this template"
TYPE_OPTIONS = ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible")
STATUS_OPTIONS = ("priority", "roles_for_board", "is_client_allowed")
LISTS = ("asset_types", "status_automations", "preview_background_files")


class TemplateMissing(RowRefused):
    """There is no such template, or no such production to take one from: 404."""

    status = 404


def find_template(template_id: Any, missing: Refusal | None = None) -> ProjectTemplate:
    """The template of an id. Raises the given refusal, or TemplateMissing."""
    template = ProjectTemplate.objects.filter(pk=template_id).first() if is_uuid(str(template_id)) else None
    if template is None:
        raise missing or TemplateMissing("Project template not found")
    return template


def refuse_taken(name: Any, template: ProjectTemplate | None = None) -> None:
    """Raises a refusal for an empty name, or one that another template has; who takes the same name at once waits."""
    if not name:
        raise RowRefused("name is required")
    hold("project templates")
    named = ProjectTemplate.objects.filter(name=name)
    if (named if template is None else named.exclude(pk=template.pk)).exists():
        raise RowRefused(NAME_TAKEN)


@whole_step()
def create_template(values: Mapping[str, Any], *, by: Person) -> ProjectTemplate:
    """Store a template."""
    refuse_taken(values.get("name"))
    values = {**values, "metadata_descriptors": normalised(values.get("metadata_descriptors") or [])}
    template = ProjectTemplate.objects.create(**{name: value for name, value in values.items() if value is not None})
    announce_template(template, "new", by=by)
    return template


@whole_step()
def update_template(
    template: ProjectTemplate, values: Mapping[str, Any], *, relations: Mapping[str, list[UUID]], by: Person
) -> ProjectTemplate:
    """Change the given settings; a given list of backgrounds replaces the linked ones."""
    if "name" in values:
        refuse_taken(values["name"], template)
    for name, value in values.items():
        setattr(template, name, value)
    if "metadata_descriptors" in values:
        template.metadata_descriptors = normalised(values["metadata_descriptors"] or [])
    template.save(update_fields=list(values))
    set_relations(template, relations)
    announce_template(template, by=by)
    return template


@whole_step()
def delete_template(template: ProjectTemplate, *, by: Person) -> None:
    """Delete a template with its links."""
    template_id = template.pk
    template.delete()
    template.pk = template_id
    announce_template(template, "delete", by=by)


def normalised(entries: Any) -> list[dict[str, Any]]:
    """Metadata columns as a template keeps them. Raises RowRefused for what can't be a list of columns."""
    if not isinstance(entries, list):
        raise RowRefused("metadata_descriptors must be a list")
    if not all(isinstance(entry, dict) for entry in entries):
        raise RowRefused("Each metadata descriptor must be an object")
    return [
        {
            "name": text_of(entry.get("name")) or "",
            "field_name": text_of(entry.get("field_name")) or field_name_of(text_of(entry.get("name")) or ""),
            "entity_type": text_of(entry.get("entity_type")),
            "task_type_id": text_of(entry.get("task_type_id")),
            "data_type": text_of(entry.get("data_type")),
            "choices": texts_of(entry.get("choices")),
            "for_client": bool(entry.get("for_client")),
            "departments": texts_of(entry.get("departments")),
            "position": entry.get("position") if isinstance(entry.get("position"), int) else None,
        }
        for entry in entries
    ]


def text_of(value: Any) -> str | None:
    """A value as text; null stays null."""
    return None if value is None else str(value)


def texts_of(value: Any) -> list[str]:
    """The texts of a list; anything else is an empty one."""
    return [str(item) for item in value] if isinstance(value, list) else []


# What a template is linked with


@whole_step()
def set_task_type(template: ProjectTemplate, task_type_id: Any, options: Mapping[str, Any], *, by: Person) -> Any:
    """Link a task type, or change the given options of its link."""
    task_type = known(TaskType, task_type_id, "task_type_id", "Task type")
    return put_link(template, ProjectTemplateTaskTypeLink, {"task_type": task_type}, options, by=by)


@whole_step()
def set_task_status(template: ProjectTemplate, task_status_id: Any, options: Mapping[str, Any], *, by: Person) -> Any:
    """Link a task status, or change the given options of its link; no roles given leaves the stored ones."""
    status = known(TaskStatus, task_status_id, "task_status_id", "Task status")
    options = {name: value for name, value in options.items() if name != "roles_for_board" or value}
    return put_link(template, ProjectTemplateTaskStatusLink, {"task_status": status}, options, by=by)


def known(model: type[models.Model], pk: Any, field: str, words: str) -> Any:
    """The row of an id that a body named. Raises RowRefused."""
    if not is_uuid(str(pk)):
        raise RowRefused(f"{field} is required and must be a valid UUID")
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise RowRefused(f"{words} {pk} does not exist")
    return row


@whole_step()
def add_to_template(template: ProjectTemplate, relation: str, pk: Any, *, by: Person) -> Any:
    """Link an asset type, status automation or background; answers that row."""
    model, field, words = {
        "asset_types": (EntityType, "asset_type_id", "Asset type"),
        "status_automations": (StatusAutomation, "status_automation_id", "Status automation"),
        "preview_background_files": (PreviewBackgroundFile, "preview_background_file_id", "Preview background file"),
    }[relation]
    row = known(model, pk, field, words)
    getattr(template, relation).add(row)
    announce_template(template, by=by)
    return row


@whole_step()
def remove_from_template(template: ProjectTemplate, relation: str, pk: UUID, *, by: Person) -> None:
    """Take away a link of any kind; a background that was the default one is so no more."""
    getattr(template, relation).remove(pk)
    if relation == "preview_background_files" and template.default_preview_background_file_id == pk:
        template.default_preview_background_file = None
        template.save(update_fields=["default_preview_background_file"])
    announce_template(template, by=by)


@whole_step()
def set_default_background(template: ProjectTemplate, pk: Any, *, by: Person) -> None:
    """Choose one of the template's backgrounds as the default, or none. Raises RowRefused."""
    if pk is not None and (not is_uuid(pk) or not template.preview_background_files.filter(pk=pk).exists()):
        raise RowRefused(NOT_LINKED)
    template.default_preview_background_file_id = pk
    template.save(update_fields=["default_preview_background_file"])
    announce_template(template, by=by)


@whole_step()
def reorder_links(template: ProjectTemplate, model: Any, key: str, ids: Iterable[str], *, by: Person) -> list[UUID]:
    """Rank linked task types or statuses from 1 in the given order, linking those that are not; answers the links' ids.

    Raises WrongParameter for an id that is none or unknown.
    """
    wanted = list(dict.fromkeys(pk.lower() for pk in ids))
    if not all(map(is_uuid, wanted)):
        raise WrongParameter(f"{key} is required and must be a valid UUID")
    target = model._meta.get_field(key).target_field.model
    there = {str(pk) for pk in target.objects.filter(pk__in=wanted).values_list("pk", flat=True)}
    for pk in wanted:
        if pk not in there:
            raise WrongParameter(f"{target._meta.verbose_name.capitalize()} {pk} does not exist")
    links = {str(getattr(link, key)): link for link in model.objects.filter(project_template=hold_owner(template))}
    missing = [model(project_template=template, **{key: UUID(pk)}) for pk in wanted if pk not in links]
    model.objects.bulk_create(missing)
    links |= {str(getattr(link, key)): link for link in missing}
    for _ in wanted:
        announce_template(template, by=by)
    return rank(model, links, wanted)


# Between templates and productions


def settings_of(template: ProjectTemplate) -> dict[str, Any]:
    """What the template says about a production."""
    found = {name: getattr(template, name) for name in GIVEN_SETTINGS}
    return {name: value for name, value in found.items() if value is not None}


@whole_step()
def template_from_project(project: Project, *, name: str, description: str | None, by: Person) -> ProjectTemplate:
    """Take a production's settings, links and metadata columns over into a new template."""
    refuse_taken(name)
    columns = project.metadata_descriptors.in_order().prefetch_related("departments")
    template = ProjectTemplate.objects.create(
        name=name,
        description=description,
        default_preview_background_file_id=project.default_preview_background_file_id,
        metadata_descriptors=normalised([{**copy_of(row), "position": row.position} for row in columns]),
        **{setting: getattr(project, setting) for setting in SETTINGS},
    )
    for links, model, key, options in link_kinds(project, ProjectTemplateTaskTypeLink, ProjectTemplateTaskStatusLink):
        model.objects.bulk_create(model(project_template=template, **copied(link, key, options)) for link in links)
    for relation in LISTS:
        getattr(template, relation).set(getattr(project, relation).all())
    announce_template(template, "new", by=by)
    return template


@whole_step()
def apply_template(project: Project, template: ProjectTemplate, *, by: Person) -> Project:
    """Give a production the template's settings, and the links and columns that it misses."""
    project = hold_owner(project)
    values = settings_of(template)
    for name, value in values.items():
        setattr(project, name, value)
    project.save(update_fields=list(values))
    add_template_links(project, template, by=by)
    announce_settings(project, by=by)
    return project


def link_kinds(owner: Any, of_types: Any, of_statuses: Any) -> Iterable[tuple[Any, Any, str, tuple[str, ...]]]:
    """The two kinds of links with options that an owner has, with what they become."""
    yield owner.task_type_links.all(), of_types, "task_type_id", TYPE_OPTIONS
    yield owner.task_status_links.all(), of_statuses, "task_status_id", STATUS_OPTIONS


def copied(link: Any, key: str, options: tuple[str, ...]) -> dict[str, Any]:
    """What a link says, for another owner."""
    return {name: getattr(link, name) for name in (key, *options)}


def add_template_links(project: Project, template: ProjectTemplate, *, by: Person) -> None:
    """Add the links and metadata columns that a production misses, a few statements for each kind of link."""
    for links, model, key, options in link_kinds(template, ProjectTaskTypeLink, ProjectTaskStatusLink):
        missing = [model(project=project, **copied(link, key, options)) for link in links]
        model.objects.bulk_create(missing, ignore_conflicts=True)
    for relation in LISTS:
        getattr(project, relation).add(*getattr(template, relation).values_list("pk", flat=True))
    default = template.default_preview_background_file_id
    if default is not None and project.default_preview_background_file_id is None:
        project.default_preview_background_file_id = default
        project.save(update_fields=["default_preview_background_file"])
    add_template_columns(project, template.metadata_descriptors or [], by=by)


def add_template_columns(project: Project, entries: list[dict[str, Any]], *, by: Person) -> None:
    """Add the metadata columns whose names and keys are free in the production; what can't be a column is left out."""
    named = [entry["task_type_id"] for entry in entries if is_uuid(entry.get("task_type_id"))]
    task_types = {str(pk) for pk in TaskType.objects.filter(pk__in=named).values_list("pk", flat=True)} if named else set()
    taken: set[tuple[Any, ...]] = set()
    for values in project.metadata_descriptors.values_list("entity_type", "task_type_id", "name", "field_name"):
        taken |= marks_of(*values)
    columns: list[Any] = []
    for entry in normalised(entries):
        marks = marks_of(entry["entity_type"], entry["task_type_id"], entry["name"], entry["field_name"])
        if not marks & taken and can_be_column(entry, task_types):
            taken |= marks
            del entry["position"]
            columns.append({**entry, "departments": [pk for pk in entry["departments"] if is_uuid(pk)]})
    if columns:
        add_columns(project, columns, by=by)


def marks_of(entity_type: Any, task_type_id: Any, name: str, field_name: str) -> set[tuple[Any, ...]]:
    """What no two columns of a production share."""
    place = (entity_type, str(task_type_id or "").lower())
    return {(*place, "name", name), (*place, "key", field_name)}


def can_be_column(entry: dict[str, Any], task_types: set[str]) -> bool:
    """A template's entry makes sense as a column; columns of tasks need a task type that there is."""
    if entry["entity_type"] not in (*ENTITY_TYPES, OF_TASKS) or entry["data_type"] not in DATA_TYPES:
        return False
    if len(entry["name"]) > LONGEST or len(entry["field_name"]) > LONGEST:
        return False
    of_task = str(entry["task_type_id"] or "").lower()
    return of_task in task_types if entry["entity_type"] == OF_TASKS else not of_task
