"""What an archive of a production holds, model by model: its own rows, and those of the studio that they refer to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from assets.models import Entity, EntityVersion
from assets.readers import ASSET_INSTANCE, ENTITY_LINK, UNTYPED
from chat.models import Chat
from chat.readers import CHAT, CHAT_MESSAGE
from core.projection import Projection
from files.readers import ATTACHMENT_FILE, FILE_STATUS, OUTPUT_FILE, OUTPUT_TYPE, PREVIEW_FILE, WORKING_FILE
from people.readers import DEPARTMENT, SOFTWARE, STUDIO, person_form
from people.rules.persons import PREVIEW, SECOND_FACTORS, SECRETS
from playlists.readers import PLAYLIST
from production import readers
from production.models import ProjectPersonLink, ProjectTaskTypeSoftwareLink
from tasks.models import Comment, Task
from tasks.readers import COMMENT, NEWS, NOTIFICATION, SCHEDULE_LINK, SUBSCRIPTION, TASK, TIME_SPENT

Model = type[models.Model]
# What concerns the studio that a person works for, and nobody who is given the archive.
PRIVATE = (
    *("daily_salary", "phone", "ldap_uid", "is_generated_from_ldap", "shotgun_id", "expiration_date", "last_presence"),
    *("notifications_slack_userid", "notifications_mattermost_userid", "notifications_discord_userid", "login_failed_attemps"),
)


@dataclass(frozen=True)
class Part:
    """The production's own rows of a model. `rows` finds them by the production's id; `bare` names ids that are no keys of the
    database, with the model that each leads to."""

    reader: Projection
    rows: Callable[[Any], Q]
    bare: Mapping[str, Model] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The model."""
        return self.reader.model


@dataclass(frozen=True)
class StudioPart:
    """Rows of the studio that a production refers to. A row that an archive brings is the studio's own of the same id, else the
    one that is alike in all columns of one of `alike`, else it is new. `stem` is the model's part of event names."""

    reader: Projection
    alike: tuple[tuple[str, ...], ...]
    stem: str | None = None

    @property
    def model(self) -> Model:
        """The model."""
        return self.reader.model


def of(*paths: str) -> Callable[[Any], Q]:
    """Rows whose path of keys leads to the production; of several paths, any."""

    def rows(project_id: Any) -> Q:
        found = Q()
        for path in paths:
            found |= Q(**{path: project_id})
        return found

    return rows


def within(*paths: str) -> Callable[[Any], Q]:
    """Rows all of whose paths lead to the production."""
    return lambda project_id: Q(**dict.fromkeys(paths, project_id))


def tasks_of(project_id: Any) -> Any:
    """The ids of a production's tasks."""
    return Task.objects.order_by().filter(project=project_id).values("pk")


def comments_of(project_id: Any) -> Any:
    """The ids of the comments on them."""
    return Comment.objects.order_by().filter(object_id__in=tasks_of(project_id)).values("pk")


def chats_of(project_id: Any) -> Any:
    """The ids of the chats about a production's entities."""
    entities = Entity.objects.order_by().filter(project=project_id).values("pk")
    return Chat.objects.order_by().filter(object_id__in=entities).values("pk")


# In an order in which everything comes behind what it belongs to.
STUDIO_PARTS = (
    StudioPart(DEPARTMENT, (("name",),)),
    StudioPart(STUDIO, (("name",),)),
    StudioPart(SOFTWARE, (("name",),)),
    StudioPart(OUTPUT_TYPE, (("name",),)),
    StudioPart(FILE_STATUS, (("name",),)),
    StudioPart(readers.PROJECT_STATUS, (("name",),)),
    StudioPart(readers.TASK_TYPE, (("name", "for_entity", "department_id"), ("name", "for_entity"))),
    StudioPart(readers.TASK_STATUS, (("short_name",), ("name",))),
    StudioPart(readers.ENTITY_TYPE, (("name",),), "asset-type"),
    StudioPart(readers.PREVIEW_BACKGROUND_FILE, (("name",),)),
    StudioPart(
        readers.STATUS_AUTOMATION,
        (
            (
                *("entity_type", "in_task_type_id", "in_task_status_id", "out_field_type", "out_task_type_id"),
                *("out_task_status_id", "import_last_revision"),
            ),
        ),
    ),
    StudioPart(person_form(hidden=(*SECRETS, *SECOND_FACTORS, *PREVIEW, *PRIVATE)), (("email",), ("first_name", "last_name"))),
)
PARTS = (
    Part(readers.PROJECT, of("pk")),
    Part(Projection(ProjectPersonLink), of("project")),
    Part(readers.PROJECT_TASK_TYPE_LINK, of("project")),
    Part(readers.PROJECT_TASK_STATUS_LINK, of("project")),
    Part(Projection(ProjectTaskTypeSoftwareLink), of("project")),
    Part(readers.METADATA_DESCRIPTOR, of("project")),
    Part(readers.MILESTONE, of("project")),
    Part(readers.SCHEDULE_ITEM, of("project")),
    Part(readers.SCHEDULE_VERSION, of("project")),
    Part(readers.BUDGET, of("project")),
    Part(readers.BUDGET_ENTRY, of("budget__project")),
    Part(readers.SEARCH_FILTER_GROUP, of("project")),
    Part(readers.SEARCH_FILTER, of("project")),
    Part(UNTYPED, of("project")),
    Part(Projection(EntityVersion), of("entity__project")),
    Part(ENTITY_LINK, within("entity_in__project", "entity_out__project")),
    Part(ASSET_INSTANCE, of("asset__project")),
    Part(TASK, of("project")),
    Part(SCHEDULE_LINK, within("production_schedule_version__project", "task__project")),
    Part(TIME_SPENT, of("task__project")),
    Part(SUBSCRIPTION, of("task__project", "entity__project")),
    Part(COMMENT, lambda project_id: Q(object_id__in=tasks_of(project_id)), {"object_id": Task}),
    Part(WORKING_FILE, of("task__project", "entity__project")),
    Part(OUTPUT_FILE, of("entity__project", "asset_instance__asset__project")),
    Part(PREVIEW_FILE, of("task__project")),
    Part(CHAT, lambda project_id: Q(pk__in=chats_of(project_id)), {"object_id": Entity}),
    Part(CHAT_MESSAGE, lambda project_id: Q(chat__in=chats_of(project_id))),
    Part(
        ATTACHMENT_FILE,
        lambda project_id: Q(comment__in=comments_of(project_id)) | Q(chat_message__chat__in=chats_of(project_id)),
    ),
    Part(NEWS, of("task__project")),
    Part(PLAYLIST, of("project")),
    Part(NOTIFICATION, of("task__project", "playlist__project")),
)
OWN = {part.model: part for part in PARTS}
OF_STUDIO = {part.model: part for part in STUDIO_PARTS}


def by_name(model: Model) -> str:
    """The name of a model's rows in an archive."""
    return f"rows/{model.__name__}.ndjson"
