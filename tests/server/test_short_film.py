"""The main job of a studio, done by the client that studios have."""

import re
from pathlib import Path

import pytest

from examples.short_film import main
from tests.live import ADMIN, live_server

README = Path(__file__).resolve().parent.parent.parent / "README.md"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with live_server(tmp_path_factory.mktemp("film")) as server:
        yield server


def test_a_short_film_is_made_with_gazu_alone(server):
    summary = main(server.base, ADMIN["email"], ADMIN["password"])
    assert "3 assets, 3 shots, 144 frames, a team of 3" in summary
    assert "Done: 1 of 6 tasks" in summary


def test_the_session_of_the_readme_runs(server, capsys):
    session = re.search(r"```python\n(.*?)```", README.read_text(), re.S)[1]
    session = session.replace("http://localhost:8000", server.base)
    exec(session.replace("the password that the first start printed", ADMIN["password"]), {})
    assert capsys.readouterr().out == "Work In Progress\n"
