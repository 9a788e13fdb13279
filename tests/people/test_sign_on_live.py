"""Signing on to a running server that was set up by its environment, as a browser does, with peers that are real."""

import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.live import live_server
from tests.people import directory as peers
from tests.people.openid_provider import CLIENT
from tests.people.peers import python_peer
from tests.people.saml_provider import SITE

CHROME = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"}


class Browser(requests.Session):
    """Keeps cookies, and takes the studio's address for that of the server."""

    def __init__(self, base):
        super().__init__()
        self.base = base
        self.headers.update(CHROME)

    def visit(self, address, method="GET", **more):
        """One request, whose redirect is not followed."""
        return self.request(method, address.replace(SITE, self.base), allow_redirects=False, timeout=60, **more)

    def person(self):
        """The address of whoever is signed in, asked twice: before and after a refresh."""
        before = self.visit(f"{SITE}/api/auth/authenticated").json()
        assert self.visit(f"{SITE}/api/auth/refresh-token").json() == {"refresh": True}
        assert self.visit(f"{SITE}/api/auth/authenticated").json() == before
        return before["user"]["email"]


def told_about_it(base):
    config = requests.get(f"{base}/config", timeout=30).json()
    return [config[name] for name in ("saml_enabled", "saml_idp_name", "oidc_enabled", "oidc_idp_name")]


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="xmlsec1 is not installed: it checks the signatures of SAML")
def test_a_browser_signs_on_by_both_protocols_and_stays_signed_in(tmp_path):
    with python_peer("tests.people.saml_provider", str(tmp_path)) as saml, python_peer("tests.people.openid_provider") as oidc:
        variables = {
            "DOMAIN_PROTOCOL": "http",
            "DOMAIN_NAME": SITE.removeprefix("http://"),
            "SAML_ENABLED": "true",
            "SAML_IDP_NAME": "Studio",
            "SAML_METADATA_URL": f"http://127.0.0.1:{saml}/metadata",
            "OIDC_ENABLED": "true",
            "OIDC_IDP_NAME": "House",
            "OIDC_DISCOVERY_URL": f"http://127.0.0.1:{oidc}",
            "OIDC_CLIENT_ID": CLIENT[0],
            "OIDC_CLIENT_SECRET": CLIENT[1],
        }
        with live_server(tmp_path, **variables) as server:
            assert told_about_it(server.base) == [True, "Studio", True, "House"]
            browser = Browser(server.base)
            there = browser.visit(f"{SITE}/api/auth/saml/login")
            assert urlsplit(there.headers["Location"]).port == saml
            said = {"email": "grace@studio.example", "attributes": {"first_name": ["Grace"], "last_name": ["Hopper"]}}
            answer = requests.post(f"http://127.0.0.1:{saml}/answer", json=said, timeout=30).text
            home = browser.visit(
                f"{SITE}/api/auth/saml/sso", "POST", data={"SAMLResponse": answer, "RelayState": "https://evil.example"}
            )
            assert (home.status_code, home.headers["Location"]) == (302, f"{SITE}/")
            assert browser.person() == "grace@studio.example"
            replayed = Browser(server.base).visit(f"{SITE}/api/auth/saml/sso", "POST", data={"SAMLResponse": answer})
            assert replayed.status_code == 400

            browser = Browser(server.base)
            there = browser.visit(f"{SITE}/api/auth/oidc/login")
            back = requests.get(there.headers["Location"], allow_redirects=False, timeout=30).headers["Location"]
            home = browser.visit(back)
            assert (home.status_code, home.headers["Location"]) == (302, f"{SITE}/")
            assert browser.person() == "ada@studio.example"
            secrets = [answer, *parse_qs(urlsplit(back).query)["code"], CLIENT[1]]
            assert not [secret for secret in secrets if secret in server.log.read_text()]


def test_the_directory_is_followed_and_asked_by_a_running_server(tmp_path, slapd):
    slapd.clear()
    slapd.hire("ada", mail="ada@studio.example")
    variables = {
        "AUTH_STRATEGY": "auth_remote_ldap",
        "LDAP_FALLBACK": "true",
        "LDAP_HOST": "127.0.0.1",
        "LDAP_PORT": str(slapd.secure_port),
        "LDAP_SSL": "true",
        "LDAP_CA_FILE": slapd.certificate,
        "LDAP_BASE_DN": peers.BASE,
        "LDAP_USER": peers.READER,
        "LDAP_PASSWORD": peers.PASSWORD,
    }
    with live_server(tmp_path, **variables) as server:
        assert server.login()
        said = server.run(
            "import io; from django.core.management import call_command\nout = io.StringIO()\n"
            "call_command('sync_ldap', stdout=out); answer(out.getvalue())"
        )
        assert re.match(r"User ada created\.\n1 created, ", said)
        assert server.login("ada", "a password of the directory")
        log = server.log.read_text()
    assert "a password of the directory" not in log
