"""Productions with what clients need to open them: metadata columns, options of task types and statuses, the first episode."""

from collections import defaultdict
from typing import Any

from django.db.models import BooleanField, Case, CharField, Expression, OuterRef, Subquery, Value, When

from core.json import loads
from core.projection import Row
from core.sql import AsText
from people.models import Person
from people.permissions import department_ids
from production import readers
from production.models import MetadataDescriptor, Project, ProjectPersonLink, ProjectTaskStatusLink, ProjectTaskTypeLink

TYPE_OPTIONS = ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible")
STATUS_OPTIONS = ("priority", "roles_for_board", "is_client_allowed")
ById = dict[str, dict[str, Any]]


def first_episode() -> Expression:
    """Of a TV show: its first running episode by name, else its first by name."""
    episodes = Project._meta.get_field("entities").related_model._default_manager.filter(
        project=OuterRef("pk"), entity_type__name="Episode"
    )
    is_waiting = Case(When(status="running", then=Value(False)), default=Value(True), output_field=BooleanField())
    found = Subquery(episodes.order_by(is_waiting, "name").values(_episode=AsText("pk"))[:1])
    return Case(When(production_type="tvshow", then=found), output_field=CharField())


def role_of(person: Person) -> Expression:
    """The role that the person was given in the production, if any."""
    links = ProjectPersonLink.objects.order_by().filter(project=OuterRef("pk"), person=person)
    return Subquery(links.values("role")[:1])


def extended_projects(projects: Any, person: Person, **more: Expression) -> list[Row]:
    """Rows of a queryset of productions with all that clients open them with; one statement per kind of thing.

    The metadata columns are those that the person's role in each production may see. `more` are further fields.
    """
    query = readers.PROJECT.query(projects, relations=True, _caller_role=role_of(person), _first_episode_id=first_episode(), **more)
    rows = list(readers.PROJECT.shape(query))
    ids = [row["id"] for row in rows]
    columns = descriptors_of(ids) if ids else {}
    types = links_of(ProjectTaskTypeLink, "task_type_id", TYPE_OPTIONS, ids) if ids else {}
    statuses = links_of(ProjectTaskStatusLink, "task_status_id", STATUS_OPTIONS, ids) if ids else {}
    for row in rows:
        role = row.pop("caller_role") or person.role
        if row["first_episode_id"] is None:
            del row["first_episode_id"]
        row["descriptors"] = visible_descriptors(columns.get(row["id"], []), "admin" if person.is_admin else role, person)
        row["task_type_links"] = types.get(row["id"], {})
        row["task_types_priority"] = {key: link["priority"] for key, link in row["task_type_links"].items()}
        row["task_statuses_link"] = statuses.get(row["id"], {})
    return rows


def descriptors_of(project_ids: list[str], **narrowed: Any) -> dict[str, list[Row]]:
    """The metadata columns of productions, without their dates."""
    found: dict[str, list[Row]] = defaultdict(list)
    queryset = MetadataDescriptor.objects.order_by().filter(project_id__in=project_ids, **narrowed)
    for row in readers.DESCRIPTOR_OF_PROJECT.rows(queryset, relations=True):
        del row["type"]
        row["for_client"] = bool(row["for_client"])
        found[row.pop("project_id")].append(row)
    return found


def visible_descriptors(rows: list[Row], role: str, person: Person) -> list[Row]:
    """Those of a production's metadata columns that a role may see."""
    if role == "client":
        return [row for row in rows if row["for_client"]]
    if role == "vendor":
        own = {str(pk) for pk in department_ids(person)}
        return [row for row in rows if not (given := loads(row["departments"])) or own & set(given)]
    return rows


def links_of(model: Any, key: str, options: tuple[str, ...], project_ids: list[str]) -> dict[str, ById]:
    """The options of linked task types or statuses: by production, then by their id."""
    found: dict[str, ById] = defaultdict(dict)
    links = model.objects.order_by().filter(project_id__in=project_ids)
    for project_id, linked_id, *values in links.values_list(AsText("project_id"), AsText(key), *options):
        found[project_id][linked_id] = dict(zip(options, values, strict=True))
    return found


def written_project(pk: Any, *, relations: bool) -> Row:
    """A production just written: its fields, and of a TV show the first episode."""
    query = readers.PROJECT.query(Project.objects.filter(pk=pk), relations=relations, _first_episode_id=first_episode())
    row = next(readers.PROJECT.shape(query))
    if row["first_episode_id"] is None:
        del row["first_episode_id"]
    return row
