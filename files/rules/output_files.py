"""Output files: their series, revisions and paths."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from assets.models import AssetInstance, Entity
from core.errors import BAD_FORMAT, NotFound, RowRefused
from core.transactions import whole_step
from events.emit import emit
from files.models import FileStatus, OutputFile, OutputType, WorkingFile
from files.rules.trees import FileRefused, Place, TreeUnusable, file_name, folder
from files.rules.working_files import LONGEST_PATH
from people.models import Person
from production.models import TaskType

MODE = "output"


@dataclass
class Owner:
    """What outputs are for: an entity, or an instance of an asset within a shot or scene, with `entity` the asset."""

    entity: Entity
    instance: AssetInstance | None = None
    temporal_entity: Entity | None = None

    @property
    def refusal_key(self) -> str:
        """Under which key refusals stand."""
        return "message" if self.instance else "error"

    def outputs(self) -> QuerySet[OutputFile]:
        """The output files of this owner alone."""
        found = OutputFile.objects.filter(asset_instance=self.instance, temporal_entity=self.temporal_entity)
        return found if self.instance else found.filter(entity=self.entity)

    def lock(self) -> None:
        """Hold the owner until the step ends: whoever decides about revisions of its outputs waits for the other."""
        held = self.temporal_entity or self.entity
        Entity.objects.order_by().select_for_update().filter(pk=held.pk).first()


def entity_owner(entity_id: Any) -> Owner:
    """The owner of an entity's own outputs. Raises NotFound."""
    return Owner(full_entity(entity_id))


def full_entity(entity_id: Any) -> Entity:
    """The entity with all that paths are made of. Raises NotFound."""
    related = ("project", "entity_type", "parent__parent")
    found = Entity.objects.order_by().select_related(*related).filter(pk=entity_id).first()
    if found is None:
        raise NotFound()
    return found


def instance_owner(instance_id: Any, temporal_entity_id: Any) -> Owner:
    """The owner of an instance's outputs in a shot or scene of its production. Raises NotFound."""
    instance = AssetInstance.objects.select_related("asset").filter(pk=instance_id).first()
    if instance is None:
        raise NotFound()
    asset, temporal_entity = full_entity(instance.asset_id), full_entity(temporal_entity_id)
    if asset.project_id != temporal_entity.project_id:
        raise NotFound()
    return Owner(asset, instance, temporal_entity)


def task_type_of(pk: Any) -> TaskType:
    """The task type. Raises NotFound."""
    found = TaskType.objects.select_related("department").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def output_type_of(pk: Any) -> OutputType:
    """The output type. Raises NotFound."""
    found = OutputType.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def next_output_revision(owner: Owner, *, output_type_id: Any, task_type_id: Any, name: str) -> int:
    """One more than the highest revision of the series, whatever its representations."""
    series = owner.outputs().filter(output_type_id=output_type_id, task_type_id=task_type_id, name=name, revision__gt=0)
    return (series.aggregate(highest=Max("revision"))["highest"] or 0) + 1


def place_of(owner: Owner, *, name: str, revision: int, kind: OutputType, task_type: TaskType, representation: str) -> Place:
    """Where an output file belongs."""
    return Place(
        owner.entity,
        name=name,
        revision=revision,
        task_type=task_type,
        output_type=kind,
        representation=representation,
        instance=owner.instance,
        temporal_entity=owner.temporal_entity,
    )


@whole_step()
def output_file_path(
    owner: Owner,
    *,
    name: str,
    output_type_id: Any,
    task_type_id: Any,
    revision: int,
    representation: str,
    mode: str,
    separator: str,
    received: Any,
) -> dict[str, str]:
    """Where an output file would lie; the folder shows the revision as it was given. Raises NotFound, FileRefused."""
    kind, task_type = output_type_of(output_type_id), task_type_of(task_type_id)
    place = place_of(owner, name=name, revision=revision, kind=kind, task_type=task_type, representation=representation)
    try:
        path = folder(place, mode, separator)
        if owner.instance is None and revision < 1:
            place.revision = next_output_revision(owner, output_type_id=kind.pk, task_type_id=task_type.pk, name=name)
        return {"folder_path": path, "file_name": file_name(place, mode)}
    except TreeUnusable as reason:
        raise FileRefused(str(reason), "message", received_data=received) from None


@whole_step()
def default_status() -> FileStatus:
    """The status of new output files."""
    found, is_new = FileStatus.objects.get_or_create(name="To review", defaults={"color": "#FFFFFF"})
    if is_new:
        emit("file-status:new", {"file_status_id": found.pk})
    return found


