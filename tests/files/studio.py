"""A task with its comment, and files as people upload them."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assets.models import Entity
from files.models import PreviewFile
from files.rules.movies import ffmpeg
from files.rules.previews import add_preview
from files.rules.uploads import upload_preview
from production.models import Project
from tasks.models import Comment, News, Task
from tests.makers import make_shot, make_task_status, make_task_type

# Waits in the middle of its work as long as the file lies beside it, and says so by another.
HESITANT = """#!/bin/sh
if [ -e "{folder}/wait" ] && echo "$*" | grep -q libx264; then touch "{folder}/begun"; exec sleep 600; fi
exec "{program}" "$@"
"""


def hesitant_ffmpeg(folder: Path) -> Path:
    """Makes the folder, with an ffmpeg that stops in the middle of an encoding while `wait` lies there, once `begun` does."""
    folder.mkdir()
    script = folder / "ffmpeg"
    script.write_text(HESITANT.format(folder=folder, program=ffmpeg()))
    script.chmod(0o755)
    return folder


@dataclass
class Work:
    """A shot's task with a comment and its news."""

    project: Project
    shot: Entity
    task: Task
    comment: Comment
    news: News


def make_work(project: Project, author, **overrides) -> Work:
    """Stores a task of a new shot, with a comment by the author."""
    shot = overrides.pop("shot", None) or make_shot(project)
    kind = overrides.pop("task_type", None) or make_task_type()
    task = Task.objects.create(name="main", project=project, entity=shot, task_type=kind, task_status=make_task_status())
    comment = Comment.objects.create(
        object_id=task.pk, object_type="Task", person=author, text="Please look", task_status=task.task_status
    )
    news = News.objects.create(author=author, comment=comment, task=task)
    return Work(project, shot, task, comment, news)


def png(size=(40, 30), mode="RGB", colour=(200, 30, 30), kind="PNG", **options) -> bytes:
    """The bytes of a picture."""
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def sent(name: str, content: bytes, kind: str = "") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type=kind)


def make_movie(path: Path, *options: str, size="64x36", rate=30, seconds=0.5) -> bytes:
    """The bytes of a movie without sound, unless the options add one."""
    picture = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}"]
    command = [ffmpeg(), "-y", "-loglevel", "error", *picture, *options, "-pix_fmt", "yuv420p", "-preset", "ultrafast", str(path)]
    subprocess.run(command, check=True)
    return path.read_bytes()


def publish(work: Work, by, content: bytes | None = None, name: str = "frame.png") -> PreviewFile:
    """A preview of the work's comment, with its file."""
    preview = add_preview(work.task, work.comment, by=by)
    upload_preview(preview, sent(name, content or png()), by=by)
    preview.refresh_from_db()
    return preview
