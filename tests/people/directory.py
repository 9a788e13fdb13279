"""A real LDAP server (slapd) for the tests, with a directory of a few people, in a process of its own."""

import shutil
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import ldap3

from tests.live import free_port

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/bin")
BASE = "ou=people,dc=studio,dc=example"
READER, PASSWORD = "cn=reader,dc=studio,dc=example", "the reader's password"
SCHEMAS = ("core", "cosine", "inetorgperson")


def configuration(folder: Path, certificate: tuple[str, str]) -> str:
    """slapd.conf: one database in the folder, whose own password is the reader's."""
    schema = next(path for path in (Path("/etc/ldap/schema"), Path("/etc/openldap/schema")) if path.exists())
    modules = next((path for path in (Path("/usr/lib/ldap"), Path("/usr/lib/openldap")) if path.exists()), None)
    lines = [f"include {schema}/{name}.schema" for name in SCHEMAS]
    if modules and (modules / "back_mdb.la").exists():
        lines += [f"modulepath {modules}", "moduleload back_mdb"]
    # inetOrgPerson has no place for these two, so directories add one.
    lines += [
        "objectclass ( 1.3.6.1.4.1.4203.666.11 NAME 'staff' SUP top AUXILIARY MAY ( organizationalStatus $ uniqueIdentifier ) )"
    ]
    lines += [
        f"pidfile {folder}/slapd.pid",
        f"TLSCertificateKeyFile {certificate[0]}",
        f"TLSCertificateFile {certificate[1]}",
        # As some directories are set up: a bind without a password then succeeds, as nobody.
        "allow bind_anon_cred bind_anon_dn",
        "database mdb",
        "maxsize 10485760",
        'suffix "dc=studio,dc=example"',
        f'rootdn "{READER}"',
        f'rootpw "{PASSWORD}"',
        f"directory {folder}",
    ]
    return "\n".join(lines) + "\n"


class Directory:
    """A running directory."""

    def __init__(self, port: int, secure_port: int, certificate: str) -> None:
        self.port, self.secure_port, self.certificate = port, secure_port, certificate
        server = ldap3.Server("127.0.0.1", port=port, get_info=ldap3.NONE, connect_timeout=5)
        self.link = ldap3.Connection(server, READER, PASSWORD, raise_exceptions=True)

    def wait(self) -> "Directory":
        """Waits until it answers."""
        deadline = time.monotonic() + 20
        while True:
            try:
                self.link.bind()
                return self
            except ldap3.core.exceptions.LDAPException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def clear(self) -> None:
        """An empty directory, with the place where people go."""
        with suppress(ldap3.core.exceptions.LDAPNoSuchObjectResult):
            self.link.search("dc=studio,dc=example", "(objectClass=*)", attributes=[])
        for name in sorted((row["dn"] for row in self.link.response or []), key=len, reverse=True):
            self.link.delete(name)
        self.link.add("dc=studio,dc=example", ["dcObject", "organization"], {"o": "Studio"})
        self.link.add(BASE, "organizationalUnit")

    def hire(self, login: str, password: str = "a password of the directory", **attributes) -> str:
        """Somebody in the directory; their name there."""
        name = f"uid={ldap3.utils.dn.escape_rdn(login)},{BASE}"
        values = {"cn": login.capitalize(), "sn": "Of Studio", "userPassword": password, "organizationalStatus": "active"}
        kinds = ["inetOrgPerson", "staff"]
        self.link.add(name, kinds, {key: value for key, value in (values | attributes).items() if value is not None})
        return name

    def change(self, login: str, **attributes) -> None:
        """Other values of somebody's attributes."""
        changes = {
            key: [(ldap3.MODIFY_REPLACE, value if isinstance(value, list) else [value])] for key, value in attributes.items()
        }
        self.link.modify(f"uid={login},{BASE}", changes)

    def dismiss(self, login: str) -> None:
        """Takes somebody out of the directory."""
        self.link.delete(f"uid={login},{BASE}")


@contextmanager
def running_directory(folder: Path, certificate: tuple[str, str]):
    """A directory for the time of the block; `certificate` are the files of a key and of its certificate."""
    (folder / "slapd.conf").write_text(configuration(folder, certificate))
    ports = free_port(), free_port()
    addresses = f"ldap://127.0.0.1:{ports[0]}/ ldaps://127.0.0.1:{ports[1]}/"
    command = [SLAPD, "-f", str(folder / "slapd.conf"), "-h", addresses, "-d", "0"]
    with (folder / "slapd.log").open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield Directory(*ports, certificate[1]).wait()
    finally:
        process.terminate()
        process.wait(20)