class Draft(Protocol):
    """What is asked of a new output file; a `revision` below 1 means the next one, `sep` stands between all parts of the path."""

    name: str
    output_type_id: UUID
    task_type_id: UUID
    person_id: UUID | None
    working_file_id: UUID | None
    file_status_id: UUID | None
    comment: str | None
    revision: int
    extension: str
    representation: str
    nb_elements: int
    sep: str


@whole_step()
def create_output_file(owner: Owner, draft: Draft, *, by: Person) -> tuple[OutputFile, dict[str, str]]:
    """Make an output file, of the next revision unless one is named; with it, its folder and file name.

    Raises NotFound for an unknown task type or status, and FileRefused for an unknown output type or person, for a file that
    exists, and when the production's tree has no place for it.
    """
    owner.lock()
    task_type, kind = task_type_of(draft.task_type_id), OutputType.objects.filter(pk=draft.output_type_id).first()
    if kind is None:
        raise FileRefused("Cannot find given output type.", owner.refusal_key)
    person = Person.objects.filter(pk=draft.person_id).first() if draft.person_id else by
    if person is None:
        raise FileRefused("Cannot find given person.", owner.refusal_key)
    place = place_of(
        owner,
        name=draft.name,
        revision=free_revision(owner, draft),
        kind=kind,
        task_type=task_type,
        representation=draft.representation,
    )
    names = names_of(owner, place, draft)
    path = f"{names['folder_path']}{draft.sep}{names['file_name']}{draft.extension}"
    if len(path) > LONGEST_PATH:
        raise RowRefused(BAD_FORMAT)
    values = {name: getattr(draft, name) for name in ("name", "comment", "extension", "representation", "nb_elements")}
    owned = {"entity": owner.entity, "asset_instance": owner.instance, "temporal_entity": owner.temporal_entity}
    output_file = OutputFile(**values, **owned, revision=place.revision, path=path, output_type=kind, task_type=task_type)
    output_file.person, output_file.file_status = person, status_of(draft.file_status_id)
    if draft.working_file_id:
        sources = WorkingFile.objects.filter(pk=draft.working_file_id, entity__project_id=owner.entity.project_id)
        output_file.source_file = sources.first()
    return change_output_file(output_file, {}, act="new", by=by), names


def free_revision(owner: Owner, draft: Draft) -> int:
    """The revision asked for, else the next one. Raises FileRefused when a file of that revision and representation exists."""
    series: dict[str, Any] = {"output_type_id": draft.output_type_id, "task_type_id": draft.task_type_id, "name": draft.name}
    if draft.revision < 1:
        return next_output_revision(owner, **series)
    known = owner.outputs().filter(same_representation(draft.representation), **series, revision=draft.revision)
    if known.exists():
        raise FileRefused("The given output file already exists.", owner.refusal_key)
    return draft.revision


def status_of(pk: UUID | None) -> FileStatus:
    """The status of an id, or the one of new files. Raises NotFound."""
    found = FileStatus.objects.filter(pk=pk).first() if pk else default_status()
    if found is None:
        raise NotFound()
    return found


@whole_step()
def change_output_file(output_file: OutputFile, values: dict[str, Any], *, act: str, by: Person) -> OutputFile:
    """Store an output file with these columns, and tell so: `act` is the event's, `new` or `update`."""
    for name, value in values.items():
        setattr(output_file, name, value)
    if act == "new":
        output_file.save(force_insert=True)
    else:
        output_file.save(update_fields=list(values))
    entity_id: Any = output_file.entity_id
    project_id = Entity.objects.order_by().filter(pk=entity_id).values_list("project_id", flat=True).first()
    emit(f"output-file:{act}", {"output_file_id": output_file.pk}, project_id=project_id, by=by)
    return output_file


def same_representation(representation: str) -> Q:
    """Rows of that representation; none and an empty one are the same."""
    return Q(representation=representation) if representation else Q(representation="") | Q(representation=None)


def names_of(owner: Owner, place: Place, draft: Draft) -> dict[str, str]:
    """Folder and file name of an output file. Raises FileRefused."""
    try:
        names = {"folder_path": folder(place, MODE, draft.sep), "file_name": file_name(place, MODE)}
    except TreeUnusable as reason:
        raise FileRefused(str(reason), owner.refusal_key) from None
    if draft.nb_elements > 1 and owner.instance is None:
        names["file_name"] += f"_[1-{draft.nb_elements}]"
    return names


def last_revisions(outputs: QuerySet[OutputFile]) -> list[Any]:
    """The ids of the highest revision of each series and representation among the given files."""
    series = ("task_type_id", "output_type_id", "name", "representation")
    whole = outputs.filter(task_type__isnull=False, output_type__isnull=False, representation__isnull=False)
    newest: dict[tuple[Any, ...], Any] = {}
    for pk, *key in whole.order_by("revision", "created_at").values_list("pk", *series):
        newest[tuple(key)] = pk
    return list(newest.values())
