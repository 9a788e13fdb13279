"""Reading pictures, whatever they are, and making the variants that clients show.

It knows Pillow alone, so that it runs as a script, too, in a process of its own: `pictures.py WORK SOURCE FOLDER PIXELS`
makes the pictures of one kind of work and prints the size of the source.
"""

import io
import math
import sys
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

# What an upload may truly be, whatever its name says; formats that run programs to be read are not among them.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "TGA")
PREVIEW_WIDTH, TALLEST = 1200, 16384
THUMBNAIL, SQUARE, AVATAR, ATTACHMENT, BACKGROUND = (150, 100), (100, 100), (400, 400), (150, 150), (300, 200)
LANCZOS = Image.Resampling.LANCZOS
UNREADABLE_ENDS = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError, ArithmeticError, KeyError),
    *(TypeError, AttributeError, NotImplementedError),
)

# A picture whose end is missing shows what it has. The limit of pixels is checked in `read`, by the studio's own setting.
ImageFile.LOAD_TRUNCATED_IMAGES = True
Image.MAX_IMAGE_PIXELS = None


class Unreadable(Exception):
    """There is no picture in the file, or one with too many pixels."""


def read(path: Path, most_pixels: int) -> Image.Image:
    """The picture of a file, upright and in sRGB. Raises Unreadable."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > most_pixels:
                raise Unreadable("It has too many pixels.")
            picture.load()
            return in_srgb(upright(picture))
    except UNREADABLE_ENDS:
        raise Unreadable("It can't be read.") from None


def upright(picture: Image.Image) -> Image.Image:
    """The picture as its camera was held."""
    try:
        return ImageOps.exif_transpose(picture)
    except UNREADABLE_ENDS:
        return picture  # what the camera noted makes no sense


def in_srgb(picture: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA where it has transparency, in the colours of its embedded profile."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    elif picture.mode == "F":
        picture = picture.point(lambda value: value * 255).convert("L")
    see_through = picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass  # a profile that makes no sense, or not for this picture, is as good as none
    return picture.convert("RGBA" if see_through else "RGB")


def contained(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture scaled to fit, larger too, in the middle of a transparent canvas."""
    scale = min(size[0] / picture.width, size[1] / picture.height)
    fitted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    canvas = Image.new("RGBA", size, (0, 0, 0, 0))
    small = picture.resize(fitted, LANCZOS, reducing_gap=3.0).convert("RGBA")
    canvas.paste(small, ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2))
    return canvas


def cropped(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture, scaled to fill."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    width, height = size[0] / scale, size[1] / scale
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.resize(size, LANCZOS, box=(left, top, left + width, top + height), reducing_gap=3.0)


def widened(picture: Image.Image) -> Image.Image:
    """The picture at the width that reviews show; a very tall one is only as wide as its height allows."""
    width, height = PREVIEW_WIDTH, math.ceil(PREVIEW_WIDTH * picture.height / picture.width)
    if height > TALLEST:
        width, height = max(1, round(TALLEST * picture.width / picture.height)), TALLEST
    return picture.resize((width, height), LANCZOS)


def write_png(picture: Image.Image, path: Path) -> Path:
    """Write the picture as PNG, without whatever its file had beside the pixels."""
    picture.info.clear()
    picture.save(path, "PNG")
    return path


def write_variants(picture: Image.Image, folder: Path) -> dict[str, Path]:
    """Write every variant of a preview's picture into the folder; the files by their prefix."""
    made = {
        "previews": widened(picture),
        "thumbnails": contained(picture, THUMBNAIL),
        "thumbnails-square": contained(picture, SQUARE),
        "original": picture,
    }
    return {prefix: write_png(variant, folder / f"{prefix}.png") for prefix, variant in made.items()}


def write_avatar(picture: Image.Image, folder: Path) -> dict[str, Path]:
    """Write the picture of a person, a production or the studio into the folder."""
    return {"thumbnails": write_png(contained(picture, AVATAR), folder / "thumbnails.png")}


def write_attached(picture: Image.Image, folder: Path) -> dict[str, Path]:
    """Write the small picture of an attachment into the folder."""
    return {"thumbnails": write_png(cropped(picture, ATTACHMENT), folder / "thumbnails.png")}


def write_background(picture: Image.Image, folder: Path) -> dict[str, Path]:
    """Write the small picture of a panorama into the folder."""
    return {"thumbnails": write_png(contained(picture, BACKGROUND), folder / "thumbnails.png")}


WORKS = {"variants": write_variants, "avatar": write_avatar, "attached": write_attached, "background": write_background}


if __name__ == "__main__":
    try:
        found = read(Path(sys.argv[2]), int(sys.argv[4]))
        size = found.size
        WORKS[sys.argv[1]](found, Path(sys.argv[3]))
        print(*size)  # noqa: T201 the answer to whoever started this
    except Unreadable as failure:
        sys.exit(str(failure))
    except MemoryError:
        sys.exit("It needs too much memory.")
