"""Reading the file of an editing program, safely: the reader is a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from core.errors import TOO_LARGE, WrongParameter
from imports.sheets.reading import TooLarge

KINDS = ("edl", "otio", "otioz", "xml")
CHILD = Path(__file__).with_name("child.py")
PATIENCE = 60
LONGEST_WORDS = 300
WRONG_KIND = "Unsupported file type '.{kind}'. Supported formats: {kinds}."
UNREADABLE = "Failed to parse OTIO file: {words}"
GAVE_UP = "the file can't be read with reasonable time and memory"


@dataclass(frozen=True)
class Clip:
    """A clip in a video track: its first and last frame there, counted from 0, and how many frames of its source it shows.

    `found` is what a naming convention finds in its name, by variable, or None where the name does not follow it.
    """

    name: str
    first: int
    last: int
    frames: int
    found: dict[str, str] | None


@dataclass(frozen=True)
class Cut:
    """The clips of a file; `pattern_error` says why the naming convention can't be looked for, if it can't."""

    clips: list[Clip]
    pattern_error: str | None = None


def kind_of(file_name: str) -> str:
    """The format that a file's extension names. Raises WrongParameter for one that is not read."""
    extension = file_name.rpartition(".")[2] if "." in file_name else ""
    kind = "".join(letter for letter in extension if letter.isascii() and letter.isalnum())
    if kind.lower() not in KINDS:
        raise WrongParameter(WRONG_KIND.format(kind=kind[:20], kinds=", ".join(KINDS)))
    return kind.lower()


def read_cut(content: bytes, kind: str, *, rate: float, pattern: str) -> Cut:
    """The clips of a file, whose names are compared with a regular expression; `rate` is in frames a second, for EDLs.

    Raises WrongParameter with the reader's words, TooLarge beyond MAX_TIMELINE_LENGTH.
    """
    if len(content) > settings.MAX_TIMELINE_LENGTH:
        raise TooLarge(TOO_LARGE)
    order = {"kind": kind, "rate": rate, "pattern": pattern, "most": settings.MAX_TIMELINE_CLIPS}
    answer = asked(json.dumps(order).encode() + b"\n" + content)
    if "error" in answer:
        raise unreadable(answer["error"])
    clips = [Clip(c["name"], c["first"], c["last"], c["frames"], c.get("found")) for c in answer["clips"]]
    return Cut(clips, answer["pattern_error"])


def asked(order: bytes) -> dict[str, Any]:
    """What the reader's process answers. Raises WrongParameter where it dies."""
    try:
        done = subprocess.run(  # noqa: S603 our own program, without a shell
            [sys.executable, "-I", str(CHILD)],
            input=order,
            capture_output=True,
            timeout=PATIENCE,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise unreadable(GAVE_UP) from None
    return answer if isinstance(answer, dict) else {"error": GAVE_UP}


def unreadable(words: str) -> WrongParameter:
    """The refusal of a file that can't be read."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return WrongParameter(UNREADABLE.format(words=plain[:LONGEST_WORDS].strip()))
