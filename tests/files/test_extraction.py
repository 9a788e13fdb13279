"""Frames and tiles taken out of previews, with and without what reviewers drew."""

import io
import zipfile
from fractions import Fraction

import pytest
from PIL import Image

from events.models import ApiEvent
from files import storage
from files.models import PreviewFile
from files.rules.drawings import MOST_OBJECTS, draw_annotations
from files.rules.extraction import frame_number, time_of
from files.rules.outlines import Outline, path_commands, shape_of
from files.storage import PICTURES
from tests.files.studio import make_movie, make_work, png, publish

ADDRESSES = ("extract-frame", "extract-annotated-frame", "extract-annotated-frames", "extract-annotated-frames-pdf")
WHITE = (255, 255, 255)


def address(preview, what, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/actions/preview-files/{preview.pk}/{what}?{asked}"


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def picture(answer) -> Image.Image:
    assert answer.status_code == 200, answer.content
    return Image.open(io.BytesIO(content(answer)))


def rect(**values):
    """A red square over the whole of a canvas that is one unit wide."""
    return {
        "id": "r",
        "type": "rect",
        "left": 0,
        "top": 0,
        "width": 1,
        "height": 1,
        "fill": "#f00",
        "stroke": None,
        "canvasWidth": 1,
        "canvasHeight": 1,
        **values,
    }


def entry(time, *objects):
    return {"time": time, "drawing": {"objects": list(objects or [rect()])}}


def draw_on(preview, *entries):
    PreviewFile.objects.filter(pk=preview.pk).update(annotations=list(entries))


@pytest.fixture(scope="module")
def grey_movie(tmp_path_factory):
    """Ten frames of 64 by 36, each a little brighter than the one before."""
    brighter = ["-vf", "geq=lum='40+20*N':cb=128:cr=128", "-bf", "0"]
    return make_movie(tmp_path_factory.mktemp("movies") / "grey.mp4", *brighter, rate=25, seconds=0.4)


@pytest.fixture
def movie(work, cast, quick, grey_movie):
    """A movie of ten frames that is served as it was uploaded."""
    quick.SKIP_NORMALIZATION_FULL = True
    return publish(work, cast.user, grey_movie, "grey.mp4")


@pytest.fixture
def still(work, cast):
    """A white picture."""
    return publish(work, cast.user, png((40, 30), colour=WHITE))


@pytest.mark.parametrize(("number", "light"), [(None, 40), (0, 40), (-3, 40), (1, 40), (2, 60), (10, 220)])
def test_a_frame_is_the_one_of_its_number(api, movie, number, light):
    answer = api.get(address(movie, "extract-frame", **({} if number is None else {"frame_number": number})))
    shown = picture(answer)
    assert (shown.size, shown.format) == ((64, 36), "PNG")
    # Limited range of movies: 16 is black, 235 is white.
    assert shown.convert("L").getpixel((30, 18)) == pytest.approx((light - 16) * 255 / 219, abs=4)
    assert answer["Cache-Control"] == "no-cache" and answer["Content-Disposition"].startswith(
        f'inline; filename="{str(movie.pk)[:32]}_'
    )


@pytest.mark.parametrize(
    ("number", "message"),
    [("11", "The movie has no frame 11."), *((n, "Wrong value for parameter frame_number.") for n in ("x", "1.5", "", "%00"))],
)
def test_frames_that_are_not_there_are_refused(api, movie, number, message):
    answer = api.get(address(movie, "extract-frame", frame_number=number))
    assert answer.status_code == 400
    assert number == "%00" or answer.json() == {"error": True, "message": message, "data": None}


def test_only_finished_movies_with_a_file_have_frames(api, movie, still):
    assert api.get(address(still, "extract-frame", frame_number=1)).status_code == 404
    PreviewFile.objects.filter(pk=movie.pk).update(status="processing")
    assert api.get(address(movie, "extract-frame", frame_number=1)).status_code == 404
    PreviewFile.objects.filter(pk=movie.pk).update(status="ready", data={"imported_only": True})
    answer = api.get(address(movie, "extract-frame", frame_number=1))
    assert (answer.status_code, answer.json()) == (404, {"error": "preview file binary is not available"})
    assert api.get("/actions/preview-files/00000000-0000-4000-8000-000000000000/extract-frame").status_code == 404


@pytest.mark.parametrize("what", ADDRESSES)
def test_managers_alone_take_frames_out(api, cast, movie, what):
    draw_on(movie, entry(0))
    allowed = [
        role
        for role in ("manager", "supervisor", "user", "client", "vendor", "outsider")
        if api.by(cast.of(role)).get(address(movie, what, frame_number=1)).status_code == 200
    ]
    assert allowed == ["manager"]


def test_managers_of_other_productions_take_no_frames_out(api, cast, movie):
    cast.manager.team_links.all().delete()
    assert api.by(cast.manager).get(address(movie, "extract-frame")).status_code == 403


def test_a_tile_is_made_anew_and_stored(api, cast, movie):
    storage.remove(PICTURES, "tiles", movie.pk)
    for role in ("user", "client", "supervisor", "manager"):
        shown = picture(api.by(cast.of(role)).get(address(movie, "extract-tile")))
        assert shown.size == (8 * 178, 200)
    assert Image.open(storage.local_file(PICTURES, "tiles", movie.pk)).size == (8 * 178, 200)
    assert api.by(cast.vendor).get(address(movie, "extract-tile")).status_code == 403


def test_only_movies_have_tiles(api, still):
    answer = api.get(address(still, "extract-tile"))
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "Preview file is not a movie", "data": None})


