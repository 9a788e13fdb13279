"""Builds in real processes: a worker that is killed in the midst leaves no half movie, and the next one ends its work."""

import os
import signal

import pytest
import requests

from tests.files.studio import hesitant_ffmpeg
from tests.live import half_files, live_server, wait_until, worker

LAY_OUT = (
    "from people.models import Person; from production.models import Project; from pathlib import Path\n"
    "from tests.files.studio import make_work; from tests.playlists.ground import ready_movie\n"
    "user = Person.objects.get(email='user@studio.example'); project = Project.objects.get(name='The Lantern')\n"
    "works = [make_work(project, user) for _ in range(2)]; content = Path({movie!r}).read_bytes()\n"
    "previews = [ready_movie(work, content, user) for work in works]\n"
    "from playlists.models import Playlist\n"
    "shots = [{{'entity_id': str(w.shot.pk), 'preview_file_id': str(p.pk)}} for w, p in zip(works, previews)]\n"
    "answer(Playlist.objects.create(name='Dailies', project=project, shots=shots).pk)"
)
STATE = (
    "from playlists.models import BuildJob; from django_tasks_db.models import DBTaskResult; from files import storage\n"
    "from files.rules.purging import stored_objects\n"
    "answer({'builds': list(BuildJob.objects.values_list('status', flat=True)),"
    " 'jobs': list(DBTaskResult.objects.filter(task_path='playlists.jobs.build_movie').values_list('status', flat=True)),"
    " 'built': [item.name for item in stored_objects(storage.MOVIES) if item.name.startswith('playlists-')]})"
)


@pytest.fixture
def hesitant(tmp_path):
    """A folder with an ffmpeg that stops while `wait` lies there."""
    return hesitant_ffmpeg(tmp_path / "programs")


def get(server, token, path):
    return requests.get(f"{server.base}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=60)


def test_a_killed_workers_build_is_taken_up_again(tmp_path, hesitant, movie):
    source = tmp_path / "source.mp4"
    source.write_bytes(movie)
    variables = {"PATH": f"{hesitant}:{os.environ['PATH']}", "MOVIE_ENCODING_PRESET": "ultrafast"}
    with live_server(tmp_path, "--no-worker", **variables) as server:
        token = server.gather()["manager"]
        path = f"/data/playlists/{server.run(LAY_OUT.format(movie=str(source)))}"
        (hesitant / "wait").touch()
        job = get(server, token, f"{path}/build/mp4?full=true").json()
        with worker(server) as first:
            wait_until((hesitant / "begun").exists)
            first.send_signal(signal.SIGKILL)
            first.wait()
        assert server.run(STATE) == {"builds": ["running"], "jobs": ["RUNNING"], "built": []}
        assert get(server, token, f"{path}/build/mp4").status_code == 409
        assert get(server, token, f"{path}/jobs/{job['id']}/build/mp4").status_code == 400
        (hesitant / "wait").unlink()
        with worker(server):
            wait_until(lambda: get(server, token, f"{path}/jobs/{job['id']}").json()["status"] == "succeeded")
        built = [f"playlists-{job['id']}"]
        wait_until(lambda: server.run(STATE) == {"builds": ["succeeded"], "jobs": ["SUCCESSFUL"], "built": built})
        assert get(server, token, f"{path}/jobs/{job['id']}/build/mp4").content[4:8] == b"ftyp"
        assert half_files(server) == []
