"""Importing a cut: shots that are known get their frames, others are made; all of the file or nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assets.models import Entity
from assets.querysets import EPISODE, SEQUENCE, SHOT
from assets.readers import ENTITIES, UNTYPED
from assets.rules.announcing import tell
from assets.rules.creation import hold, temporal_type
from core.api.converters import is_uuid
from core.errors import NotFound, Refusal, WrongParameter
from core.models import now
from core.projection import Projection, Row
from core.transactions import whole_step
from imports.rules.records import Origin, record_import
from imports.rules.sheets.base import CREATED, REFUSED, SKIPPED, UPDATED, in_chunks
from imports.rules.timelines.naming import DEFAULT, DEFAULT_IN_EPISODE, Convention, place_of
from imports.timelines.reading import UNREADABLE, Clip, Cut, kind_of, read_cut
from people.models import Person
from production.models import Project, TaskType
from tasks.rules.bulk_creation import create_tasks

TV_SHOW = "tvshow"
BATCH = 500
FPS = "25"
LARGEST = 2**31 - 1
NO_EPISODE = "EpisodeNotFoundException: {words}"
NO_PROJECT = "ProjectNotFoundException: {words}"
BEYOND = "The frames of a clip are beyond what a shot can have."


@dataclass
class CutReport:
    """What became of each clip, or would."""

    clips: list[Row] = field(default_factory=list)

    def note(self, clip: Clip, outcome: str, message: str | None = None) -> None:
        """Writes down what became of a clip."""
        frames = {"frame_in": clip.first, "frame_out": clip.last, "nb_frames": clip.frames}
        self.clips.append({"clip": clip.name, "outcome": outcome, "message": message, **frames})

    @property
    def totals(self) -> dict[str, int]:
        """The number of clips by what became of them."""
        counts = Counter(entry["outcome"] for entry in self.clips)
        return {outcome: counts[outcome] for outcome in (CREATED, UPDATED, SKIPPED, REFUSED)}

    @property
    def payload(self) -> Row:
        """The report as clients of a dry run see it."""
        return {**self.totals, "clips": self.clips}


class CutImport:
    """The import of one file into a production, or into an episode of it."""

    def __init__(
        self, project_id: Any, *, by: Person, episode_id: Any = None, convention: str | None = None, match_case: bool = True
    ) -> None:
        self.project_id, self.episode_id, self.by = project_id, episode_id, by
        chosen = (DEFAULT if episode_id is None else DEFAULT_IN_EPISODE) if convention is None else convention
        self.convention, self.match_case = Convention(chosen), match_case
        self.report = CutReport()
        self.listed: dict[str, list[Any]] = {CREATED: [], UPDATED: []}
        self.new_sequences: list[Entity] = []
        self.new_shots: list[Entity] = []
        self.changed: dict[Any, Entity] = {}

    def run(self, content: bytes, file_name: str, *, dry_run: bool = False, origin: Origin | None = None) -> CutReport:
        """Imports a file. Raises a refusal; then nothing is stored. A dry run stores nothing either, and goes on after a clip
        that is refused."""
        cut = self.read(content, kind_of(file_name))
        with whole_step():
            self.prepare()
            for clip in cut.clips:
                self.plan_or_note(clip, cut, dry_run)
            if not dry_run:
                self.store()
                counts = {name: count for name, count in self.report.totals.items() if name != REFUSED}
                if origin is not None:
                    record_import("Cut: shots", origin, counts=counts, by=self.by, project_id=self.project.pk)
        return self.report

    def read(self, content: bytes, kind: str) -> Cut:
        """The clips of the file, before anything is locked. Raises a refusal."""
        project = Project.objects.filter(pk=self.project_id).first()
        if project is None:
            words = NotFound().message
            raise WrongParameter(UNREADABLE.format(words=words)) if kind == "edl" else Refusal(NO_PROJECT.format(words=words))
        return read_cut(content, kind, rate=rate_of(project), pattern=self.convention.pattern)

    def prepare(self) -> None:
        """Locks the production, and reads its sequences and shots."""
        self.project = hold(self.project_id)
        self.is_tv_show = self.project.production_type == TV_SHOW
        self.episode = self.find_episode()
        self.types = {kind: temporal_type(kind) for kind in (SEQUENCE, SHOT)}
        within = Entity.objects.filter(project=self.project).order_by("created_at", "id")
        sequences, shots = within.of_kind(SEQUENCE), within.of_kind(SHOT)
        if self.episode is not None:
            sequences, shots = sequences.filter(parent=self.episode), shots.filter(parent__parent=self.episode)
        self.sequences: dict[str, Entity] = {}
        for sequence in sorted(sequences, key=lambda found: found.parent_id is not None):
            self.sequences.setdefault(sequence.name, sequence)
        self.by_name: dict[str, Entity] = {}
        self.by_place: dict[tuple[Any, str], Entity] = {}
        for shot in shots.select_related("parent").select_for_update(of=("self",), no_key=True):
            self.by_name.setdefault(self.folded(self.convention.name(self.names_of(shot))), shot)
            self.by_place.setdefault((shot.parent_id, shot.name), shot)

    def find_episode(self) -> Entity | None:
        """The episode that is asked for. Raises a refusal where there is none, or a TV show is imported without."""
        if self.episode_id is None and not self.is_tv_show:
            return None
        known = Entity.objects.of_kind(EPISODE).filter(project=self.project)
        episode = known.filter(pk=self.episode_id).first() if is_uuid(str(self.episode_id)) else None
        if episode is None:
            raise Refusal(NO_EPISODE.format(words=NotFound().message))
        return episode

    def names_of(self, shot: Entity) -> dict[str, str]:
        """What the variables of a convention stand for."""
        sequence = shot.parent.name if shot.parent is not None else ""
        names = {"project_name": self.project.name, "sequence_name": sequence, "shot_name": shot.name}
        return {**names, "episode_name": self.episode.name} if self.episode is not None and self.is_tv_show else names

    def folded(self, name: str) -> str:
        """What names are compared by."""
        return name if self.match_case else name.lower()

    # Planning

    def plan_or_note(self, clip: Clip, cut: Cut, dry_run: bool) -> None:
        """Plans a clip; its refusal is noted in a dry run."""
        try:
            self.plan(clip, cut)
        except Refusal as refusal:
            if not dry_run:
                raise
            self.report.note(clip, REFUSED, refusal.message)

    def plan(self, clip: Clip, cut: Cut) -> None:
        """Gives the shot of a clip its frames, or makes it. A shot of another name that is there already is left alone."""
        if not all(abs(number) <= LARGEST for number in (clip.first, clip.last, clip.frames)):
            raise Refusal(BEYOND)
        shot = self.by_name.get(self.folded(clip.name))
        if shot is not None:
            is_changed = self.change(shot, clip)
            self.listed[UPDATED].append(shot.pk)
            self.report.note(clip, UPDATED if is_changed else SKIPPED)
            return
        sequence_name, shot_name = place_of(clip, cut)
        sequence = self.sequence(sequence_name)
        known = self.by_place.get((sequence.pk, shot_name))
        self.listed[CREATED].append((known or self.make(sequence, shot_name, clip)).pk)
        self.report.note(clip, CREATED if known is None else SKIPPED)

    def change(self, shot: Entity, clip: Clip) -> bool:
        """Sets the frames of a shot; tells whether they are other ones."""
        data = {**(shot.data or {}), "frame_in": clip.first, "frame_out": clip.last}
        if (shot.data, shot.nb_frames) == (data, clip.frames):
            return False
        shot.data, shot.nb_frames = data, clip.frames
        self.changed[shot.pk] = shot
        return True

    def sequence(self, name: str) -> Entity:
        """The sequence of a name, made where it is missing."""
        if name not in self.sequences:
            self.sequences[name] = self.blank(SEQUENCE, name, parent=self.episode)
            self.new_sequences.append(self.sequences[name])
        return self.sequences[name]

    def make(self, sequence: Entity, name: str, clip: Clip) -> Entity:
        """A new shot."""
        data = {"frame_in": clip.first, "frame_out": clip.last}
        shot = self.blank(SHOT, name, parent=sequence, data=data, nb_frames=clip.frames)
        self.by_place[sequence.pk, name] = shot
        self.new_shots.append(shot)
        return shot

    def blank(self, kind: str, name: str, **values: Any) -> Entity:
        """An entity of the production, not stored yet."""
        entity = Entity(project=self.project, entity_type=self.types[kind], name=name, creator=self.by, **values)
        entity.updated_at = entity.created_at
        return entity

    # Storing

    def store(self) -> None:
        """Stores sequences, shots and frames in a few statements, then the tasks of new shots."""
        Entity.objects.bulk_create([*self.new_sequences, *self.new_shots], batch_size=BATCH)
        for sequence in self.new_sequences:
            tell(sequence, "new", by=self.by, kind=SEQUENCE)
        for shot in self.new_shots:
            tell(shot, "new", by=self.by, kind=SHOT, episode_id=shot.parent.parent_id if shot.parent is not None else None)
        for shot in self.changed.values():
            shot.updated_at = now()
        if self.changed:
            Entity.objects.bulk_update(self.changed.values(), ["data", "nb_frames", "updated_at"], batch_size=BATCH)
        for shot in self.changed.values():
            tell(shot, "update", by=self.by, kind=SHOT)
        linked = self.project.task_type_links.values("task_type_id")  # type: ignore[attr-defined]
        for task_type in TaskType.objects.filter(pk__in=linked, for_entity=SHOT).order_by("priority", "name", "id"):
            create_tasks(task_type, self.new_shots, project_id=self.project.pk, by=self.by)

    def answer(self) -> dict[str, list[Row]]:
        """The shots as clients see them."""
        return {
            "updated_shots": list(rows(UNTYPED, self.listed[UPDATED])),
            "created_shots": list(rows(ENTITIES[SHOT], self.listed[CREATED])),
        }


def rows(reader: Projection, ids: list[Any]) -> Iterator[Row]:
    """Rows by their ids, read by thousands."""
    for chunk in in_chunks(ids):
        yield from reader.some(chunk, relations=False)


def rate_of(project: Project) -> float:
    """The production's frames a second. Raises a refusal where they make no sense."""
    try:
        rate = float(project.fps or FPS)
    except ValueError:
        rate = 0
    if not 0 < rate <= 1000:
        raise WrongParameter(UNREADABLE.format(words=f"the production has no frame rate but {project.fps}"))
    return rate
