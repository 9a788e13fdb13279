"""The web client's files and page, where KITSU_WEB names their folder."""

import pytest
from django.test import Client

PAGE = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def folder(tmp_path, settings):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<html>the client</html>")
    (tmp_path / "favicon.ico").write_bytes(b"icon")
    (tmp_path / "assets" / "index-DkX83kfa.js").write_text("run()")
    settings.KITSU_WEB = str(tmp_path)
    settings.WHITENOISE_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def browser(db):
    return Client()


def text(answer):
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


@pytest.mark.parametrize("path", ["/", "/login", "/productions/8a1f/assets", "/open-productions/"])
def test_a_browser_gets_the_client_wherever_it_opens(folder, browser, path):
    answer = browser.get(path, **PAGE)
    assert (answer.status_code, text(answer), answer["Cache-Control"]) == (200, "<html>the client</html>", "no-cache")
    assert answer["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/nothing", "/data/nothing", "/productions/8a1f"])
def test_programs_get_the_answers_of_the_api(folder, browser, path):
    answer = browser.get(path, **JSON)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert browser.get("/data/departments", **PAGE).status_code == 401


@pytest.mark.parametrize("path", ["/api/nothing", "/api", "/static/nothing.css", "/socket.io/nothing"])
def test_the_servers_own_addresses_are_never_the_clients(folder, browser, path):
    assert "the client" not in text(browser.get(path, **PAGE))


def test_only_reading_opens_the_client(folder, browser):
    assert browser.post("/login", **PAGE).status_code == 404


def test_files_of_a_version_are_kept_for_ever(folder, browser):
    answer = browser.get("/assets/index-DkX83kfa.js")
    assert text(answer) == "run()"
    assert "immutable" in answer["Cache-Control"]
    icon = browser.get("/favicon.ico", **PAGE)
    assert text(icon) == "icon"
    assert "immutable" not in icon["Cache-Control"]


def test_nothing_outside_the_folder_is_served(folder, browser):
    (folder.parent / "secret.key").write_text("secret")
    for path in ("/../secret.key", "/%2e%2e/secret.key", "/assets/../../secret.key"):
        assert "secret" not in text(browser.get(path, **PAGE))


def test_without_a_folder_the_api_answers_everywhere(browser, settings):
    settings.KITSU_WEB = ""
    assert browser.get("/login", **PAGE).status_code == 404
    assert browser.get("/login", **PAGE)["Content-Type"] == "application/json"
