"""Everything that a user interface needs to start with, in few statements however large the studio."""

from collections import defaultdict
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Q, TextField, Value
from django.db.models.functions import Cast
from orjson import Fragment

from core.jsontext import RawText, column_text, constant, object_text
from core.projection import Projection, Row
from core.sql import AsText, Prepared, related_ids
from people import readers as people
from people.models import Person
from people.permissions import open_project_ids
from production import readers
from production.extended import extended_projects, extended_projects_of
from production.models import EntityType, Project, ProjectPersonLink

# The studio's small tables, each in full.
TABLES: dict[str, Projection] = {
    "task_types": readers.TASK_TYPE,
    "task_status": readers.TASK_STATUS,
    "project_status": readers.PROJECT_STATUS,
    "departments": people.DEPARTMENT,
    "studios": people.STUDIO,
    "custom_actions": readers.CUSTOM_ACTION,
    "status_automations": readers.STATUS_AUTOMATION,
    "preview_background_files": readers.PREVIEW_BACKGROUND_FILE,
    "plugins": readers.SHORT_PLUGIN,
}
FILTERS = {"search_filters": readers.SEARCH_FILTER, "search_filter_groups": readers.SEARCH_FILTER_GROUP}
STAFF = Person.objects.order_by().filter(is_guest=False, preview_project__isnull=True)
NOBODY = Value(None, output_field=CharField())
Grouped = dict[str, dict[str, list[Any]]]


def open_projects(person: Person, name: str | None = None) -> list[Row]:
    """The open productions of a person, all of them for a studio manager, with all that clients open them with."""
    if name is None:
        return extended_projects_of(person, under_way)
    return extended_projects(under_way(person).filter(name=name), person)


def under_way(person: Person) -> Any:
    """The open productions of a person."""
    return Project.objects.order_by().under_way().of_member(person)


def as_json(reader: Projection, *, relations: tuple[str, ...] = ()) -> Any:
    """A row of a projection as JSON text, written by the database."""
    fields = {name: column_text(reader.model, name) for name in reader.columns}
    fields |= {name: RawText(related_ids(reader.model, name)) for name in relations}
    return object_text({**fields, "type": constant(reader.type)})


def piece(kind: str, queryset: Any, content: Any, *, list_type: Any = NOBODY, owner: Any = NOBODY) -> Any:
    """A part of the one statement that reads everything small: rows of (kind, content, list type, owner)."""
    return queryset.order_by().values_list(
        Value(kind, output_field=CharField()), content, Cast(list_type, TextField()), Cast(owner, TextField())
    )


def small_pieces(person: Person) -> list[Any]:
    """What is read by one statement: small tables, own roles, unread notifications, kept searches."""
    roles = ProjectPersonLink.objects.filter(person=person, role__isnull=False)
    unread: Any = Person.objects.filter(pk=person.pk).annotate(_unread=Count("notifications", filter=Q(notifications__read=False)))
    pieces = [
        piece("asset_types", EntityType.objects.of_assets(), as_json(readers.ASSET_TYPE, relations=("task_types",))),
        *(piece(kind, reader.model._default_manager.all(), as_json(reader)) for kind, reader in TABLES.items()),
        piece("project_roles", roles, Cast("role", TextField()), owner=AsText("project_id")),
        piece("notification_count", unread, Cast("_unread", TextField())),
    ]
    for kind, reader in FILTERS.items():
        rows = reader.model._default_manager.visible_to(person)  # type: ignore[attr-defined]
        pieces.append(piece(kind, rows, as_json(reader), list_type="list_type", owner=AsText("project_id")))
    return pieces


@cache
def small_statement(role: str) -> Prepared:
    """The one statement of all that is small, for people of a role."""

    def of_person(person_id: Any) -> Any:
        first, *rest = small_pieces(Person(pk=person_id, role=role))
        return first.union(*rest, all=True)

    return Prepared(of_person)


def context_of(person: Person) -> dict[str, Any]:
    """The whole context of a person."""
    answer: dict[str, Any] = {kind: [] for kind in ("asset_types", *TABLES)}
    kept: dict[str, Grouped] = {kind: defaultdict(lambda: defaultdict(list)) for kind in FILTERS}
    roles: dict[str, str] = {}
    for kind, content, list_type, owner in small_statement(person.role).fetch(person.pk)[1]:
        if kind in kept:
            kept[kind][list_type][owner or "all"].append(Fragment(content))
        elif kind == "project_roles":
            roles[owner] = content
        elif kind == "notification_count":
            answer[kind] = int(content)
        else:
            answer[kind].append(Fragment(content))
    answer |= kept
    answer |= {"project_roles": roles, "persons": list(colleagues(person)), "projects": open_projects(person)}
    return {**answer, "user_limit": settings.USER_LIMIT} if person.is_admin else answer


def colleagues(person: Person) -> Any:
    """The people of the studio, in the form that the person's role may see; clients see the teams of their open productions."""
    reader = people.single_form(person)
    if person.role == "client":
        persons = STAFF.filter(team_links__project_id__in=open_project_ids(person)).distinct()
        return sorted(reader.rows(persons), key=lambda row: row["full_name"])
    return reader.shape_values(*staff_statement(reader).fetch())


@cache
def staff_statement(reader: Projection) -> Prepared:
    """The statement that reads the people of the studio."""
    return Prepared(lambda: reader.query(STAFF, relations=True))


def kept_searches(reader: Projection, person: Person, *, newest_first: bool = False) -> Grouped:
    """Kept searches or their groups that a person sees: by list, then by production or `all`."""
    rows = reader.model._default_manager.visible_to(person)  # type: ignore[attr-defined]
    grouped: Grouped = defaultdict(lambda: defaultdict(list))
    for row in reader.rows(rows.order_by("-created_at" if newest_first else "created_at")):
        grouped[row["list_type"]][row["project_id"] or "all"].append(row)
    return grouped
