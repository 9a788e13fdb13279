"""Pictures: reading what people upload, whatever it is, and making the variants that clients show."""

import io
import math
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from core.errors import WrongParameter

UNREADABLE = "Uploaded file is not a readable picture."
# What an upload may truly be, whatever its name says; formats that run programs to be read are not among them.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "TGA")
PREVIEW_WIDTH, TALLEST = 1200, 16384
THUMBNAIL, SQUARE, AVATAR, ATTACHMENT, BACKGROUND = (150, 100), (100, 100), (400, 400), (150, 150), (300, 200)
VARIANTS = ("original", "previews", "thumbnails", "thumbnails-square")
LANCZOS = Image.Resampling.LANCZOS

# A picture whose end is missing shows what it has. The limit of pixels is checked in `read_picture`, by our own setting.
ImageFile.LOAD_TRUNCATED_IMAGES = True
Image.MAX_IMAGE_PIXELS = None


def read_picture(path: Path) -> Image.Image:
    """The picture of a file, in sRGB. Raises WrongParameter when it can't be decoded or has too many pixels."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > settings.MAX_IMAGE_PIXELS:
                raise WrongParameter(UNREADABLE)
            picture.load()
            return in_srgb(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError, ArithmeticError, KeyError):
        raise WrongParameter(UNREADABLE) from None


def in_srgb(picture: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA where it has transparency, in the colours of its embedded profile."""
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.point(lambda value: value / 256).convert("L")
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
    canvas.paste(picture.convert("RGBA").resize(fitted, LANCZOS), ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2))
    return canvas


def cropped(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture, scaled to fill."""
    scale = max(size[0] / picture.width, size[1] / picture.height)
    width, height = size[0] / scale, size[1] / scale
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.resize(size, LANCZOS, box=(left, top, left + width, top + height))


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