def test_a_drawn_frame_is_found_by_its_time(api, movie):
    draw_on(movie, entry("0.2", rect(width=0.5)), entry("soon"), entry(0.04))
    shown = picture(api.get(address(movie, "extract-annotated-frame", frame_number=6)))
    assert (shown.mode, shown.size, shown.getpixel((10, 10))) == ("RGB", (64, 36), (255, 0, 0))
    assert shown.getpixel((50, 10)) != (255, 0, 0)
    answer = api.get(address(movie, "extract-annotated-frame", frame_number=4))
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "No annotation found for frame 4"})


def test_a_drawn_frame_of_a_movie_needs_its_number(api, movie):
    answer = api.get(address(movie, "extract-annotated-frame"))
    assert answer.json() == {"error": True, "message": "frame_number is required for movie previews", "data": None}
    fields = api.get(address(movie, "extract-annotated-frame", frame_number=0)).json()["data"]["errors"]
    assert fields == [{"field": "frame_number", "message": "Input should be greater than or equal to 1"}]


def test_a_drawn_picture_is_as_wide_as_in_reviews(api, still):
    draw_on(still, entry(0, rect(left=0.5)))
    shown = picture(api.get(address(still, "extract-annotated-frame")))
    assert shown.size == (1200, 900)
    assert (shown.getpixel((100, 100)), shown.getpixel((900, 100))) == (WHITE, (255, 0, 0))


def test_other_kinds_are_not_drawn_on(api, cast, work):
    document = publish(work, cast.user, b"%PDF-1.4", "notes.pdf")
    answer = api.get(address(document, "extract-annotated-frame"))
    assert answer.json()["message"] == "Cannot extract annotated frame from preview with extension 'pdf'"
    draw_on(document, entry(0))
    for what in ADDRESSES[2:]:
        answer = api.get(address(document, what))
        assert answer.json()["message"] == "Cannot extract annotated frames from preview with extension 'pdf'"


@pytest.mark.parametrize("what", ADDRESSES[2:])
def test_without_drawings_there_is_nothing_to_take_out(api, still, movie, what):
    answer = api.get(address(still, what))
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "Preview file has no annotations"})
    draw_on(movie, entry(900), entry("x"))
    message = "No annotated frame could be extracted from this preview"
    assert api.get(address(movie, what)).json() == {"error": True, "message": message}
    draw_on(still, {"time": 0, "drawing": {"objects": []}}, {"time": 1})
    assert api.get(address(still, what)).status_code == 400


def test_all_drawn_frames_come_as_an_archive(api, cast, movie):
    draw_on(movie, entry(0.2), entry(0), entry(0.001), entry(30))
    answer = api.get(address(movie, "extract-annotated-frames"))
    stem = answer["Content-Disposition"].removeprefix('attachment; filename="').removesuffix('_annotated_frames.zip"')
    assert stem.startswith("the_lantern_") and stem.endswith("_v1") and answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(content(answer)))
    assert archive.namelist() == [f"{stem}_frame_6.png", f"{stem}_frame_1.png"]
    with archive.open(archive.namelist()[0]) as file:
        assert Image.open(file).getpixel((5, 5)) == (255, 0, 0)


