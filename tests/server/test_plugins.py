"""Plugins: what the server makes of their folders when it starts, and of requests for what they bring."""

import importlib
import logging
import os
import re
import sys

import pytest
from django.urls import clear_url_caches

import config.urls
from config.apps import BackOffice
from events.emit import emit
from events.handlers import handlers
from production.plugins.loading import loaded
from tests.live import ROOT
from tests.makers import make_project, make_task

MANIFEST = """
id = "{id}"
name = "Open tasks"
version = "1.0.0"
maintainer = "Ada Light <ada@studio.example.com>"
license = "MIT"
"""
HELLO = """
from django.urls import path
from rest_framework.response import Response
from core.api.views import ApiViewSet
from people.permissions import is_admin

class Hello(ApiViewSet):
    access = {"greet": is_admin}

    def greet(self, request):
        return Response({"hello": request.user.first_name})

routes = [path("hello", Hello.as_view({"get": "greet"}))]
"""
FRONTEND = "frontend_studio_enabled = true\n"


def text(answer):
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


@pytest.fixture
def home(tmp_path, settings):
    settings.PLUGIN_FOLDER = tmp_path / "plugins"
    settings.PLUGIN_FOLDER.mkdir()
    yield settings.PLUGIN_FOLDER
    handlers.clear()
    loaded.clear()
    for name in [name for name in sys.modules if name.startswith("callboard_plugin_")]:
        del sys.modules[name]
    mount()


def mount():
    """The addresses as a process has them that starts now."""
    importlib.reload(config.urls)
    clear_url_caches()


def start():
    """Loads plugins as the start of a process does."""
    BackOffice.load_plugins()
    mount()


def plugin(home, plugin_id="open-tasks", more="", **modules):
    folder = home / plugin_id
    folder.mkdir()
    (folder / "manifest.toml").write_text(MANIFEST.format(id=plugin_id) + more)
    for name, content in modules.items():
        (folder / f"{name}.py").write_text(content)
    return folder


def documented(kind):
    """The example of docs/plugins.md."""
    return re.findall(rf"```{kind}\n(.*?)```", (ROOT / "docs" / "plugins.md").read_text(), re.S)


def test_the_documented_example_answers_the_team_alone(home, api, cast):
    folder = home / "open-tasks"
    folder.mkdir()
    (folder / "manifest.toml").write_text(documented("toml")[0])
    (folder / "urls.py").write_text(documented("python")[0])
    make_task(cast.project)
    start()
    path = f"/plugins/open-tasks/productions/{cast.project.pk}/open-tasks"
    assert api.by(cast.user).get(path).json() == {"open": 1}
    assert api.by(cast.user).get(f"/api{path}/").json() == {"open": 1}
    assert api.by(cast.outsider).get(path).status_code == 403
    assert api.by(None).get(path).status_code == 401
    assert api.by(cast.user).post(path).status_code == 405
    assert api.get("/plugins/open-tasks/productions/abc/open-tasks").status_code == 404
    assert api.get(f"/plugins/open-tasks/productions/{make_project(name='Other').pk}/open-tasks").json() == {"open": 0}


def test_the_documented_handler_hears_of_events(home, db, settings, capsys, django_capture_on_commit_callbacks):
    settings.ENABLE_JOB_QUEUE = False
    plugin(home, handlers=documented("python")[1])
    plugin(home, "broken-ears", handlers="def fail(data):\n    raise ValueError\nevent_map = {'task:new': fail}\n")
    start()
    with django_capture_on_commit_callbacks(execute=True):
        emit("task:new", {"task_id": "x"})
        emit("asset:new", {"asset_id": "y"})
    assert capsys.readouterr().out == "A new task: x\n"


def test_modules_of_the_folder_are_imported_relatively_and_init_is_never_run(home, api):
    plugin(home, urls="from .hello import routes\n", hello=HELLO, __init__="import flask_of_another_server\n")
    start()
    assert api.get("/plugins/open-tasks/hello").json() == {"hello": "Admin"}


BROKEN = {
    "no manifest": (None, {}, "There is no manifest.toml"),
    "no toml": ("id = ", {}, "manifest.toml can't be read"),
    "a module that fails": ("", {"urls": "import nothing_of_that_name\n"}, "urls.py fails: ModuleNotFoundError"),
    "a module that ends the process": ("", {"urls": "raise SystemExit(3)\n"}, "urls.py fails: SystemExit: 3"),
    "a fault of syntax": ("", {"handlers": "def\n"}, "handlers.py fails: SyntaxError"),
    "no routes": ("", {"urls": "x = 1\n"}, "urls.py must have routes, a list"),
    "odd routes": ("", {"urls": "routes = ['hello']\n"}, "must be made by django.urls.path"),
    "included routes": (
        "",
        {"urls": "from django.urls import include, path\nroutes = [path('x', include([]))]\n"},
        "without include",
    ),
    "an expression": (
        "",
        {"urls": HELLO.replace("path(", "re_path(").replace("import path", "import re_path")},
        "made by django.urls",
    ),
    "a plain view": ("", {"urls": "from django.urls import path\nroutes = [path('x', print)]\n"}, "must lead to an ApiViewSet"),
    "an action for nobody": ("", {"urls": HELLO.replace('{"greet": is_admin}', "{}")}, "does not say in access who may greet"),
    "an action for a word": ("", {"urls": HELLO.replace("is_admin}", "'admin'}")}, "does not say in access who may greet"),
    "a slash too many": ("", {"urls": HELLO.replace('"hello", H', '"hello/", H')}, "hello/ must be words and parameters"),
    "an empty path": ("", {"urls": HELLO.replace('"hello", H', '"", H')}, "an empty path must be"),
    "a path of many parts": ("", {"urls": HELLO.replace('"hello", H', '"<path:x>", H')}, "must be words and parameters"),
    "the pages' path": ("", {"urls": HELLO.replace('"hello", H', '"frontend/x", H')}, "is where the plugin's pages are"),
    "a table of its own": (
        "",
        {"urls": "from django.db import models\nclass A(models.Model): pass\n"},
        "urls.py fails: RuntimeError",
    ),
    "handlers that can't be called": ("", {"handlers": "event_map = {'task:new': 3}\n"}, "not 'task:new'"),
    "another id": ('id = "other"\n', {}, "The folder of other must have its id as its name"),
}


