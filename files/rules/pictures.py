"""Making pictures of what people upload, without trusting it: large and odd files are read by a process of its own."""

import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image

from core.errors import WrongParameter
from files import pictures
from files.decoders import DecoderFailed, run_limited
from files.pictures import UNREADABLE_ENDS, WORKS, Unreadable

UNREADABLE = "Uploaded file is not a readable picture."
SCRIPT = str(Path(pictures.__file__))
# What is read right here: plain PNG and JPEG of at most so many pixels. Their decoders need no more than that.
SMALL_PIXELS = 4_000_000
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
LONGEST_SECONDS = 180.0
# However many pictures come at once, so many decoders have their memory at a time.
DECODERS = threading.BoundedSemaphore(2)


@dataclass
class Pictures:
    """Pictures made of a file: its size in pixels, and the made files by their prefix."""

    width: int
    height: int
    files: dict[str, Path]


def is_small(path: Path) -> bool:
    """A picture that is quickly read, by its own account of itself, which decoders hold it to."""
    with path.open("rb") as file:
        if not file.read(8).startswith(STARTS):
            return False
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            # The rounds of a progressive JPEG are endless at will.
            return picture.width * picture.height <= SMALL_PIXELS and not picture.info.get("progressive")
    except UNREADABLE_ENDS:
        return False


def make_pictures(source: Path, folder: Path, work: str = "variants") -> Pictures:
    """Make the pictures of one kind of work (a name of `files.pictures.WORKS`) in the folder. Raises WrongParameter."""
    try:
        if is_small(source):
            picture = pictures.read(source, settings.MAX_IMAGE_PIXELS)
            width, height = picture.size
            return Pictures(width, height, WORKS[work](picture, folder))
        command = [sys.executable, "-I", SCRIPT, work, str(source), str(folder), str(settings.MAX_IMAGE_PIXELS)]
        with DECODERS:
            said, _ = run_limited(command, seconds=LONGEST_SECONDS)
        width, height = map(int, said.split())
    except (Unreadable, DecoderFailed, OSError, ValueError):
        raise WrongParameter(UNREADABLE) from None
    return Pictures(width, height, {path.stem: path for path in folder.glob("*.png") if path != source})
