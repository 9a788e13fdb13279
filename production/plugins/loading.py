"""Plugins as the server runs them: their code is imported at its start, and what is broken is left out."""

import importlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.urls import URLResolver
from django.urls.resolvers import RoutePattern

import core.api.converters  # noqa: F401 registers <id:…>
from core.api.access import Check
from core.api.routes import patterns
from core.api.views import ApiViewSet
from production.plugins.manifest import Manifest, PluginRefused, read_manifest

log = logging.getLogger("callboard.plugins")
PACKAGE = "callboard_plugin_"
FRONTEND = "frontend"
Handler = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class LoadedPlugin:
    """A plugin with its code: routes below `/plugins/<id>/`, and functions that hear of events, by their names."""

    manifest: Manifest
    folder: Path
    routes: list[Any] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)

    def frontend_file(self, path: str) -> Path | None:
        """The file of its pages at a path, or None where there is none or the path leads out of them."""
        if not self.manifest.has_frontend:
            return None
        try:
            root = (self.folder / FRONTEND / "dist").resolve()
            found = (root / path).resolve()
            inside = root.is_relative_to(self.folder.resolve()) and found.is_relative_to(root)
            return found if inside and found.is_file() else None
        except (OSError, RuntimeError, ValueError):  # endless names and links, NUL characters
            return None


# The plugins of this process, by their ids.
loaded: dict[str, LoadedPlugin] = {}


def load_plugins() -> None:
    """Loads every plugin of PLUGIN_FOLDER anew. A broken one is logged and left out, whole."""
    loaded.clear()
    for folder in plugin_folders():
        try:
            plugin = load_plugin(folder, in_place=True)
        except PluginRefused as refusal:
            log.error("The plugin in %s is left out: %s", folder, refusal.message, exc_info=refusal.__cause__)
        else:
            loaded[plugin.manifest.id] = plugin


def plugin_folders() -> list[Path]:
    """The folders of PLUGIN_FOLDER that may be plugins."""
    try:
        return sorted(path for path in settings.PLUGIN_FOLDER.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []


def load_plugin(folder: Path, *, in_place: bool = False) -> LoadedPlugin:
    """The plugin of a folder, its code imported afresh; `in_place` the folder must have its id as its name.

    Raises PluginRefused, with what its code raised as the cause.
    """
    manifest = read_manifest(folder)
    if in_place and manifest.id != folder.name:
        raise PluginRefused(f"The folder of {manifest.id} must have its id as its name.")
    package = PACKAGE + manifest.id
    forget(package)
    # The folder is a package without running an `__init__.py`: that of a plugin for another server would need that server.
    module = sys.modules[package] = ModuleType(package)
    module.__path__ = [str(folder)]
    importlib.invalidate_caches()
    try:
        routes = checked_routes(part(package, folder, "urls", "routes", list))
        handlers = checked_handlers(part(package, folder, "handlers", "event_map", dict))
    except PluginRefused:
        forget(package)
        raise
    return LoadedPlugin(manifest, folder, routes, handlers)


def forget(package: str) -> None:
    """Takes a package's modules out of those that are imported."""
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


def part(package: str, folder: Path, name: str, attribute: str, kind: type[Any]) -> Any:
    """What a module of the plugin declares, or an empty one of its kind without the module. Raises PluginRefused."""
    if not (folder / f"{name}.py").is_file():
        return kind()
    try:
        found = getattr(importlib.import_module(f"{package}.{name}"), attribute, None)
    except (Exception, SystemExit) as error:
        raise PluginRefused(f"{name}.py fails: {type(error).__name__}: {error}.") from error
    if not isinstance(found, kind):
        raise PluginRefused(f"{name}.py must have {attribute}, a {kind.__name__}.")
    return found


def checked_routes(routes: list[Any]) -> list[Any]:
    """The routes, each of which says who may. Raises PluginRefused."""
    try:
        found = list(patterns(routes))
    except (AttributeError, TypeError):
        raise PluginRefused("urls.py: routes must be made by django.urls.path.") from None
    for entry in routes:
        if not isinstance(entry.pattern, RoutePattern) or isinstance(entry, URLResolver):
            raise PluginRefused(f"urls.py: {entry.pattern} must be made by django.urls.path, without include.")
    for path, pattern in found:
        refuse_path(path)
        view, actions = getattr(pattern.callback, "cls", None), getattr(pattern.callback, "actions", None)
        if not (isinstance(view, type) and issubclass(view, ApiViewSet) and actions):
            raise PluginRefused(f"urls.py: {path} must lead to an ApiViewSet, as_view({{method: action}}).")
        silent = [action for action in actions.values() if not isinstance(view.access.get(action), Check)]
        if silent:
            raise PluginRefused(f"urls.py: {path} does not say in access who may {silent[0]}.")
    return routes


def refuse_path(path: str) -> None:
    """Raises PluginRefused for a path that no request would reach."""
    if not path or path != path.strip("/") or "//" in path or "<path:" in path:
        raise PluginRefused(f"urls.py: {path or 'an empty path'} must be words and parameters with a slash between them.")
    if path.split("/")[0] == FRONTEND:
        raise PluginRefused(f"urls.py: {path} is where the plugin's pages are.")


def checked_handlers(handlers: dict[Any, Any]) -> dict[str, Handler]:
    """The functions by events' names. Raises PluginRefused."""
    wrong = [name for name, function in handlers.items() if not (isinstance(name, str) and callable(function))]
    if wrong:
        raise PluginRefused(f"handlers.py: event_map must lead from names of events to functions, not {wrong[0]!r}.")
    return handlers
