"""The requests that are measured, by name: what the web client and pipeline tools ask all day."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import requests

PASSWORD = "mysecretpassword"
MAIN = "The Lighthouse Keepers"
Send = tuple[str, str, dict]


@dataclass
class Server:
    """A server under measurement: one kept connection per person who asks."""

    base: str
    encoding: str = "identity"
    sessions: dict[str, requests.Session] = field(default_factory=dict)
    preview_id: str | None = None

    def sign_in(self, who: str) -> None:
        """Opens the connection of somebody by the name before the @."""
        session = requests.Session()
        session.headers["Accept-Encoding"] = self.encoding
        answer = session.post(f"{self.base}/auth/login", json=credentials(who), timeout=60)
        answer.raise_for_status()
        session.cookies.clear()
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self.sessions[who] = session

    def send(self, method: str, path: str, *, who: str = "admin", **options) -> requests.Response:
        """One request, its answer read to the end."""
        return self.sessions[who].request(method, self.base + path, timeout=120, **options)

    def read(self, path: str):
        """The value of a GET."""
        answer = self.send("GET", path)
        answer.raise_for_status()
        return answer.json()


@dataclass
class Operation:
    """A named request; `make` gives the method, the path and the options of its next repetition."""

    name: str
    make: Callable[[Server], Send]
    who: str = "admin"
    most: int = 200
    forget: Callable[[], None] = lambda: None


def credentials(who: str) -> dict:
    """The body of a login."""
    return {"email": f"{who}@example.com", "password": PASSWORD}


def picture() -> bytes:
    """A PNG of 640 × 360 points."""
    rows = b"".join(b"\0" + bytes((x * y) % 256 for x in range(640 * 3)) for y in range(360))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 640, 360, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class World:
    """The rows that the requests are about. Both servers hold the same, so they are looked up in one."""

    def __init__(self, server: Server) -> None:
        self.project = server.read(f"/data/projects?name={MAIN}")[0]["id"]
        self.people = {person["email"]: person["id"] for person in server.read("/data/persons")}
        self.statuses = {status["short_name"]: status["id"] for status in server.read("/data/task-status")}
        self.task_types = {(kind["name"], kind["for_entity"]): kind["id"] for kind in server.read("/data/task-types")}
        kinds = {kind["name"]: kind["id"] for kind in server.read("/data/entity-types")}
        self.asset_type = kinds["Character"]
        entities = f"/data/entities?project_id={self.project}&entity_type_id="
        shots = server.read(entities + kinds["Shot"])
        self.shots = [shot["id"] for shot in sorted(shots, key=lambda shot: (shot["parent_id"], shot["name"]))]
        self.sequence = shots[0]["parent_id"]
        self.asset = server.read(entities + kinds["Character"])[0]["id"]
        tasks = server.read(f"/data/tasks?project_id={self.project}")
        tasks.sort(key=lambda task: task["id"])
        self.tasks = [task["id"] for task in tasks]
        comments = server.read("/data/comments?page=1&limit=5000&fields=object_id")["data"]
        found: dict[str, int] = {}
        for comment in comments:
            found[comment["object_id"]] = found.get(comment["object_id"], 0) + 1
        known = set(self.tasks)
        self.hot_task = max((task for task in found if task in known), key=lambda task: found[task])


def add_picture(server: Server, world: World) -> None:
    """Uploads a picture as a preview of a task, so that there is a thumbnail to read."""
    task = world.tasks[0]
    body = {"task_status_id": world.statuses["wfa"], "comment": "Picture"}
    comment = server.send("POST", f"/actions/tasks/{task}/comment", json=body).json()
    preview = server.send("POST", f"/actions/tasks/{task}/comments/{comment['id']}/add-preview").json()
    server.send("POST", f"/pictures/preview-files/{preview['id']}", files={"file": ("picture.png", picture())}).raise_for_status()
    server.preview_id = preview["id"]


def get(name: str, path: str, *, who: str = "admin", **options) -> Operation:
    """A request that is the same every time."""
    return Operation(name, lambda server: ("GET", path, options), who)


def unchanged(name: str, path: str) -> Operation:
    """A request with the validator of the answer before, which should be told that nothing changed."""
    tags: dict[str, str] = {}

    def make(server: Server) -> Send:
        if server.base not in tags:
            tags[server.base] = server.send("GET", path).headers.get("ETag", "none")
        return "GET", path, {"headers": {"If-None-Match": tags[server.base]}}

    return Operation(name, make, forget=tags.clear)


def numbered(name: str, make: Callable[[Server, int], Send], **options) -> Operation:
    """A request that differs from one repetition to the next, alike on both servers."""
    turns: dict[str, count] = {}
    return Operation(name, lambda server: make(server, next(turns.setdefault(server.base, count()))), **options)


def reads(world: World) -> list[Operation]:
    """What is read."""
    project, task, hot = f"/data/projects/{world.project}", world.tasks[0], world.hot_task
    boards, crud = f"with-tasks?project_id={world.project}", f"/data/tasks?project_id={world.project}"
    artist, year = world.people["user@example.com"], date.today().year
    return [
        get("user context", "/data/user/context"),
        get("user context (artist)", "/data/user/context", who="user"),
        get("open projects", "/data/projects/open"),
        get("all persons", "/data/persons"),
        get("assets with-tasks", f"/data/assets/{boards}"),
        get("shots with-tasks", f"/data/shots/{boards}"),
        get("shots with-tasks compact", f"/data/shots/{boards}&compact=true"),
        get("shots with-tasks stream", f"/data/shots/{boards}&stream=true"),
        get("shots with-tasks compact+stream", f"/data/shots/{boards}&compact=true&stream=true"),
        unchanged("shots with-tasks 304", f"/data/shots/{boards}"),
        get("project tasks", f"{project}/tasks"),
        get("project tasks page", f"{project}/tasks?page=1"),
        get("task full", f"/data/tasks/{task}/full"),
        get("task comments", f"/data/tasks/{task}/comments"),
        get("task comments (hot)", f"/data/tasks/{hot}/comments"),
        get("task previews (hot)", f"/data/tasks/{hot}/previews"),
        get("one task", f"/data/tasks/{task}"),
        get("CRUD tasks of project", crud),
        get("CRUD tasks page", f"{crud}&page=1"),
        get("shot casting", f"{project}/entities/{world.shots[0]}/casting"),
        get("asset cast-in", f"/data/assets/{world.asset}/cast-in"),
        get("sequence casting", f"{project}/sequences/{world.sequence}/casting"),
        get("production casting", f"{project}/sequences/all/casting"),
        get("playlists list", f"{project}/playlists"),
        get("news page", f"{project}/news"),
        get("person todo", f"/data/persons/{artist}/tasks"),
        get("my todo (artist)", "/data/user/tasks", who="user"),
        get("CSV shots", f"/export/csv/projects/{world.project}/shots.csv"),
        get("CSV assets", f"/export/csv/projects/{world.project}/assets.csv"),
        get("CSV casting", f"/export/csv/projects/{world.project}/casting.csv?is_shot_casting=true"),
        get("CSV tasks", "/export/csv/tasks.csv"),
        get("CSV time spents", "/export/csv/time-spents.csv"),
        get("CSV people", "/export/csv/persons.csv"),
        Operation("thumbnail", lambda server: ("GET", f"/pictures/thumbnails/preview-files/{server.preview_id}.png", {})),
        get("events page", "/data/events/last?limit=100"),
        get("schedule items", f"/data/schedule-items?project_id={world.project}"),
        get("time spents day table", f"/data/persons/time-spents/day-table/{year}/09"),
        get("time spents month table", f"/data/persons/time-spents/month-table/{year}"),
        get("notifications (artist)", "/data/user/notifications", who="user"),
        get("404", "/data/nothing-of-the-kind"),
    ]


def writes(world: World) -> list[Operation]:
    """What is written. Both servers are sent the same, so they stay alike."""
    wip, wfa = world.statuses["wip"], world.statuses["wfa"]
    unused = world.task_types["Compositing", "Shot"]
    search = Operation("search", lambda server: ("POST", "/data/search", {"json": {"query": "lantern", "limit": 5}}))

    def comment(server: Server, turn: int) -> Send:
        body = {"task_status_id": (wip, wfa)[turn // 50 % 2], "comment": f"Take {turn}"}
        return "POST", f"/actions/tasks/{world.tasks[1 + turn % 50]}/comment", {"json": body}

    def asset(server: Server, turn: int) -> Send:
        path = f"/data/projects/{world.project}/asset-types/{world.asset_type}/assets/new"
        return "POST", path, {"json": {"name": f"Stand-in {turn}"}}

    def bulk(server: Server, turn: int) -> Send:
        path = f"/actions/projects/{world.project}/task-types/{unused}/shots/create-tasks"
        return "POST", path, {"json": world.shots[turn * 50 : turn * 50 + 50]}

    return [
        search,
        Operation("login", lambda server: ("POST", "/auth/login", {"json": credentials("admin")}), most=15),
        numbered("post comment + status", comment, most=100),
        numbered("create asset", asset, most=60),
        numbered("bulk create 50 tasks", bulk, most=min(25, len(world.shots) // 50)),
        numbered("PUT one task", lambda s, turn: ("PUT", f"/data/tasks/{world.tasks[60]}", {"json": {"priority": turn % 4}})),
    ]
