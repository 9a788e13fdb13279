"""What an identity provider says about somebody."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

JOURNEY_LIFETIME = timedelta(minutes=10)  # from setting out to an OpenID provider until coming back


class IdentityRefused(Exception):
    """What came as the word of an identity provider is not to be believed; the message is for the log alone."""


class AddressRefused(IdentityRefused):
    """The provider is believed, but the address that it tells does not do; the message is for the person."""


@dataclass(frozen=True)
class Identity:
    """Somebody by the word of an identity provider.

    `kind` is `saml` or `oidc`. With a `subject`, the account is bound to issuer and subject; without, the address alone counts.
    `values` are columns of a person that the provider told; `departments` and `studio` are ids or names.
    """

    kind: str
    issuer: str
    email: str
    subject: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    departments: tuple[str, ...] | None = None
    studio: str | None = None
