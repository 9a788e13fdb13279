"""What the values of a person must be like, beyond the types of their columns."""

from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from django.conf import settings
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from core.errors import BAD_FORMAT, RowRefused, WrongParameter
from core.models import now
from people.models import Person

DATE_FORMATS = ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY")
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
FACTORS = ("totp", "email_otp", "fido")
# Studios name their own networks so; directories have such addresses.
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name != "local"]


def codes(column: str) -> set[str]:
    """The codes of one of a person's columns."""
    field: Any = Person._meta.get_field(column)
    return {code for code, _ in field.choices or []}


def check_code(column: str, value: Any) -> str:
    """One of the column's codes. Raises WrongParameter."""
    if not isinstance(value, str) or value not in codes(column):
        raise WrongParameter(f"Invalid {column}")
    return value


@cache
def countries() -> set[str]:
    """The two letters of every country; they are looked up once, when somebody asks."""
    return {code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()} - NO_COUNTRIES


def check_country(value: Any) -> str | None:
    """A country's two letters in upper case; an empty text is none. Raises WrongParameter."""
    code = value.strip().upper() if isinstance(value, str) else value
    if not code and code in ("", None):
        return None
    if not isinstance(code, str) or code not in countries():
        raise WrongParameter("Invalid country code, expected an ISO 3166-1 alpha-2 code.")
    return code


def check_locale(value: Any) -> str | None:
    """A locale's name; an empty text is none. Raises WrongParameter."""
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str) or len(value) > 10:
            raise ValueError
        Locale.parse(value)
    except (ValueError, TypeError, UnknownLocaleError):
        raise WrongParameter("Invalid locale, expected a name available in Python Babel (e.g. en_US, fr_FR).") from None
    return value


def check_date_format(value: Any) -> str:
    """One of the ways to write a day. Raises WrongParameter."""
    if value not in DATE_FORMATS:
        raise WrongParameter(f"Invalid display_date_format, expected one of: {', '.join(DATE_FORMATS)}.")
    return value


def check_timezone(value: Any) -> str | None:
    """The name of a time zone. Raises RowRefused."""
    if value is not None and (not isinstance(value, str) or value not in available_timezones()):
        raise RowRefused(BAD_FORMAT)
    return value


def check_factor(value: Any) -> str | None:
    """A way to prove oneself beside the password. Raises WrongParameter."""
    if value is not None and value not in FACTORS:
        raise WrongParameter("Invalid two_factor_authentication")
    return value


def check_expiration(value: Any, former: date | None = None) -> date | None:
    """The last day of a token, not in the past unless it is the former one. Raises WrongParameter."""
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (ValueError, TypeError):
        raise WrongParameter("Expiration date is not valid.") from None
    if day < now().date() and day != former:
        raise WrongParameter("Expiration date can't be in the past.")
    return day


def check_address(value: Any, *, person: Person | None = None, is_bot: bool = False) -> str | None:
    """An e-mail address with its domain in lower case, which nobody else signs in by. Raises WrongParameter, RowRefused."""
    if value is None and (is_bot or (person is not None and person.email is None)):
        return None
    if not isinstance(value, str):
        raise RowRefused("email must be str or bytes")
    try:
        checked = settings.MAIL_CHECK_DELIVERABILITY
        email = validate_email(value, check_deliverability=checked, globally_deliverable=checked).normalized
    except EmailNotValidError as wrong:
        raise WrongParameter(str(wrong)) from None
    others = Person.objects.of_address(email).exclude(pk=person.pk if person else None)
    if not is_bot and others.exists():
        raise WrongParameter("Email already in use.")
    return email


CHECKS = {
    "role": lambda value: check_code("role", value),
    "contract_type": lambda value: check_code("contract_type", value),
    "country": check_country,
    "locale": check_locale,
    "display_date_format": check_date_format,
    "preferred_two_factor_authentication": check_factor,
    "timezone": check_timezone,
}


def checked_values(body: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    """A person's values as they were sent, cleaned where the API says how. Raises WrongParameter, RowRefused."""
    values = dict(body)
    for name, check in CHECKS.items():
        if name in values:
            values[name] = check(values[name])
    if "expiration_date" in values:
        day = check_expiration(values["expiration_date"], person.expiration_date if person else None)
        values["expiration_date"] = day and day.isoformat()
    if "email" in values:
        is_bot = bool(values.get("is_bot", person is not None and person.is_bot))
        values["email"] = check_address(values["email"], person=person, is_bot=is_bot)
    return values
