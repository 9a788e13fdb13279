"""The bodies of this room's typed routes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, FiniteFloat

from core.api.parsers import Body


def day_of(value: Any) -> Any:
    """The day of a moment in ISO 8601, as it is written; anything else as it came."""
    try:
        return datetime.fromisoformat(value).date() if isinstance(value, str) else value
    except ValueError:
        return value


Name = Annotated[str, Field(min_length=1)]
WholeNumber = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Bitrate = Annotated[int, Field(ge=1)]
TeamRole = Literal["user", "supervisor", "manager", "client", "vendor"]
BoardRole = Literal["user", "admin", "supervisor", "manager", "client", "vendor"]
# Clients send null for a tick that was never set.
Tick = Annotated[bool, BeforeValidator(lambda value: False if value is None else value)]
Day = Annotated[date, BeforeValidator(day_of)]
Position = Literal["supervisor", "lead", "artist"]
Seniority = Literal["senior", "mid", "junior"]


class Membership(Body):
    """Who joins a team, and as what."""

    person_id: Name
    role: TeamRole | None = None


class MemberRole(Body):
    """A member's role, or null for their own."""

    role: TeamRole | None = None


class PreviewAccountState(Body):
    """Whether the preview account is open."""

    is_open: bool


class AssetTypeChoice(Body):
    """An asset type to link."""

    asset_type_id: Name


class TaskStatusChoice(Body):
    """A task status to link."""

    task_status_id: Name


class AutomationChoice(Body):
    """A status automation to link."""

    status_automation_id: Name


class BackgroundChoice(Body):
    """A preview background to link."""

    preview_background_file_id: Name


class SoftwareChoice(Body):
    """A software to link."""

    software_id: Name


class TaskTypeChoice(Body):
    """A task type to link, with its options."""

    task_type_id: Name
    priority: WholeNumber | None = None
    hd_bitrate_compression: Bitrate | None = None
    ld_bitrate_compression: Bitrate | None = None
    is_client_visible: bool | None = None


class ClientPermission(Body):
    """Whether clients may set a status; null leaves it to the status."""

    is_client_allowed: bool | None


class ListedTaskType(Body):
    """A task type of a whole set."""

    task_type_id: Name
    priority: WholeNumber | None = None
    is_client_visible: bool | None = None


class SettingsBatch(Body):
    """What a production works with, all at once."""

    task_types: list[ListedTaskType] = []
    task_status_ids: list[str] = []
    asset_type_ids: list[str] = []
    replace_task_types: bool = False


class NewDescriptor(Body):
    """A metadata column to make."""

    name: Name
    entity_type: str = "Asset"
    data_type: str = "string"
    choices: list[str] = []
    for_client: Tick = False
    departments: list[str] = []
    task_type_id: str | None = None


class DescriptorChange(Body):
    """What a metadata column is to be; only the name may be left out."""

    name: str | None = None
    data_type: str = "string"
    choices: list[str] = []
    for_client: Tick = False
    departments: list[str] = []


class DescriptorOrder(Body):
    """The order of the metadata columns of one kind."""

    entity_type: str
    descriptor_ids: Annotated[list[str], Field(min_length=1)]


class NewBudget(Body):
    """A budget to make."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    currency: Annotated[str, Field(max_length=3)] | None = "USD"


class BudgetChange(Body):
    """What changes of a budget; null changes nothing."""

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    currency: Annotated[str, Field(max_length=3)] | None = None


class NewEntry(Body):
    """A post of a budget to make; without a position or seniority, those of most people are taken."""

    department_id: UUID
    person_id: UUID | None = None
    start_date: Day
    months_duration: Annotated[int, Field(ge=0, le=2**31 - 1)]
    daily_salary: FiniteFloat
    position: Position | None = None
    seniority: Seniority | None = None


class WholeEntry(NewEntry):
    """All that a post of a budget says; what is left out becomes null."""

    exceptions: dict[str, Any] | None = None


class NewSearch(Body):
    """A search to keep."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    query: Annotated[str, Field(min_length=1, max_length=500)]
    list_type: Annotated[str, Field(max_length=80)] = "todo"
    project_id: str | None = None
    entity_type: Annotated[str, Field(max_length=80)] | None = None
    is_shared: bool = False
    search_filter_group_id: str | None = None
    department_id: str | None = None


class SearchChange(Body):
    """What changes of a kept search."""

    name: Annotated[str, Field(max_length=200)] | None = None
    search_query: Annotated[str, Field(max_length=500)] | None = None
    search_filter_group_id: str | None = None
    is_shared: bool | None = None
    project_id: str | None = None
    department_id: str | None = None


class NewSearchGroup(Body):
    """A group of searches to make."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    color: Annotated[str, Field(max_length=8)] = ""
    list_type: Annotated[str, Field(max_length=80)] = "todo"
    project_id: str | None = None
    entity_type: Annotated[str, Field(max_length=80)] | None = None
    is_shared: bool = False
    department_id: str | None = None


class SearchGroupChange(Body):
    """What changes of a group of searches."""

    name: Annotated[str, Field(max_length=200)] | None = None
    color: Annotated[str, Field(max_length=8)] | None = None
    is_shared: bool | None = None
    project_id: str | None = None
    department_id: str | None = None


class NewTemplate(Body):
    """A template to take from a production."""

    name: Name
    description: str | None = None


class TemplateTaskType(Body):
    """A task type of a template, with its options."""

    task_type_id: Name
    priority: WholeNumber | None = None
    hd_bitrate_compression: Bitrate | None = None
    ld_bitrate_compression: Bitrate | None = None
    is_client_visible: bool | None = None


class TemplateTaskStatus(Body):
    """A task status of a template, with its options."""

    task_status_id: Name
    priority: WholeNumber | None = None
    roles_for_board: list[BoardRole] | None = None
    is_client_allowed: bool | None = None


class TaskTypeOrder(Body):
    """The order of a template's task types."""

    task_type_ids: list[str]


class TaskStatusOrder(Body):
    """The order of a template's task statuses."""

    task_status_ids: list[str]


class SharedColumnChange(DescriptorChange):
    """What a metadata column is to be in all open productions."""

    entity_type: str


class SharedColumnOrder(Body):
    """The order of the metadata columns of one kind in all open productions."""

    entity_type: str
    field_order: Annotated[list[str], Field(min_length=1)]
