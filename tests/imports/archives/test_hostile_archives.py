"""Archives that are damaged, tampered with, or made to do harm: refused in words, and nothing is stored."""

import os
import shutil
import stat
import zipfile
from uuid import uuid4

import orjson
import pytest
from django.core.management import CommandError

from imports.models import ImportRecord
from production.models import Project
from tests.imports.archives.conftest import manifest_of, members_of, rewritten, run, stored_names, studio_counts

FOREIGN = "5f0d8f4e-0000-4000-8000-000000000000"


@pytest.fixture
def archive(made):
    """An archive of a production that is gone, so that nothing but itself stands against it."""
    path = made.export()
    made.wipe()
    return path


def assert_refused(path, words: str) -> None:
    """Neither a row nor a file comes in."""
    counts = studio_counts()
    files = stored_names()
    for more in ((), ("--dry-run",), ("--as", "Copy")):
        with pytest.raises(CommandError) as refusal:
            run("import_production", path, *more)
        assert words in str(refusal.value)
    assert studio_counts() == counts
    assert stored_names() == files
    assert not ImportRecord.objects.exists()


def with_member(path, name: str, content: bytes = b"x", **attributes):
    """A copy of an archive with one member more."""
    copy = path.with_name("more.zip")
    shutil.copy(path, copy)
    info = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(info, key, value)
    with zipfile.ZipFile(copy, "a") as file:
        file.writestr(info, content)
    return copy


def changed(name: str, change):
    """A change of the rows of one member, for `rewritten`."""

    def apply(members, manifest):
        rows = [orjson.loads(line) for line in members[name].splitlines()]
        change(rows)
        members[name] = b"".join(orjson.dumps(row) + b"\n" for row in rows)

    return apply


def set_first(**values):
    """Sets columns of the first row."""
    return lambda rows: rows[0].update(values)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/passwd",
        "rows/../../evil.ndjson",
        "files/pictures/original/../../../evil",
        "files/pictures/secret/" + FOREIGN,
        "files/nowhere/original/" + FOREIGN,
        "rows/ApiEvent.ndjson",
        "rows/Session.ndjson",
        "rows/User.ndjson",
        "notes.txt",
        "rows\\..\\evil",
    ],
)
def test_members_that_do_not_belong_there_are_refused(archive, name):
    assert_refused(with_member(archive, name), "does not belong there")


def test_links_are_refused(archive):
    link = {"external_attr": (stat.S_IFLNK | 0o777) << 16, "create_system": 3}
    assert_refused(with_member(archive, f"files/pictures/original/{FOREIGN}", b"/etc/passwd", **link), "is no plain file")


def test_members_that_the_manifest_does_not_name_are_refused(archive):
    assert_refused(with_member(archive, f"files/pictures/original/{FOREIGN}"), "not those that its manifest names")


def test_a_member_twice_is_refused(archive):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = with_member(archive, "rows/Task.ndjson")
    assert_refused(path, "one of them twice")


def test_what_would_burst_is_refused(archive):
    bomb = {"compress_type": zipfile.ZIP_DEFLATED}
    name = "rows/Task.ndjson"

    def burst(members, manifest):
        members[name] = b" " * 50_000_000

    path = rewritten(archive, burst)
    members, manifest = members_of(path), manifest_of(path)
    with zipfile.ZipFile(path, "w") as file:
        for member, content in members.items():
            info = zipfile.ZipInfo(member)
            info.compress_type = bomb["compress_type"] if member == name else zipfile.ZIP_STORED
            file.writestr(info, content)
        file.writestr("manifest.json", orjson.dumps(manifest))
    assert path.stat().st_size < 1_000_000
    assert_refused(path, "would burst")


def test_compressed_files_are_refused(archive):
    shrunk = {"compress_type": zipfile.ZIP_DEFLATED}
    assert_refused(with_member(archive, f"files/movies/previews/{FOREIGN}", b"x" * 999, **shrunk), "compressed in a way")


def test_a_changed_byte_is_noticed(archive):
    """Of a file that is stored as it is, behind the zip's own checksum."""
    members, manifest = members_of(archive), manifest_of(archive)
    name = next(name for name in members if name.startswith("files/movies/"))
    path = archive.with_name("changed.zip")
    with zipfile.ZipFile(path, "w") as file:
        for member, content in members.items():
            file.writestr(member, b"y" + content[1:] if member == name else content)
        file.writestr("manifest.json", orjson.dumps(manifest))
    assert_refused(path, f"The checksum of {name} is wrong")
    content = bytearray(archive.read_bytes())
    content[content.index(members[name])] ^= 1
    archive.write_bytes(content)
    assert_refused(archive, "is damaged")


