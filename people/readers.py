"""What clients see of the people room's rows."""

from django.db.models import F, Value
from django.db.models.functions import Concat, Trim

from core.projection import Projection
from people.models import (
    DayOff,
    Department,
    DesktopLoginLog,
    HardwareItem,
    HardwareItemDepartmentLink,
    LoginLog,
    Organisation,
    Person,
    SalaryScale,
    Software,
    SoftwareDepartmentLink,
    Studio,
)
from people.rules.persons import SECRETS

DEPARTMENT = Projection(Department)
STUDIO = Projection(Studio)
HARDWARE_ITEM = Projection(HardwareItem)
SOFTWARE = Projection(Software)
HARDWARE_LINK = Projection(HardwareItemDepartmentLink)
SOFTWARE_LINK = Projection(SoftwareDepartmentLink)
SALARY_SCALE = Projection(SalaryScale)
DAY_OFF = Projection(DayOff)
DAY_OFF_WITHOUT_REASON = Projection(DayOff, hidden=["description"])
DESKTOP_LOGIN_LOG = Projection(DesktopLoginLog)
LOGIN_LOG = Projection(LoginLog, hidden=["updated_at"])

ORGANISATION_SECRETS = ("chat_token_slack", "chat_webhook_mattermost", "chat_token_discord")
ORGANISATION = Projection(Organisation)
ORGANISATION_WITHOUT_SECRETS = Projection(Organisation, hidden=ORGANISATION_SECRETS)

CLIENT_COLUMNS = ("id", "first_name", "last_name", "has_avatar", "active", "role", "is_bot")
MINIMAL_COLUMNS = (*CLIENT_COLUMNS, "studio_id", "desktop_login")


def full_name() -> Trim:
    """First and last name; where one is empty, the other alone."""
    return Trim(Concat(F("first_name"), Value(" "), F("last_name")))


def person_form(*columns: str, hidden: tuple[str, ...] = (), relations: tuple[str, ...] = ("departments",)) -> Projection:
    """A projection of persons that shows these columns, or all but the hidden ones."""
    everything = {field.attname for field in Person._meta.concrete_fields}
    left_out = everything - set(columns) if columns else set(hidden)
    return Projection(Person, relations=relations, hidden=left_out, computed={"full_name": full_name()})


# The forms of a person, from the fullest: what managers of the studio see, what colleagues see, what clients see.
PERSON = person_form(hidden=SECRETS)
PERSON_WITH_PASSWORD = person_form(hidden=tuple(name for name in SECRETS if name != "password"))
PERSON_MINIMAL = person_form(*MINIMAL_COLUMNS)
PERSON_FOR_CLIENTS = person_form(*CLIENT_COLUMNS, relations=())
PERSON_SHORT = person_form("id", "first_name", "last_name", "has_avatar", "role", relations=())


def list_form(person: Person) -> Projection:
    """The form in which this person sees others in lists."""
    if person.is_admin:
        return PERSON
    return PERSON_FOR_CLIENTS if person.role == "client" else PERSON_MINIMAL


def single_form(person: Person) -> Projection:
    """The form in which this person sees somebody alone, in a team or in the context."""
    return PERSON if person.role == "manager" else list_form(person)


def organisation_form(person: Person) -> Projection:
    """The studio as this person sees it: its chat tokens are for managers of the studio."""
    return ORGANISATION if person.is_admin else ORGANISATION_WITHOUT_SECRETS
