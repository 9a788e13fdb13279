"""A studio on a live server, with rows of every kind and files, for others to be moved from."""

from datetime import date
from typing import Any

import requests

from imports.rules.demo_studio import Plan, make_demo_studio
from tests.files.studio import make_movie, png

SMALL = Plan(
    assets=6,
    shots=12,
    tasks_per_asset=2,
    tasks_per_shot=2,
    casting_links=20,
    comments=40,
    time_spents=10,
    previews=8,
    people=7,
    playlists=2,
    shots_per_playlist=3,
    productions=2,
)


def fill(plan=SMALL) -> dict[str, str]:
    """Runs within the server's process: stores a demonstration, and a row of each kind that it lacks; ids to work on."""
    from imports.kitsu.studio import STEPS
    from people.models import Department, Person
    from playlists.models import Playlist
    from production.models import MetadataDescriptor, Project, ProjectPersonLink, ProjectTaskTypeLink
    from tasks.models import Comment, Task
    from tests.makers import make_asset, make_entity, make_person, make_shot
    from tests.rows import Rows

    make_demo_studio(plan, seed=1, today=date(2026, 2, 3))
    project = Project.objects.order_by("name").first()
    task = Task.objects.filter(project=project).order_by("pk").first()
    comment = Comment.objects.filter(object_id=task.pk).first()
    rows = Rows(
        person=Person.objects.first(),
        project=project,
        task=task,
        entity=task.entity,
        comment=comment,
        playlist=Playlist.objects.first(),
    )
    for step in STEPS:
        if step.kind.path != "attachment-files" and not step.kind.model._base_manager.exists():
            rows.row(step.kind.model)
    concept = make_entity("Concept", project, preview_file=None)
    concept.entity_concept_links.set([make_asset(project)])
    make_entity("Edit", project)
    scene = make_entity("Scene", project, parent=make_shot(project).parent)
    make_shot(project, source=scene)
    MetadataDescriptor.objects.first().departments.set(Department.objects.all()[:2])
    link = ProjectPersonLink.objects.filter(project=project, person__role="user").first()
    link.role = "supervisor"
    link.save()
    ProjectTaskTypeLink.objects.filter(project=project).update(priority=7, is_client_visible=False)
    person = make_person(first_name="Without", email="without@studio.example", role="vendor")
    return {"project": str(project.pk), "name": project.name, "task": str(task.pk), "person": str(person.pk)}


FILL = "from tests.imports.kitsu.studio import fill\nanswer(fill())"


