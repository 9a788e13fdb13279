"""The plugin that one begins with."""

import json
from html import escape
from pathlib import Path

from production.plugins.manifest import PluginRefused

URLS = '''"""What the plugin answers, below /plugins/{id}/."""

from django.urls import path
from rest_framework.response import Response

from core.api.views import ApiViewSet
from people.permissions import any_person


class HelloViewSet(ApiViewSet):
    """A greeting."""

    access = {{"greet": any_person}}

    def greet(self, request):
        """For anyone signed in."""
        return Response({{"hello": request.user.first_name}})


routes = [path("hello", HelloViewSet.as_view({{"get": "greet"}}))]
'''
HANDLERS = '''"""What the plugin does when something has happened."""


def task_was_made(data):
    """`data` is the event's payload, here with `task_id` and `project_id`."""


event_map = {"task:new": task_was_made}
'''
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>{name}</title>
<h1>{name}</h1>
"""


def write_skeleton(folder: Path, values: dict[str, str], *, with_pages: bool) -> None:
    """Write a new plugin into a folder that must not be there yet. Raises PluginRefused."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    if with_pages:
        lines += ["frontend_project_enabled = false", "frontend_studio_enabled = true"]
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise PluginRefused(f"{folder} is there already.") from None
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n")
    (folder / "urls.py").write_text(URLS.format(id=values["id"]))
    (folder / "handlers.py").write_text(HANDLERS)
    if with_pages:
        (folder / "frontend" / "dist").mkdir(parents=True)
        (folder / "frontend" / "dist" / "index.html").write_text(PAGE.format(name=escape(values["name"])))
