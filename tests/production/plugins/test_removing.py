"""What the commands remove, and what they list."""

import json

import pytest

from production.models import Plugin
from tests.production.plugins.folders import MANIFEST, events, left, make_source, refused, run, version_of_row

pytestmark = pytest.mark.django_db


def test_a_plugin_is_removed_with_its_row(home, source):
    run("install_plugin", source)
    assert "open-tasks is removed." in run("uninstall_plugin", "open-tasks")
    assert (left(home), Plugin.objects.count(), events()) == ([], 0, ["plugin:new", "plugin:delete"])
    assert refused("uninstall_plugin", "open-tasks") == "There is no plugin open-tasks."


@pytest.mark.parametrize("name", ["..", ".", "../source", "", ".lock", "/etc"])
def test_nothing_but_plugins_is_removed(home, source, name):
    run("install_plugin", source)
    assert refused("uninstall_plugin", name) == f"There is no plugin {name}."
    assert (source / "note.txt").exists() and left(home) == ["open-tasks"]


def test_what_is_half_there_can_be_removed(home, source):
    run("install_plugin", source)
    Plugin.objects.all().delete()
    run("uninstall_plugin", "open-tasks")
    assert left(home) == []
    Plugin.objects.create(plugin_id="row", name="Row", version="1", maintainer_name="x", license="MIT")
    run("uninstall_plugin", "row")
    assert not Plugin.objects.exists()


def test_a_removal_that_fails_leaves_all_as_it_was(home, source, monkeypatch):
    run("install_plugin", source)

    def fail(*args, **kwargs):
        raise RuntimeError("no space left")

    monkeypatch.setattr("production.rules.plugins.delete_row", fail)
    with pytest.raises(RuntimeError):
        run("uninstall_plugin", "open-tasks")
    assert (version_of_row(), (home / "open-tasks" / "note.txt").read_text()) == ("1.0.0", "of 1.0.0")


@pytest.fixture
def several(home, source):
    """One that is whole, one without a folder, one without a row, one that is broken, one that was changed by hand."""
    run("install_plugin", source)
    Plugin.objects.create(plugin_id="row", name="Row", version="1", maintainer_name="Bob", license="GPL-3.0-only")
    for plugin_id in ("folder", "changed"):
        make_source(home / plugin_id)
        text = MANIFEST.format(version="1.0.0").replace("open-tasks", plugin_id)
        (home / plugin_id / "manifest.toml").write_text(text)
    run("install_plugin", home / "changed")
    Plugin.objects.filter(plugin_id="changed").update(version="0.9.0")
    (home / "broken").mkdir()


def test_the_list_says_what_does_not_fit(several, home):
    listed = json.loads(run("list_plugins", "--format", "json"))
    assert {row["plugin_id"]: row["state"] for row in listed} == {
        "broken": f"broken: There is no manifest.toml in {home / 'broken'}.",
        "changed": "row and folder differ",
        "folder": "no row",
        "open-tasks": "installed",
        "row": "no folder",
    }
    lines = run("list_plugins").splitlines()
    assert lines[0].split() == ["plugin_id", "name", "version", "maintainer_name", "license", "state"]
    assert lines[4].split("  ")[0] == "open-tasks" and lines[4].endswith("installed")
    assert "ada@studio.example.com" in run("list_plugins", "--verbose")


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("plugin_id", "OPEN", ["open-tasks"]),
        ("name", "row", ["row"]),
        ("maintainer", "bob", ["row"]),
        ("license", "mit", ["changed", "folder", "open-tasks"]),
    ],
)
def test_the_list_is_narrowed(several, field, value, found):
    listed = json.loads(run("list_plugins", "--format", "json", "--filter-field", field, "--filter-value", value))
    assert [row["plugin_id"] for row in listed] == found


def test_an_empty_list_says_so():
    assert run("list_plugins") == "No plugins found matching the criteria.\n"
    assert run("list_plugins", "--format", "json") == "[]\n"
    assert "go together" in refused("list_plugins", "--filter-field", "name")
