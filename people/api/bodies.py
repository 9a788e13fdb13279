"""Bodies of the routes of this room that take known fields."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from core.api.parsers import Body
from core.api.values import as_datetime
from core.errors import WrongParameter
from people.rules.passwords import NO_MATCH
from people.rules.second_factors import Proof
from people.rules.security_keys import Challenge
from people.rules.sign_in import DEFAULT_PASSWORD

WRONG_DATE = "Wrong date format. Expected: 2020-01-05T13:23:10 or 2020-01-05"


class ProofSchema(Body):
    """What proves who somebody is, beside a password or a session: one of these."""

    totp: str | None = None
    email_otp: str | None = None
    fido_authentication_response: dict[str, Any] | None = None
    recovery_code: str | None = None

    def proof(self, challenge: Challenge | None) -> Proof:
        """The proof; `challenge` is what the browser was given for its key to sign."""
        return Proof(
            totp=self.totp,
            email_otp=self.email_otp,
            fido=self.fido_authentication_response,
            recovery_code=self.recovery_code,
            challenge=challenge,
        )


class KeyProofSchema(ProofSchema):
    """Which security key shall go, and a proof."""

    device_name: str = Field(min_length=1)


class TotpSchema(Body):
    """What the app shows."""

    totp: str


class EmailCodeSchema(Body):
    """What was sent by e-mail."""

    email_otp: str


class NewKeySchema(Body):
    """What a new security key answered, and how it shall be called."""

    registration_response: dict[str, Any]
    device_name: str = Field(min_length=1, max_length=255)


class AppCodeSchema(Body):
    """The digest of the secret that a desktop application keeps."""

    code_challenge: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")


class AppTokenSchema(Body):
    """The code that the browser was given, and the secret that the application kept."""

    code: str = Field(min_length=1, max_length=128)
    code_verifier: str = Field(pattern=r"^[A-Za-z0-9._~-]{43,128}$")


class LoginSchema(ProofSchema):
    """Who wants in: an address or desktop login, the password, and a second factor where one is due."""

    email: str = Field(min_length=1)
    password: str = DEFAULT_PASSWORD


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


class OwnArrivalSchema(Body):
    """When one arrived at one's own desk; now, unless it says otherwise."""

    date: datetime | None = None

    @field_validator("date", mode="before")
    @classmethod
    def any_moment(cls, value: Any) -> datetime | None:
        """Any ISO 8601 moment or day: programs send what their language writes, parts of seconds included."""
        try:
            return None if value is None else as_datetime(value, WrongParameter(WRONG_DATE))
        except WrongParameter:
            raise ValueError(WRONG_DATE) from None
