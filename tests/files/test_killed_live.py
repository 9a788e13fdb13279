"""Real processes, killed at the worst moment: what was answered is there, what was begun is taken up or cleared away."""

import os
import signal
from pathlib import Path

import pytest
import requests

from tests.files.studio import hesitant_ffmpeg, png
from tests.live import half_files, live_server, wait_until, worker

LAY_OUT = (
    "from people.models import Person; from production.models import Project; from tests.files.studio import make_work\n"
    "from files.rules.previews import add_preview\n"
    "user = Person.objects.get(email='user@studio.example')\n"
    "work = make_work(Project.objects.get(name='The Lantern'), user); work.task.assignees.add(user)\n"
    "made = [add_preview(work.task, work.comment, by=user) for _ in range(2)]\n"
    "answer({'task': work.task.pk, 'comment': work.comment.pk, 'previews': [preview.pk for preview in made]})"
)
MADE = ("previews", "lowdef", "original", "previews", "thumbnails", "thumbnails-square", "tiles")
STATE = (
    "from files.models import *; from files import storage; from django_tasks_db.models import DBTaskResult\n"
    "answer({'previews': list(PreviewFile.objects.order_by('created_at').values('status', 'original_name', 'width')),"
    " 'attachments': AttachmentFile.objects.count(), 'attempts': list(Transcoding.objects.values_list('attempts', flat=True)),"
    " 'jobs': list(DBTaskResult.objects.values_list('status', flat=True)),"
    " 'objects': [item.name for bucket in storage.BUCKETS for item in __import__('files.rules.purging', fromlist=['x'])"
    ".stored_objects(bucket)]})"
)


@pytest.fixture
def hesitant(tmp_path):
    """A folder with an ffmpeg that stops while `wait` lies there."""
    return hesitant_ffmpeg(tmp_path / "programs")


def send(server, token, preview, content, name, timeout=60):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(
        f"{server.base}/pictures/preview-files/{preview}", files={"file": (name, content)}, headers=headers, timeout=timeout
    )


def row(server, token, preview):
    return requests.get(
        f"{server.base}/data/preview-files/{preview}", headers={"Authorization": f"Bearer {token}"}, timeout=20
    ).json()


def test_a_killed_workers_movie_is_taken_up_again(tmp_path, hesitant, silent_movie):
    variables = {"PATH": f"{hesitant}:{os.environ['PATH']}", "MOVIE_ENCODING_PRESET": "ultrafast"}
    with live_server(tmp_path, "--no-worker", **variables) as server:
        people = server.gather()
        preview = server.run(LAY_OUT)["previews"][0]
        (hesitant / "wait").touch()
        assert send(server, people["user"], preview, silent_movie, "shot.mp4").json()["status"] == "processing"
        with worker(server) as first:
            wait_until((hesitant / "begun").exists)
            first.send_signal(signal.SIGKILL)
            first.wait()
        killed = server.run(STATE)
        assert (killed["jobs"], killed["previews"][0]["status"]) == (["RUNNING"], "processing")
        assert [name.split("-")[0] for name in killed["objects"]] == ["source"], "nothing of a movie that is not whole"
        (hesitant / "wait").unlink()
        with worker(server):
            wait_until(lambda: row(server, people["user"], preview)["status"] == "ready")
        found = server.run(STATE)
        assert (found["jobs"], found["attempts"]) == (["SUCCESSFUL"], [2])
        assert sorted(name.removesuffix(f"-{preview}") for name in found["objects"]) == sorted(MADE)
        assert half_files(server) == []


def test_a_server_killed_in_an_upload_leaves_the_record_open(tmp_path, silent_movie):
    with live_server(tmp_path, ENABLE_JOB_QUEUE="false", MOVIE_ENCODING_PRESET="ultrafast") as server:
        people = server.gather()
        ids = server.run(LAY_OUT)

        def half():
            """A body that never ends."""
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n' + b"\x00" * 4_000_000
            uploads = Path(server.environment["DATA_DIR"], "tmp")
            wait_until(lambda: any(path.stat().st_size > 10_000 for path in uploads.glob("*.upload*")))
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait()
            yield b"\x00" * 100

        headers = {"Authorization": f"Bearer {people['user']}", "Content-Type": "multipart/form-data; boundary=x"}
        with pytest.raises(requests.RequestException):
            requests.post(f"{server.base}/pictures/preview-files/{ids['previews'][0]}", data=half(), headers=headers, timeout=60)
        found = server.run(STATE)
        assert found["objects"] == []
        assert [one["original_name"] for one in found["previews"]] == [None, None]
        code = (
            "import os; from pathlib import Path; from django.conf import settings\n"
            "from django.core.management import call_command\n"
            "for path in Path(settings.TMP_DIR).iterdir(): os.utime(path, (1e9, 1e9))\n"
            "call_command('clear_orphaned_files'); answer(os.listdir(settings.TMP_DIR))"
        )
        assert server.run(code) == []


KILLED = (
    "import os; from django.core.files.uploadedfile import SimpleUploadedFile; from people.models import Person\n"
    "from files import storage; from files.models import *; from tasks.models import Comment\n"
    "from files.rules import attachments, uploads\n"
    "user = Person.objects.get(email='user@studio.example')\n"
    "preview, comment = PreviewFile.objects.order_by('created_at').first(), Comment.objects.first()\n"
    "def dies(*args, **kwargs): os._exit(0)\n"
)


CLEAR = (
    "from files import storage; from files.rules.purging import purge, stored_objects; from datetime import timedelta\n"
    "list(purge(older_than=timedelta(seconds=-5)))\n"
    "answer([item.name for bucket in storage.BUCKETS for item in stored_objects(bucket)])"
)
ATTACH = "attachments.attach_files([SimpleUploadedFile('a.txt', b'words')], comment=comment, by=user)"
UPLOAD = f"uploads.upload_preview(preview, SimpleUploadedFile('a.png', {png()!r}), by=user)"
RESUME = "from files.rules.recovery import resume; from datetime import timedelta; resume(older_than=timedelta())"


def test_between_bytes_and_row_a_kill_leaves_the_old_state(tmp_path):
    with live_server(tmp_path) as server:
        people = server.gather()
        preview = server.run(LAY_OUT)["previews"][0]
        for moment in ("storage.put", "attachments.AttachmentFile.objects.bulk_create"):
            server.run(f"{KILLED}{moment} = dies\n{ATTACH}")
            assert server.run(STATE)["attachments"] == 0
            assert server.run(CLEAR) == []
        for moment in ("uploads.put_variants", "uploads.finish_upload"):
            server.run(f"{KILLED}{moment} = dies\n{UPLOAD}")
            assert row(server, people["user"], preview)["status"] == "processing"
            server.run(RESUME)
            found = row(server, people["user"], preview)
            assert (found["status"], found["data"]) == ("broken", {"failure": "The upload was cut off."})
        found = send(server, people["user"], preview, png(), "again.png").json()
        assert (found["status"], found["original_name"], found["data"]) == ("ready", "again", None)
