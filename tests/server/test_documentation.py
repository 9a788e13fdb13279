"""What the documents say is so."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READ = re.compile(r'\b(?:text|number|flag|several)\(\s*"([A-Z0-9_]+)"')
READ_BY_OTHERS = {"FORWARDED_ALLOW_IPS"}


def test_every_variable_is_documented_and_every_documented_one_is_read():
    read = set(READ.findall((ROOT / "config" / "settings.py").read_text()))
    table = [line for line in (ROOT / "docs" / "configuration.md").read_text().splitlines() if line.startswith("| `")]
    documented = {name for line in table for name in re.findall(r"`([A-Z0-9_]+)`", line.split("|")[1])}
    assert read - documented == set()
    assert documented - read == READ_BY_OTHERS


def test_every_document_that_is_named_is_there():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} names {target}"


def test_every_make_target_that_is_named_is_there():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        named = set(re.findall(r"(?:^|[ `])make ([a-z]+)(?:`|$|  )", page.read_text(), re.M))
        assert named <= targets, f"{page.name} names {named - targets}"
