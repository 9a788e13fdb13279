"""Running programs that read what people upload: under limits of memory and time, and not beyond this process's own life."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

LAUNCHER = str(Path(__file__).with_name("launcher.py"))
LONGEST_SAYING = 64 * 1024


class DecoderFailed(Exception):
    """The program could not read the file, or not within its limits; the text says why."""


class TookTooLong(DecoderFailed):
    """The program did not end in time."""


def run_limited(
    command: Sequence[str], *, seconds: float, on_line: Callable[[str], None] | None = None, check: bool = True
) -> tuple[str, str]:
    """What a program says on its two outputs; `on_line` hears each line of the first one as it comes.

    Raises TookTooLong past the time, in seconds, and with `check` DecoderFailed for a program that fails.
    """
    # A program on several processors may use all of them all of the time.
    computing = int(seconds * (os.cpu_count() or 1)) + 5
    limits = [sys.executable, "-I", "-S", LAUNCHER, str(settings.DECODER_MAX_MEMORY), str(computing), str(os.getpid())]
    with tempfile.TemporaryFile(dir=settings.TMP_DIR) as errors:
        with subprocess.Popen(  # noqa: S603
            [*limits, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        ) as process:
            late = threading.Event()

            def end() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(seconds, end)
            timer.daemon = True
            timer.start()
            try:
                said = listen(process, on_line)
            except BaseException:
                process.kill()
                raise
            finally:
                timer.cancel()
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - LONGEST_SAYING))
        complaint = errors.read().decode(errors="replace").strip()
    if late.is_set():
        raise TookTooLong("It took too long.")
    if check and process.returncode:
        raise DecoderFailed(complaint[-500:] or f"It ended with {process.returncode}.")
    return said, complaint


def listen(process: "subprocess.Popen[bytes]", on_line: Callable[[str], None] | None) -> str:
    """The last of what a program says on its first output, until it ends."""
    said: list[str] = []
    length = 0
    for line in process.stdout or ():
        text = line.decode(errors="replace")
        if on_line is not None:
            on_line(text)
        said.append(text)
        length += len(text)
        while length > LONGEST_SAYING:
            length -= len(said.pop(0))
    process.wait()
    return "".join(said)
