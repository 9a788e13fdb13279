"""What the environment may say, and what a server makes of values that make no sense."""

import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config.key_pairs import check_pair
from tests.live import ROOT
from tests.people.certificates import make_key

READERS = "address|choice|decimal|file|flag|locale|number|rate|several|text|zone"
KINDS = [
    ("a number", lambda: env.number("X", 1), "12", 12, "twelve", "X must be a whole number, not 'twelve'."),
    ("a number that is too small", lambda: env.number("X", 5, 2), "2", 2, "1", "X must be at least 2, not 1."),
    ("a fraction", lambda: env.decimal("X", 0.5, 0, 1), "0.25", 0.25, "a", "X must be a number, not 'a'."),
    ("a fraction that is too large", lambda: env.decimal("X", 0.5, 0, 1), "1", 1, "1.5", "X must be between 0 and 1, not 1.5."),
    ("no number at all", lambda: env.decimal("X", 0.5, 0, 1), "0", 0, "nan", "X must be between 0 and 1, not nan."),
    ("a truth value", lambda: env.flag("X", False), "Yes", True, "perhaps", "X must be true or false, not 'perhaps'."),
    ("a choice", lambda: env.choice("X", "a", ("a", "b")), "b", "b", "c", "X must be one of a, b, not 'c'."),
    (
        "an address",
        lambda: env.address("X"),
        "http://h:1/p",
        "http://h:1/p",
        "h/p",
        "X must be an address such as http://…, not 'h/p'.",
    ),
    (
        "a port",
        lambda: env.address("X"),
        "http://h",
        "http://h",
        "http://h:x",
        "X must be an address such as http://…, not 'http://h:x'.",
    ),
    ("a rate", lambda: env.rate("X", "1/day"), "none", "", "often", "X must be none or a rate such as 20/hour, not 'often'."),
    (
        "a time zone",
        lambda: env.zone("X", "UTC"),
        "Asia/Tokyo",
        "Asia/Tokyo",
        "Mars",
        "X must be a time zone such as Europe/Paris, not 'Mars'.",
    ),
    ("a locale", lambda: env.locale("X", "en"), "fr_FR", "fr_FR", "xx_", "X must be a locale such as en_US, not 'xx_'."),
]


@pytest.mark.parametrize(("read", "good", "value", "bad", "words"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS])
def test_a_value_that_makes_no_sense_is_named(monkeypatch, read, good, value, bad, words):
    monkeypatch.setenv("X", good)
    assert read() == value
    monkeypatch.setenv("X", bad)
    with pytest.raises(ImproperlyConfigured) as wrong:
        read()
    assert str(wrong.value) == words


@pytest.mark.parametrize("word", ["y", "YES", "t", "True", "on", "1"])
def test_there_are_many_ways_to_say_yes_and_as_many_to_say_no(monkeypatch, word):
    monkeypatch.setenv("X", word)
    assert env.flag("X", False) is True
    for no in ("n", "NO", "f", "False", "off", "0"):
        monkeypatch.setenv("X", no)
        assert env.flag("X", True) is False
    monkeypatch.setenv("X", "")
    assert env.flag("X", True) is True


def manage(tmp_path, *arguments, **variables):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    command = [sys.executable, "manage.py", *arguments]
    variables = {"DATA_DIR": str(tmp_path), **variables}
    return subprocess.run(command, cwd=ROOT, env=kept | variables, capture_output=True, text=True, timeout=240)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("SAML_ENABLED", "perhaps"),
        ("OIDC_DISCOVERY_URL", "idp"),
        ("AUTH_STRATEGY", "magic"),
        ("DATABASE_URL", "x"),
        ("SAML_KEY_FILE", "/nowhere/saml.key"),
        ("LDAP_CA_FILE", "/nowhere/ca.crt"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line(tmp_path, name, value):
    done = manage(tmp_path, "serve", **{name: value})
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Callboard can't start: {name} must be ")
    assert done.stdout == ""


def test_a_key_and_its_certificate_come_together_and_belong_together(tmp_path):
    key, certificate = make_key(tmp_path, "own")
    _, foreign = make_key(tmp_path, "foreign")
    check_pair(A="", B="")
    check_pair(A=key, B=certificate)
    for files, words in (
        ((key, ""), "B must be set where A is."),
        (("", certificate), "A must be set where B is."),
        ((certificate, certificate), "A must be an RSA key of at least 2048 bits in PEM form, without a passphrase"),
        ((key, key), "B must be a certificate in PEM form"),
        ((key, foreign), "B must be the certificate of A."),
    ):
        with pytest.raises(ImproperlyConfigured, match=f"^{words}"):
            check_pair(A=files[0], B=files[1])


def test_a_key_without_its_certificate_stops_the_start_with_one_line(tmp_path):
    key, _ = make_key(tmp_path, "own")
    done = manage(tmp_path, "serve", SAML_KEY_FILE=key)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["Callboard can't start: SAML_CERTIFICATE_FILE must be set where SAML_KEY_FILE is."]


def test_sign_on_that_lacks_what_it_needs_stops_the_start(tmp_path):
    done = manage(tmp_path, "serve", SAML_ENABLED="true", OIDC_ENABLED="true", PATH="/nowhere")
    assert done.returncode == 1
    for line in (
        "SAML_ENABLED needs SAML_METADATA_URL.",
        "SAML_ENABLED needs the program xmlsec1 on the PATH.",
        "OIDC_ENABLED needs OIDC_DISCOVERY_URL and OIDC_CLIENT_ID.",
    ):
        assert line in done.stderr
    assert not (tmp_path / "callboard.sqlite3").exists()


def test_the_documented_settings_of_a_studio_leave_nothing_to_object_to(tmp_path):
    text = (ROOT / "docs" / "operations.md").read_text()
    block = re.search(r"## In production\n[^#]*?\n\n((?:    \w+=\S+\n)+)", text)[1]
    variables = dict(line.strip().split("=", 1) for line in block.splitlines())
    assert {"DOMAIN_NAME", "DOMAIN_PROTOCOL"} <= set(variables)
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **{**variables, "DATA_DIR": str(tmp_path)})
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_every_variable_is_documented():
    code = "".join(path.read_text() for path in (ROOT / "config").rglob("*.py"))
    known = set(re.findall(rf'\b(?:{READERS})\(\s*"([A-Z0-9][A-Z0-9_]+)"', code))
    documented = set(re.findall(r"`([A-Z0-9][A-Z0-9_]+)`", (ROOT / "docs" / "configuration.md").read_text()))
    assert len(known) > 80
    assert known - documented == set()
