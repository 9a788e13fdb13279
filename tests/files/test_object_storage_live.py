"""Files in an S3 server: stored, served, copied, cleared away, by two processes that share nothing but the database."""

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.files.studio import png
from tests.live import live_server

LAY_OUT = (
    "from people.models import Person; from production.models import Project; from tests.files.studio import make_work\n"
    "from files.rules.previews import add_preview\n"
    "user = Person.objects.get(email='user@studio.example')\n"
    "work = make_work(Project.objects.get(name='The Lantern'), user); work.task.assignees.add(user)\n"
    "made = [add_preview(work.task, work.comment, by=user) for _ in range(4)]\n"
    "answer({'task': work.task.pk, 'comment': work.comment.pk, 'previews': [preview.pk for preview in made]})"
)
KEYS = {"aws_access_key_id": "studio", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def s3():
    """An S3 server with the studio's buckets."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **KEYS)
    for bucket in ("pictures", "movies", "files"):
        client.create_bucket(Bucket=f"studio-{bucket}")
    yield client
    server.stop()


def variables(s3, **more):
    return {
        "FS_BACKEND": "s3",
        "FS_BUCKET_PREFIX": "studio-",
        "FS_S3_ENDPOINT": s3.meta.endpoint_url,
        "FS_S3_REGION": "us-east-1",
        "FS_S3_ACCESS_KEY": "studio",
        "FS_S3_SECRET_KEY": "secret",
        "MOVIE_ENCODING_PRESET": "ultrafast",
        "REMOVE_FILES": "true",
        "ENABLE_JOB_QUEUE": "false",
        "NO_PROXY": "127.0.0.1",
        **more,
    }


def keys(s3, bucket):
    return {item["Key"] for item in s3.list_objects_v2(Bucket=f"studio-{bucket}").get("Contents", ())}


def test_an_s3_server_holds_everything(tmp_path, s3, silent_movie):
    with live_server(tmp_path, "--processes", "2", **variables(s3)) as server:
        people, ids = server.gather(), server.run(LAY_OUT)
        picture, movie, document, _ = ids["previews"]
        own = {"Authorization": f"Bearer {people['user']}"}

        def send(preview, name, content):
            path = f"{server.base}/pictures/preview-files/{preview}"
            return requests.post(path, files={"file": (name, content)}, headers=own, timeout=60).json()

        def read(path, token=people["user"], **headers):
            return requests.get(server.base + path, headers={"Authorization": f"Bearer {token}", **headers}, timeout=60)

        assert send(picture, "frame.png", png())["status"] == "ready"
        assert send(movie, "shot.mp4", silent_movie)["status"] == "ready"
        assert send(document, "notes.pdf", b"%PDF-1.4 " + b"x" * 1000)["status"] == "ready"
        variants = {"original", "previews", "thumbnails", "thumbnails-square"}
        assert keys(s3, "pictures") == {f"{name}-{pk}" for pk in (picture, movie) for name in variants} | {f"tiles-{movie}"}
        assert keys(s3, "movies") == {f"previews-{movie}", f"lowdef-{movie}"} and keys(s3, "files") == {f"previews-{document}"}

        for path in (f"/pictures/thumbnails/preview-files/{picture}.png", f"/movies/originals/preview-files/{movie}.mp4"):
            with ThreadPoolExecutor(6) as pool:  # whichever process answers, and however many ask for what it has not got yet
                answers = list(pool.map(lambda _, path=path: read(path), range(6)))
            assert {answer.status_code for answer in answers} == {200} and len({answer.content for answer in answers}) == 1
            part = read(path, Range="bytes=2-5")
            assert (part.status_code, part.content) == (206, answers[0].content[2:6])
            assert read(path, **{"If-None-Match": part.headers["ETag"]}).status_code == 304
            assert read(path, people["outsider"]).status_code == 403
        assert read(f"/pictures/originals/preview-files/{document}/download").content.startswith(b"%PDF")

        path = f"{server.base}/actions/tasks/{ids['task']}/comments/{ids['comment']}/add-attachment"
        made = requests.post(path, files={"file": ("a.txt", b"words")}, headers=own, timeout=60).json()[0]["id"]
        assert read(f"/data/attachment-files/{made}/file/a.txt").content == b"words"
        admin = {"Authorization": f"Bearer {people['admin']}"}
        for preview in ids["previews"][:3]:
            assert requests.delete(f"{server.base}/data/preview-files/{preview}", headers=admin, timeout=60).status_code == 204
        assert (keys(s3, "pictures"), keys(s3, "movies"), keys(s3, "files")) == (set(), set(), {f"attachments-{made}"})
        assert read(f"/pictures/thumbnails/preview-files/{picture}.png").status_code == 404

        lost = uuid4()
        s3.put_object(Bucket="studio-files", Key=f"previews-{lost}", Body=b"x")
        s3.put_object(Bucket="studio-files", Key="notes.txt", Body=b"not ours")
        gone = server.run(
            "from files.rules.purging import purge; from datetime import timedelta\n"
            "answer([name for name, _ in purge(older_than=timedelta(seconds=-60))])"
        )
        assert gone == [f"files/previews-{lost}"] and keys(s3, "files") == {f"attachments-{made}", "notes.txt"}


def test_movies_are_served_from_afar(tmp_path, s3, silent_movie):
    """A part is there before the whole is; where the studio wants it, the client is sent to the S3 server itself."""
    for redirect in ("false", "true"):
        folder = tmp_path / redirect
        folder.mkdir()
        with live_server(folder, **variables(s3, FS_S3_REDIRECT=redirect)) as server:
            people, ids = server.gather(), server.run(LAY_OUT)
            movie = ids["previews"][0]
            own = {"Authorization": f"Bearer {people['user']}"}
            path = f"{server.base}/pictures/preview-files/{movie}"
            requests.post(path, files={"file": ("shot.mp4", silent_movie)}, headers=own, timeout=60)
            stored = s3.get_object(Bucket="studio-movies", Key=f"previews-{movie}")["Body"].read()
            address = f"{server.base}/movies/originals/preview-files/{movie}.mp4"
            part = requests.get(address, headers={**own, "Range": "bytes=10-19"}, allow_redirects=False, timeout=60)
            whole = requests.get(address, headers=own, timeout=60)
            assert whole.content == stored
            if redirect == "true":
                assert part.status_code == 302 and part.headers["Cache-Control"] == "no-store"
                assert requests.get(part.headers["Location"], headers={"Range": "bytes=10-19"}, timeout=60).content == stored[10:20]
                named = requests.get(address.replace(".mp4", "/download"), headers=own, timeout=60)
                assert named.headers["Content-Disposition"].startswith("attachment")
                continue
            assert (part.status_code, part.content, part.headers["Content-Range"]) == (
                206,
                stored[10:20],
                f"bytes 10-19/{len(stored)}",
            )
            assert "ETag" not in part.headers and part.headers["Accept-Ranges"] == "bytes"
            again = requests.get(address, headers={**own, "Range": "bytes=10-19"}, timeout=60)
            assert again.content == stored[10:20] and "ETag" in again.headers
            beyond = {**own, "Range": f"bytes={len(stored)}-"}
            assert requests.get(address.replace("originals", "low"), headers=beyond, timeout=60).status_code in (206, 416)
            stranger = {"Authorization": f"Bearer {people['outsider']}", "Range": "bytes=0-1"}
            assert requests.get(address, headers=stranger, allow_redirects=False, timeout=60).status_code == 403


def test_a_worker_elsewhere_encodes_what_a_server_took(tmp_path, s3, silent_movie):
    """The worker has a folder of its own: all it shares with the server is the database and the S3 server."""
    with live_server(tmp_path, "--no-worker", **variables(s3, ENABLE_JOB_QUEUE="true")) as server:
        people, ids = server.gather(), server.run(LAY_OUT)
        movie = ids["previews"][0]
        own = {"Authorization": f"Bearer {people['user']}"}
        path = f"{server.base}/pictures/preview-files/{movie}"
        sent = requests.post(path, files={"file": ("shot.mp4", silent_movie)}, headers=own, timeout=60).json()
        assert (sent["status"], f"source-{movie}" in keys(s3, "movies")) == ("processing", True)
        (tmp_path / "elsewhere").mkdir()
        here = server.environment
        server.environment = {**here, "DATA_DIR": str(tmp_path / "elsewhere")}
        server.run(
            "from files.jobs import process_movie; from django_tasks_db.models import DBTaskResult\n"
            "process_movie.call(*DBTaskResult.objects.get().args_kwargs['args'])"
        )
        server.environment = here
        found = requests.get(f"{server.base}/movies/low/preview-files/{movie}.mp4", headers=own, timeout=60)
        assert found.status_code == 200 and found.content[4:8] == b"ftyp"
        assert f"source-{movie}" not in keys(s3, "movies")
        assert not [name for name in os.listdir(tmp_path / "elsewhere" / "tmp") if not name.startswith("cache-")]