def test_an_archive_cut_off_is_none(archive, tmp_path):
    content = archive.read_bytes()
    for length in (0, 1, len(content) // 2, len(content) - 1):
        path = tmp_path / "cut.zip"
        path.write_bytes(content[:length])
        assert_refused(path, "is no archive")
    assert_refused(tmp_path / "nowhere.zip", "can't be read")
    words = tmp_path / "words.zip"
    words.write_text("just words")
    assert_refused(words, "is no archive")


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": "other"}',
        b"\xff",
        b'{"format": "callboard-production", "schema": {}, "members": {}, "production": {}}',
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path, manifest, cast):
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifest.json", manifest)
    assert_refused(path, "its manifest makes no sense")


def test_an_archive_without_a_manifest_is_refused(tmp_path, cast):
    path = tmp_path / "bare.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("rows/Task.ndjson", b"")
    assert_refused(path, "it has no manifest")


@pytest.mark.parametrize(
    "newer", [{"tasks": "9999_later"}, {"nowhere": "0001_initial"}, {"tasks": "../0001_initial"}], ids=["later", "room", "path"]
)
def test_a_newer_schema_is_refused(archive, newer):
    def claim(members, manifest):
        manifest["schema"] |= newer

    assert_refused(rewritten(archive, claim), "of a newer schema")


def test_an_older_schema_comes_in_with_the_columns_values_of_their_own(archive, made):
    def forget(members, manifest):
        changed("rows/Task.ndjson", lambda rows: rows[0].pop("retake_count"))(members, manifest)

    run("import_production", rewritten(archive, forget))
    assert Project.objects.get(pk=made.project.pk).tasks.get().retake_count == 0


@pytest.mark.parametrize(
    ("member", "change", "words"),
    [
        ("Task", set_first(id="nothing"), "A row of Task has no id"),
        ("Task", set_first(secret=1), "Task.secret is not known here"),
        ("Task", set_first(retake_count="x"), "Task.retake_count has a value that makes no sense"),
        ("Task", set_first(retake_count=2**40), "Task.retake_count has a value"),
        ("Task", set_first(estimation=True), "Task.estimation has a value"),
        ("Task", set_first(name="x" * 300), "Task.name has a value"),
        ("Task", set_first(name="a\x00b"), "has a NUL character"),
        ("Task", set_first(name=None), "Task.name has a value"),
        ("Task", set_first(data=[1]), "Task.data has a value"),
        ("Task", set_first(assignees="x"), "Task.assignees has a value"),
        ("Task", set_first(assignees=["x"]), "Task.assignees has a value"),
        ("Task", set_first(assignees=[FOREIGN]), "refers to 1 rows of Person that it does not hold"),
        ("Task", set_first(entity_id=FOREIGN), "refers to 1 rows of Entity that it does not hold"),
        ("Task", set_first(project_id=FOREIGN), "refers to 1 rows of Project that it does not hold"),
        ("Task", lambda rows: rows.append(rows[0]), "is there twice"),
        ("Task", lambda rows: rows[0].pop("name"), "A row of Task has no name"),
        ("Task", lambda rows: rows.__setitem__(0, [1]), "A row of Task has no id"),
        ("Task", set_first(difficulty=99), "don't fit together"),
        ("Task", lambda rows: rows.append({**rows[0], "id": FOREIGN}), "don't fit together"),
        ("Comment", set_first(object_id=FOREIGN), "refers to 1 rows of Task that it does not hold"),
        ("Comment", set_first(replies={"a": 1}), "Comment.replies has a value"),
        ("Comment", set_first(created_at="yesterday"), "Comment.created_at has a value"),
        ("PreviewFile", set_first(status="evil"), "PreviewFile.status has a value"),
        ("Project", lambda rows: rows.append({**rows[0], "id": FOREIGN}), "the one production"),
        ("Project", lambda rows: rows.clear(), "the one production"),
        ("Project", set_first(name=None), "Project.name has a value"),
        ("Person", set_first(password="x"), "Person.password is not known here"),
        ("Person", set_first(role="root"), "Person.role has a value"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rows_that_no_studio_could_keep_are_refused(archive, member, change, words):
    assert_refused(rewritten(archive, changed(f"rows/{member}.ndjson", change)), words)


def test_rows_that_are_no_json_are_refused(archive):
    def spoil(members, manifest):
        members["rows/Task.ndjson"] = b"{\n"

    assert_refused(rewritten(archive, spoil), "can't be read")


def test_a_line_without_an_end_is_refused(archive, monkeypatch):
    def spoil(members, manifest):
        members["rows/Task.ndjson"] = os.urandom(3_000_000).replace(b"\n", b"x")

    monkeypatch.setattr("imports.archives.container.LONGEST_LINE", 1_000_000)
    assert_refused(rewritten(archive, spoil), "never ends")


def test_a_file_of_nobody_is_refused(archive):
    def add(members, manifest):
        members[f"files/files/attachments/{uuid4()}"] = b"x"

    assert_refused(rewritten(archive, add), "belongs to nothing in the archive")
