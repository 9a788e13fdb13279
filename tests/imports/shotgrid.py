"""Entries as ShotGrid's API gives them, for the tests that bring them in."""

PROJECT_ID, PERSON_ID, STEP_ID = 71, 42, 13
PROJECT = {"type": "Project", "id": PROJECT_ID, "name": "The Lantern"}


def into(kind: str) -> str:
    """Where entries of a kind are sent."""
    return f"/import/shotgun/{kind}"


def link(number: int, kind: str = "Asset", name: str = "x") -> dict:
    """A link to another entry."""
    return {"type": kind, "id": number, "name": name}


def person(number: int = PERSON_ID, **more) -> dict:
    """An artist."""
    names = {"firstname": "Ada", "lastname": "Lovelace", "email": f"ada{number}@studio.example", "login": "ada"}
    return {"type": "HumanUser", "id": number, **names, "sg_status_list": "act", **more}


def project(number: int = PROJECT_ID, **more) -> dict:
    """A production."""
    return {"type": "Project", "id": number, "name": "The Lantern", "sg_status": "Active", **more}


def episode(number: int, code: str, **more) -> dict:
    """An episode."""
    return {"type": "Episode", "id": number, "code": code, "description": None, "project": PROJECT, **more}


def sequence(number: int, code: str, **more) -> dict:
    """A sequence of no episode."""
    return {"type": "Sequence", "id": number, "code": code, "description": "", "project": PROJECT, "episode": None, **more}


def scene(number: int, code: str, **more) -> dict:
    """A scene."""
    return {"type": "Scene", "id": number, "code": code, "project": PROJECT, **more}


def asset(number: int, code: str, **more) -> dict:
    """A prop."""
    values = {"description": None, "sg_asset_type": "Prop", "project": PROJECT, "parents": []}
    return {"type": "Asset", "id": number, "code": code, **values, **more}


def shot(number: int, code: str, **more) -> dict:
    """A shot of 15 frames."""
    return {"type": "Shot", "id": number, "code": code, "project": PROJECT, "sg_cut_in": 10, "sg_cut_duration": 15, **more}


def step(number: int = STEP_ID, **more) -> dict:
    """A pipeline step."""
    return {
        "type": "Step",
        "id": number,
        "code": "Light Rig",
        "short_name": "lgt",
        "color": "1,2,255",
        "entity_type": "Shot",
        **more,
    }


def task(number: int, **more) -> dict:
    """A task of a production alone."""
    values = {
        "cached_display_name": "Lighting",
        "step": link(STEP_ID, "Step"),
        "project": PROJECT,
        "entity": None,
        "sg_status_list": "wip",
        "created_by": link(PERSON_ID, "HumanUser"),
        "start_date": "2026-02-03",
        "due_date": "2026-02-05",
        "duration": 480,
        "sg_sort_order": 3,
        "task_assignees": [],
    }
    return {"type": "Task", "id": number, **values, **more}


def version(number: int, task_id: int, **more) -> dict:
    """A version with a movie."""
    movie = {"url": "https://sg.example/movie.mov", "name": "movie.mov", "link_type": "upload"}
    values = {"code": f"v{number}", "description": None, "sg_task": link(task_id, "Task"), "sg_uploaded_movie": movie}
    return {"type": "Version", "id": number, **values, "user": link(PERSON_ID, "HumanUser"), **more}


def note(number: int, task_id: int, **more) -> dict:
    """A note on a task."""
    values = {"content": "Brighter", "created_at": "2026-02-03T10:11:12Z", "tasks": [link(task_id, "Task")]}
    return {"type": "Note", "id": number, **values, "user": link(PERSON_ID, "HumanUser"), **more}


def connection(number: int, **more) -> dict:
    """A place in the team."""
    return {"type": "ProjectUserConnection", "id": number, "project": PROJECT, "user": link(PERSON_ID, "HumanUser"), **more}
