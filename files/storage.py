"""Where stored files live: three buckets of objects named `<prefix>-<id>`, in folders or in an S3 service."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

PICTURES, MOVIES, FILES = "pictures", "movies", "files"
BUCKETS = (PICTURES, MOVIES, FILES)
BLOCK = 1024 * 1024


class FolderStorage(FileSystemStorage):
    """Objects as files below a folder, spread over subfolders named by the first characters behind the key's first dash."""

    def path(self, name: str) -> str:
        """The file of a key: `thumbnails-e5e47917…` is `thumbnails/e5e/479/e5e47917…`."""
        prefix, _, rest = name.partition("-")
        if prefix == "dbbackup":
            return super().path(f"{prefix}/{rest}")
        return super().path(f"{prefix}/{rest[:3]}/{rest[3:6]}/{rest}")

    def _save(self, name: str, content: Any) -> str:
        """Writes beside the goal and renames, so that nobody ever reads half a file."""
        goal = Path(self.path(name))
        goal.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=".partial-", dir=goal.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks(BLOCK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(partial, self.file_permissions_mode or 0o640)
            os.replace(partial, goal)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(partial)
            raise
        return name

    def save(self, name: str, content: Any, max_length: int | None = None) -> str:
        """Stores the object, in place of a former one of that key."""
        return self._save(name, content if hasattr(content, "chunks") else File(content, name))

    def keys(self) -> Iterator[tuple[str, datetime]]:
        """Every stored key with the moment of its last writing."""
        for folder, _, names in os.walk(self.location):
            first = Path(folder).relative_to(self.location).parts[:1]
            for name in names:
                if first and not name.startswith("."):
                    with suppress(FileNotFoundError):
                        yield f"{first[0]}-{name}", datetime.fromtimestamp(os.path.getmtime(Path(folder) / name))


def storage_of(bucket: str) -> Storage:
    """The storage of a bucket."""
    return storages[bucket]


def key(prefix: str, pk: UUID | str) -> str:
    """The name of an object."""
    return f"{prefix}-{str(pk).lower()}"


def put(bucket: str, prefix: str, pk: UUID | str, content: Any) -> None:
    """Store an open binary file under a key, in place of what was there."""
    storage_of(bucket).save(key(prefix, pk), File(content))


def put_path(bucket: str, prefix: str, pk: UUID | str, path: Path) -> None:
    """Store a local file's bytes under a key."""
    with path.open("rb") as file:
        put(bucket, prefix, pk, file)


def is_stored(bucket: str, prefix: str, pk: UUID | str) -> bool:
    """An object of that key exists."""
    return storage_of(bucket).exists(key(prefix, pk))


def remove(bucket: str, prefix: str, pk: UUID | str) -> None:
    """Delete an object, if there is one, and the local copy of it."""
    storage_of(bucket).delete(key(prefix, pk))
    cached_copy(bucket, prefix, pk).unlink(missing_ok=True)


def cached_copy(bucket: str, prefix: str, pk: UUID | str) -> Path:
    """Where the local copy of an object of a remote storage lies."""
    return Path(settings.TMP_DIR) / f"cache-{bucket}-{key(prefix, pk)}"


def local_file(bucket: str, prefix: str, pk: UUID | str) -> Path | None:
    """A local file with an object's bytes, fetched first where the storage is remote; None when there is no such object."""
    storage, name = storage_of(bucket), key(prefix, pk)
    if isinstance(storage, FileSystemStorage):
        path = Path(storage.path(name))
        return path if path.is_file() else None
    if not storage.exists(name):
        return None
    copy = cached_copy(bucket, prefix, pk)
    modified = timezone.make_naive(stamp) if timezone.is_aware(stamp := storage.get_modified_time(name)) else stamp
    if copy.is_file() and copy.stat().st_mtime == modified.timestamp():
        return copy
    handle, partial = tempfile.mkstemp(prefix="fetch-", dir=settings.TMP_DIR)
    try:
        with os.fdopen(handle, "wb") as goal, storage.open(name, "rb") as source:
            shutil.copyfileobj(source, goal, BLOCK)
        os.utime(partial, (modified.timestamp(), modified.timestamp()))
        os.replace(partial, copy)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(partial)
        raise
    return copy


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder for the time of one piece of work."""
    with tempfile.TemporaryDirectory(prefix="work-", dir=settings.TMP_DIR) as folder:
        yield Path(folder)


def spool(upload: Any, folder: Path, name: str) -> Path:
    """Write an upload's bytes to a file of the work folder."""
    path = folder / name
    with path.open("wb") as file:
        upload.seek(0)
        for chunk in upload.chunks():
            file.write(chunk)
    return path
