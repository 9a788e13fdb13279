"""The routes are the contract: what the server answers is held against the list of the API's routes, both ways."""

import os
import re
from pathlib import Path

from core.api.routes import api_routes

HERE = Path(__file__).parent
RECORD = bool(os.environ.get("RECORD"))


def lines(name: str) -> list[str]:
    """The lines of a file beside this one, without comments."""
    return [line for line in (HERE / name).read_text().splitlines() if line and not line.startswith("#")]


def answered() -> set[str]:
    """The server's routes with the names of their parameters taken out."""
    return {re.sub(r"\{\w+\}", "{}", f"{route.method}\t{route.path}") for route in api_routes()}


def test_the_server_answers_nothing_that_the_api_does_not_know():
    ours = {line.rsplit("\t", 1)[0] for line in lines("own_routes.tsv")}
    unknown = answered() - set(lines("api_routes.tsv")) - ours
    assert not unknown, f"neither routes of the API nor declared as ours: {sorted(unknown)}"


def test_what_the_server_leaves_unanswered_is_known():
    """`unanswered_routes.tsv` names them; a route that gets its answer leaves the file (RECORD=1 writes it anew)."""
    missing = sorted(set(lines("api_routes.tsv")) - answered())
    if RECORD:
        (HERE / "unanswered_routes.tsv").write_text("".join(f"{line}\n" for line in missing))
    assert missing == lines("unanswered_routes.tsv")


def test_every_route_declares_who_may():
    undeclared = [f"{route} ({route.view.__name__}.{route.action})" for route in api_routes() if route.check is None]
    assert not undeclared
