"""The studio's own code that reacts to events: a package named `event_handlers` in the folder EVENT_HANDLERS_FOLDER.

The package has a dictionary `event_map` from event names to modules, each with a function `handle_event(data)`.
"""

import importlib
import importlib.util
import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django_tasks import task

log = logging.getLogger("callboard.events")
PACKAGE = "event_handlers"


def load_handlers() -> dict[str, Any]:
    """The studio's `event_map`, or an empty one where there is no such package. An error in the package is raised."""
    folder = settings.EVENT_HANDLERS_FOLDER
    if not folder.is_dir():
        return {}
    # The folder either holds the package or is the package itself.
    place = str(folder.parent if folder.name == PACKAGE and (folder / "__init__.py").exists() else folder)
    if place not in sys.path:
        sys.path.insert(0, place)
    if importlib.util.find_spec(PACKAGE) is None:
        return {}
    return importlib.import_module(PACKAGE).event_map


handlers: dict[str, Any] = {}


class Listeners:
    """Several functions that hear of one event. What one does wrong is logged, and keeps no other from hearing."""

    def __init__(self, *functions: Callable[[dict[str, Any]], Any]) -> None:
        self.functions = [*functions]

    def handle_event(self, content: dict[str, Any]) -> None:
        """Calls each of them, with a copy of its own."""
        for function in self.functions:
            try:
                function(dict(content))
            except Exception:
                log.exception("%s.%s failed", function.__module__, getattr(function, "__qualname__", function))


def listen(name: str, function: Callable[[dict[str, Any]], Any]) -> None:
    """Has a function hear of an event, besides the studio's own handler of it and whoever listens already."""
    there = handlers.get(name)
    if isinstance(there, Listeners):
        there.functions.append(function)
    else:
        handlers[name] = Listeners(*([there.handle_event] if there else []), function)


def hand_over(name: str, content: dict[str, Any]) -> None:
    """Gives an event to the studio's handler for it, by a job where jobs are on. What a handler does wrong is logged."""
    if name not in handlers:
        return
    if settings.ENABLE_JOB_QUEUE:
        handle_event.enqueue(name, content)
    else:
        run_handler(name, content)


def run_handler(name: str, content: dict[str, Any]) -> None:
    """Calls the studio's handler."""
    try:
        handlers[name].handle_event(content)
    except Exception:
        log.exception("The studio's handler for %s failed", name)


@task()
def handle_event(name: str, content: dict[str, Any]) -> None:
    """The job that calls the studio's handler."""
    if name in handlers:
        run_handler(name, content)
