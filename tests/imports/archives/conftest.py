"""A production with a row of every model that archives take, and files; archives of it, sound and otherwise."""

import zipfile
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path

import orjson
import pytest
from django.core.management import call_command
from django.db import models

from assets.models import Entity, EntityLink
from chat.models import Chat
from files import storage
from files.models import AttachmentFile, PreviewFile
from files.rules.purging import OWNERS, stored_objects
from imports.archives.parts import PARTS, STUDIO_PARTS
from people.models import Person
from production.models import Project, ProjectPersonLink, ProjectStatus, ScheduleItem
from production.rules.projects import delete_project
from tasks.models import Comment, Task
from tests.cast import Cast
from tests.makers import make_asset, make_shot
from tests.rows import Rows

MODELS = [part.model for part in (*STUDIO_PARTS, *PARTS)]
NEVER_SET = {"preview_project", "parent", "source", "source_file"}


def fill(cast: Cast) -> Rows:
    """Gives the cast's production a row of every model, each with all its references, and a list of each kind."""
    asset, shot = make_asset(cast.project, data={"prop": "lamp"}), make_shot(cast.project)
    membership = ProjectPersonLink.objects.get(project=cast.project, person=cast.user)
    rows = Rows(project=cast.project, entity=asset, person=cast.user, membership=membership)
    rows.known[EntityLink] = rows.make(EntityLink, entity_in=shot)
    task = rows.row(Task)
    rows.known[Comment] = rows.make(
        Comment,
        object_id=task.pk,
        object_type="Task",
        text="Ça va ☕ =1+1",
        replies=[{"id": "r", "person_id": str(cast.manager.pk)}],
    )
    rows.known[Chat] = rows.make(Chat, object_id=asset.pk)
    rows.known[ScheduleItem] = rows.make(ScheduleItem, object_id=shot.parent_id)
    for model in MODELS:
        row = rows.row(model)
        missing = {
            field.name: rows.row(field.related_model)
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and getattr(row, field.attname) is None and field.related_model in MODELS
        }
        model._base_manager.filter(pk=row.pk).update(**{name: v for name, v in missing.items() if name not in NEVER_SET})
        for many in model._meta.many_to_many:
            if many.remote_field.through._meta.auto_created and many.related_model in MODELS:
                getattr(row, many.name).add(rows.row(many.related_model))
    Project.objects.filter(pk=cast.project.pk).update(has_avatar=True)
    return rows


def place_files(rows: Rows) -> dict[tuple[str, str, str], bytes]:
    """Stores a file under every prefix that rows of the production have; the bytes by place."""
    placed = {}
    for bucket, prefixes in OWNERS.items():
        for prefix, owners in prefixes.items():
            for model in (model for model in owners if model in (PreviewFile, AttachmentFile, Project, Person)):
                pk = str(rows.row(model).pk)
                placed[bucket, prefix, pk] = f"{bucket} {prefix} {pk}".encode() * 9
                storage.put(bucket, prefix, pk, BytesIO(placed[bucket, prefix, pk]))
    return placed


@dataclass
class Made:
    """A filled production."""

    cast: Cast
    rows: Rows
    files: dict[tuple[str, str, str], bytes]
    folder: Path

    @property
    def project(self) -> Project:
        """The production."""
        return self.cast.project

    def export(self, name: str = "made.zip", *options: str) -> Path:
        """An archive of it."""
        path = self.folder / name
        run("export_production", self.project.name, path, *options)
        return path

    def wipe(self) -> None:
        """Deletes the production with all that it holds, its files too."""
        closed, _ = ProjectStatus.objects.get_or_create(name="Closed")
        Project.objects.filter(pk=self.project.pk).update(project_status=closed)
        delete_project(self.project, force=True, by=self.cast.admin)
        for place in self.places:
            storage.remove(*place)

    @property
    def places(self) -> list[tuple[str, str, str]]:
        """Where the production's own files are stored; those of people stay when it goes."""
        return [place for place in self.files if place[2] != str(self.rows.row(Person).pk)]


@pytest.fixture
def made(cast, tmp_path, settings) -> Made:
    """The production, with its files in a folder of the test's own."""
    rows = fill(cast)
    return Made(cast, rows, place_files(rows), tmp_path)


def run(name, *arguments) -> str:
    """What a command tells."""
    out, err = StringIO(), StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def members_of(path: Path) -> dict[str, bytes]:
    """The members of an archive, the manifest aside."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist() if name != "manifest.json"}


def manifest_of(path: Path) -> dict:
    """What an archive says of itself."""
    with zipfile.ZipFile(path) as file:
        return orjson.loads(file.read("manifest.json"))


def rewritten(path: Path, change) -> Path:
    """A copy of an archive whose members `change` has changed, with a manifest that vouches for them."""
    members, manifest = members_of(path), manifest_of(path)
    change(members, manifest)
    manifest["members"] = {name: {"size": len(text), "sha256": sha256(text).hexdigest()} for name, text in members.items()}
    copy = path.with_name("rewritten.zip")
    with zipfile.ZipFile(copy, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
        file.writestr("manifest.json", orjson.dumps(manifest))
    return copy


def stored_names() -> set[str]:
    """Every object of the storage."""
    return {f"{bucket}/{item.name}" for bucket in storage.BUCKETS for item in stored_objects(bucket)}


def studio_counts() -> dict[str, int]:
    """The number of rows of every model that archives take."""
    return {model.__name__: model._base_manager.count() for model in MODELS} | {"entities": Entity.objects.count()}
