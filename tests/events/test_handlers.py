"""The studio's own code hears of events."""

import sys

import pytest

from events.emit import emit
from events.handlers import handlers, load_handlers
from events.models import ApiEvent


@pytest.fixture
def folder(tmp_path, settings):
    """An `event_handlers` package that keeps what it is given, and has one handler that fails."""
    package = tmp_path / "event_handlers"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from event_handlers import broken, note\nevent_map = {'main:test': note, 'task:new': note, 'task:update': broken}\n"
    )
    (package / "note.py").write_text("heard = []\ndef handle_event(data):\n    heard.append(data)\n")
    (package / "broken.py").write_text("def handle_event(data):\n    raise ValueError('broken on purpose')\n")
    settings.EVENT_HANDLERS_FOLDER = tmp_path
    settings.ENABLE_JOB_QUEUE = False
    path = list(sys.path)
    handlers.update(load_handlers())
    yield package
    handlers.clear()
    sys.path[:] = path
    for name in [name for name in sys.modules if name.partition(".")[0] == "event_handlers"]:
        del sys.modules[name]


def heard():
    return sys.modules["event_handlers.note"].heard


def test_a_handler_gets_the_content_and_the_id_of_the_log(db, folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        emit("task:new", {"task_id": "x"})
        emit("main:test", {}, stored=False)
        emit("asset:new", {"asset_id": "y"})
    assert heard() == [{"task_id": "x", "id": str(ApiEvent.objects.get(name="task:new").pk)}, {}]


def test_a_handler_hears_nothing_of_what_was_not_committed(db, folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        emit("task:new", {"task_id": "x"})
    assert heard() == []


def test_a_handler_that_fails_harms_nobody(db, folder, django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=True):
        emit("task:update", {"task_id": "x"})
        emit("task:new", {"task_id": "x"})
    assert len(heard()) == 1
    assert "broken on purpose" in caplog.text


def test_with_the_queue_handlers_run_as_jobs(db, folder, settings, django_capture_on_commit_callbacks):
    settings.ENABLE_JOB_QUEUE = True
    with django_capture_on_commit_callbacks(execute=True):
        emit("main:test", {}, stored=False)
    assert heard() == [{}]


def test_without_the_folder_there_are_no_handlers(settings, tmp_path):
    settings.EVENT_HANDLERS_FOLDER = tmp_path / "nothing"
    assert load_handlers() == {}


def test_an_error_in_the_package_is_raised(settings, tmp_path):
    (tmp_path / "event_handlers").mkdir()
    (tmp_path / "event_handlers" / "__init__.py").write_text("import nothing_of_that_name\n")
    settings.EVENT_HANDLERS_FOLDER = tmp_path
    path = list(sys.path)
    with pytest.raises(ModuleNotFoundError):
        load_handlers()
    sys.path[:] = path
