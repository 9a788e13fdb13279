"""The studio's own directory (LDAP or Active Directory): whether a password is right, and who is in it."""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from ldap3 import BASE, NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPInvalidDnError
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

log = logging.getLogger("callboard.identity")
PAGE = 500  # entries that are asked for at once
PERSON = "(objectClass=person)"
COMPUTER = "(objectClass=computer)"
DISABLED = 2  # a bit of Active Directory's userAccountControl
RIGHT, WRONG_PASSWORD, BUSY = 0, 49, (51, 52, 80)  # result codes of the protocol


class DirectoryAway(Exception):
    """The directory can't be reached, or doesn't answer as asked; the message is for the log."""


@dataclass(frozen=True)
class Entry:
    """Somebody in the directory; `emails` holds their address first, then further ones, all in lower case."""

    login: str
    uid: str
    first_name: str
    last_name: str
    emails: tuple[str, ...]
    active: bool
    picture: bytes | None


def server() -> Server:
    """The directory's server, with its certificate checked unless the studio says otherwise."""
    checked = ssl.CERT_REQUIRED if settings.LDAP_VERIFY_CERTIFICATE else ssl.CERT_NONE
    secure = settings.LDAP_SSL or settings.LDAP_STARTTLS
    tls = Tls(validate=checked, ca_certs_file=settings.LDAP_CA_FILE or None) if secure else None
    return Server(
        settings.LDAP_HOST,
        port=settings.LDAP_PORT,
        use_ssl=settings.LDAP_SSL,
        tls=tls,
        get_info=NONE,
        connect_timeout=settings.LDAP_TIMEOUT,
    )


@contextmanager
def connection(name: str, password: str) -> Iterator[Connection]:
    """A connection that has yet to show these credentials. Raises DirectoryAway, also for whatever fails within the block."""
    try:
        link = Connection(
            server(),
            user=name,
            password=password,
            receive_timeout=settings.LDAP_TIMEOUT,
            auto_referrals=False,
            raise_exceptions=False,
            read_only=True,
        )
        link.open()
        if settings.LDAP_STARTTLS and not link.start_tls():
            raise DirectoryAway("the directory refuses STARTTLS")
        try:
            yield link
        finally:
            with suppress(LDAPException, OSError):
                link.unbind()
    except (LDAPException, OSError) as failure:
        raise DirectoryAway(f"{type(failure).__name__}: {str(failure)[:200]!r}") from None


def name_of(login: str) -> str:
    """The name under which a login is shown to the directory; whatever the login holds, it stays one part of it."""
    if settings.LDAP_IS_AD:
        return f"{settings.LDAP_DOMAIN}\\{login}"
    kind = "cn" if settings.LDAP_IS_AD_SIMPLE else "uid"
    return f"{kind}={escape_rdn(login)},{settings.LDAP_BASE_DN}"


def accepts(login: str, password: str) -> bool:
    """The directory takes the password for that login. An empty one asks for nobody in particular, and is never right.

    Raises DirectoryAway.
    """
    if not login or not password or "\x00" in login + password:
        return False
    with connection(name_of(login), password) as link:
        if link.bind():
            return True
        if link.result["result"] in BUSY:
            raise DirectoryAway(f"the directory answers {link.result['description']!r}")
        if link.result["result"] != WRONG_PASSWORD:
            log.warning("the directory refuses %r: %s", login, link.result["description"])
    return False


# Reading everybody


def login_attribute() -> str:
    """Where the directory keeps the name that people sign in by."""
    if settings.LDAP_IS_AD:
        return "sAMAccountName"
    return "cn" if settings.LDAP_IS_AD_SIMPLE else "uid"


def is_active_directory() -> bool:
    """The directory is Microsoft's."""
    return bool(settings.LDAP_IS_AD or settings.LDAP_IS_AD_SIMPLE)


def reader_name() -> str:
    """The name of the account that reads the directory."""
    if settings.LDAP_IS_AD_SIMPLE or "=" in settings.LDAP_USER:
        return settings.LDAP_USER
    return name_of(settings.LDAP_USER)


def people_in_directory() -> list[Entry]:
    """Everybody in the directory, but for excluded accounts. Raises DirectoryAway."""
    with connection(reader_name(), settings.LDAP_PASSWORD) as link:
        if not settings.LDAP_PASSWORD or not link.bind():
            raise DirectoryAway("the directory refuses LDAP_USER with LDAP_PASSWORD")
        rows = members(link) if settings.LDAP_GROUP and not is_active_directory() else list(search(link, everybody()))
    excluded = {name.lower() for name in settings.LDAP_EXCLUDED_ACCOUNTS}
    entries = [entry for row in rows if (entry := read_entry(row)) is not None]
    return [entry for entry in entries if entry.login.lower() not in excluded]


