"""Movies: what an upload holds, and the movies and pictures that ffmpeg makes of it."""

import math
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import imageio_ffmpeg
from django.conf import settings

from files.decoders import DecoderFailed, run_limited

# Containers that people upload; none of them names further files or addresses to open.
CONTAINERS = "mov,mp4,avi,matroska,webm,asf,mpeg,mpegts,flv,ogg"
DURATION = re.compile(r"Duration: (\d+):(\d+):(\d+(?:\.\d+)?)")
VIDEO = re.compile(r"Stream #.*?Video: .*?, ([1-9]\d{0,4})x([1-9]\d{0,4})(?: \[SAR (\d+):(\d+))?")
FRAMES_PER_SECOND = re.compile(r"Stream #.*?Video: .*?([\d.]+)(k?) fps")
AUDIO = re.compile(r"Stream #.*?Audio: ")
PROGRESS = re.compile(r"^frame=\s*(\d+)", re.MULTILINE)
TILE_COLUMNS, TILE_HEIGHT, TILE_ROWS = 8, 100, 480
PROBE_SECONDS = 60
LONGEST_SECONDS = 12 * 3600
# Of one frame, in pixels; of one piece of memory, in bytes.
MOST_PIXELS, HIGHEST = 16384 * 8192, 8192
LARGEST_PIECE = 2**30


class MovieBroken(Exception):
    """ffmpeg can't read the movie, or can't make what is asked of it in time."""


@dataclass(frozen=True)
class Movie:
    """What a movie file holds: its size in square pixels, its length in seconds, its frame rate, whether it sounds."""

    width: int
    height: int
    duration: float | None
    fps: Fraction
    has_audio: bool


@cache
def packaged() -> str:
    """The program that comes with the packages, which reads whatever we take."""
    return imageio_ffmpeg.get_ffmpeg_exe()


@cache
def ffmpeg() -> str:
    """The program: the system's own, else the one that comes with the packages."""
    return shutil.which("ffmpeg") or packaged()


def source_options(path: Path) -> list[str]:
    """The input, read as one of the known containers, from the file alone, and of bearable size."""
    bounds = ["-max_pixels", str(MOST_PIXELS), "-max_alloc", str(LARGEST_PIECE)]
    return [*bounds, "-protocol_whitelist", "file", "-format_whitelist", CONTAINERS, "-i", f"file:{path}"]


