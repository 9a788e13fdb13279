"""Productions with what clients need to open them: metadata columns, options of task types and statuses, the first episode."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from django.db.models import BooleanField, Case, CharField, OuterRef, Subquery, Value, When

from core.json import loads
from core.projection import Row
from core.sql import AsText, Prepared, PreparedForMany, Selectable
from people.models import Person
from people.permissions import department_ids
from production import readers
from production.models import MetadataDescriptor, Project, ProjectPersonLink, ProjectTaskStatusLink, ProjectTaskTypeLink

LINKS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "task_type_id": (
        ProjectTaskTypeLink,
        ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible"),
    ),
    "task_status_id": (ProjectTaskStatusLink, ("priority", "roles_for_board", "is_client_allowed")),
}
ById = dict[str, dict[str, Any]]


def first_episode() -> Selectable:
    """Of a TV show: its first running episode by name, else its first by name."""
    episodes = Project._meta.get_field("entities").related_model._default_manager.filter(
        project=OuterRef("pk"), entity_type__name="Episode"
    )
    is_waiting = Case(When(status="running", then=Value(False)), default=Value(True), output_field=BooleanField())
    found = Subquery(episodes.order_by(is_waiting, "name").values(_episode=AsText("pk"))[:1])
    return Case(When(production_type="tvshow", then=found), output_field=CharField())


def role_of(person: Person) -> Selectable:
    """The role that the person was given in the production, if any."""
    links = ProjectPersonLink.objects.order_by().filter(project=OuterRef("pk"), person=person)
    return Subquery(links.values("role")[:1])


def extended_query(projects: Any, person: Person, **more: Selectable) -> Any:
    """The productions' own fields, with what the caller's part in each is."""
    extra: dict[str, Any] = {"_caller_role": role_of(person), "_first_episode_id": first_episode(), **more}
    return readers.PROJECT.query(projects, relations=True, **extra)


def extended_projects(projects: Any, person: Person, **more: Selectable) -> list[Row]:
    """Rows of a queryset of productions with all that clients open them with; `more` are further fields."""
    return extended(readers.PROJECT.shape(extended_query(projects, person, **more)), person)


def extended_projects_of(person: Person, projects: Callable[[Person], Any]) -> list[Row]:
    """The same of the productions that `projects` finds for a person by their id and by whether they manage the studio."""
    return extended(readers.PROJECT.shape_values(*statement_of(projects, person.is_admin).fetch(person.pk)), person)


@cache
def statement_of(projects: Callable[[Person], Any], is_admin: bool) -> Prepared:
    """The statement that reads these productions."""

    def of_person(person_id: Any) -> Any:
        person = Person(pk=person_id, role="admin" if is_admin else "user")
        return extended_query(projects(person), person)

    return Prepared(of_person)


def extended(projects: Iterable[Row], person: Person) -> list[Row]:
    """Rows of productions with what belongs to them; one statement per kind of thing.

    The metadata columns are those that the person's role in each production may see.
    """
    rows = list(projects)
    ids = [row["id"] for row in rows]
    columns = descriptors_of(ids)
    types = links_of("task_type_id", ids)
    statuses = links_of("task_status_id", ids)
    for row in rows:
        role = row.pop("caller_role") or person.role
        if row["first_episode_id"] is None:
            del row["first_episode_id"]
        row["descriptors"] = visible_descriptors(columns.get(row["id"], []), "admin" if person.is_admin else role, person)
        row["task_type_links"] = types.get(row["id"], {})
        row["task_types_priority"] = {key: link["priority"] for key, link in row["task_type_links"].items()}
        row["task_statuses_link"] = statuses.get(row["id"], {})
    return rows


def descriptors_of(project_ids: list[str], *, entity_type: str | None = None) -> dict[str, list[Row]]:
    """The metadata columns of productions, without their dates; of one kind of entity where one is named."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in readers.DESCRIPTOR_OF_PROJECT.shape_values(*DESCRIPTORS.fetch(project_ids)) if project_ids else ():
        if entity_type is not None and row["entity_type"] != entity_type:
            continue
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


def links_of(key: str, project_ids: list[str]) -> dict[str, ById]:
    """The options of linked task types or statuses: by production, then by their id."""
    found: dict[str, ById] = defaultdict(dict)
    options = LINKS[key][1]
    for project_id, linked_id, *values in LINK_STATEMENTS[key].fetch(project_ids)[1] if project_ids else ():
        found[project_id][linked_id] = dict(zip(options, values, strict=True))
    return found


def link_query(key: str, project_ids: list[Any]) -> Any:
    """The links of productions."""
    model, options = LINKS[key]
    links = model.objects.order_by().filter(project_id__in=project_ids)
    return links.values_list(AsText("project_id"), AsText(key), *options)


def descriptor_query(project_ids: list[Any]) -> Any:
    """The metadata columns of productions."""
    found = MetadataDescriptor.objects.order_by().filter(project_id__in=project_ids)
    return readers.DESCRIPTOR_OF_PROJECT.query(found, relations=True)


DESCRIPTORS = PreparedForMany(descriptor_query)
LINK_STATEMENTS = {key: PreparedForMany(partial(link_query, key)) for key in LINKS}


def written_project(pk: Any, *, relations: bool) -> Row:
    """A production just written: its fields, and of a TV show the first episode."""
    query = readers.PROJECT.query(Project.objects.filter(pk=pk), relations=relations, _first_episode_id=first_episode())
    row = next(readers.PROJECT.shape(query))
    if row["first_episode_id"] is None:
        del row["first_episode_id"]
    return row
