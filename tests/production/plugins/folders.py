"""Plugins as folders and zip files, and the commands that take them."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from events.models import ApiEvent
from production.models import Plugin

MANIFEST = """
id = "open-tasks"
name = "Open tasks"
description = "Counts"
version = "{version}"
maintainer = "Ada Light <ada@studio.example.com>"
website = "https://studio.example.com"
license = "mit"
frontend_project_enabled = true
icon = "list"
added_by_others = 3
"""
GOOD = ("manifest.toml", MANIFEST.format(version="1.0.0"))


def run(name, *arguments):
    output = io.StringIO()
    call_command(name, *map(str, arguments), stdout=output)
    return output.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    return str(refusal.value)


def make_source(folder, version="1.0.0", **more):
    folder.mkdir(exist_ok=True)
    (folder / "manifest.toml").write_text(MANIFEST.format(version=version))
    for name, content in {"note.txt": f"of {version}", **more}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member, content in members:
            file.writestr(member, content)
    return path


def version_of_row():
    return Plugin.objects.values_list("version", flat=True).get()


def left(home):
    """What stands in the folder, beside the commands' lock."""
    return sorted(path.name for path in home.iterdir() if path.name != ".lock") if home.exists() else []


def events():
    return list(ApiEvent.objects.filter(name__startswith="plugin:").order_by("created_at").values_list("name", flat=True))