def test_all_drawn_frames_come_as_pages(api, still):
    draw_on(still, entry(0), entry(1))
    answer = api.get(address(still, "extract-annotated-frames-pdf"))
    pages = content(answer)
    assert answer["Content-Type"] == "application/pdf" and "_annotated_frames.pdf" in answer["Content-Disposition"]
    assert pages.startswith(b"%PDF") and b"/Count 2" in pages
    assert b"[ 0 0 576.0 432.0 ]" in pages  # 1200 by 900 pixels at 150 to the inch


def test_nothing_is_told_of_what_is_taken_out(api, movie):
    draw_on(movie, entry(0))
    ApiEvent.objects.all().delete()
    for what in (*ADDRESSES, "extract-tile"):
        assert api.get(address(movie, what, frame_number=1)).status_code == 200
    assert not ApiEvent.objects.exists()


# Drawing


def drawn(*objects, size=(100, 100)):
    placed = [{"canvasWidth": size[0], "canvasHeight": size[1], "stroke": None, **item} for item in objects]
    return draw_annotations(Image.new("RGB", size, WHITE), placed)


RED = {"fill": "red"}
PEN = {"stroke": "red", "strokeWidth": 10, "fill": None}


def shape(kind, left, top, **values):
    return {"type": kind, "left": left, "top": top, **values}


def box(left, top, size, **values):
    return shape("rect", left, top, width=size, height=size, **RED, **values)


def points(*pairs):
    return [{"x": x, "y": y} for x, y in pairs]


DIAGONAL = points((0, 0), (80, 80))
ACROSS = {"x1": 0, "y1": 0, "x2": 80, "y2": 0}


@pytest.mark.parametrize(
    ("item", "inside", "outside"),
    [
        (box(20, 20, 20), (30, 30), (50, 30)),
        (box(50, 50, 20, originX="center", originY="center"), (42, 42), (65, 50)),
        (box(20, 20, 10, scaleX=4), (55, 25), (25, 35)),
        (box(50, 10, 30, angle=45), (50, 45), (75, 15)),
        (shape("circle", 10, 10, radius=20, **RED), (30, 30), (12, 12)),
        (shape("ellipse", 10, 10, rx=40, ry=10, **RED), (80, 20), (50, 35)),
        (shape("line", 10, 45, **ACROSS, **PEN), (50, 50), (50, 60)),
        (shape("polyline", 5, 5, points=DIAGONAL, **PEN), (50, 50), (80, 20)),
        (shape("polygon", 10, 10, points=points((0, 0), (80, 0), (0, 80)), **RED), (20, 20), (80, 80)),
        (shape("path", 5, 5, path=[["M", 500, 500], ["L", 580, 580]], **PEN), (50, 50), (80, 20)),
        (shape("path", 0, 0, path="M 0 0 L 80 0 L 80 80 L 0 80 Z", **RED), (40, 40), (90, 90)),
        (shape("path", 0, 0, path="m0,0 l80,0 l0,80 l-80,0z", **RED), (40, 40), (90, 90)),
        (shape("path", 0, 0, path=[["M", 0, 0], ["Q", 40, 80, 80, 0]], **RED), (40, 30), (40, 60)),
        (shape("path", 0, 0, path=[["M", 0, 0], ["C", 0, 80, 80, 80, 80, 0]], **RED), (40, 40), (40, 80)),
        (shape("PSStroke", 5, 5, strokePoints=[{**DIAGONAL[0], "pressure": 1}, DIAGONAL[1]], **PEN), (50, 50), (80, 20)),
        (shape("arrow", 5, 45, **ACROSS, **PEN), (60, 60), (20, 65)),
        (shape("group", 40, 40, width=40, height=40, objects=[box(0, 0, 20)]), (70, 70), (50, 50)),
    ],
)
def test_objects_are_drawn_where_they_were(item, inside, outside):
    shown = drawn(item)
    assert (shown.getpixel(inside), shown.getpixel(outside)) == ((255, 0, 0), WHITE)