@pytest.mark.parametrize(("manifest", "modules", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_logged_and_left_out_whole(home, api, caplog, manifest, modules, words):
    folder = plugin(home, "broken", FRONTEND, **modules)
    if manifest is None:
        (folder / "manifest.toml").unlink()
    elif manifest:
        (folder / "manifest.toml").write_text(MANIFEST.format(id="other") if "other" in manifest else manifest)
    pages = folder / "frontend" / "dist"
    pages.mkdir(parents=True)
    (pages / "index.html").write_text("page")
    plugin(home, "whole", urls=HELLO)
    with caplog.at_level(logging.ERROR, "callboard.plugins"):
        start()
    assert words in caplog.text
    assert list(loaded) == ["whole"]
    assert not [name for name in sys.modules if name.startswith("callboard_plugin_broken")]
    assert api.get("/plugins/broken/hello").status_code == 404
    assert api.get("/plugins/broken/frontend").status_code == 404
    assert api.get("/plugins/whole/hello").json() == {"hello": "Admin"}


def test_without_the_folder_there_are_no_plugins(home):
    home.rmdir()
    start()
    assert loaded == {}


# Pages


@pytest.fixture
def pages(home):
    dist = plugin(home, more=FRONTEND) / "frontend" / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<html>pages</html>")
    (dist / "assets" / "a.js").write_text("run()")
    (dist.parent / "secret.txt").write_text("secret")
    start()
    return dist


@pytest.mark.parametrize("path", ["", "/", "/index.html", "//index.html"])
def test_pages_are_for_everybody_and_asked_for_anew(pages, client, path):
    answer = client.get(f"/plugins/open-tasks/frontend{path}")
    assert (answer.status_code, text(answer)) == (200, "<html>pages</html>")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache, max-age=0"


def test_files_have_their_type_and_validators(pages, client):
    path = "/api/plugins/open-tasks/frontend/assets/a.js"
    answer = client.get(path, HTTP_AUTHORIZATION="Bearer nonsense")
    assert (text(answer), answer["Content-Type"]) == ("run()", "text/javascript; charset=utf-8")
    for header in ({"HTTP_IF_NONE_MATCH": answer["ETag"]}, {"HTTP_IF_MODIFIED_SINCE": answer["Last-Modified"]}):
        again = client.get(path, **header)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
        assert again["Cache-Control"] == "no-cache, max-age=0"
    assert client.get(path, HTTP_IF_NONE_MATCH='"other"').status_code == 200
    assert client.head(path)["ETag"] == answer["ETag"]
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "assets",
        "../secret.txt",
        "..%2fsecret.txt",
        "assets/../../secret.txt",
        "%2e%2e/secret.txt",
        "x%00",
        "x" * 5000,
    ],
)
def test_there_is_nothing_beside_the_pages(pages, client, path):
    assert client.get(f"/plugins/open-tasks/frontend/{path}").status_code == 404


def test_an_absolute_path_and_links_lead_nowhere(pages, client):
    assert client.get(f"/plugins/open-tasks/frontend/%2f{str(pages.parent / 'secret.txt')[1:]}").status_code == 404
    (pages / "out.txt").symlink_to(pages.parent / "secret.txt")
    (pages / "round.txt").symlink_to("round.txt")
    (pages / "up").symlink_to(pages.parent)
    for path in ("out.txt", "round.txt", "up/secret.txt"):
        assert client.get(f"/plugins/open-tasks/frontend/{path}").status_code == 404
    assert loaded["open-tasks"].frontend_file("a\0b") is None


def test_pages_that_are_a_link_out_of_the_plugin_are_not_served(pages, client, tmp_path):
    os.rename(pages, tmp_path / "elsewhere")
    pages.symlink_to(tmp_path / "elsewhere")
    assert client.get("/plugins/open-tasks/frontend").status_code == 404


def test_pages_need_a_flag(home, client):
    dist = plugin(home) / "frontend" / "dist"
    dist.mkdir(parents=True)
    (dist / "index.html").write_text("page")
    start()
    assert client.get("/plugins/open-tasks/frontend").status_code == 404
    assert client.get("/plugins/nothing/frontend").status_code == 404
