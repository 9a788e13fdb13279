"""Bodies of the routes of this room that take known fields."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from core.api.parsers import Body
from people.rules.passwords import NO_MATCH
from people.rules.sign_in import DEFAULT_PASSWORD

WRONG_DATE = "Wrong date format. Expected: 2020-01-05T13:23:10 or 2020-01-05"


class LoginSchema(Body):
    """Who wants in: an address or desktop login, the password, and a second factor where one is due."""

    email: str = Field(min_length=1)
    password: str = DEFAULT_PASSWORD
    totp: str | None = None
    email_otp: str | None = None
    recovery_code: str | None = None
    fido_authentication_response: dict[str, Any] | None = None


class ChangePasswordSchema(Body):
    """One's own new password."""

    old_password: str = Field(min_length=1)
    password: str = Field(min_length=1)
    password_2: str = Field(min_length=1)


class AskForResetSchema(Body):
    """Whose password was forgotten."""

    email: str = Field(min_length=1)


class ResetPasswordSchema(Body):
    """A new password, with the secret that was sent."""

    email: str = Field(min_length=1)
    token: str = Field(min_length=1)
    password: str = Field(min_length=1)
    password2: str = Field(min_length=1)


class RegistrationSchema(Body):
    """Somebody who wants to join the studio."""

    email: str = Field(min_length=1)
    password: str = Field(min_length=1)
    password_2: str = Field(min_length=1)
    first_name: str = Field(min_length=1, max_length=80)
    last_name: str = Field(min_length=1, max_length=80)


class PasswordOfPersonSchema(Body):
    """Somebody's new password."""

    password: str = Field(min_length=1)
    password_2: str = Field(min_length=1)

    @model_validator(mode="after")
    def repeated_alike(self) -> "PasswordOfPersonSchema":
        """Both are the same."""
        if self.password != self.password_2:
            raise ValueError(NO_MATCH)
        return self


class DepartmentSchema(Body):
    """A department."""

    department_id: UUID


class HardwareItemSchema(Body):
    """A hardware item."""

    hardware_item_id: UUID


class SoftwareSchema(Body):
    """A software licence."""

    software_id: UUID


class ArrivalSchema(Body):
    """When a person arrived at their desk; now, unless it says otherwise."""

    date: datetime | None = None

    @field_validator("date", mode="before")
    @classmethod
    def known_form(cls, value: Any) -> datetime | None:
        """A day, or a moment to the second."""
        if value is None:
            return None
        for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
            try:
                return datetime.strptime(value, form)
            except (ValueError, TypeError):
                continue
        raise ValueError(WRONG_DATE)