def everybody() -> str:
    """The filter for people, of the studio's group in an Active Directory where one is named."""
    if not is_active_directory():
        return PERSON
    member = f"(memberOf={escape_filter_chars(settings.LDAP_GROUP)})" if settings.LDAP_GROUP else ""
    return f"(&{PERSON}(!{COMPUTER}){member})"


def wanted() -> list[str]:
    """The attributes that are read."""
    names = ["cn", "givenName", "sn", "mail", login_attribute()]
    if is_active_directory():
        return [*names, "thumbnailPhoto", "objectGUID", "userAccountControl"]
    return [*names, "jpegPhoto", "uniqueIdentifier", "organizationalStatus"]


def search(
    link: Connection, asked: str, *, base: str = "", scope: str = SUBTREE, attributes: Any = None
) -> Iterator[dict[str, Any]]:
    """The entries of a search, page by page. Raises DirectoryAway."""
    found = link.extend.standard.paged_search(
        base or settings.LDAP_BASE_DN,
        asked,
        scope,
        attributes=wanted() if attributes is None else attributes,
        paged_size=PAGE,
        time_limit=settings.LDAP_TIMEOUT * 10,
        generator=True,
    )
    yield from (row for row in found if row["type"] == "searchResEntry")
    if link.result["result"] != RIGHT:
        raise DirectoryAway(f"the directory answers {link.result['description']!r} to {asked}")


def members(link: Connection) -> list[dict[str, Any]]:
    """The members of the studio's group. Raises DirectoryAway where there is no such group."""
    asked = f"(&(objectClass=groupOfUniqueNames)(cn={escape_filter_chars(settings.LDAP_GROUP)}))"
    groups = list(search(link, asked, attributes=["uniqueMember"]))
    if not groups:
        raise DirectoryAway(f"the directory has no group {settings.LDAP_GROUP!r}")
    names = {name for group in groups for name in texts(group, "uniqueMember")}
    rows: list[dict[str, Any]] = []
    for name in sorted(names):
        try:
            rows += search(link, PERSON, base=name, scope=BASE)
        except (DirectoryAway, LDAPInvalidDnError) as failure:
            log.warning("a member of the group can't be read: %s", failure)
    return rows


def values_of(row: dict[str, Any], name: str) -> list[bytes]:
    """The raw values of an attribute, whose name the directory may write in other letter case."""
    return next((list(found) for key, found in row["raw_attributes"].items() if key.lower() == name.lower()), [])


def texts(row: dict[str, Any], name: str) -> list[str]:
    """The values of an attribute as texts."""
    return [value.decode(errors="replace").replace("\x00", "").strip() for value in values_of(row, name)]


def first(row: dict[str, Any], *names: str) -> str:
    """The first value of the first attribute that has one, else an empty text."""
    return next((text for name in names for text in texts(row, name) if text), "")


def read_entry(row: dict[str, Any]) -> Entry | None:
    """Somebody as the directory has them; None for an entry without a login."""
    login = first(row, login_attribute())
    if not login:
        return None
    pictures = values_of(row, "thumbnailPhoto" if is_active_directory() else "jpegPhoto")
    return Entry(
        login=login,
        uid=identifier(row),
        first_name=first(row, "givenName", "cn"),
        last_name=first(row, "sn"),
        emails=ordered_emails(texts(row, "mail"), login),
        active=is_active(row),
        picture=next((picture for picture in pictures if picture), None),
    )


def identifier(row: dict[str, Any]) -> str:
    """What stays the same when somebody is renamed; an empty text where the directory has nothing like it."""
    if not is_active_directory():
        return first(row, "uniqueIdentifier")
    raw = next(iter(values_of(row, "objectGUID")), b"")
    return str(UUID(bytes_le=raw)) if len(raw) == 16 else ""


def is_active(row: dict[str, Any]) -> bool:
    """The account may be used. A directory that is not Microsoft's has to say so."""
    if not is_active_directory():
        return "active" in [text.lower() for text in texts(row, "organizationalStatus")]
    control = first(row, "userAccountControl")
    return not (control.isdigit() and int(control) & DISABLED)


def ordered_emails(emails: list[str], login: str) -> tuple[str, ...]:
    """Addresses in the order in which one is taken: the one that is the login, those of the studio, the others."""
    found = [email.lower() for email in emails if email] or [f"{login}@{settings.EMAIL_DOMAIN}".lower()]

    def rank(email: str) -> int:
        return 0 if email == login.lower() else 1 if email.endswith(f"@{settings.EMAIL_DOMAIN.lower()}") else 2

    return tuple(sorted(dict.fromkeys(found), key=rank))
