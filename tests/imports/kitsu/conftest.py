"""A live server with a studio to be moved from, and the command that moves it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.imports.kitsu.studio import FILL, Peer
from tests.live import ADMIN, live_server
from tests.makers import make_person


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A server with rows of every kind, pictures, a movie, an attachment."""
    folder = tmp_path_factory.mktemp("source")
    with live_server(folder, ENABLE_JOB_QUEUE="false", MOVIE_ENCODING_PRESET="ultrafast") as server:
        server.ids = server.run(FILL)
        server.peer = Peer(server.base, server.login())
        server.ids |= server.peer.give_files(server.ids, folder)
        yield server


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """Runs the command on the tests' own database, with a journal of the module's own; what it printed."""
    patch = pytest.MonkeyPatch()
    patch.setenv("KITSU_EMAIL", ADMIN["email"])
    patch.setenv("KITSU_PASSWORD", ADMIN["password"])
    patch.delenv("KITSU_TOKEN", raising=False)

    def run(source, *arguments, folder=None) -> str:
        from django.conf import settings

        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as context:
            context.setattr(settings, "DATA_DIR", folder or kept)
            try:
                call_command("import_kitsu", getattr(source, "base", source), *arguments, stdout=out, stderr=err)
            except CommandError as error:
                error.printed = out.getvalue() + err.getvalue()
                raise
        return out.getvalue() + err.getvalue()

    kept = tmp_path_factory.mktemp("journal")
    yield run
    patch.undo()


@pytest.fixture
def move(command, tmp_path):
    """Runs the command with a journal of the test's own."""
    return lambda source, *arguments: command(source, *arguments, folder=tmp_path)


@pytest.fixture
def manager(db):
    """A studio manager here, with the e-mail address of the one there."""
    return make_person(role="admin", email=ADMIN["email"].upper(), first_name="Local")
