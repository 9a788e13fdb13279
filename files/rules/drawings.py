"""Painting reviewers' drawings over a picture."""

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from files.rules.outlines import LINE_WIDTH, Matrix, Object, Outline, growth, moved, number, placement, shape_of, times

# Masks are made larger and shrunk, which makes their edges smooth.
FINER = 2
DEEPEST = 6
MOST_OBJECTS = 2_000
FARTHEST_PIXEL, THICKEST = 1_000_000.0, 4_000.0
LARGEST_LETTERS, LONGEST_TEXT = 400.0, 2_000
LINE_HEIGHT = 1.16
TEXTS = ("i-text", "text", "textbox", "itext")
GROUPS = ("group", "activeselection")
FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf")
Box = tuple[int, int, int, int]


@cache
def font(size: int) -> Any:
    """The letters of drawn texts, so many pixels high."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def colour(value: Any) -> tuple[int, int, int, int] | None:
    """Red, green, blue and opacity of a CSS colour; None for what is none."""
    text = str(value or "").strip()
    if not text or text == "transparent" or len(text) > 60:
        return None
    try:
        if text.startswith("rgba("):
            *parts, opacity = text[5:].rstrip(")").split(",")
            red, green, blue = ImageColor.getrgb(f"rgb({','.join(parts)})")[:3]
            return red, green, blue, round(255 * min(1.0, max(0.0, number(opacity, 1.0))))
        found = ImageColor.getrgb(text)
    except ValueError:
        return None
    return found[0], found[1], found[2], found[3] if len(found) > 3 else 255


def draw_annotations(picture: Image.Image, objects: Iterable[Any]) -> Image.Image:
    """The picture as RGB with the objects over it, in their order; what can't be drawn is left out."""
    painted = picture.convert("RGB")
    for item in list(objects)[:MOST_OBJECTS]:
        if isinstance(item, dict):
            width = number(item.get("canvasWidth")) or painted.width
            height = number(item.get("canvasHeight")) or painted.height
            canvas: Matrix = (painted.width / max(1.0, width), 0.0, 0.0, painted.height / max(1.0, height), 0.0, 0.0)
            paint(painted, item, canvas)
    return painted


def paint(picture: Image.Image, item: Object, canvas: Matrix, *, opacity: float = 1.0, depth: int = 0) -> None:
    """Paint one object, or all of a group, whose place counts from what `canvas` leads to."""
    kind = str(item.get("type")).lower()
    opacity *= min(1.0, max(0.0, number(item.get("opacity"), 1.0)))
    if kind in GROUPS:
        within = times(canvas, placement(item, number(item.get("width")), number(item.get("height"))))
        members = item.get("objects")
        for member in members[:MOST_OBJECTS] if isinstance(members, list) and depth < DEEPEST else []:
            if isinstance(member, dict):
                paint(picture, member, within, opacity=opacity, depth=depth + 1)
    elif kind in TEXTS:
        write(picture, item, canvas, opacity)
    else:
        outline(picture, item, canvas, opacity)


def outline(picture: Image.Image, item: Object, canvas: Matrix, opacity: float) -> None:
    """Paint the area and the lines of an object."""
    lines, width, height = shape_of(item)
    matrix = times(canvas, placement(item, width, height))
    thickness = number(item.get("strokeWidth"), LINE_WIDTH) * growth(matrix)
    for line in lines:
        line.points = [moved(matrix, point) for point in line.points]
        line.widths = [given * growth(matrix) for given in line.widths] if line.widths else None
    box = visible_box(picture, [point for line in lines for point in line.points], thickness)
    if box is None:
        return
    fill, stroke = colour(item.get("fill")), colour(item.get("stroke"))
    if fill:
        apply(picture, box, area_mask(box, lines), item, matrix, fill, opacity)
    if stroke:
        apply(picture, box, line_mask(box, lines, thickness), item, matrix, stroke, opacity)


def visible_box(picture: Image.Image, points: list[tuple[float, float]], thickness: float) -> Box | None:
    """The part of the picture that a line of this thickness through the points may touch."""
    if not points:
        return None
    (left, right), (top, bottom) = ((min(values), max(values)) for values in zip(*points, strict=True))
    margin = thickness / 2 + 2
    box = (
        max(0, math.floor(left - margin)),
        max(0, math.floor(top - margin)),
        min(picture.width, math.ceil(right + margin)),
        min(picture.height, math.ceil(bottom + margin)),
    )
    return box if box[0] < box[2] and box[1] < box[3] else None


def blank(box: Box) -> Image.Image:
    """An empty mask of a part of the picture."""
    return Image.new("L", ((box[2] - box[0]) * FINER, (box[3] - box[1]) * FINER), 0)


