"""A process that is killed in the middle of an import leaves nothing of it, and the same import goes through afterwards."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.live import PATIENCE, ROOT, environment, live_server, own_database

KILLED = -signal.SIGKILL
LINES = 4000


class Studio:
    """A studio without a server: code runs in processes of its own."""

    def __init__(self, folder: Path, database: dict[str, str]) -> None:
        self.environment = environment(folder, **database)

    def run(self, code: str, expected: int = 0) -> list[str]:
        """What a process with this code prints."""
        frame = "import os, django; django.setup()\nfrom django.core.management import call_command\n"
        done = subprocess.run(
            [sys.executable, "-c", frame + code], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == expected, done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def studio(tmp_path):
    with own_database(tmp_path) as database:
        yield Studio(tmp_path, database)


COUNT = """
from assets.models import Entity; from tasks.models import Task; from events.models import ApiEvent
from imports.models import ImportRecord; from production.models import Project
print(Project.objects.count(), Entity.objects.count(), Task.objects.count(), ApiEvent.objects.count(), ImportRecord.objects.count())
"""
CLEAN_UP = """
from datetime import timedelta; from files.rules.purging import purge
print(len(list(purge(older_than=timedelta(0)))))
"""
END = "os.kill(os.getpid(), 9)"


def test_a_killed_sheet_leaves_nothing(studio, tmp_path):
    sheet = tmp_path / "shots.csv"
    sheet.write_text("Sequence,Name\n" + "".join(f"SQ,SH{number}\n" for number in range(20)))
    studio.run("from tests.makers import make_project; make_project(name='Film')")
    before = studio.run(COUNT)
    importing = f"call_command('import_csv', 'shots', {str(sheet)!r}, '--project', 'Film')\n"
    dying = f"import imports.rules.sheets.base as sheets\ndef end(*a, **k): {END}\nsheets.record_import = end\n"
    studio.run(dying + importing, KILLED)
    assert studio.run(COUNT) == before
    assert studio.run(importing) == ["20 created, 0 updated, 0 skipped, 0 refused"]
    assert studio.run(importing) == ["0 created, 0 updated, 20 skipped, 0 refused"]


def test_a_killed_archive_leaves_no_row_and_its_files_to_the_clean_up(studio, tmp_path):
    path = tmp_path / "film.zip"
    studio.run(
        "from tests.cast import gather; from tests.imports.archives.conftest import fill, place_files, Made\n"
        "cast = gather(); rows = fill(cast); made = Made(cast, rows, place_files(rows), None)\n"
        f"call_command('export_production', 'The Lantern', {str(path)!r}); made.wipe()\n"
    )
    before = studio.run(COUNT)
    importing = f"call_command('import_production', {str(path)!r})\n"
    dying = f"import imports.archives.importing as archives\ndef end(*a, **k): {END}\narchives.record_import = end\n"
    studio.run(dying + importing, KILLED)
    assert studio.run(COUNT) == before
    assert int(studio.run(CLEAN_UP)[0]) > 5
    assert studio.run(CLEAN_UP) == ["0"]
    assert studio.run(importing)[-1].endswith("files of “The Lantern”")
    assert studio.run(CLEAN_UP) == ["0"]


def test_a_killed_server_stores_a_sheet_wholly_or_not_at_all(tmp_path):
    text = "Type,Name,Description\n" + "".join(f"Prop,Prop {number},{'x' * 50}\n" for number in range(LINES))
    with live_server(tmp_path) as server:
        found = server.gather()
        path = f"/import/csv/projects/{found['project_id']}/assets"
        answers = []

        def upload() -> None:
            try:
                sent = {"files": {"file": ("a.csv", text)}, "headers": {"Authorization": f"Bearer {found['admin']}"}}
                answers.append(requests.post(server.base + path, timeout=60, **sent).status_code)
            except requests.RequestException:
                answers.append(None)

        sending = threading.Thread(target=upload)
        sending.start()
        time.sleep(0.4)
        server.process.kill()
        sending.join()
        count = server.run("from assets.models import Entity; answer(Entity.objects.count())")
        records = server.run("from imports.models import ImportRecord; answer(ImportRecord.objects.count())")
    assert (count, records) == ((LINES, 1) if answers == [201] else (count, records))
    assert (count, records) in ((0, 0), (LINES, 1))