class Peer:
    """A server of the API, asked as its studio manager."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.headers = base, {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, **more) -> requests.Response:
        """An answer. Raises HTTPError for a refusal."""
        answer = requests.request(method, self.base + path, headers=self.headers, timeout=120, **more)
        answer.raise_for_status()
        return answer

    def get(self, path: str):
        """The JSON of an address."""
        return self.ask("get", path).json()

    def post(self, path: str, body):
        """The JSON that a POST is answered with."""
        return self.ask("post", path, json=body).json()

    def upload(self, path: str, name: str, content: bytes) -> requests.Response:
        """Sends a file."""
        return self.ask("post", path, files={"file": (name, content)})

    def publish(self, task_id: str, status_id: str, name: str, content: bytes, **more) -> dict:
        """A comment with an attachment and a preview."""
        comment = self.ask(
            "post",
            f"/actions/tasks/{task_id}/comment",
            data={"task_status_id": status_id, "comment": "See"},
            files={"file": ("note.txt", b"A note")},
        ).json()
        preview = self.post(f"/actions/tasks/{task_id}/comments/{comment['id']}/add-preview", {})
        self.upload(f"/pictures/preview-files/{preview['id']}", name, content)
        return {"comment": comment["id"], "preview": preview["id"], "attachment": comment["attachment_files"][0]["id"]}

    def give_files(self, ids: dict[str, str], folder, several: int = 1) -> dict[str, Any]:
        """Uploads pictures, movies with sound and a silent one, attachments and avatars; the ids of what they belong to."""
        status = self.get("/data/task-status")[0]["id"]
        sound = ("-f", "lavfi", "-i", "sine=duration=0.5", "-shortest")
        images = [png((400, 300 + 10 * n)) for n in range(several)]
        films = [make_movie(folder / f"sound{n}.mp4", *sound, size=f"{64 + 8 * n}x36") for n in range(several)]
        pictures = [self.publish(ids["task"], status, "frame.png", image) for image in images]
        movies = [self.publish(ids["task"], status, "shot.mp4", film) for film in films]
        silent = self.publish(ids["task"], status, "silent.mp4", make_movie(folder / "silent.mp4"))
        for kind in ("persons", "projects"):
            self.upload(f"/pictures/thumbnails/{kind}/{ids[kind[:-1]]}", "face.png", png((200, 200)))
        shown = {"pictures": [row["preview"] for row in pictures], "movies": [row["preview"] for row in movies]}
        return {"picture": pictures[0]["preview"], "attachment": pictures[0]["attachment"], **shown, "silent": silent["preview"]}


def files_of(ids: dict[str, Any]) -> list[str]:
    """The addresses of the files that `give_files` made."""
    pictures = [
        f"/pictures/{form}/preview-files/{pk}.png" for form in ("originals", "previews", "thumbnails") for pk in ids["pictures"]
    ]
    movies = [f"/movies/{form}/preview-files/{pk}.mp4" for form in ("originals", "low") for pk in ids["movies"]]
    return [
        *pictures,
        *movies,
        *(f"/pictures/thumbnails/preview-files/{pk}.png" for pk in ids["movies"]),
        f"/data/attachment-files/{ids['attachment']}/file/note.txt",
        f"/pictures/thumbnails/persons/{ids['person']}.png",
        f"/pictures/thumbnails/projects/{ids['project']}.png",
    ]


def settled(value):
    """A value whose lists, which stand for sets, are in an order of their own, however deep they lie."""
    if isinstance(value, dict):
        return {key: settled(part) for key, part in value.items()}
    return sorted((settled(part) for part in value), key=str) if isinstance(value, list) else value


def in_order(answer) -> list[dict]:
    """The rows of a list, in order of their ids, each with its lists in order."""
    rows = answer["data"] if isinstance(answer, dict) else answer
    return sorted((settled(row) for row in rows), key=lambda row: row["id"])


def differences(there, here, ids: dict[str, str], unlike: tuple[str, ...] = ()) -> list[str]:
    """Where two servers answer otherwise, read by read and row by row; `there` and `here` read an address.

    Keys of `unlike` are not compared.
    """
    from imports.kitsu.studio import STEPS

    paths = [f"{step.of_studio}?relations=true" for step in STEPS if step.of_studio and not step.again]
    paths += [f"/data/{name}" for name in ("assets/with-tasks", "shots/with-tasks", "edits", "concepts", "sequences")]
    paths += [f"/data/projects/{ids['project']}/{name}" for name in ("team", "assets", "shots", "time-spents", "schedule-items")]
    paths += [f"/data/tasks/{ids['task']}/{name}" for name in ("comments", "previews")]
    found = []
    for path in paths:
        rows, others = (
            [{k: v for k, v in row.items() if k not in unlike} for row in in_order(read(path))] for read in (there, here)
        )
        if not rows and "concepts" not in path:
            found.append(f"{path}: no rows to compare")
        if len(rows) != len(others):
            found.append(f"{path}: {len(rows)} rows there, {len(others)} here")
        for row, other in zip(rows, others, strict=False):
            otherwise = [k for k in {*row, *other} - {*unlike} if row.get(k) != other.get(k)]
            found += [f"{path} {row['id']} {k}: {row.get(k)!r} {other.get(k)!r}" for k in otherwise]
    return found
