"""The folder of plugins: one command at a time, and what stands in it is always whole."""

import contextlib
import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from production.plugins.manifest import PluginRefused

FORMER = ".former-"


@contextlib.contextmanager
def alone(is_known: Callable[[str], bool]) -> Iterator[Path]:
    """PLUGIN_FOLDER for one command, and a new folder in it for work, which goes with the block.

    What a killed command had put aside comes back, where nothing took its place and `is_known` says that it is installed.
    """
    home: Path = settings.PLUGIN_FOLDER
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / ".lock").open("w")
    except OSError as error:
        raise PluginRefused(f"PLUGIN_FOLDER can't be written: {error}.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for former in home.glob(f"{FORMER}*"):
            plugin_id = former.name.removeprefix(FORMER)
            if is_known(plugin_id) and not (home / plugin_id).exists():
                former.rename(home / plugin_id)
            else:
                remove(former)
        for rest in home.glob(".new-*"):
            remove(rest)
        with TemporaryDirectory(prefix=".new-", dir=home) as work:
            yield Path(work)


@contextlib.contextmanager
def replaced(goal: Path, new: Path | None) -> Iterator[None]:
    """Puts `new` to where `goal` is, or nothing. What was there comes back when the block fails, and goes when it does not."""
    former = goal.with_name(f"{FORMER}{goal.name}")
    had = goal.exists() or goal.is_symlink()
    if had:
        goal.rename(former)
    try:
        if new is not None:
            new.rename(goal)
        yield
    except BaseException:
        remove(goal)
        if had:
            former.rename(goal)
        raise
    remove(former)


def remove(path: Path) -> None:
    """Removes a folder with all that it holds; of a link the link alone."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
