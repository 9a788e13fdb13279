"""Twenty files as studios have them, uploaded and held against what ffprobe and Pillow say of what came out."""

import io
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from PIL import Image, ImageCms

from files import storage
from files.models import PreviewFile
from files.rules import movies
from files.rules.movies import probe
from files.rules.previews import add_preview
from files.storage import FILES, MOVIES, PICTURES
from tests.files.studio import sent

WIDE, FPS = (320, 180), 25
RED, BLUE = (230, 20, 20), (20, 20, 230)


def picture(size, kind, mode="RGB", **options) -> bytes:
    """Red above, blue below."""
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (0, size[1] // 2, *size))
    file = io.BytesIO()
    made.convert(mode).save(file, kind, **options)
    return file.getvalue()


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def movie(name: str, *options: str, size="128x72", rate="25", seconds=0.4, sound: str | None = None):
    """A maker of a movie of two halves: red above, blue below."""

    def make(folder) -> bytes:
        path = folder / name
        halves = f"color=red:size={size}:rate={rate}:duration={seconds},drawbox=y=ih/2:h=ih/2:color=blue:t=fill"
        tone = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=22050:duration={sound}"] if sound else []
        movies.run("-f", "lavfi", "-i", halves, *tone, *options, str(path))
        return path.read_bytes()

    return make


@dataclass
class Sample:
    """A file, and the size and frames of what is to come out of it."""

    name: str
    make: object
    size: tuple[int, int] = WIDE
    frames: int = 10
    bars: bool = False
    mode: str = "RGB"
    options: dict = field(default_factory=dict)

    def content(self, folder) -> bytes:
        return self.make(folder) if callable(self.make) else self.make


PICTURES_OF = [
    Sample("plain.png", picture((200, 100), "PNG"), (200, 100)),
    Sample("small.PNG", picture((16, 10), "PNG"), (16, 10)),
    Sample("see-through.png", picture((200, 100), "PNG", "RGBA"), (200, 100), mode="RGBA"),
    Sample("palette.png", picture((200, 100), "PNG", "P"), (200, 100)),
    Sample("photo.jpg", picture((640, 360), "JPEG", quality=92), (640, 360)),
    Sample("progressive.jpeg", picture((640, 360), "JPEG", progressive=True), (640, 360)),
    Sample("print.jpe", picture((300, 200), "JPEG", "CMYK"), (300, 200)),
    Sample("profiled.jpg", picture((300, 200), "JPEG", icc_profile=srgb()), (300, 200)),
    Sample("tall.png", picture((10, 3000), "PNG"), (10, 3000)),
]
MOVIES_OF = [
    Sample("plain.mp4", movie("a.mp4", "-pix_fmt", "yuv420p")),
    Sample("with-sound.mov", movie("a.mov", "-pix_fmt", "yuv420p", sound="0.4")),
    Sample("short-sound.mp4", movie("a.mp4", "-pix_fmt", "yuv420p", sound="0.1")),
    Sample("long-sound.mkv", movie("a.mkv", "-pix_fmt", "yuv420p", sound="2")),
    Sample("web.webm", movie("a.webm", "-c:v", "libvpx", "-b:v", "200k")),
    Sample("old.avi", movie("a.avi", "-c:v", "mpeg4")),
    Sample("odd.mp4", movie("a.mp4", "-pix_fmt", "yuv444p", size="129x73"), bars=True),
    Sample("upright.m4v", movie("a.m4v", "-pix_fmt", "yuv420p", "-f", "mp4", size="72x128"), bars=True),
    Sample("slow.mp4", movie("a.mp4", "-pix_fmt", "yuv420p", rate="5"), frames=10),
    Sample("quick.mov", movie("a.mov", "-pix_fmt", "yuv420p", rate="50"), frames=10),
    Sample("windows.wmv", movie("a.wmv", "-c:v", "wmv2")),
    Sample("anamorphic.mp4", movie("a.mp4", "-pix_fmt", "yuv420p", "-aspect", "16:9", size="96x72")),
]
DOCUMENTS = {
    "model.glb": b"glTF\x02\x00\x00\x00",
    "frame.exr": b"\x76\x2f\x31\x01",
    "notes.pdf": b"%PDF-1.7\n",
    "loop.gif": b"GIF89a",
}


@pytest.fixture
def preview(cast, work):
    work.project.resolution, work.project.fps = f"{WIDE[0]}x{WIDE[1]}", str(FPS)
    work.project.save()
    return add_preview(work.task, work.comment, by=cast.user)


def upload(api, preview, sample, folder):
    path = f"/pictures/preview-files/{preview.pk}"
    answer = api.upload(path, file=sent(sample.name, sample.content(folder)))
    assert answer.status_code == 201, answer.content
    return answer.json()


def opened(prefix, preview) -> Image.Image:
    return Image.open(storage.local_file(PICTURES, prefix, preview.pk))


def is_near(pixel, wanted) -> bool:
    return all(abs(have - want) < 60 for have, want in zip(pixel[:3], wanted, strict=True))


def check_pictures(preview, size):
    original = opened("original", preview)
    assert (original.format, original.size) == ("PNG", size)
    review = opened("previews", preview)
    assert review.size == (1200, -(-1200 * size[1] // size[0])) or review.height == 16384
    for prefix, canvas in (("thumbnails", (150, 100)), ("thumbnails-square", (100, 100))):
        small = opened(prefix, preview)
        scale = min(canvas[0] / size[0], canvas[1] / size[1])
        assert (small.size, small.mode) == (canvas, "RGBA")
        box = small.getchannel("A").getbbox()
        assert (box[2] - box[0], box[3] - box[1]) == (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


@pytest.mark.parametrize("sample", PICTURES_OF, ids=lambda sample: sample.name)
def test_pictures_come_out_whole(api, preview, tmp_path, sample):
    row = upload(api, preview, sample, tmp_path)
    assert (row["status"], row["extension"], (row["width"], row["height"])) == ("ready", "png", sample.size)
    assert row["file_size"] == storage.local_file(PICTURES, "original", preview.pk).stat().st_size
    check_pictures(preview, sample.size)
    shown = opened("original", preview)
    assert shown.mode == sample.mode
    assert is_near(shown.getpixel((sample.size[0] // 2, 1)), RED)
    assert is_near(shown.getpixel((sample.size[0] // 2, sample.size[1] - 2)), BLUE)


def streams(path):
    """What ffprobe says of a movie, by kind; None where there is no ffprobe."""
    if shutil.which("ffprobe") is None:
        return None
    asked = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    found = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)["streams"]
    return {stream["codec_type"]: stream for stream in found}


def check_movie(path, size, frames):
    found = probe(path)
    assert ((found.width, found.height), found.fps, found.has_audio) == (size, Fraction(FPS), True)
    said = streams(path)
    if said is None:
        return
    video, audio = said["video"], said["audio"]
    assert (video["codec_name"], video["pix_fmt"]) == ("h264", "yuv420p")
    assert (video["width"], video["height"], video["r_frame_rate"]) == (*size, "25/1")
    assert abs(int(video["nb_read_frames"]) - frames) <= 1
    assert (audio["codec_name"], audio["profile"]) == ("aac", "LC")
    # An encoder of sound works in pieces of 1024 samples and begins with one of its own; sound that goes on is not cut.
    assert float(audio["duration"]) - float(video["duration"]) > -0.15
    assert video.get("sample_aspect_ratio", "1:1") in ("1:1", "0:1")


@pytest.mark.parametrize("sample", MOVIES_OF, ids=lambda sample: sample.name)
def test_movies_come_out_whole(api, preview, quick, tmp_path, sample):
    row = upload(api, preview, sample, tmp_path)
    assert (row["status"], row["extension"], (row["width"], row["height"])) == ("ready", "mp4", WIDE), row
    frames = round(row["duration"] * FPS)
    assert abs(frames - sample.frames) <= 1
    large = storage.local_file(MOVIES, "previews", preview.pk)
    assert row["file_size"] == large.stat().st_size
    check_movie(large, WIDE, frames)
    check_movie(storage.local_file(MOVIES, "lowdef", preview.pk), (1280, 720), frames)
    assert opened("tiles", preview).size == (8 * 178, -(-frames // 8) * 100)
    check_pictures(preview, WIDE)
    shown = opened("original", preview)
    assert is_near(shown.getpixel((160, 20)), (254, 0, 0)) and is_near(shown.getpixel((160, 160)), (0, 0, 254))
    left = shown.getpixel((0, 90))
    assert (max(left[:3]) < 40) is sample.bars or sample.name == "odd.mp4"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_come_out_as_they_went_in(api, preview, name):
    row = upload(api, preview, Sample(name, DOCUMENTS[name]), None)
    assert (row["status"], row["extension"], row["file_size"]) == ("ready", name.rsplit(".")[-1], len(DOCUMENTS[name]))
    assert storage.local_file(FILES, "previews", preview.pk).read_bytes() == DOCUMENTS[name]
    assert PreviewFile.objects.get(pk=preview.pk).width == 0
