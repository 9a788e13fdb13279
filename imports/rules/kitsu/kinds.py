"""The kinds of rows that come from another server: their models, relation lists, and how their JSON becomes columns."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Subquery

from assets.models import Entity, EntityLink
from core.rules import event_stem
from core.sql import Selectable
from files.models import AttachmentFile, PreviewFile
from imports.rules.kitsu import translations
from imports.rules.kitsu.values import Parser, parser_for
from playlists.models import BuildJob, Playlist
from production.models import MetadataDescriptor, Milestone, Project, ScheduleItem
from tasks.models import Comment, News, Notification, Subscription, Task, TimeSpent

Entry = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """Rows of one model as another server tells them.

    `links` are relation lists: replaced by those that are sent, unknown ids left out; with `only_adds` they only grow, and
    unknown ids are refused. `key` tells by which columns a row is known; `ours` by which others a row that stands here already
    is taken for the same, so that it gets the other server's id. `dated_now` rows change when they come, whatever is sent.
    `production` leads from a row to its production. References of `alongside` lead to rows of the same production, those of
    `lenient` are left out where they lead nowhere. Entries must have the keys of `insists`. `translate` is one of `translations`,
    `payload` what the events tell where that is not just the row's id.
    """

    path: str
    model: type[models.Model]
    links: tuple[str, ...] = ()
    only_adds: bool = False
    dropped: tuple[str, ...] = ()
    key: tuple[str, ...] = ("id",)
    ours: tuple[str, ...] = ()
    dated_now: bool = False
    production: Selectable | None = None
    alongside: tuple[str, ...] = ()
    lenient: tuple[str, ...] = ()
    translate: Callable[[Entry, bool, Callable[[str], Any]], Entry] | None = None
    payload: Callable[[Any], Entry] | None = None
    insists: tuple[str, ...] = ()
    stem: str = field(default="")

    @cached_property
    def columns(self) -> "dict[str, models.Field[Any, Any]]":
        """The columns by the names that the API gives them."""
        return {column.attname: column for column in self.model._meta.concrete_fields}

    @cached_property
    def parsers(self) -> dict[str, Parser]:
        """What reads the values of each column."""
        return {name: parser_for(column) for name, column in self.columns.items()}

    @cached_property
    def required(self) -> list[str]:
        """The columns without which no row can be made."""
        return [n for n, c in self.columns.items() if not c.null and not c.has_default() and not c.primary_key]

    @cached_property
    def references(self) -> "dict[str, type[models.Model]]":
        """Where the foreign keys lead."""
        return {n: c.related_model for n, c in self.columns.items() if isinstance(c, models.ForeignKey)}  # type: ignore[misc]

    @property
    def words(self) -> str:
        """The stem of the events, such as `time-spent`."""
        return self.stem or event_stem(self.model)


def of_task(task_id: str) -> Subquery:
    """The production of a task, by the column that holds the task's id."""
    return Subquery(Task.objects.order_by().filter(pk=OuterRef(task_id)).values("project_id"), output_field=models.UUIDField())


IN_PROJECT, THROUGH_TASK = F("project_id"), F("task__project_id")
MENTIONS = ("mentions", "department_mentions", "acknowledgements", "previews")
PROJECT_LISTS = ("team", "task_types", "task_statuses", "asset_types", "status_automations", "preview_background_files")
RICH_ENTITY = (
    *("entities_in", "episode_id", "episode_name", "project_name", "sequence_name", "tasks", "type"),
    *("instance_casting", "casting_episode_ids", "asset_type_name"),
)


def said(row: Any) -> Entry:
    """What the events of comments tell."""
    return {"comment_id": row.pk, "task_id": row.object_id, "person_id": row.person_id, "for_client": bool(row.for_client)}


PROJECTS = Kind(
    "projects",
    Project,
    links=PROJECT_LISTS,
    only_adds=True,
    dropped=("project_status_name",),
    dated_now=True,
    production=F("id"),
    payload=lambda row: {},
)
ENTITIES = Kind(
    "entities",
    Entity,
    links=("entities_out", "entity_concept_links"),
    dropped=RICH_ENTITY,
    dated_now=True,
    production=IN_PROJECT,
    alongside=("parent_id",),
    lenient=("preview_file_id",),
    translate=translations.entity,
)
ENTITY_LINKS = Kind(
    "entity-links",
    EntityLink,
    dropped=("project_name", "project_id"),
    key=("entity_in_id", "entity_out_id"),
    production=F("entity_in__project_id"),
    payload=lambda row: {},
    insists=("type",),
)
TASKS = Kind(
    "tasks",
    Task,
    links=("assignees",),
    dated_now=True,
    production=IN_PROJECT,
    alongside=("entity_id",),
    payload=lambda row: {},
)
COMMENTS = Kind(
    "comments",
    Comment,
    links=(*MENTIONS, "attachment_files"),
    dated_now=True,
    production=of_task("object_id"),
    payload=said,
)
PREVIEW_FILES = Kind(
    "preview-files", PreviewFile, dropped=("comments",), production=THROUGH_TASK, translate=translations.preview_file
)
NEWS = Kind("news", News, production=THROUGH_TASK, translate=translations.news, insists=translations.NEWS_KEYS)
NOTIFICATIONS = Kind("notifications", Notification, production=THROUGH_TASK)
PLAYLISTS = Kind("playlists", Playlist, dropped=("build_jobs",), production=IN_PROJECT, alongside=("episode_id",))
DESCRIPTORS = Kind("metadata-descriptors", MetadataDescriptor, links=("departments",), only_adds=True, production=IN_PROJECT)
ATTACHMENTS = Kind(
    "attachment-files",
    AttachmentFile,
    dropped=("comment", "chat_message"),
    production=of_task("comment__object_id"),
    translate=translations.attachment,
)
# As the command that moves a studio over takes them.
DESCRIPTORS_REPLACED = replace(DESCRIPTORS, only_adds=False)
NEWS_EXACT = replace(NEWS, insists=())
DERIVED_PROJECT = ("descriptors", "task_types_priority", "task_type_links", "task_statuses_link")
# What the import routes take, by the last part of their address.
ROUTES = {
    kind.path: kind
    for kind in (
        *(
            PROJECTS,
            ENTITIES,
            ENTITY_LINKS,
            TASKS,
            COMMENTS,
            PREVIEW_FILES,
            NEWS,
            NOTIFICATIONS,
            PLAYLISTS,
            DESCRIPTORS,
            ATTACHMENTS,
        ),
        Kind("time-spents", TimeSpent, production=THROUGH_TASK),
        Kind("subscriptions", Subscription, production=THROUGH_TASK),
        Kind("schedule-items", ScheduleItem, production=IN_PROJECT),
        Kind("milestones", Milestone, production=IN_PROJECT),
        Kind("build-jobs", BuildJob, production=F("playlist__project_id")),
    )
}
