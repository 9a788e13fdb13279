"""What a studio is made of, in the order in which its rows can come: later kinds refer to earlier ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from assets.models import AssetInstance
from chat.models import Chat, ChatMessage
from files.models import FileStatus, OutputFile, OutputType, WorkingFile
from imports.rules.kitsu import kinds
from imports.rules.kitsu.adoption import ANY
from imports.rules.kitsu.kinds import Kind
from imports.rules.kitsu.translations import Entry, Types, moved_preview
from people.models import DayOff, Department, HardwareItem, Organisation, Person, SalaryScale, Software, Studio
from production.models import (
    Budget,
    BudgetEntry,
    CustomAction,
    EntityType,
    PreviewBackgroundFile,
    ProductionScheduleVersion,
    ProjectStatus,
    ProjectTemplate,
    SearchFilter,
    SearchFilterGroup,
    StatusAutomation,
    TaskStatus,
    TaskType,
)
from production.readers import TEMPLATE_LISTS
from tasks.models import ProductionScheduleVersionTaskLink

# What is known of second factors there is of no use here: their secrets stay where they are.
SECOND_FACTORS = ("totp_enabled", "email_otp_enabled", "fido_enabled", "preferred_two_factor_authentication", "fido_devices")
HASHER, UNUSABLE = "bcrypt$", "!"


def person(sent: Entry, is_new: bool, types: Types) -> Entry:
    """A person with the password that they have there, as far as it is told; somebody who is here keeps their own."""
    entry = dict(sent)
    told = entry.pop("password", None)
    if is_new:
        usable = isinstance(told, str) and told.startswith(("$2", HASHER))
        entry["password"] = UNUSABLE if not usable else told if told.startswith(HASHER) else HASHER + told
    return entry


@dataclass(frozen=True)
class Step:
    """Rows of one kind: where the whole studio's are read, and where those of one production.

    `of_studio` is a list of all of them, `of_production` one of a production (`{}` stands for its id); `by_project` says that the
    former can be narrowed by `project_id`. Rows that only the studio's list has are of a production when the row behind
    `through` is here. With `studio_wide` they come with every production. `again` steps come a second time, for what could
    not be known the first.
    """

    kind: Kind
    of_studio: str = ""
    of_production: str = ""
    by_project: bool = False
    through: str = ""
    studio_wide: bool = False
    again: bool = False

    @property
    def name(self) -> str:
        """What the step is called."""
        return f"{self.kind.path} again" if self.again else self.kind.path


def shared(path: str, model: Any, *ours: str, **more: Any) -> Step:
    """Rows that all productions share."""
    return Step(Kind(path, model, ours=ours, **more), of_studio=f"/data/{path}", studio_wide=True)


def of_production(kind: Kind, own: str = "", *, by_project: bool = False, through: str = "") -> Step:
    """Rows of productions."""
    own = f"/data/projects/{{}}/{own}" if own else ""
    return Step(kind, of_studio=f"/data/{kind.path}", of_production=own, by_project=by_project, through=through)


DERIVED_ENTITY = (*kinds.RICH_ENTITY, "entities_out")
PROJECTS = replace(kinds.PROJECTS, only_adds=False, dropped=(*kinds.PROJECTS.dropped, *kinds.DERIVED_PROJECT))
PROJECTS = replace(PROJECTS, lenient=("default_preview_background_file_id", "from_schedule_version_id"))
ENTITIES = replace(kinds.ENTITIES, links=("entity_concept_links",), dropped=DERIVED_ENTITY, translate=None)
LINKS = replace(kinds.ENTITY_LINKS, insists=())
COMMENTS = replace(kinds.COMMENTS, links=kinds.MENTIONS, dropped=("attachment_files",))
PREVIEWS = replace(kinds.PREVIEW_FILES, translate=moved_preview)
PERSONS = Kind(
    "persons",
    Person,
    ours=("email",),
    links=("departments",),
    dropped=("full_name", *SECOND_FACTORS),
    lenient=("preview_project_id",),
    translate=person,
)
AT_PROJECT = kinds.IN_PROJECT
VERSIONS = Kind("production-schedule-versions", ProductionScheduleVersion, production=AT_PROJECT)
CONFIGURATION = (
    shared("organisations", Organisation, ANY),
    shared("studios", Studio, "name"),
    shared("departments", Department, "name"),
    shared("softwares", Software, "name"),
    shared("hardware-items", HardwareItem, "name"),
    shared("task-types", TaskType, "name", "for_entity", "department_id"),
    shared("task-status", TaskStatus, "short_name"),
    shared("project-status", ProjectStatus, "name"),
    shared("entity-types", EntityType, "name", links=("task_types",)),
    shared("preview-background-files", PreviewBackgroundFile),
    Step(PERSONS, of_studio="/data/persons", studio_wide=True),
    shared("salary-scales", SalaryScale, "department_id", "position", "seniority"),
    shared("status-automations", StatusAutomation),
    shared("custom-actions", CustomAction),
    shared("file-status", FileStatus, "name"),
    shared("output-types", OutputType, "name"),
    shared("project-templates", ProjectTemplate, links=TEMPLATE_LISTS),
)
PRODUCTIONS = Step(PROJECTS, of_studio="/data/projects")
WORK = (
    of_production(kinds.DESCRIPTORS_REPLACED, by_project=True),
    of_production(kinds.ROUTES["milestones"], by_project=True),
    of_production(VERSIONS, by_project=True),
    of_production(ENTITIES, by_project=True),
    of_production(Kind("asset-instances", AssetInstance, links=("shots",)), through="asset_id"),
    of_production(LINKS, "entity-links"),
    of_production(kinds.ROUTES["schedule-items"], by_project=True),
    of_production(kinds.TASKS, by_project=True),
    of_production(
        Kind("production-schedule-version-task-links", ProductionScheduleVersionTaskLink, links=("assignees",)),
        through="production_schedule_version_id",
    ),
    of_production(Kind("working-files", WorkingFile, dropped=("outputs",)), through="task_id"),
    of_production(Kind("output-files", OutputFile, dropped=("source_file",)), "output-files"),
    of_production(PREVIEWS, "preview-files"),
    of_production(kinds.ROUTES["time-spents"], "time-spents"),
    of_production(kinds.ROUTES["subscriptions"], "subscriptions"),
    of_production(COMMENTS, "comments"),
    of_production(Kind("chats", Chat, links=("participants",)), through="object_id"),
    of_production(Kind("chat-messages", ChatMessage, dropped=("attachment_files",)), through="chat_id"),
    of_production(kinds.ATTACHMENTS, "attachment-files"),
    of_production(kinds.PLAYLISTS, by_project=True),
    of_production(kinds.NEWS_EXACT, "news"),
    of_production(kinds.NOTIFICATIONS, "notifications"),
    of_production(Kind("search-filter-groups", SearchFilterGroup, production=AT_PROJECT), by_project=True),
    of_production(Kind("search-filters", SearchFilter, production=AT_PROJECT), by_project=True),
    of_production(Kind("budgets", Budget, production=AT_PROJECT), by_project=True),
    of_production(Kind("budget-entries", BudgetEntry), through="budget_id"),
)
DAY_OFFS = shared("day-offs", DayOff)
# These have no list of the whole studio.
BUILDS = Step(kinds.ROUTES["build-jobs"], of_production="/data/projects/{}/build-jobs")
# What refers to rows that come later.
AGAIN = (
    replace(PRODUCTIONS, again=True),
    replace(next(step for step in WORK if step.kind is ENTITIES), again=True),
)
STEPS = (*CONFIGURATION, DAY_OFFS, PRODUCTIONS, *WORK, BUILDS, *AGAIN)


def plan(project_ids: list[str], *, whole: bool) -> Iterator[tuple[Step, str | None]]:
    """The steps in order, each with the production that it is about, if it is about one."""
    for step in STEPS:
        if step is BUILDS or (not whole and not step.studio_wide):
            yield from ((step, pk) for pk in project_ids)
        elif whole or step is not DAY_OFFS:
            yield step, None
