"""What the commands install and refuse, and that folder and row stay in step."""

import pytest

from events.models import ApiEvent
from production.models import Plugin
from tests.production.plugins.folders import MANIFEST, events, left, make_source, refused, run, version_of_row, zipped

pytestmark = pytest.mark.django_db


def test_a_folder_is_installed_with_its_row(home, source):
    (source / ".git").mkdir()
    (source / ".git" / "config").write_text("secret")
    assert "Open tasks 1.0.0 (open-tasks) is installed." in run("install_plugin", source)
    assert left(home) == ["open-tasks"]
    assert sorted(path.name for path in (home / "open-tasks").iterdir()) == ["manifest.toml", "note.txt"]
    row = Plugin.objects.values().get()
    told = {name: row[name] for name in row if name not in ("id", "created_at", "updated_at")}
    assert told == {
        "plugin_id": "open-tasks",
        "name": "Open tasks",
        "description": "Counts",
        "version": "1.0.0",
        "maintainer_name": "Ada Light",
        "maintainer_email": "ada@studio.example.com",
        "website": "https://studio.example.com",
        "license": "MIT",
        "revision": None,
        "frontend_project_enabled": True,
        "frontend_studio_enabled": False,
        "icon": "list",
    }
    event = ApiEvent.objects.get()
    assert (event.name, event.data) == ("plugin:new", {"plugin_id": str(row["id"])})


@pytest.mark.parametrize("top", ["", "open-tasks-1.0.0/"], ids=["plain", "in one folder"])
def test_a_zip_file_is_installed(home, tmp_path, top):
    members = [(f"{top}manifest.toml", MANIFEST.format(version="1.0.0")), (f"{top}frontend/dist/index.html", "page")]
    run("install_plugin", zipped(tmp_path / "a.zip", members))
    assert (home / "open-tasks" / "frontend" / "dist" / "index.html").read_text() == "page"
    assert version_of_row() == "1.0.0"


def test_a_newer_version_takes_the_place_of_an_older_one_and_force_of_any(home, tmp_path, source):
    run("install_plugin", source)
    make_source(source, "1.10.0", **{"new.txt": "new"})
    (source / "note.txt").unlink()
    run("install_plugin", source)
    assert (version_of_row(), sorted(path.name for path in (home / "open-tasks").iterdir())) == (
        "1.10.0",
        ["manifest.toml", "new.txt"],
    )
    make_source(source, "1.9.0")
    for version in ("1.10.0", "1.9.0"):
        make_source(source, version)
        assert f"Open tasks 1.10.0 is installed already: --force puts {version}" in refused("install_plugin", source)
    assert not (home / "open-tasks" / "note.txt").exists()
    run("install_plugin", source, "--force")
    assert (version_of_row(), (home / "open-tasks" / "note.txt").read_text()) == ("1.9.0", "of 1.9.0")
    assert events() == ["plugin:new", "plugin:update", "plugin:update"]
    assert left(home) == ["open-tasks"]


def test_a_folder_that_stands_there_already_gets_its_row(home):
    home.mkdir()
    make_source(home / "open-tasks")
    run("install_plugin", home / "open-tasks")
    assert (version_of_row(), left(home)) == ("1.0.0", ["open-tasks"])
    make_source(home / "other")
    assert refused("install_plugin", home / "other") == "The folder of open-tasks must have its id as its name."


def test_what_fails_at_the_very_end_leaves_all_as_it_was(home, source, monkeypatch):
    run("install_plugin", source)
    make_source(source, "2.0.0")

    def fail(*args, **kwargs):
        raise RuntimeError("no space left")

    monkeypatch.setattr("production.rules.plugins.update_row", fail)
    with pytest.raises(RuntimeError):
        run("install_plugin", source)
    assert (home / "open-tasks" / "note.txt").read_text() == "of 1.0.0"
    assert (version_of_row(), left(home), events()) == ("1.0.0", ["open-tasks"], ["plugin:new"])


def test_what_a_kill_left_is_put_in_order(home, source):
    run("install_plugin", source)
    (home / "open-tasks").rename(home / ".former-open-tasks")
    (home / ".new-abc").mkdir()
    (home / ".former-gone").mkdir()
    assert "is installed already" in refused("install_plugin", source)
    assert (home / "open-tasks" / "note.txt").read_text() == "of 1.0.0"
    assert left(home) == ["open-tasks"]


FAULTS = {
    'id = "../x"': "id: must be letters, digits, - and _ alone",
    'id = "a\\nb"': "id: must be letters, digits, - and _ alone",
    f'id = "{"x" * 81}"': "id: String should have at most 80 characters",
    'name = ""': "name: String should have at least 1 character",
    'name = "a\\u0000b"': "name: must not hold control characters",
    'version = "1.0"': "version: must be a semantic version such as 1.0.0",
    "version = 1.0": "version: Input should be a valid string",
    'maintainer = "Ada <nowhere>"': "maintainer: must be like Name <name@studio.example>",
    'maintainer = "<ada@studio.example.com>"': "maintainer: must be like Name <name@studio.example>",
    'website = "javascript:alert(1)"': "website: must be an address such as https://studio.example",
    'license = "Mine"': "license: must be an SPDX name such as MIT or GPL-3.0-only",
    'frontend_project_enabled = "yes"': "frontend_project_enabled: Input should be a valid boolean",
}


@pytest.mark.parametrize(("line", "words"), FAULTS.items(), ids=FAULTS)
def test_a_fault_of_the_manifest_is_named(home, source, line, words):
    key = line.split(" ")[0]
    lines = [line if old.startswith(f"{key} ") else old for old in MANIFEST.format(version="1.0.0").splitlines()]
    (source / "manifest.toml").write_text("\n".join(lines))
    assert words in refused("install_plugin", source)
    assert (left(home), Plugin.objects.count()) == ([], 0)


def test_all_faults_are_named_at_once(source):
    (source / "manifest.toml").write_text('name = "x"\nversion = "1"\n')
    words = refused("install_plugin", source)
    assert all(f"{name}: " in words for name in ("id", "version", "maintainer", "license"))


def test_code_that_can_not_be_loaded_is_not_installed(home, source):
    (source / "urls.py").write_text("import nothing_of_that_name\n")
    assert "urls.py fails: ModuleNotFoundError" in refused("install_plugin", source)
    assert (left(home), Plugin.objects.count()) == ([], 0)


def test_ids_that_differ_by_case_alone_are_refused(home, source):
    run("install_plugin", source)
    (source / "manifest.toml").write_text(MANIFEST.format(version="2.0.0").replace("open-tasks", "Open-Tasks"))
    assert "whose id is the same but for the case" in refused("install_plugin", source)
    assert left(home) == ["open-tasks"]


def test_nothing_and_links_are_refused(home, tmp_path, source):
    assert "neither a folder nor a zip file" in refused("install_plugin", tmp_path / "nothing")
    (source / "out").symlink_to("/etc/passwd")
    assert "is a link, or no plain file" in refused("install_plugin", source)
    (source / "out").unlink()
    (source / "out").symlink_to("/etc")
    assert "is a link, or no plain file" in refused("install_plugin", source)
    assert left(home) == []
