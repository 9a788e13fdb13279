"""Tasks of ShotGrid, their versions and notes."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import DateTimeField, Max, OuterRef, Subquery

from assets.models import Entity
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, SHOT, TEMPORAL
from core.errors import Refusal
from core.models import now
from events.stamps import touch
from files.models import PreviewFile
from files.readers import PREVIEW_FILE
from imports.rules.sheets.base import in_chunks
from imports.rules.shotgrid.base import BATCH, PageImport, Skipped, by_shotgun_id, found, held
from imports.rules.shotgrid.entities import ELSEWHERE
from imports.rules.shotgrid.entries import Movie, NoteEntry, TaskEntry, VersionEntry
from people.models import Person
from production.models import Project, TaskStatus, TaskType
from tasks.models import Comment, Task
from tasks.readers import COMMENT, TASK

KINDS = (ASSET, SHOT, SCENE, SEQUENCE, EPISODE)
SOURCE = "Shotgun"
LONGEST_URL, LONGEST_MOVIE = 600, 150
NO_PERSON = "its person is not here"
NO_TASK = "its task is not here"


class TaskImport(PageImport):
    """Tasks with their assignees; known by ShotGrid id, else by name, production, task type and entity."""

    kind = "Task"
    model = Task
    reader = TASK
    entry = TaskEntry

    def prepare(self, entries: list[Any]) -> None:
        """All that tasks refer to, and the tasks of these ids and of these entities."""
        links = [entry.project.id for entry in entries if entry.project is not None]
        self.projects = by_shotgun_id(held(Project.objects), links)
        self.types = by_shotgun_id(TaskType.objects, [entry.step.id for entry in entries if entry.step is not None])
        self.statuses = {status.short_name: status for status in TaskStatus.objects.order_by()}
        authors = [entry.created_by.id for entry in entries if entry.created_by is not None]
        wanted = [*authors, *(link.id for entry in entries for link in entry.task_assignees)]
        self.people = by_shotgun_id(Person.objects.filter(is_bot=False, preview_project=None), wanted)
        self.entities = self.read_entities([entry.entity.id for entry in entries if entry.entity is not None])
        self.known = by_shotgun_id(held(Task.objects), [entry.id for entry in entries])
        self.read_same(entries)
        self.assigned: dict[Any, set[Any]] = {}
        self.wanted: dict[Any, set[Any]] = {}
        tasks = {task.pk for task in (*self.known.values(), *self.same.values())}
        for ids in in_chunks(tasks):
            rows = Task.assignees.through.objects.filter(task_id__in=ids)
            for task_id, person_id in rows.values_list("task_id", "person_id"):
                self.assigned.setdefault(task_id, set()).add(person_id)

    def read_entities(self, ids: list[int]) -> dict[Any, Any]:
        """Entities by production, kind and ShotGrid id."""
        rows: dict[Any, Any] = {}
        for row in found(Entity.objects.select_related("entity_type").defer("data", "description"), "shotgun_id", ids):
            kind = row.entity_type.name if row.entity_type.name in TEMPORAL else ASSET
            rows.setdefault((row.project_id, kind, row.shotgun_id), row)
        return rows

    def read_same(self, entries: list[Any]) -> None:
        """The tasks that entities and productions have, by what no two tasks share."""
        self.same: dict[Any, Any] = {}
        entity_ids = [entity.pk for entity in self.entities.values()]
        names = [entry.cached_display_name for entry in entries]
        loose = Task.objects.filter(entity=None, project__in=[project.pk for project in self.projects.values()])
        for task in (*found(held(Task.objects), "entity_id", entity_ids), *found(held(loose), "name", names)):
            self.same.setdefault(key_of(task), task)

    def plan(self, entry: TaskEntry) -> Any:
        """A task. Raises Skipped where its step, its production or an assignee is missing."""
        if entry.step is None:
            raise Skipped("it has no step")
        project = self.projects.get(entry.project.id) if entry.project is not None else None
        if project is None:
            raise Skipped("its production is not here")
        assignees = {self.people[link.id].pk for link in entry.task_assignees if link.id in self.people}
        if any(link.id not in self.people for link in entry.task_assignees):
            raise Skipped("an assignee is not here")
        place, values = self.place(entry, project), self.values(entry)
        task = self.known.get(entry.id)
        if task is not None and task.project_id != project.pk:
            raise Refusal(ELSEWHERE)
        same = self.same.get((place["name"], place["project_id"], place["task_type_id"], place["entity_id"]))
        if task is None and same is None:
            task = self.make(shotgun_id=entry.id, **place, **values)
        else:
            moves = {} if same is not None else place
            task = self.known_task(task or same, {**values, **moves, "shotgun_id": entry.id}, assignees)
        self.known[entry.id] = task
        self.same[key_of(task)] = task
        self.wanted[task.pk] = assignees
        return task

    def known_task(self, task: Any, values: dict[str, Any], assignees: set[Any]) -> Any:
        """A task that is here, changed as its entry says."""
        if self.same.get(key_of(task)) is task:
            del self.same[key_of(task)]
        if assignees != self.wanted.get(task.pk, self.assigned.get(task.pk, set())):
            self.touch(task)
        return self.change(task, **values)

    def place(self, entry: TaskEntry, project: Project) -> dict[str, Any]:
        """What no two tasks share."""
        task_type = self.types.get(entry.step.id) if entry.step is not None else None
        target = entry.entity
        entity = self.entities.get((project.pk, target.type, target.id)) if target is not None and target.type in KINDS else None
        return {
            "name": entry.cached_display_name,
            "project_id": project.pk,
            "task_type_id": task_type.pk if task_type is not None else None,
            "entity_id": entity.pk if entity is not None else None,
        }

    def values(self, entry: TaskEntry) -> dict[str, Any]:
        """Everything else of a task."""
        status = self.statuses.get(entry.sg_status_list) if entry.sg_status_list is not None else None
        assigner = self.people.get(entry.created_by.id) if entry.created_by is not None else None
        return {
            "task_status_id": status.pk if status is not None else None,
            "assigner_id": assigner.pk if assigner is not None else None,
            "start_date": entry.start_date,
            "due_date": entry.due_date,
            "duration": entry.duration or 0,
            "sort_order": entry.sg_sort_order or 0,
        }

    def store(self) -> None:
        """Stores the tasks and who does them; readers of boards learn that something changed."""
        super().store()
        through = Task.assignees.through
        gone = [(pk, person) for pk, wanted in self.wanted.items() for person in self.assigned.get(pk, set()) - wanted]
        new = [(pk, person) for pk, wanted in self.wanted.items() for person in wanted - self.assigned.get(pk, set())]
        dropped = set(gone)
        for ids in in_chunks({pk for pk, _ in gone}):
            rows = through.objects.filter(task_id__in=ids).values_list("pk", "task_id", "person_id")
            links = [link for link, task_id, person_id in rows if (task_id, person_id) in dropped]
            for some in in_chunks(links):
                through.objects.filter(pk__in=some).delete()
        through.objects.bulk_create([through(task_id=pk, person_id=person) for pk, person in new], batch_size=BATCH)
        for project_id in {task.project_id for task in (*self.created, *(task for task, _ in self.changed.values()))}:
            touch(project_id)


def key_of(task: Any) -> Any:
    """What no two tasks share."""
    return task.name, task.project_id, task.task_type_id, task.entity_id


class VersionImport(PageImport):
    """Versions, as previews whose file stays at ShotGrid; known by ShotGrid id, else by name and task."""

    kind = "Version"
    model = PreviewFile
    reader = PREVIEW_FILE
    entry = VersionEntry

    def prepare(self, entries: list[Any]) -> None:
        """Tasks, people, and the previews of these ids and of these tasks."""
        self.tasks = by_shotgun_id(Task.objects, [entry.sg_task.id for entry in entries if entry.sg_task is not None])
        people = Person.objects.filter(is_bot=False, preview_project=None)
        self.people = by_shotgun_id(people, [entry.user.id for entry in entries if entry.user is not None])
        self.known = by_shotgun_id(held(PreviewFile.objects), [entry.id for entry in entries])
        previews = found(held(PreviewFile.objects), "task_id", [task.pk for task in self.tasks.values()])
        self.same: dict[Any, Any] = {}
        for preview in previews:
            self.same.setdefault((preview.name, preview.task_id), preview)

    def plan(self, entry: VersionEntry) -> Any:
        """A preview. Raises Skipped for one without a task."""
        if entry.sg_task is None:
            raise Skipped("it has no task")
        task = self.tasks.get(entry.sg_task.id)
        person = self.people.get(entry.user.id) if entry.user is not None else None
        task_id = task.pk if task is not None else None
        preview = self.known.get(entry.id)
        if preview is None and task_id is not None:
            preview = self.same.get((entry.code, task_id))
        elif self.same.get((entry.code, task_id), preview) is not preview and not self.is_same(entry, task_id, preview):
            raise Refusal(f"There is another preview named {entry.code} of that task.")
        values = {
            "name": entry.code,
            "task_id": task_id,
            "shotgun_id": entry.id,
            "description": entry.description,
            "person_id": person.pk if person is not None else None,
            "source": SOURCE,
            **movie_of(entry.sg_uploaded_movie),
        }
        preview = self.make(**values) if preview is None else self.change(preview, **values)
        self.known[entry.id] = preview
        self.same[entry.code, task_id] = preview
        return preview

    def is_same(self, entry: VersionEntry, task_id: Any, preview: Any) -> bool:
        """The preview of that name and task is this one."""
        return preview is not None and self.same[entry.code, task_id].pk == preview.pk

    def store(self) -> None:
        """Stores the previews; readers of boards learn that something changed."""
        super().store()
        for project_id in {task.project_id for task in self.tasks.values()}:
            touch(project_id)


def movie_of(movie: Movie | None) -> dict[str, Any]:
    """Where a version's movie lies; addresses of other kinds than the web's, and those beyond the column, are left out."""
    url, name = (movie.url, movie.name) if movie is not None else (None, None)
    if url is not None and len(url) > LONGEST_URL:
        url = url.split("?")[0]
    is_kept = url is not None and is_web(url) and len(url) <= LONGEST_URL
    return {"uploaded_movie_url": url if is_kept else None, "uploaded_movie_name": name[:LONGEST_MOVIE] if name else name}


def is_web(url: str) -> bool:
    """An address that a browser may open."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