def test_texts_are_written():
    shown = drawn({"type": "i-text", "left": 10, "top": 10, "text": "Wo\nWo", "fontSize": 30, "fill": "#00f"})
    colours = {colour for _, colour in shown.getcolors(maxcolors=10_000)}
    assert (0, 0, 255) in colours and shown.getpixel((95, 95)) == WHITE


def test_colours_may_let_through():
    for fill in ("rgba(255,0,0,0.5)", "#ff000080"):
        assert drawn({"type": "rect", "width": 50, "height": 50, "fill": fill}).getpixel((20, 20))[1] == pytest.approx(127, abs=2)
    assert drawn({"type": "rect", "width": 50, "height": 50, "fill": "red", "opacity": 0.5}).getpixel((20, 20))[1] == 127
    assert drawn({"type": "rect", "width": 50, "height": 50, "fill": "no colour"}).getpixel((20, 20)) == WHITE


def test_what_was_erased_is_not_drawn():
    rubber = {"type": "path", "left": -50, "top": -10, "path": [["M", 0, 0], ["L", 90, 0]], "stroke": "#000", "strokeWidth": 20}
    shown = drawn({"type": "rect", "width": 100, "height": 100, "fill": "red", "eraser": {"type": "eraser", "objects": [rubber]}})
    assert (shown.getpixel((50, 50)), shown.getpixel((50, 20))) == (WHITE, (255, 0, 0))


@pytest.mark.parametrize(
    "item",
    [
        {"type": "rect", "left": float("inf"), "top": "x", "width": 1e308, "height": -1e308, "scaleX": 1e99, "fill": "red"},
        {
            "type": "path",
            "path": [["M", 1e300, -1e300], ["L"], ["C", 1], [], "L", None, ["Z"]],
            "stroke": "red",
            "strokeWidth": 1e12,
        },
        {"type": "path", "path": "M M M 1 L 9e999,9e999 z", "stroke": "red"},
        {"type": "polygon", "points": [None, 3, {"x": {}}, {"y": []}, {"x": 5}], "fill": "red", "stroke": "red"},
        {"type": "text", "text": "A" * 10**6, "fontSize": 1e9, "fill": "red", "scaleX": 1e9},
        {"type": "text", "text": 5, "fontSize": "x", "scaleX": 0},
        {"type": "group", "objects": "x"},
        {"type": ["rect"], "fill": {"type": "gradient"}},
        {"type": "circle", "radius": 50, "fill": "red", "eraser": {"objects": [None, {"type": "rect"}]}},
        {"type": "image", "src": "file:///etc/passwd"},
    ],
)
def test_odd_objects_do_no_harm(item):
    assert drawn({**item}).size == (100, 100)


def test_groups_within_groups_end():
    item = {"type": "rect", "width": 10, "height": 10, **RED}
    for _ in range(50):
        item = {"type": "group", "objects": [item, item]}
    assert drawn(item).getcolors() == [(10_000, WHITE)]
    assert len(path_list(MOST_OBJECTS)) == MOST_OBJECTS


def path_list(length):
    return list(path_commands([["L", 1, 1]] * length))


def test_a_shape_is_counted_from_its_middle():
    lines, width, height = shape_of({"type": "line", "x1": 10, "y1": 10, "x2": 30, "y2": 20})
    assert (lines, width, height) == ([Outline([(-10, -5), (10, 5)])], 20, 10)
    assert shape_of({"type": "blob"}) == ([], 0, 0)


@pytest.mark.parametrize(
    ("time", "seconds"), [(0.4, 0.4), ("0.4", 0.4), (None, 0.0), ("x", None), (-1, None), ("nan", None), ([], 0.0)]
)
def test_times_of_drawings(time, seconds):
    assert time_of({"time": time}) == seconds


def test_a_moment_is_a_frame():
    assert [frame_number(time, Fraction(25)) for time in (0, 0.4, 0.41, 1)] == [1, 11, 11, 26]


def test_reads_of_another_preview_stay_apart(api, cast, movie):
    other = publish(make_work(cast.project, cast.user), cast.user)
    draw_on(movie, entry(0))
    assert api.get(address(other, "extract-annotated-frame")).json()["message"] == "No annotation found on picture preview"
