"""A short film from its first asset to a reviewed picture, told with gazu alone.

    python examples/short_film.py http://localhost:8000 admin@example.com PASSWORD

It makes a production with a team, assets, shots, casting and tasks; several people comment and move statuses; a picture
is published and read back; what happens is heard on the real-time channel; a producer's summary ends it.
"""

import binascii
import struct
import sys
import tempfile
import threading
import zlib
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import gazu
from gazu.client import KitsuClient

PASSWORD = "a-short-film"
PEOPLE = {"Ada": "manager", "Bela": "supervisor", "Cleo": "user"}
ASSETS = {"Characters": ["Lamplighter", "Moth"], "Props": ["Lantern"]}
SHOTS = {"SQ01": ["SH010", "SH020"], "SQ02": ["SH010"]}


def picture(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    """A PNG of one colour."""

    def block(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", binascii.crc32(kind + content))

    lines = (b"\0" + bytes(color) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", head) + block(b"IDAT", zlib.compress(lines)) + block(b"IEND", b"")


def sign_in(host: str, email: str, password: str) -> KitsuClient:
    """A client of one person."""
    client = gazu.client.create_client(host)
    gazu.log_in(email, password, client=client)
    return client


class Ear:
    """Listens on the real-time channel and counts what happens."""

    def __init__(self, client: KitsuClient) -> None:
        self.heard: Counter[str] = Counter()
        self.published = threading.Event()
        self.channel = gazu.events.init(client=client)
        for name in ("asset:new", "shot:new", "task:new", "comment:new", "task:status-changed", "preview-file:add-file"):
            gazu.events.add_listener(self.channel, name, self.note(name))

    def note(self, name: str) -> Any:
        """What to do when an event of that name comes."""

        def take(content: dict[str, Any]) -> None:
            self.heard[name] += 1
            if name == "preview-file:add-file":
                self.published.set()

        return take


class Film:
    """The production and what belongs to it."""

    def __init__(self, host: str, client: KitsuClient) -> None:
        self.host, self.client = host, client
        self.name = f"The Lamplighter {uuid4().hex[:6]}"
        self.project = gazu.project.new_project(self.name, production_type="short", client=client)
        self.crew: dict[str, KitsuClient] = {}
        self.people: dict[str, dict] = {}
        self.assets: list[dict] = []
        self.shots: list[dict] = []
        self.tasks: list[dict] = []

    def gather_crew(self) -> None:
        """Makes the people, puts them into the team and signs them in."""
        for name, role in PEOPLE.items():
            email = f"{name.lower()}.{uuid4().hex[:6]}@lamplighter.example.com"
            person = gazu.person.new_person(name, "Lamp", email, role=role, password=PASSWORD, client=self.client)
            gazu.project.add_person_to_team(self.project, person, client=self.client)
            self.people[name], self.crew[name] = person, sign_in(self.host, email, PASSWORD)

    def write_breakdown(self) -> None:
        """Makes assets and shots, and casts the assets into the shots."""
        for kind, names in ASSETS.items():
            asset_type = gazu.asset.get_asset_type_by_name(kind, client=self.client)
            asset_type = asset_type or gazu.asset.new_asset_type(kind, client=self.client)
            self.assets += [gazu.asset.new_asset(self.project, asset_type, name, client=self.client) for name in names]
        for sequence_name, names in SHOTS.items():
            sequence = gazu.shot.new_sequence(self.project, sequence_name, client=self.client)
            self.shots += [gazu.shot.new_shot(self.project, sequence, name, nb_frames=48, client=self.client) for name in names]
        casting = [{"asset_id": asset["id"], "nb_occurences": 1} for asset in self.assets]
        for shot in self.shots:
            gazu.casting.update_shot_casting(self.project, shot, casting, client=self.client)

    def plan_work(self) -> None:
        """Gives every asset its modelling and every shot its animation, all to the artist."""
        modeling = gazu.task.get_task_type_by_name("Modeling", client=self.client)
        animation = gazu.task.get_task_type_by_name("Animation", client=self.client)
        artist = [self.people["Cleo"]]
        for entity, task_type in [*((a, modeling) for a in self.assets), *((s, animation) for s in self.shots)]:
            self.tasks.append(gazu.task.new_task(entity, task_type, assignees=artist, client=self.client))

    def work(self) -> bytes:
        """The artist works and publishes, the supervisor asks for a retake, then approves. Returns the published picture."""
        status = {
            name: gazu.task.get_task_status_by_short_name(name, client=self.client) for name in ("wip", "wfa", "retake", "done")
        }
        artist, supervisor = self.crew["Cleo"], self.crew["Bela"]
        for task in self.tasks:
            gazu.task.add_comment(task, status["wip"], "On it.", client=artist)
        content = picture(640, 360, (240, 180, 40))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lantern.png"
            path.write_bytes(content)
            first, preview = gazu.task.publish_preview(
                self.tasks[0], status["wfa"], "Have a look.", preview_file_path=path, client=artist
            )
            gazu.task.add_comment(self.tasks[0], status["retake"], "Warmer light, please.", client=supervisor)
            gazu.task.add_comment(self.tasks[0], status["wfa"], "Warmer now.", client=artist)
            gazu.task.add_comment(self.tasks[0], status["done"], "Lovely.", client=supervisor)
            back = Path(folder) / "back.png"
            gazu.files.download_preview_file(preview, back, client=self.client)
            return back.read_bytes()

    def summary(self) -> str:
        """What a producer wants to know."""
        statuses = {status["id"]: status["name"] for status in gazu.task.all_task_statuses(client=self.client)}
        tasks = gazu.task.all_tasks_for_project(self.project, client=self.client)
        counts = Counter(statuses[task["task_status_id"]] for task in tasks)
        team = gazu.project.get_team(self.project, client=self.client)
        frames = sum(shot["nb_frames"] or 0 for shot in gazu.shot.all_shots_for_project(self.project, client=self.client))
        lines = [
            f"{self.name}: {len(self.assets)} assets, {len(self.shots)} shots, {frames} frames, a team of {len(team)}",
            *(f"  {name}: {number} of {len(tasks)} tasks" for name, number in sorted(counts.items())),
        ]
        return "\n".join(lines)


def main(host: str, email: str, password: str) -> str:
    """Makes the film; returns the summary. Raises AssertionError where the server did not keep what it was given."""
    client = sign_in(host, email, password)
    film = Film(host, client)
    ear = Ear(client)
    film.gather_crew()
    film.write_breakdown()
    film.plan_work()
    published = film.work()
    assert published.startswith(b"\x89PNG"), "the picture came back as something else"
    assert ear.published.wait(10), f"the publication was not heard, only {dict(ear.heard)}"
    ear.channel.disconnect()
    assert ear.heard["comment:new"] >= len(film.tasks) + 4, dict(ear.heard)
    heard = ", ".join(f"{number} {name}" for name, number in sorted(ear.heard.items()))
    return f"{film.summary()}\n  heard: {heard}"


if __name__ == "__main__":
    print(main(*sys.argv[1:4]))
