"""What a plugin says of itself: its `manifest.toml`, read and checked."""

import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError as WrongAddress
from django.core.validators import validate_email
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationError
from semver import Version

from core.errors import Refusal

MANIFEST = "manifest.toml"
LONGEST_MANIFEST = 64 * 1024


class PluginRefused(Refusal):
    """A plugin is not as plugins are, or can't be installed or removed; the message says why."""


def plain(value: str) -> str:
    """A text without control characters, which no line of a list could show."""
    if any(not character.isprintable() for character in value.replace("\n", "")):
        raise ValueError("must not hold control characters")
    return value


def semantic(value: str) -> str:
    """A version of https://semver.org."""
    try:
        return str(Version.parse(value))
    except ValueError:
        raise ValueError("must be a semantic version such as 1.0.0") from None


def licence(value: str) -> str:
    """A licence, or several, by their SPDX names."""
    try:
        return canonicalize_license_expression(value)
    except InvalidLicenseExpression:
        raise ValueError("must be an SPDX name such as MIT or GPL-3.0-only") from None


def site(value: str) -> str:
    """An address that a browser may be sent to; empty counts as none."""
    try:
        parts = urlsplit(value)
        fits = not value or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("must be an address such as https://studio.example")
    return value


def caretaker(value: str) -> str:
    """`Name <mail>`, or a name alone."""
    name, address = named(value)
    try:
        if address is not None:
            validate_email(address)
    except WrongAddress:
        name = ""
    if not name:
        raise ValueError("must be like Name <name@studio.example>")
    return value


def named(maintainer: str) -> tuple[str, str | None]:
    """Name and address of a maintainer."""
    if "<" not in maintainer:
        return maintainer, None
    return parseaddr(maintainer)


Plain = AfterValidator(plain)


class Manifest(BaseModel):
    """A plugin's name, version, maintainer and licence, and for which pages of the web client it has some of its own."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    id: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    name: Annotated[str, Field(min_length=1, max_length=80), Plain]
    description: Annotated[str, Plain] | None = None
    version: Annotated[str, Field(max_length=50), AfterValidator(semantic)]
    maintainer: Annotated[str, Field(max_length=200), Plain, AfterValidator(caretaker)]
    website: Annotated[str, Field(max_length=500), Plain, AfterValidator(site)] | None = None
    license: Annotated[str, Field(max_length=80), AfterValidator(licence)]
    frontend_project_enabled: StrictBool = False
    frontend_studio_enabled: StrictBool = False
    icon: Annotated[str, Field(max_length=255), Plain] | None = None

    @property
    def has_frontend(self) -> bool:
        """It has pages for the web client."""
        return self.frontend_project_enabled or self.frontend_studio_enabled

    @property
    def columns(self) -> dict[str, Any]:
        """The values of its row."""
        name, address = named(self.maintainer)
        kept = self.model_dump(exclude={"id", "maintainer"})
        kept["website"] = kept["website"] or None
        return {"plugin_id": self.id, **kept, "maintainer_name": name, "maintainer_email": address}


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a plugin's folder. Raises PluginRefused with all that is wrong with it."""
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_MANIFEST + 1)
    except OSError:
        raise PluginRefused(f"There is no {MANIFEST} in {folder}.") from None
    if len(content) > LONGEST_MANIFEST:
        raise PluginRefused(f"{MANIFEST} is longer than {LONGEST_MANIFEST // 1024} KiB.")
    try:
        values = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PluginRefused(f"{MANIFEST} can't be read: {error}.") from None
    return checked(values)


def checked(values: dict[str, Any]) -> Manifest:
    """The manifest that the values make. Raises PluginRefused with all that is wrong with them."""
    try:
        return Manifest.model_validate(values)
    except ValidationError as failure:
        faults = [f"{'.'.join(map(str, e['loc']))}: {words_of(e)}" for e in failure.errors()]
        raise PluginRefused(f"{MANIFEST}: {'; '.join(faults)}.") from None


def words_of(error: Any) -> str:
    """What is wrong with a value."""
    if error["type"] == "string_pattern_mismatch":
        return "must be letters, digits, - and _ alone"
    return error["msg"].removeprefix("Value error, ")  # type: ignore[no-any-return]
