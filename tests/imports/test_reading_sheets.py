"""What counts as a sheet, and what is said of anything else."""

import pytest

from assets.models import Entity
from imports.sheets.reading import read_sheet
from imports.sheets.writing import bared, guarded, sheet_bytes


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_usual_delimiters_are_found(delimiter):
    sheet = read_sheet(f"Type{delimiter}Name\r\nProp{delimiter}Hammer\r\n".encode())
    assert (sheet.columns, sheet.lines[0].cells) == (("Type", "Name"), {"Type": "Prop", "Name": "Hammer"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_the_usual_encodings_are_read(encoding):
    assert read_sheet("Type,Name\nDécor,Île\n".encode(encoding)).lines[0].cells == {"Type": "Décor", "Name": "Île"}


def test_lines_are_numbered_as_in_the_file_and_blank_ones_left_out():
    lines = read_sheet(b'Type,Name\nProp,"two\nlines"\n , \n\nProp,B\nProp\nProp,C,more\n').lines
    assert [(line.number, line.cell("Name")) for line in lines] == [(3, "two\nlines"), (6, "B"), (7, None), (8, "C")]


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (b"", 400, "Could not determine delimiter"),
        (b"\n\n", 400, "Could not determine delimiter"),
        (b"just words", 400, "Could not determine delimiter"),
        (b'{"name": "x"}', 400, "Could not determine delimiter"),
        (b"Type,Name\nProp,a\x00b\n", 400, "The file holds NUL characters: it is not a CSV file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 400, "The file holds NUL characters: it is not a CSV file."),
        (b'Type,Name\nProp,"no end\n', 400, "Line 2 can't be read: unexpected end of data."),
        (b"Type,Name\nProp," + b"x" * 10_000_000, 400, "field larger than field limit"),
        (b"Type,Name,Name\nProp,A,B\n", 400, "The column 'Name' is there twice."),
        (b"foo,bar\n1,2\n", 400, "A columns is missing: 'Name'"),
        (b"Type,Name\nProp," + b"x" * 200, 400, "A value is invalid: Name: longer than 160 characters"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_sheet_is_refused_in_words(send, studio, content, status, message):
    answer = send(studio.into("assets"), content)
    assert (answer.status_code, answer.json()["error"]) == (status, True)
    assert message in answer.json()["message"]
    assert not Entity.objects.exists()


def test_files_too_long_are_refused(send, studio, settings):
    settings.MAX_CSV_ROWS = 3
    assert send(studio.into("assets"), "Type,Name\n" + "Prop,A\n" * 4).status_code == 413
    assert send(studio.into("assets"), "Type,Name\n" + "Prop,A\n" * 3).status_code == 201
    settings.MAX_CSV_LENGTH = 10
    assert send(studio.into("assets"), "Type,Name\nProp,B\n").status_code == 413


def test_a_million_lines_are_refused_before_they_are_read(send, studio):
    answer = send(studio.into("assets"), b"Type,Name\n" + b"Prop,A\n" * 1_000_000)
    assert (answer.status_code, answer.json()["message"]) == (413, "The file has more than 100000 lines of data.")
    assert not Entity.objects.exists()


def test_a_file_of_several_encodings_is_read_as_one_of_them(send, studio):
    """Whoever pasted two files together sees odd letters, and no error of the server."""
    answer = send(studio.into("assets"), "Type,Name\nProp,Île\n".encode() + "Prop,Décor\n".encode("latin-1") + b"Prop,\x81\n")
    assert answer.status_code == 201
    assert [row["name"] for row in answer.json()] == ["ÃŽle".encode("cp1252").decode("latin-1"), "Décor", "\x81"]


def test_unknown_columns_are_told_and_left_alone(send, studio):
    answer = send(studio.into("assets"), "Type,Name,Mood,Mood\nProp,A,sad,glad\n", dry_run="true")
    assert answer.json()["ignored_columns"] == ["Mood"]
    assert send(studio.into("assets"), "Type,Name,Mood,Mood\nProp,A,sad,glad\n").status_code == 201
    assert studio.named("A").data == {}


def test_without_a_file_nothing_is_imported(api, studio):
    unreadable = "The browser (or proxy) sent a request that this server could not understand."
    for answer in (api.post(studio.into("assets"), {"file": "x"}), api.upload(studio.into("assets"), other=b"x")):
        assert (answer.status_code, answer.json()) == (400, {"error": True, "message": unreadable})


def test_a_header_alone_imports_nothing(send, studio):
    answer = send(studio.into("assets"), "Type,Name\n")
    assert (answer.status_code, answer.json()) == (201, [])


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "'=1", "''@x"])
def test_formulas_leave_with_a_quote_and_come_back_without(text):
    assert guarded(text) == "'" + text
    assert bared(guarded(text)) == text
    line = read_sheet(b"".join(sheet_bytes(["Type", "Name"], [["Prop", text]]))).lines[0]
    assert line.cell("Name") == text


@pytest.mark.parametrize("value", ["plain", "'quoted", "+33 1 23 45 67 89", "-5", "a=b", "", -5, 1.5, None])
def test_what_no_spreadsheet_runs_leaves_as_it_is(value):
    assert guarded(value) == value
    assert bared(str(value)) == str(value)
