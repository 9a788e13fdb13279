"""The shapes of drawn objects, as fabric.js describes them: lines and areas in coordinates around the middle of the object."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Object = dict[str, Any]
# a, b, c, d, e, f: x becomes a·x + c·y + e, y becomes b·x + d·y + f.
Matrix = tuple[float, float, float, float, float, float]

FARTHEST = 100_000.0
MOST_POINTS = 20_000
CURVE_STEPS, ROUND_STEPS = 12, 72
NUMBERS = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
COMMAND = re.compile(r"([MLQCZmlqcz])([^MLQCZmlqcz]*)")
LENGTHS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}
ORIGINS = {"left": 0.5, "top": 0.5, "center": 0.0, "right": -0.5, "bottom": -0.5}
ARROW_HEAD = 5.0
LINE_WIDTH = 1.0


@dataclass
class Outline:
    """A line through points; a `closed` one encloses an area, which a `solid` one has in the line's colour.

    `widths` has the width of each of its segments, where these differ.
    """

    points: list[Point]
    closed: bool = False
    widths: list[float] | None = None
    solid: bool = False


def number(value: Any, default: float = 0.0) -> float:
    """A finite number of bearable size, whatever a client sent."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return min(FARTHEST, max(-FARTHEST, found)) if math.isfinite(found) else default


def times(outer: Matrix, inner: Matrix) -> Matrix:
    """First the inner change of coordinates, then the outer one."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def moved(matrix: Matrix, point: Point) -> Point:
    """A point in the coordinates that the matrix leads to."""
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def growth(matrix: Matrix) -> float:
    """How much thicker lines become."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


# Shapes


def path_commands(path: Any) -> Iterator[tuple[str, list[float]]]:
    """The commands of a path, which is a list of lists or SVG's text; relative points have become absolute ones."""
    if isinstance(path, str):
        listed = [[letter, *NUMBERS.findall(rest)] for letter, rest in COMMAND.findall(path[: 20 * MOST_POINTS])]
    else:
        listed = path if isinstance(path, list) else []
    x, y, start = 0.0, 0.0, (0.0, 0.0)
    for command in listed:
        if not isinstance(command, list) or not command or str(command[0]).upper() not in LENGTHS:
            continue
        letter, numbers = str(command[0]), [number(value) for value in command[1 : 1 + MOST_POINTS]]
        length = LENGTHS[letter.upper()]
        for at in range(0, max(len(numbers), 1), length or len(numbers) or 1):
            values = numbers[at : at + length]
            if len(values) < length:
                break
            if letter.islower():
                values = [value + (y if index % 2 else x) for index, value in enumerate(values)]
            if letter in "Zz":
                x, y = start
            else:
                x, y = values[-2:]
            if letter in "Mm":
                start = x, y
            yield letter.upper(), values


def curve(points: list[Point]) -> Iterator[Point]:
    """Points along a Bézier curve of two or three control points, without its start."""
    for step in range(1, CURVE_STEPS + 1):
        at, level = step / CURVE_STEPS, points
        while len(level) > 1:
            level = [(p[0] + (q[0] - p[0]) * at, p[1] + (q[1] - p[1]) * at) for p, q in zip(level, level[1:], strict=False)]
        yield level[0]


def path_outlines(item: Object) -> list[Outline]:
    """What a pen drew."""
    made: list[Outline] = []
    count = 0
    for letter, values in path_commands(item.get("path")):
        points = list(zip(values[::2], values[1::2], strict=True))
        if letter == "M" or not made:
            made.append(Outline(points[-1:] or [(0.0, 0.0)]))
            continue
        line = made[-1]
        if letter == "Z":
            line.closed = True
        elif letter == "L":
            line.points.append(points[0])
        else:
            line.points.extend(curve([line.points[-1], *points]))
        count += 1
        if count > MOST_POINTS:
            break
    return made


def listed_points(points: Any) -> list[Point]:
    """Points that are objects with `x` and `y`."""
    listed = points[:MOST_POINTS] if isinstance(points, list) else []
    return [(number(point.get("x")), number(point.get("y"))) for point in listed if isinstance(point, dict)]


def stroke_outlines(item: Object) -> list[Outline]:
    """What a pen drew that feels how hard it is pressed."""
    strokes = item.get("strokePoints") or item.get("points")
    pressed = [point for point in strokes[:MOST_POINTS] if isinstance(point, dict)] if isinstance(strokes, list) else []
    width = number(item.get("strokeWidth"), LINE_WIDTH)
    widths = [width * min(1.0, max(0.0, number(point.get("pressure"), 0.5))) for point in pressed[:-1]]
    return [Outline(listed_points(pressed), widths=widths or [width])]


