"""Rules that the code itself keeps."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = ("core", "events", "people", "production", "assets", "tasks", "chat", "files", "playlists", "imports")
MODULES = sorted(p for room in ROOMS for p in (settings.BASE_DIR / room).rglob("*.py") if "migrations" not in p.parts)


def named(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


@pytest.mark.parametrize("path", [p for p in MODULES if "rules" in p.parts], ids=named)
def test_rules_know_no_http(path):
    http = {module for module in imports(path) if module.startswith(("rest_framework", "django.http", "django.shortcuts"))}
    assert not {module for module in http if not module.startswith("rest_framework_simplejwt")}


@pytest.mark.parametrize("path", [p for p in MODULES if "api" in p.parts or p.name == "admin.py"], ids=named)
def test_events_leave_from_rules_alone(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert "emit" not in {call.func.id for call in calls if isinstance(call.func, ast.Name)}


def test_every_module_opens_with_a_sentence():
    assert not [named(path) for path in MODULES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))]


def test_no_room_has_a_drawer_for_odds_and_ends():
    assert not [named(path) for path in MODULES if path.stem in ("utils", "helpers", "common", "misc")]
