"""The short way to pictures answers as the view does, or leaves the answer to it."""

import pytest
from django.urls import resolve

from files import quick, storage
from files.models import PreviewFile
from files.storage import PICTURES
from people.models import Person, Session
from people.tokens import mint_api_token, open_session
from tests.cast import ROLES
from tests.client import ApiClient
from tests.files.studio import png, publish

VARIANTS = ("thumbnails", "thumbnails-square", "previews", "originals")


@pytest.fixture
def preview(cast, work):
    return publish(work, cast.user, png((300, 200)))


def scope_of(path, **headers):
    sent = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": sent}


def quickly(person, path, **headers):
    """What the short way answers, or None."""
    token = headers.pop("token", None) or open_session(person)[1]
    request = quick.asked(scope_of(path, **{"authorization": f"Bearer {token}", **headers}))
    return quick.answer(request) if request else None


def address(preview, variant="thumbnails"):
    return f"/pictures/{variant}/preview-files/{preview.pk}.png"


def slowly(person, path, **headers):
    return ApiClient(person).get(path, **{f"HTTP_{name.upper()}": value for name, value in headers.items()})


def plain(headers):
    return {name.lower(): value for name, value in headers if name.lower() != "expires"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_answers_exactly_as_the_view(cast, preview, variant):
    path = address(preview, variant)
    found, view = quickly(cast.user, path), slowly(cast.user, path)
    assert (found.status, found.body) == (view.status_code, b"".join(view.streaming_content))
    assert {name.decode(): value.decode() for name, value in found.headers if name != b"expires"} == plain(view.headers.items())
    assert resolve(path).func.cls.__name__ == "PreviewMediaViewSet"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
def test_it_knows_what_clients_have(cast, preview, form):
    path = address(preview)
    tag = slowly(cast.user, path)["ETag"]
    found, view = quickly(cast.user, path, if_none_match=form.format(tag)), slowly(cast.user, path, if_none_match=form.format(tag))
    assert (found.status, found.body, view.status_code) == (304, b"", 304)
    assert {name.decode(): value.decode() for name, value in found.headers if name != b"expires"} == {
        name: value for name, value in plain(view.headers.items()).items() if name != "content-type"
    }
    assert quickly(cast.user, path, if_none_match='"other"').status == 200
    assert quickly(cast.user, path, if_modified_since=slowly(cast.user, path)["Last-Modified"]).status == 304


@pytest.mark.parametrize("role", [*ROLES, "outsider"])
def test_it_answers_those_whom_the_view_answers(cast, preview, role):
    person = cast.of(role)
    found, status = quickly(person, address(preview)), slowly(person, address(preview)).status_code
    assert (found is not None) == (role not in ("vendor", "outsider"))
    assert found is None or status == 200
    if status != 200:
        assert found is None


def test_roles_in_the_production_count(cast, preview):
    cast.user.team_links.update(role="vendor")
    cast.vendor.team_links.update(role="user")
    assert quickly(cast.user, address(preview)) is None
    assert quickly(cast.vendor, address(preview)).status == 200
    cast.supervisor.team_links.all().delete()
    assert quickly(cast.supervisor, address(preview)) is None


def test_ended_sessions_and_inactive_people_are_left_to_the_view(cast, preview):
    session, token, refresh = open_session(cast.user)
    assert quickly(None, address(preview), token=token).status == 200
    assert quickly(None, address(preview), token=refresh) is None
    Session.objects.filter(pk=session.pk).update(revoked=True)
    assert quickly(None, address(preview), token=token) is None
    _, token, _ = open_session(cast.user)
    Person.objects.filter(pk=cast.user.pk).update(active=False)
    assert quickly(None, address(preview), token=token) is None


def test_other_tokens_are_left_to_the_view(cast, preview):
    for token in (mint_api_token(cast.user), "x", "", "a.b.c", open_session(cast.user, requires_2fa_setup=True)[1]):
        assert quickly(None, address(preview), token=token or " ") is None
    _, token, _ = open_session(cast.user)
    head, body, signature = token.split(".")
    assert quickly(None, address(preview), token=f"{head}.{body}.{signature[::-1]}") is None


def test_tokens_run_out(cast, preview, monkeypatch):
    _, token, _ = open_session(cast.user)
    assert quickly(None, address(preview), token=token).status == 200
    monkeypatch.setattr(quick.time, "time", lambda: 10**11)
    assert quickly(None, address(preview), token=token) is None


def test_a_cookie_goes_before_the_header(cast, preview):
    _, token, _ = open_session(cast.user)
    _, other, _ = open_session(cast.outsider)
    path = address(preview)
    assert quickly(None, path, token=other, cookie=f"a=b; access_token_cookie={token}").status == 200
    assert quickly(None, path, token=token, cookie=f"access_token_cookie={other}") is None


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/thumbnails/preview-files/x.png",
        "/pictures/thumbnails/persons/{pk}.png",
        "/pictures/thumbnails/preview-files/{pk}.jpg",
        "/movies/tiles/preview-files/{pk}.png",
        "//pictures/thumbnails/preview-files/{pk}.png",
        "/pictures/thumbnails/preview-files/{pk}.png\n",
        "/pictures/../pictures/thumbnails/preview-files/{pk}.png",
    ],
)
def test_other_addresses_are_left_to_their_views(preview, path):
    assert quick.asked(scope_of(path.format(pk=preview.pk))) is None


def test_other_requests_are_left_to_the_view(cast, preview, settings):
    path = address(preview)
    assert quick.asked({**scope_of(path), "method": "HEAD"}) is None
    assert quick.asked(scope_of(path, range="bytes=0-3")) is None
    assert quick.asked({**scope_of(path), "query_string": b"a=%00"}) is None
    assert quickly(cast.user, "/api" + path).status == 200
    settings.CORS_ALLOWED_ORIGINS = ["http://elsewhere.example"]
    assert quick.asked(scope_of(path)) is None


def test_what_is_not_there_is_left_to_the_view(cast, preview):
    PreviewFile.objects.filter(pk=preview.pk).update(status="processing")
    assert quickly(cast.user, address(preview)) is None
    PreviewFile.objects.filter(pk=preview.pk).update(status="ready")
    storage.remove(PICTURES, "thumbnails", preview.pk)
    assert quickly(cast.user, address(preview)) is None
    assert quickly(cast.user, address(cast.project)) is None


def test_it_takes_one_statement(cast, preview, django_assert_num_queries):
    _, token, _ = open_session(cast.user)
    quickly(None, address(preview), token=token)
    with django_assert_num_queries(1):
        assert quickly(None, address(preview), token=token).status == 200