def polygon_outlines(item: Object) -> list[Outline]:
    """A line of straight pieces, closed for a polygon."""
    return [Outline(listed_points(item.get("points")), closed=str(item.get("type")).lower() == "polygon")]


def rect_outlines(item: Object) -> list[Outline]:
    """A rectangle."""
    x, y = number(item.get("width")) / 2, number(item.get("height")) / 2
    return [Outline([(-x, -y), (x, -y), (x, y), (-x, y)], closed=True)]


def ellipse_outlines(item: Object) -> list[Outline]:
    """A circle or an ellipse."""
    rx, ry = number(item.get("rx", item.get("radius"))), number(item.get("ry", item.get("radius")))
    angles = (2 * math.pi * step / ROUND_STEPS for step in range(ROUND_STEPS))
    return [Outline([(rx * math.cos(angle), ry * math.sin(angle)) for angle in angles], closed=True)]


def line_outlines(item: Object) -> list[Outline]:
    """A straight line."""
    return [Outline([(number(item.get("x1")), number(item.get("y1"))), (number(item.get("x2")), number(item.get("y2")))])]


def arrow_outlines(item: Object) -> list[Outline]:
    """A straight line with a head at its end."""
    given = listed_points(item.get("points"))
    start, end = (given[0], given[-1]) if len(given) > 1 else line_outlines(item)[0].points
    length = math.dist(start, end)
    if not length:
        return [Outline([start, end])]
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    head = min(length, ARROW_HEAD * max(number(item.get("strokeWidth"), LINE_WIDTH), 2.0))
    base = end[0] - x * head, end[1] - y * head
    sides = [(base[0] - y * head / 2, base[1] + x * head / 2), (base[0] + y * head / 2, base[1] - x * head / 2)]
    return [Outline([start, base]), Outline([end, *sides], closed=True, solid=True)]


SHAPES: dict[str, Callable[[Object], list[Outline]]] = {
    "path": path_outlines,
    "psstroke": stroke_outlines,
    "rect": rect_outlines,
    "circle": ellipse_outlines,
    "ellipse": ellipse_outlines,
    "line": line_outlines,
    "polyline": polygon_outlines,
    "polygon": polygon_outlines,
    "arrow": arrow_outlines,
}
# Their points are where they were drawn, not around the middle.
AS_DRAWN = ("path", "psstroke", "line", "polyline", "polygon", "arrow")


def shape_of(item: Object) -> tuple[list[Outline], float, float]:
    """The lines of an object around its middle, with its width and height; none for kinds that are not drawn."""
    kind = str(item.get("type")).lower()
    made = SHAPES[kind](item) if kind in SHAPES else []
    points = [point for line in made for point in line.points]
    if not points:
        return [], 0.0, 0.0
    (left, right), (top, bottom) = ((min(values), max(values)) for values in zip(*points, strict=True))
    if kind in AS_DRAWN:
        middle = (1.0, 0.0, 0.0, 1.0, -(left + right) / 2, -(top + bottom) / 2)
        for line in made:
            line.points = [moved(middle, point) for point in line.points]
    return made, right - left, bottom - top


def placement(item: Object, width: float, height: float) -> Matrix:
    """From an object's own coordinates to those of what it lies on, by its place, angle and scale."""
    scale_x, scale_y = number(item.get("scaleX"), 1.0), number(item.get("scaleY"), 1.0)
    border = number(item.get("strokeWidth"), LINE_WIDTH) if item.get("stroke") else 0.0
    angle = math.radians(number(item.get("angle")))
    cosine, sine = math.cos(angle), math.sin(angle)
    x = ORIGINS.get(str(item.get("originX")), 0.5) * (width + border) * scale_x
    y = ORIGINS.get(str(item.get("originY")), 0.5) * (height + border) * scale_y
    middle = number(item.get("left")) + x * cosine - y * sine, number(item.get("top")) + x * sine + y * cosine
    scale_x, scale_y = -scale_x if item.get("flipX") else scale_x, -scale_y if item.get("flipY") else scale_y
    return cosine * scale_x, sine * scale_x, -sine * scale_y, cosine * scale_y, *middle