class NoteImport(PageImport):
    """Notes, as comments without a status, known by ShotGrid id."""

    kind = "Note"
    model = Comment
    reader = COMMENT
    entry = NoteEntry

    def prepare(self, entries: list[Any]) -> None:
        """Tasks, people, and the comments of these ids."""
        self.tasks = by_shotgun_id(held(Task.objects), [entry.tasks[0].id for entry in entries if entry.tasks])
        people = Person.objects.filter(is_bot=False, preview_project=None)
        self.people = by_shotgun_id(people, [entry.user.id for entry in entries if entry.user is not None])
        self.known = by_shotgun_id(held(Comment.objects), [entry.id for entry in entries])

    def plan(self, entry: NoteEntry) -> Any:
        """A comment on the first of the note's tasks. Raises a refusal where its author is not here."""
        task = self.tasks.get(entry.tasks[0].id) if entry.tasks else None
        if task is None:
            raise Skipped(NO_TASK)
        person = self.people.get(entry.user.id) if entry.user is not None else None
        if person is None:
            raise Refusal(f"{NO_PERSON.capitalize()}.")
        values = {
            "object_id": task.pk,
            "object_type": "Task",
            "text": entry.content,
            "person_id": person.pk,
            "created_at": entry.created_at,
        }
        comment = self.known.get(entry.id)
        if comment is None:
            comment = self.known[entry.id] = self.make(shotgun_id=entry.id, **values)
            comment.updated_at = now()
            return comment
        return self.change(comment, **values)

    def store(self) -> None:
        """Stores the comments; each task knows its newest one."""
        super().store()
        rows = [*self.created, *(comment for comment, _ in self.changed.values())]
        if rows:
            date_tasks({comment.object_id for comment in rows})
        for project_id in {task.project_id for task in self.tasks.values()}:
            touch(project_id)


def date_tasks(task_ids: Any) -> None:
    """Gives tasks the date of their newest comment."""
    newest = Comment.objects.order_by().filter(object_id=OuterRef("pk")).values("object_id")
    moment: Subquery = Subquery(newest.annotate(last=Max("created_at")).values("last"), output_field=DateTimeField())
    for ids in in_chunks(task_ids):
        Task.objects.filter(pk__in=ids).update(last_comment_date=moment)