def run(*options: str, timeout: float | None = None, program: str = "", on_frame: Callable[[int], None] | None = None) -> str:
    """Run ffmpeg; what it said of its progress. `on_frame` hears now and then how many frames are made.

    Raises MovieBroken on failure and past the time limit, in seconds.
    """
    command = [program or ffmpeg(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-progress", "pipe:1", *options]

    def hear(line: str) -> None:
        made = PROGRESS.match(line)
        if made and on_frame is not None:
            on_frame(int(made[1]))

    try:
        said, _ = run_limited(command, seconds=timeout or settings.JOB_QUEUE_TIMEOUT, on_line=hear)
    except DecoderFailed as failure:
        raise MovieBroken(f"ffmpeg: {failure}") from None
    return said


def probe(path: Path) -> Movie:
    """What a movie file holds. Raises MovieBroken when that is no movie, or one that lasts too long."""
    command = [ffmpeg(), "-hide_banner", "-nostdin", *source_options(path)]
    try:
        _, text = run_limited(command, seconds=PROBE_SECONDS, check=False)
    except DecoderFailed:
        raise MovieBroken("The movie can't be read in time.") from None
    video, rate, length = VIDEO.search(text), FRAMES_PER_SECOND.search(text), DURATION.search(text)
    if video is None:
        raise MovieBroken("There is no picture in the movie.")
    width, height = int(video[1]), int(video[2])
    if width * height > MOST_PIXELS:
        raise MovieBroken("The movie's picture is too large.")
    if video[3] and int(video[3]) and int(video[4]):
        width = max(1, round(width * int(video[3]) / int(video[4])))
    fps = Fraction(rate[1]).limit_denominator(1001) * (1000 if rate[2] else 1) if rate else Fraction(25)
    duration = int(length[1]) * 3600 + int(length[2]) * 60 + float(length[3]) if length else None
    if duration is not None and duration > LONGEST_SECONDS:
        raise MovieBroken("The movie lasts longer than twelve hours.")
    return Movie(width, height, duration, fps or Fraction(25), AUDIO.search(text) is not None)


def frame_rate(*candidates: object) -> Fraction:
    """The first of the given frame rates that is one, else 25. A comma counts as a point."""
    for given in candidates:
        try:
            found = Fraction(str(given).replace(",", ".").strip()).limit_denominator(1001)
        except (ValueError, ZeroDivisionError):
            continue
        if 1 <= found <= 240:
            return found
    return Fraction(25)


def is_exact(resolution: object) -> bool:
    """A resolution that names both sides, such as `1920x1080`."""
    return re.fullmatch(r"\d{3,4}x\d{3,4}", str(resolution or "")) is not None


def even(length: float) -> int:
    """A length in pixels as encoders need it: even, rounded up."""
    return max(2, math.ceil(length / 2) * 2)


def high_definition(movie: Movie, *resolutions: object) -> tuple[int, int]:
    """The size of the large movie: the first given `WxH` or `xH`, else 1080 lines at the source's ratio."""
    for given in resolutions:
        match = re.fullmatch(r"(\d{3,4})?x(\d{3,4})", str(given or "").strip())
        if match:
            height = int(match[2])
            return even(int(match[1]) if match[1] else height * movie.width / movie.height), even(height)
    return even(min(1080 * movie.width / movie.height, HIGHEST)), 1080


def low_definition(size: tuple[int, int]) -> tuple[int, int]:
    """The size of the small movie: always 1280 wide, and no higher than encoders bear."""
    return 1280, even(min(math.floor(1280 * size[1] / size[0]), HIGHEST) // 2 * 2)


def encode(
    source: Path,
    goal: Path,
    movie: Movie,
    *,
    size: tuple[int, int],
    fps: Fraction,
    megabits: int,
    on_frame: Callable[[int], None] | None = None,
) -> float:
    """Make an H.264 movie of exactly this size, with sound or a silent track; its length in seconds. Raises MovieBroken."""
    width, height = size
    picture = (
        f"scale=iw*sar:ih,setsar=1,scale={width}:{height}:force_original_aspect_ratio=decrease,"
        f"pad={width}:{height}:-1:-1:black,setsar=1,fps={fps}"
    )
    silence = [] if movie.has_audio else ["-f", "lavfi", "-i", "anullsrc=channel_layout=stereo:sample_rate=44100"]
    buffer = megabits * settings.MOVIE_VBV_BUFSIZE_FACTOR
    # Endless silence behind the sound would outlast the picture by the encoder's delay.
    end = ["-t", f"{movie.duration + float(1 / fps) / 2:.3f}"] if movie.duration else []
    cap = ["-maxrate", f"{megabits}M", "-bufsize", f"{buffer}M"] if buffer else []
    said = run(
        *source_options(source),
        *silence,
        *["-map", "0:v:0", "-map", "0:a:0" if movie.has_audio else "1:a:0", "-vf", picture],
        *["-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p", "-preset", settings.MOVIE_ENCODING_PRESET],
        *["-b:v", f"{megabits}M", *cap, "-g", "2", "-sc_threshold", "0"],
        *["-c:a", "aac", *(["-af", "apad"] if movie.has_audio else []), "-shortest", *end],
        *["-movflags", "+faststart", "-f", "mp4", str(goal)],
        on_frame=on_frame,
    )
    frames = PROGRESS.findall(said)
    if not frames or not int(frames[-1]):
        raise MovieBroken("There is no frame in the movie.")
    return round(float(int(frames[-1]) / fps), 6)


def take_frame(source: Path, goal: Path, number: int = 1, *, fps: Fraction | None = None) -> Path:
    """Write one frame as PNG: the one of that number, counted from 1, or with `fps` the one that is shown at its time.

    Raises MovieBroken when the movie is shorter.
    """
    frames = ["-vf", f"select=eq(n\\,{max(number, 1) - 1})"]
    place: list[str] = []
    if fps is not None:
        # From half a frame before on, so that rounding can't pass the frame over.
        place, frames = ["-ss", f"{max(0.0, float((Fraction(number) - Fraction(3, 2)) / fps)):.6f}"], []
    run(*place, *source_options(source), *frames, "-an", "-frames:v", "1", "-f", "image2", str(goal), timeout=PROBE_SECONDS)
    if not goal.is_file():
        raise MovieBroken("The movie has no such frame.")
    return goal


def make_tile(source: Path, goal: Path, *, ratio: float, frames: int) -> Path:
    """Write the frames as one picture of eight columns, row by row; of a long movie only one out of several."""
    step = math.ceil(frames / (TILE_COLUMNS * TILE_ROWS)) or 1
    rows = math.ceil(math.ceil(frames / step) / TILE_COLUMNS) or 1
    cells = f"select=not(mod(n\\,{step})),scale={math.ceil(TILE_HEIGHT * ratio)}:{TILE_HEIGHT},tile={TILE_COLUMNS}x{rows}"
    run(*source_options(source), "-an", "-vf", cells, "-fps_mode", "vfr", "-frames:v", "1", "-f", "image2", str(goal))
    return goal


def read_panorama(source: Path, goal: Path) -> Path:
    """Write a Radiance picture as PNG, at most 4096 wide. Raises MovieBroken when it is none."""
    with source.open("rb") as file:
        start = file.read(10)
    if not start.startswith((b"#?RADIANCE", b"#?RGBE")):
        raise MovieBroken("This is no Radiance picture.")
    picture = ["-max_pixels", str(MOST_PIXELS), "-protocol_whitelist", "file", "-f", "hdr_pipe", "-i", f"file:{source}"]
    shown = ["-vf", "scale='min(4096,iw)':-1", "-frames:v", "1", "-f", "image2"]
    run(*picture, *shown, str(goal), timeout=PROBE_SECONDS, program=packaged())
    if not goal.is_file():
        raise MovieBroken("There is no picture.")
    return goal
