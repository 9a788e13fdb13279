"""Rows of every kind, sent to a server over its own API."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from tests.imports.kitsu.studio import Peer

MADE, LATER = "2026-02-03T10:00:00", "2026-02-04T11:30:00"
MANY, SOME = 200, 40
# The other server makes nine salary scales a department, and links of a production one by one.
DEPARTMENTS, PRODUCTIONS, FEW = 12, 12, 8
AT_ONCE = 6


def new() -> str:
    """An id."""
    return str(uuid4())


class Filling:
    """Fills an empty studio that has its default data; the ids of what it made are kept by kind."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.made: dict[str, list[str]] = {}

    def bring(self, kind: str, rows: list[dict[str, Any]]) -> list[str]:
        """Rows by the import route of a kind."""
        rows = [{"id": new(), "created_at": MADE, "updated_at": LATER, **row} for row in rows]
        for at in range(0, len(rows), 100):
            self.peer.post(f"/import/kitsu/{kind}?silent=true", rows[at : at + 100])
        self.made.setdefault(kind, []).extend(row["id"] for row in rows)
        return [row["id"] for row in rows]

    def make(self, path: str, rows: list[dict[str, Any]]) -> list[str]:
        """Rows by the generic route, which takes one at a time: several are sent at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ids = [row["id"] for row in pool.map(lambda row: self.peer.post(f"/data/{path}", row), rows)]
        self.made.setdefault(path, []).extend(ids)
        return ids

    def named(self, path: str) -> dict[str, str]:
        """The ids of a list by name."""
        return {row["name"]: row["id"] for row in self.peer.get(f"/data/{path}")}

    def fill(self) -> dict[str, str]:
        """All of it; ids to work on."""
        self.configure()
        self.found_production()
        self.draw()
        self.work()
        self.talk()
        self.plan()
        return {
            "project": self.project,
            "name": self.name,
            "task": self.made["tasks"][0],
            "person": self.people[0],
        }

    def configure(self) -> None:
        """The studio's own tables."""
        self.departments = self.make("departments", [{"name": f"Craft {n}", "color": "#112233"} for n in range(DEPARTMENTS)])
        self.make("studios", [{"name": f"Site {n}", "color": "#445566"} for n in range(SOME)])
        tools = [{"name": f"Tool {n}", "short_name": f"t{n}", "file_extension": "blend"} for n in range(SOME)]
        self.software = self.make("softwares", tools)[0]
        self.make("hardware-items", [{"name": f"Machine {n}", "short_name": f"m{n}"} for n in range(SOME)])
        types = [{"name": f"Step {n}", "for_entity": "Shot", "color": "#778899"} for n in range(SOME)]
        self.types = self.make("task-types", types)
        statuses = [{"name": f"State {n}", "short_name": f"s{n}", "color": "#99aabb"} for n in range(SOME)]
        self.statuses = self.make("task-status", statuses)
        self.make("preview-background-files", [{"name": f"Sky {n}"} for n in range(SOME)])
        self.kinds = self.named("entity-types")
        people = [
            {"first_name": f"P{n}", "last_name": "É", "email": f"p{n}@studio.example", "departments": self.departments[:2]}
            for n in range(SOME)
        ]
        self.people = self.make("persons", people)
        self.make("custom-actions", [{"name": f"Do {n}", "url": "https://studio.example"} for n in range(SOME)])
        reactions = [
            {"in_task_type_id": self.types[0], "in_task_status_id": status, "out_task_type_id": self.types[1]}
            for status in self.statuses
        ]
        self.make("status-automations", [{**row, "out_task_status_id": self.statuses[0]} for row in reactions])
        self.file_status = self.make("file-status", [{"name": f"Stage {n}", "color": "#ccddee"} for n in range(SOME)])[0]
        self.output_type = self.make("output-types", [{"name": f"Cache {n}", "short_name": f"c{n}"} for n in range(SOME)])[0]
        self.make("project-templates", [{"name": f"Template {n}"} for n in range(SOME)])
        self.peer.get("/data/salary-scales")
        days = [{"person_id": pk, "date": "2026-03-02", "end_date": "2026-03-04"} for pk in self.people]
        self.make("day-offs", days)

    def found_production(self) -> None:
        """One production with all that it lists, and others."""
        self.name = f"Moved {new()[:8]}"
        status = self.named("project-status")["Open"]
        lists = {"team": self.people, "task_types": self.types, "task_statuses": self.statuses}
        common = {"project_status_id": status, "data": {"mood": "calm"}}
        few = {name: ids[:FEW] for name, ids in lists.items()}
        others = [{"name": f"Other {new()[:8]}", **common, **few} for _ in range(PRODUCTIONS)]
        self.project = self.bring("projects", [{"name": self.name, **common, **lists}, *others])[0]
        columns = [
            {"name": f"Column {n}", "field_name": f"column_{n}", "entity_type": "Shot", "data_type": "string"} for n in range(SOME)
        ]
        self.bring(
            "metadata-descriptors", [{**c, "project_id": self.project, "departments": self.departments[:2]} for c in columns]
        )
        self.bring("milestones", [{"name": f"Day {n}", "date": "2026-05-05", "project_id": self.project} for n in range(SOME)])

    def draw(self) -> None:
        """Entities of every kind, cast and placed."""
        of = {"project_id": self.project}
        sequences = self.bring("entities", [{**of, "type": "Sequence", "name": f"SQ{n}"} for n in range(SOME)])
        shots = [
            {**of, "type": "Shot", "name": f"SH{n}", "parent_id": sequences[n % SOME], "nb_frames": n, "data": {"frame_in": n}}
            for n in range(MANY)
        ]
        self.shots = self.bring("entities", shots)
        prop = {**of, "type": "Asset", "entity_type_id": self.kinds["Prop"]}
        self.assets = self.bring("entities", [{**prop, "name": f"Prop {n}", "data": {"weight": n / 3}} for n in range(MANY)])
        self.bring("entities", [{**of, "type": "Edit", "name": f"Edit {n}"} for n in range(SOME)])
        self.peer.post(f"/data/projects/{self.project}/concepts", {"name": "Look"})
        scene = self.peer.post(f"/data/projects/{self.project}/scenes", {"name": "Scene", "sequence_id": sequences[0]})
        pairs = [(shot, self.assets[n]) for n, shot in enumerate(self.shots)]
        links = [{"type": "EntityLink", "entity_in_id": a, "entity_out_id": b, "nb_occurences": 2} for a, b in pairs]
        self.bring("entity-links", links)
        self.make("asset-instances", [{"asset_id": pk, "scene_id": scene["id"], "number": 1} for pk in self.assets[:SOME]])

    def work(self) -> None:
        """Tasks with files and hours."""
        task = {"name": "main", "project_id": self.project, "task_type_id": self.types[0], "task_status_id": self.statuses[0]}
        tasks = [{**task, "entity_id": pk, "assignees": self.people[:2], "estimation": 90} for pk in self.shots]
        self.tasks = self.bring("tasks", tasks)
        previews = [{"name": new()[:13], "task_id": pk, "person_id": self.people[0], "extension": "pdf"} for pk in self.tasks]
        self.previews = self.bring("preview-files", previews)
        hours = [{"task_id": pk, "person_id": self.people[0], "date": "2026-02-03", "duration": 45.5} for pk in self.tasks]
        self.bring("time-spents", hours)
        self.bring("subscriptions", [{"task_id": pk, "person_id": self.people[1]} for pk in self.tasks])
        files = [{"name": f"work {n}", "task_id": pk, "entity_id": self.shots[n], "revision": 1} for n, pk in enumerate(self.tasks)]
        self.make("working-files", [{**row, "software_id": self.software} for row in files[:SOME]])
        output = {"file_status_id": self.file_status, "output_type_id": self.output_type, "revision": 1, "extension": "abc"}
        self.make("output-files", [{**output, "name": f"out {n}", "entity_id": pk} for n, pk in enumerate(self.shots[:SOME])])

    def talk(self) -> None:
        """Comments and what follows them."""
        said = {"object_type": "Task", "text": "Plus lent, s’il te plaît.", "person_id": self.people[0], "for_client": False}
        said |= {"task_status_id": self.statuses[0]}  # the other server leaves comments without one out of its lists
        comments = [
            {
                **said,
                "object_id": pk,
                "previews": [self.previews[n]],
                "mentions": self.people[:1],
                "acknowledgements": self.people[1:3],
            }
            for n, pk in enumerate(self.tasks)
        ]
        self.comments = self.bring("comments", comments)
        pairs = list(zip(self.tasks, self.comments, strict=True))
        told = [{"task_id": task, "author_id": self.people[0], "comment_id": comment} for task, comment in pairs]
        self.bring("news", [{**row, "change": True, "preview_file_id": None} for row in told])
        self.bring("notifications", [{**row, "person_id": self.people[1], "notification_type": "comment"} for row in told])
        notes = [
            {"name": f"n{n}.txt", "extension": "txt", "size": 3, "comment_id": pk} for n, pk in enumerate(self.comments[:SOME])
        ]
        self.bring("attachment-files", [{**row, "mimetype": "text/plain"} for row in notes])
        chats = self.make("chats", [{"object_id": pk, "object_type": "entity"} for pk in self.shots[:SOME]])
        self.make("chat-messages", [{"chat_id": pk, "person_id": self.people[0], "text": "Salut"} for pk in chats])

    def plan(self) -> None:
        """Playlists, schedules, budgets, kept searches."""
        of = {"project_id": self.project}
        shots = [{"entity_id": pk, "preview_file_id": None} for pk in self.shots[:5]]
        playlists = self.bring("playlists", [{**of, "name": f"Dailies {n}", "shots": shots} for n in range(SOME)])
        self.bring("build-jobs", [{"playlist_id": pk, "status": "succeeded", "job_type": "movie"} for pk in playlists])
        self.bring("schedule-items", [{**of, "task_type_id": pk, "start_date": "2026-02-03"} for pk in self.types])
        version = self.make("production-schedule-versions", [{**of, "name": f"Draft {n}"} for n in range(SOME)])[0]
        links = [{"production_schedule_version_id": version, "task_id": pk, "estimation": 60} for pk in self.tasks[:SOME]]
        self.make("production-schedule-version-task-links", links)
        kept = {**of, "list_type": "shot", "person_id": self.people[0], "is_shared": True}
        groups = self.make("search-filter-groups", [{**kept, "name": f"Group {n}", "color": "#112233"} for n in range(SOME)])
        searches = [
            {**kept, "name": f"Search {n}", "search_query": "wip", "search_filter_group_id": groups[0]} for n in range(SOME)
        ]
        self.make("search-filters", searches)
        budgets = self.make("budgets", [{**of, "name": f"Budget {n}", "currency": "EUR", "revision": n + 1} for n in range(SOME)])
        entry = {"department_id": self.departments[0], "start_date": "2026-02-01", "months_duration": 3, "daily_salary": 100}
        self.make("budget-entries", [{**entry, "budget_id": pk, "person_id": self.people[0]} for pk in budgets])
