"""Passwords of share links: shown by every way, remembered by a cookie, and closed against guessing."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from core.models import now
from playlists.models import Playlist, PlaylistShareLink
from playlists.rules import doors
from tests.cast import gather
from tests.parallel import at_once, need_real_connections
from tests.playlists.ground import MISSING, Review, Visitor
from tests.playlists.test_shared import ROUTES

WORD = "open sesame"


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    cache.clear()


@pytest.fixture
def link(review):
    return review.share(password=WORD)


@pytest.fixture
def visitor(link):
    return Visitor(link)


def test_without_the_password_there_is_no_link(review, visitor):
    picture = f"/pictures/thumbnails/preview-files/{review.previews[0].pk}.png"
    for query in ("", "?password=", "?password=wrong"):
        for path in ("", "/context", "/comments", picture):
            answer = visitor.get(path + query)
            assert answer.status_code in (404, 429), (path, query)
            assert "share_ticket" not in answer.cookies


@pytest.mark.parametrize("way", ["query", "header", "cookie"])
def test_every_route_of_a_protected_link_is_opened_by_each_way(review, link, way):
    visitor = Visitor(link, **({"HTTP_X_SHARE_PASSWORD": WORD} if way == "header" else {}))
    query = f"?password={WORD}" if way == "query" else ""
    if way == "cookie":
        visitor.get(f"?password={WORD}")
    preview = review.previews[0].pk
    for path in (
        *("", "/context", "/comments", f"/preview-files/{preview}", f"/preview-files/{preview}/download"),
        *(f"/pictures/{kind}/preview-files/{preview}.png" for kind in ("originals", "previews", "thumbnails", "thumbnails-square")),
    ):
        assert visitor.get(path + query).status_code == 200, path
    answer = visitor.post("/guest" + query, {"first_name": "Ann"})
    assert answer.status_code == 201
    task = review.works[0].task
    said = {"guest_id": answer.json()["id"], "task_id": str(task.pk), "task_status_id": str(task.task_status_id), "text": "Hi"}
    assert visitor.post("/comments" + query, said).status_code == 201


def test_a_ticket_is_for_one_link_and_for_its_path(review, link, visitor):
    answer = visitor.get(f"?password={WORD}")
    for name, path in (("share_ticket", ""), ("share_ticket_api", "/api")):
        cookie = answer.cookies[name]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"{path}/shared/playlists/{link.token}", True, "Strict")
    other = Visitor(review.share(password=WORD))
    other.client.cookies["share_ticket"] = answer.cookies["share_ticket"].value
    assert other.get("").status_code == 404
    assert visitor.get("").status_code == 200
    PlaylistShareLink.objects.filter(pk=link.pk).update(password="bcrypt$another")
    assert visitor.get("").status_code == 404


def test_a_ticket_runs_out_and_can_not_be_made_up(link, visitor, monkeypatch):
    visitor.client.cookies["share_ticket"] = "made:up:ticket"
    assert visitor.get("").status_code == 404
    visitor.client.cookies["share_ticket"] = doors.ticket_for(link)
    assert visitor.get("").status_code == 200
    monkeypatch.setattr(doors, "TICKET_LIFETIME", timedelta(seconds=-1))
    assert visitor.get("").status_code == 404


def test_a_foreign_page_can_not_act_by_the_browsers_ticket(visitor):
    visitor.get(f"?password={WORD}")
    foreign = {"HTTP_ORIGIN": "https://evil.example"}
    assert visitor.post("/guest", {"first_name": "Ann"}, **foreign).status_code == 403
    assert visitor.post("/guest", {"first_name": "Ann"}).status_code == 201
    assert visitor.post(f"/guest?password={WORD}", {"first_name": "Ann"}).status_code == 201


def test_wrong_passwords_close_the_link_for_a_minute(link, visitor):
    assert [visitor.get(f"?password=wrong{n}").status_code for n in range(7)] == [404] * 5 + [429] * 2
    closed = visitor.get(f"?password={WORD}")
    assert (closed.status_code, closed.json()["message"], closed["Retry-After"]) == (
        *(429, "Too many wrong passwords, retry in a minute.", "60"),
    )
    PlaylistShareLink.objects.update(last_failed=now() - timedelta(seconds=61))
    assert visitor.get("?password=wrong").status_code == 404
    assert visitor.get(f"?password={WORD}").status_code == 200
    assert PlaylistShareLink.objects.get().failures == 0


def test_who_was_let_in_stays_in_while_others_guess(link, visitor):
    visitor.get(f"?password={WORD}")
    stranger = Visitor(link)
    for number in range(8):
        stranger.get(f"?password=wrong{number}")
    assert visitor.get("").status_code == 200
    assert Visitor(link).get(f"?password={WORD}").status_code == 200, "a password that was right lately is not a guess"


def test_a_right_password_is_not_hashed_for_every_picture(link, visitor, monkeypatch):
    hashed = []
    check = doors.check_password
    monkeypatch.setattr(doors, "check_password", lambda *given: hashed.append(1) or check(*given))
    for _ in range(4):
        Visitor(link).get(f"?password={WORD}")
    assert len(hashed) == 1


def test_an_unknown_link_costs_as_much_as_a_wrong_password(link, monkeypatch):
    hashed = []
    monkeypatch.setattr(doors, "make_password", lambda given: hashed.append(given))
    link.token = MISSING
    assert Visitor(link).get("?password=guess").status_code == 404
    assert hashed == ["guess"]


def test_odd_passwords_are_wrong_ones(visitor):
    for odd in ("%F0%9F%92%A9", "x" * 5000, "%E2%80%AE"):
        assert visitor.get(f"?password={odd}").status_code == 404
    assert visitor.get("?password=%00").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_close_the_link_as_serial_ones_do():
    need_real_connections()
    cast = gather()
    link = Review(cast, Playlist.objects.create(name="P", project=cast.project), [], []).share(password=WORD)
    guesses = at_once([lambda n=n: Visitor(link).get(f"?password=wrong{n}").status_code for n in range(30)])
    assert guesses.count(404) <= doors.ATTEMPTS
    assert Visitor(link).get(f"?password={WORD}").status_code == 429


def test_every_route_asks_for_the_password(link, visitor):
    for method, path in ROUTES:
        answer = visitor.request(method, path)
        assert (answer.status_code, answer.json()["message"][:3]) == (404, "404"), (method, path)
