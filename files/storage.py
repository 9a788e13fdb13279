"""Where stored files live: three buckets of objects named `<prefix>-<id>`, in folders or in an S3 service."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

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
        return super().path(self.within(name))

    def place(self, name: str) -> str:
        """The same for keys that are made of ids, which lead nowhere else: it costs less."""
        return f"{self.location}/{self.within(name)}"

    @staticmethod
    def within(name: str) -> str:
        """The place of a key below the folder."""
        prefix, _, rest = name.partition("-")
        return f"{prefix}/{rest}" if prefix == "dbbackup" else f"{prefix}/{rest[:3]}/{rest[3:6]}/{rest}"

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

    def adopt(self, name: str, path: Path) -> None:
        """Stores a finished file of this machine, which nobody writes to any more, without copying its bytes where that can be."""
        goal = Path(self.path(name))
        goal.parent.mkdir(parents=True, exist_ok=True)
        partial = goal.parent / f".partial-{uuid4().hex}"
        try:
            os.link(path, partial)
        except OSError:  # on another disk, or one that can't
            with path.open("rb") as file:
                self.save(name, file)
            return
        try:
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            os.chmod(partial, self.file_permissions_mode or 0o640)
            os.replace(partial, goal)
        finally:
            partial.unlink(missing_ok=True)  # left over where both were the same file already

    def save(self, name: str, content: Any, max_length: int | None = None) -> str:
        """Stores the object, in place of a former one of that key."""
        return self._save(name, content if hasattr(content, "chunks") else File(content, name))

    def objects(self) -> Iterator[tuple[str, datetime, int]]:
        """Every stored key with the moment of its last writing and its size in bytes."""
        for folder, _, names in os.walk(self.location):
            first = Path(folder).relative_to(self.location).parts[:1]
            for name in names:
                if first and not name.startswith("."):
                    with suppress(FileNotFoundError):
                        stat = os.stat(Path(folder) / name)
                        yield f"{first[0]}-{name}", datetime.fromtimestamp(stat.st_mtime, UTC).replace(tzinfo=None), stat.st_size


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
    """Store a local file under a key; nobody may write to it any more."""
    storage = storage_of(bucket)
    if isinstance(storage, FolderStorage):
        storage.adopt(key(prefix, pk), path)
        return
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
    """An upload's bytes as a file of the work folder."""
    path = folder / name
    if hasattr(upload, "temporary_file_path"):
        with suppress(OSError):
            upload.flush()
            os.link(upload.temporary_file_path(), path)
            return path
    with path.open("wb") as file:
        upload.seek(0)
        for chunk in upload.chunks():
            file.write(chunk)
    return path
