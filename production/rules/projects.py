"""Making, changing and deleting productions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.errors import NotFound, Refusal, WrongParameter
from core.rules import set_relations, wipe
from core.signals import row_leaving
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import BudgetEntry, EntityType, MetadataDescriptor, PreviewBackgroundFile, Project
from production.querysets import OPEN
from production.rules.calendar import check_calendar
from production.rules.defaults import project_status
from production.rules.descriptors import copy_project_columns
from production.rules.links import hold_owner
from production.rules.preview_accounts import close_account
from production.rules.templates import add_template_links, find_template, settings_of

Relations = Mapping[str, list[UUID]]
TV_SHOW = "tvshow"
FIRST_EPISODE = "E01"
# Its forced deletion takes about ten seconds. Larger productions go in a job.
MOST_TASKS_IN_A_REQUEST = 20_000
# What a forced deletion takes along, in an order that no reference stands against.
BELONGINGS = (
    "search_filters",
    "search_filter_groups",
    "budgets",
    "schedule_items",
    "milestones",
    "metadata_descriptors",
    "production_schedule_versions",
    "api_events",
)


@whole_step()
def create_project(values: Mapping[str, Any], *, relations: Relations, template_id: Any = None, by: Person) -> Project:
    """Store a production with its links; a template gives what was not said, a TV show gets its first episode.

    Metadata columns of the other open productions themselves are copied. Raises NotFound for an unknown template or
    background, WrongParameter for a default background that is not among the given ones.
    """
    template = None if template_id is None else find_template(template_id, NotFound())
    given = {name: value for name, value in values.items() if value is not None}
    check_calendar(given)
    check_backgrounds(given.get("default_preview_background_file_id"), relations.get("preview_background_files", []))
    wanted = {**(settings_of(template) if template else {}), **given}
    if "project_status_id" not in wanted:
        wanted["project_status_id"] = project_status(OPEN).pk
    project = Project.objects.create(**wanted)
    set_relations(project, without_preview_accounts(relations))
    if template is not None:
        add_template_links(project, template, by=by)
    copy_project_columns(project, by=by)
    ensure_first_episode(project, by=by)
    emit("project:new", {"project_id": project.pk}, by=by)
    return project


def check_backgrounds(default_id: UUID | None, ids: list[UUID]) -> None:
    """Raises NotFound for an unknown background, WrongParameter for a default that is not among them."""
    if ids and PreviewBackgroundFile.objects.filter(pk__in=ids).count() < len(set(ids)):
        raise NotFound()
    if default_id is not None and default_id not in ids:
        raise WrongParameter("Invalid default_preview_background_file_id")


def without_preview_accounts(relations: Relations) -> Relations:
    """The relation lists; a preview account is in no other team than its own production's."""
    team = relations.get("team")
    if not team:
        return relations
    people = Person.objects.filter(pk__in=team, preview_project__isnull=True).values_list("pk", flat=True)
    return {**relations, "team": list(people)}


def ensure_first_episode(project: Any, *, by: Person) -> None:
    """Give a TV show without episodes its first one."""
    if project.production_type != TV_SHOW or project.entities.filter(entity_type__name="Episode").exists():
        return
    kind, _ = EntityType.objects.get_or_create(name="Episode")
    episode = project.entities.create(name=FIRST_EPISODE, entity_type=kind, status="running", description="", data={}, creator=by)
    emit("episode:new", {"episode_id": episode.pk}, project_id=project.pk, by=by)


@whole_step()
def update_project(project: Project, values: Mapping[str, Any], *, relations: Relations, by: Person) -> Project:
    """Change the given settings; given lists replace the links, and kept links keep their options."""
    check_calendar(values, hold_owner(project))
    for name, value in values.items():
        setattr(project, name, value)
    project.save(update_fields=list(values))
    set_relations(project, {name: ids for name, ids in relations.items() if name != "team"})
    ensure_first_episode(project, by=by)
    emit("project:update", {"project_id": project.pk}, by=by)
    return project


def refuse_open(project: Project) -> None:
    """Raises a refusal for a production that is not over."""
    if project.project_status is not None and project.project_status.name == OPEN:
        raise Refusal("Only closed projects can be deleted")


def is_large(project: Project) -> bool:
    """It holds more tasks than go within a request."""
    return project.tasks.count() > MOST_TASKS_IN_A_REQUEST


@whole_step()
def delete_project(project: Any, *, force: bool = False, by: Person) -> None:
    """Delete a closed production. With `force`, everything goes that it holds; without, what it holds stands against it.

    It costs one statement per table however large the production is. Stored files go once the deletion is committed.
    """
    project = Project.objects.select_for_update(of=("self",)).select_related("project_status").get(pk=project.pk)
    refuse_open(project)
    close_account(project, by=by)
    if force:
        row_leaving.send(Project, instance=project, by=by)
        wipe(BudgetEntry.objects.filter(budget__project=project))
        wipe(MetadataDescriptor.departments.through.objects.filter(metadatadescriptor__project=project))
        for name in BELONGINGS:
            wipe(getattr(project, name).all())
    project_id, known_to = project.pk, people_of(project)
    project.delete()
    emit("project:delete", {"project_id": project_id}, by=by, only_for=known_to)


def people_of(project: Project) -> list[UUID]:
    """Those who see the production in their lists: its team, and the managers of the studio."""
    known = Q(role="admin") | Q(pk__in=project.team_links.values("person_id"))
    return list(Person.objects.order_by().filter(known).values_list("pk", flat=True))
