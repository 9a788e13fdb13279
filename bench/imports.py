#!/usr/bin/env python3
"""Measures how many rows a second the routes `/import/kitsu/…` take.

    python bench/imports.py --base URL [--rows 20000] [--batch 1000] [--email …] [--password …]

It makes a production of its own on the server, which stays there. Every kind is sent twice, new rows and the same rows again,
with events and without, one request after the other on one connection.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import requests

MADE = "2026-02-03T10:00:00"


def new() -> str:
    """An id."""
    return str(uuid4())


class Studio:
    """The server under measurement, as a studio manager."""

    def __init__(self, base: str, email: str, password: str) -> None:
        self.base, self.session = base, requests.Session()
        token = self.post("/auth/login", {"email": email, "password": password})["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body):
        """The answer's JSON. Raises HTTPError for a refusal."""
        answer = self.session.post(self.base + path, json=body, timeout=600)
        answer.raise_for_status()
        return answer.json()

    def get(self, path: str):
        """The answer's JSON."""
        answer = self.session.get(self.base + path, timeout=600)
        answer.raise_for_status()
        return answer.json()


def story(studio: Studio, count: int) -> Iterator[tuple[str, Callable[[], list[dict]]]]:
    """The kinds of rows, each with what makes them; later kinds refer to earlier ones."""
    person = studio.get("/data/persons")[0]["id"]
    kinds = [row["id"] for row in studio.get("/data/task-types") if row["for_entity"] == "Shot"]
    status = studio.get("/data/task-status")[0]["id"]
    project, sequence = new(), new()
    studio.post("/import/kitsu/projects", [{"id": project, "name": f"Bench {project[:8]}", "team": [person]}])
    studio.post("/import/kitsu/entities", [{"id": sequence, "type": "Sequence", "name": "SQ", "project_id": project}])
    shots = [new() for _ in range(count)]
    tasks = [new() for _ in range(count)]
    dates = {"created_at": MADE, "updated_at": MADE}
    yield (
        "entities",
        lambda: [
            {
                **dates,
                "id": pk,
                "type": "Shot",
                "name": f"SH{number:05}",
                "project_id": project,
                "parent_id": sequence,
                "description": "A quiet street.",
                "nb_frames": 96,
                "status": "running",
                "entities_out": [],
                "data": {"frame_in": 1001, "frame_out": 1096, "mood": "calm"},
            }
            for number, pk in enumerate(shots)
        ],
    )
    yield (
        "tasks",
        lambda: [
            {
                **dates,
                "id": pk,
                "name": "main",
                "project_id": project,
                "entity_id": shots[number],
                "task_status_id": status,
                "task_type_id": kinds[0],
                "assigner_id": person,
                "assignees": [person],
                "estimation": 480,
                "priority": 1,
                "start_date": MADE,
                "due_date": MADE,
                "duration": 60.0,
                "difficulty": 3,
                "data": None,
            }
            for number, pk in enumerate(tasks)
        ],
    )
    yield (
        "comments",
        lambda: [
            {
                **dates,
                "id": new(),
                "object_id": tasks[number],
                "object_type": "Task",
                "text": "The left foot slides at the end.",
                "person_id": person,
                "task_status_id": status,
                "mentions": [],
                "acknowledgements": [person],
                "previews": [],
                "replies": [],
                "checklist": [],
                "for_client": False,
            }
            for number in range(count)
        ],
    )


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--email", default="admin@example.com")
    parser.add_argument("--password", default="mysecretpassword")
    given = parser.parse_args()
    print("| rows | events | new rows/s | again rows/s |\n|---|---|--:|--:|")
    for query, words in (("?silent=true", "no"), ("", "yes")):
        studio = Studio(given.base, given.email, given.password)
        for kind, make in story(studio, given.rows):
            rows = make()
            speeds = []
            for _ in range(2):
                start = time.monotonic()
                for at in range(0, len(rows), given.batch):
                    studio.post(f"/import/kitsu/{kind}{query}", rows[at : at + given.batch])
                speeds.append(len(rows) / (time.monotonic() - start))
            print(f"| {kind} | {words} | {speeds[0]:,.0f} | {speeds[1]:,.0f} |")


if __name__ == "__main__":
    main()
