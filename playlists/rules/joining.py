"""Joining movies: as they are where they are alike, else each encoded anew in one size and rate."""

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from django.conf import settings

from files.rules import movies
from files.rules.movies import MovieBroken

SAMPLE_RATE = 48000
FACTS = re.compile(r"^#(?!software)(.+)$", re.MULTILINE)
KINDS = re.compile(r"^media_type \d+: (\w+)$")
# How far a joined movie may be from the length of its parts before it counts as failed: containers round each of them.
SLACK_SECONDS, SLACK_SHARE = 0.5, 0.02
Size = tuple[int, int]
# A movie and its length in seconds, where that is known.
Part = tuple[Path, float | None]


def layout(path: Path, seconds: float) -> tuple[str, ...]:
    """What a movie's streams are like: codecs with their parameters, sizes, rates, channels. Raises MovieBroken."""
    head = ("-map", "0:v", "-map", "0:a?", "-c", "copy", "-frames:v", "1", "-frames:a", "1", "-f", "framecrc", "-")
    return tuple(FACTS.findall(movies.run(*movies.source_options(path), *head, timeout=seconds)))


def are_alike(paths: Sequence[Path], seconds: float) -> bool:
    """The movies have one picture and one sound stream each, all of the same layout. Raises MovieBroken."""
    layouts = {layout(path, seconds) for path in paths}
    rates = {movies.probe(path).fps for path in paths}
    kinds = sorted(match[1] for fact in next(iter(layouts), ()) if (match := KINDS.match(fact)))
    return len(layouts) == len(rates) == 1 and kinds == ["audio", "video"]


def join(paths: Sequence[Path], goal: Path, *, seconds: float) -> None:
    """Put movies of one layout one after the other as they are. Raises MovieBroken."""
    length = sum(movies.probe(path).duration or 0 for path in paths)
    put_together([(path, None) for path in paths], goal, "-c:a", "copy", length=length, seconds=seconds)


def put_together(parts: Sequence[Part], goal: Path, *sound: str, length: float, seconds: float) -> None:
    """Put movies one after the other, each where the one before ends. Raises MovieBroken, also unless it gets that length."""
    listing = goal.with_suffix(".txt")
    listing.write_text("ffconcat version 1.0\n" + "".join(map(listed, parts)))
    source = ("-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", str(listing))
    streams = ("-map", "0:v:0", "-map", "0:a:0", "-c:v", "copy", *sound)
    movies.run(*source, *streams, "-movflags", "+faststart", "-f", "mp4", str(goal), timeout=seconds)
    made = movies.probe(goal).duration or 0
    if abs(length - made) > SLACK_SECONDS + SLACK_SHARE * length:
        raise MovieBroken(f"The joined movie has {made:.1f} seconds instead of {length:.1f}.")


def listed(part: Part) -> str:
    """A movie as a line of the list that ffmpeg joins by, with its length where that is known to the frame."""
    path, length = part
    quoted = str(path).replace("'", "'\\''")
    return f"file '{quoted}'\n" + (f"duration {length:.6f}\n" if length else "")


def encode_part(source: Path, goal: Path, *, size: Size, fps: Fraction, seconds: float) -> float:
    """Encode a movie as part of a longer one: of this size and rate, with sound or silence, unpacked; its length in seconds.

    Raises MovieBroken.
    """
    movie, (width, height) = movies.probe(source), size
    picture = (
        f"scale=iw*sar:ih,setsar=1,scale={width}:{height}:force_original_aspect_ratio=decrease,"
        f"pad={width}:{height}:-1:-1:black,setsar=1,fps={fps}"
    )
    silence = [] if movie.has_audio else ["-f", "lavfi", "-i", f"anullsrc=channel_layout=stereo:sample_rate={SAMPLE_RATE}"]
    end = ["-t", f"{movie.duration + float(1 / fps) / 2:.3f}"] if movie.duration else []
    most = settings.MOVIE_HIGHDEF_BITRATE
    said = movies.run(
        *movies.source_options(source),
        *silence,
        *("-map", "0:v:0", "-map", "0:a:0" if movie.has_audio else "1:a:0", "-vf", picture),
        *("-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p", "-preset", settings.MOVIE_ENCODING_PRESET),
        *("-crf", "18", "-maxrate", f"{most}M", "-bufsize", f"{2 * most}M"),
        *("-c:a", "pcm_s16le", "-ar", str(SAMPLE_RATE), "-ac", "2", *(["-af", "apad"] if movie.has_audio else [])),
        *("-shortest", *end, "-f", "mov", str(goal)),
        timeout=seconds,
    )
    frames = movies.PROGRESS.findall(said)
    if not frames or not int(frames[-1]):
        raise MovieBroken("There is no frame in the movie.")
    return float(int(frames[-1]) / fps)


def join_parts(parts: Sequence[Part], goal: Path, *, seconds: float) -> None:
    """Put encoded parts one after the other; their sound is packed in one go, so that no gap is left where they meet."""
    length = sum(seconds or 0 for _, seconds in parts)
    put_together(parts, goal, "-af", "aresample=async=1", "-c:a", "aac", "-b:a", "192k", length=length, seconds=seconds)
