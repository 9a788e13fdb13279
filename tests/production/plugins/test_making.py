"""Plugins to begin with, and their packages."""

import pytest

from production.models import Plugin
from tests.production.plugins.folders import refused, run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("more", [(), ("--frontend",)])
def test_a_plugin_to_begin_with_can_be_packed_and_installed(home, tmp_path, more):
    run("create_plugin", tmp_path, "--id", "mine", "--name", 'The "mine"', "--website", "https://a.example", *more)
    run("package_plugin", tmp_path / "mine", "--output", tmp_path / "mine.zip")
    assert "is there already" in refused("package_plugin", tmp_path / "mine", "--output", tmp_path / "mine.zip")
    run("package_plugin", tmp_path / "mine", "--output", tmp_path / "mine.zip", "--force")
    run("install_plugin", tmp_path / "mine.zip")
    row = Plugin.objects.get()
    assert (row.plugin_id, row.name, row.version, row.frontend_studio_enabled) == ("mine", 'The "mine"', "0.1.0", bool(more))
    assert (home / "mine" / "frontend" / "dist" / "index.html").exists() == bool(more)


def test_what_would_be_no_plugin_is_not_made(tmp_path, source):
    assert "license: must be an SPDX name" in refused("create_plugin", tmp_path, "--id", "mine", "--license", "Mine")
    assert not (tmp_path / "mine").exists()
    assert "id: must be letters" in refused("create_plugin", tmp_path, "--id", "../mine")
    run("create_plugin", tmp_path, "--id", "mine")
    assert "is there already" in refused("create_plugin", tmp_path, "--id", "mine")
    (source / "handlers.py").write_text("event_map = 3\n")
    assert "handlers.py must have event_map" in refused("package_plugin", source, "--output", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