def within(box: Box, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points of the picture as points of the mask."""
    return [(near((x - box[0]) * FINER), near((y - box[1]) * FINER)) for x, y in points]


def near(value: float) -> float:
    """A coordinate that the painter can count to."""
    return min(FARTHEST_PIXEL, max(-FARTHEST_PIXEL, value))


def area_mask(box: Box, lines: list[Outline]) -> Image.Image:
    """What the lines enclose."""
    mask = blank(box)
    pen = ImageDraw.Draw(mask)
    for line in lines:
        if len(line.points) > 2:
            pen.polygon(within(box, line.points), fill=255)
    return mask


def line_mask(box: Box, lines: list[Outline], thickness: float) -> Image.Image:
    """What the lines cover, with round ends and corners."""
    mask = blank(box)
    pen = ImageDraw.Draw(mask)
    for line in lines:
        points = within(box, line.points)
        points = [*points, points[0]] if line.closed else points
        if line.solid and len(points) > 2:
            pen.polygon(points, fill=255)
        if line.widths:
            for (start, end), width in zip(zip(points, points[1:], strict=False), line.widths, strict=False):
                draw_line(pen, [start, end], width * FINER)
        else:
            draw_line(pen, points, thickness * FINER)
    return mask


def draw_line(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
    """One line, or a dot where it has no length."""
    width = min(width, THICKEST)
    if len(points) > 1:
        pen.line(points, fill=255, width=max(1, round(width)), joint="curve")
    for x, y in (points[0], points[-1]) if points and width > 2 else ():
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)


def apply(
    picture: Image.Image, box: Box, mask: Image.Image, item: Object, matrix: Matrix, ink: tuple[int, int, int, int], opacity: float
) -> None:
    """Colour the part of the picture as far as the mask says, but for what was erased of the object."""
    erase(mask, box, item, matrix)
    strength = ink[3] / 255 * opacity
    covered = mask.reduce(FINER)
    if strength < 1:
        covered = covered.point(lambda value: value * strength)
    picture.paste(ink[:3], box, covered)


def erase(mask: Image.Image, box: Box, item: Object, matrix: Matrix) -> None:
    """Take away from a mask what the reviewer's eraser went over."""
    eraser = item.get("eraser")
    if not isinstance(eraser, dict) or not isinstance(eraser.get("objects"), list):
        return
    place = {"originX": "center", "originY": "center", **eraser}
    inner = times(matrix, placement(place, number(place.get("width")), number(place.get("height"))))
    for path in eraser["objects"][:MOST_OBJECTS]:
        if not isinstance(path, dict):
            continue
        lines, width, height = shape_of(path)
        own = times(inner, placement(path, width, height))
        for line in lines:
            line.points = [moved(own, point) for point in line.points]
        gone = line_mask(box, lines, number(path.get("strokeWidth"), LINE_WIDTH) * growth(own))
        mask.paste(ImageChops.subtract(mask, gone))


def write(picture: Image.Image, item: Object, canvas: Matrix, opacity: float) -> None:
    """Paint a text."""
    text, ink = str(item.get("text") or "")[:LONGEST_TEXT], colour(item.get("fill") or "black")
    size = min(LARGEST_LETTERS, max(1.0, number(item.get("fontSize"), 40.0)))
    if not text.strip() or ink is None:
        return
    fine = min(LARGEST_LETTERS / size, max(0.1, growth(canvas) * FINER))
    letters = font(max(1, round(size * fine)))
    spacing = size * fine * number(item.get("lineHeight"), LINE_HEIGHT)
    rows = text.splitlines()
    length = max(letters.getlength(row) for row in rows)
    extent = math.ceil(length) + 2, math.ceil(spacing * len(rows)) + 2
    if extent[0] * extent[1] > picture.width * picture.height * FINER * FINER * 4:
        return
    sheet = Image.new("L", extent, 0)
    for row, words in enumerate(rows):
        ImageDraw.Draw(sheet).text((0, row * spacing), words, fill=255, font=letters)
    width, height = number(item.get("width")) or extent[0] / fine, number(item.get("height")) or extent[1] / fine
    around = (1 / fine, 0.0, 0.0, 1 / fine, -width / 2, -height / 2)
    matrix = times(canvas, placement(item, width, height))
    whole = times(matrix, around)
    corners = [moved(whole, corner) for corner in ((0, 0), (extent[0], 0), extent, (0, extent[1]))]
    box = visible_box(picture, corners, 0.0)
    back = inverse(times((FINER, 0.0, 0.0, FINER, 0.0, 0.0), shifted(whole, box))) if box else None
    if box is None or back is None:
        return
    mask = sheet.transform(
        ((box[2] - box[0]) * FINER, (box[3] - box[1]) * FINER),
        Image.Transform.AFFINE,
        (back[0], back[2], back[4], back[1], back[3], back[5]),
        Image.Resampling.BICUBIC,
    )
    apply(picture, box, mask, item, matrix, ink, opacity)


def shifted(matrix: Matrix, box: Box) -> Matrix:
    """The matrix counted from the corner of a box."""
    return (*matrix[:4], matrix[4] - box[0], matrix[5] - box[1])


def inverse(matrix: Matrix) -> Matrix | None:
    """The way back, or None from where there is none."""
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    if abs(area) < 1e-9:
        return None
    return d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area
