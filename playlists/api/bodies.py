"""What the playlists room's routes are sent."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from core.api.parsers import Body
from files.api.bodies import AnnotationChange
from tasks.api.bodies import Checklist

LONGEST_TEXT = 50_000


def none_for_empty(value: Any) -> Any:
    """An empty text means none."""
    return None if value == "" else value


OptionalId = Annotated[UUID | None, BeforeValidator(none_for_empty)]


class NewEntry(Body):
    """An entity for a playlist; without a preview its latest is taken."""

    entity_id: UUID
    preview_file_id: OptionalId = None


class NewEntries(Body):
    """Several of them."""

    entities: list[NewEntry] = Field(min_length=1)


class Selection(Body):
    """The tasks and entities of a playlist that is only looked at."""

    task_ids: list[UUID] = []
    entity_ids: list[UUID] = []


class Notice(Body):
    """Which clients are told that a playlist is ready: those of one studio or department, or all."""

    studio_id: OptionalId = None
    department_id: OptionalId = None


class NewShareLink(Body):
    """What a link to a playlist allows, until when; an empty password is none."""

    expiration_date: str | None = None
    can_comment: bool = True
    password: str | None = Field(None, max_length=200)


class Invitation(Body):
    """Who is invited to a shared playlist, by address or by being of the studio, and what is said to them."""

    emails: list[str] = Field([], max_length=200)
    person_ids: list[UUID] = Field([], max_length=200)
    message: str | None = Field("", max_length=5000)


class Visitor(Body):
    """Who looks at a shared playlist: a guest who was here before, or a name."""

    first_name: str | None = Field(None, max_length=80)
    last_name: str | None = Field(None, max_length=80)
    guest_id: OptionalId = None


class GuestAct(Body):
    """An act of a guest."""

    guest_id: UUID


class PerhapsGuestAct(Body):
    """An act of a guest who may have forgotten to say who they are."""

    guest_id: OptionalId = None


class GuestComment(GuestAct):
    """What a guest says about a task, and the status that it gets."""

    task_id: UUID
    task_status_id: UUID
    text: str = Field("", max_length=LONGEST_TEXT)
    checklist: Checklist = Field([], max_length=500)


class GuestEdit(GuestAct):
    """What a guest changes of a comment; what is not sent stays."""

    text: str | None = Field(None, max_length=LONGEST_TEXT)
    checklist: Annotated[list[dict[str, Any]] | None, Field(max_length=500)] = None
    task_status_id: OptionalId = None


class GuestAnnotations(GuestAct, AnnotationChange):
    """What a guest drew on a preview."""

    preview_file_id: UUID
