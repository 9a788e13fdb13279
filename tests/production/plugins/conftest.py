"""A studio without plugins, and the folder of one."""

import pytest

from tests.production.plugins.folders import make_source


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.PLUGIN_FOLDER = tmp_path / "plugins"
    return settings.PLUGIN_FOLDER


@pytest.fixture
def source(tmp_path):
    return make_source(tmp_path / "source")
