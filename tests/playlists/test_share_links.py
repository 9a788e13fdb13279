"""Share links: handing out, listing, taking back, inviting."""

from datetime import datetime

import pytest

from events.models import ApiEvent
from people.models import Person
from playlists import jobs
from playlists.models import Playlist, PlaylistShareLink
from tests.makers import join_team, make_person, make_project
from tests.playlists.ground import MISSING


@pytest.fixture
def path(cast):
    playlist = Playlist.objects.create(name="Dailies & more", project=cast.project)
    return f"/data/playlists/{playlist.pk}/share"


def test_a_link_is_handed_out(api, cast, path):
    answer = api.by(cast.manager).post(path, {"expiration_date": "2027-01-01", "password": "open sesame"})
    row = answer.json()
    link = PlaylistShareLink.objects.get()
    assert (answer.status_code, row["type"], row["is_active"], row["can_comment"], row["has_password"]) == (
        *(201, "PlaylistShareLink", True, True, True),
    )
    assert (row["expiration_date"], row["created_by"]) == ("2027-01-01T23:59:59", str(cast.manager.pk))
    assert set(row) == {
        *("id", "token", "playlist_id", "created_by", "expiration_date", "is_active", "can_comment", "has_password"),
        *("created_at", "updated_at", "type"),
    }
    assert link.password.startswith("bcrypt$") and "sesame" not in link.password
    assert len(row["token"]) == 36 and row["token"][14] == "4"
    assert not ApiEvent.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2027-01-01T10:00:00+02:00", datetime(2027, 1, 1, 8)),
        ("2027-01-01T10:00:00", datetime(2027, 1, 1, 10)),
        ("", None),
        (None, None),
    ],
)
def test_until_when_a_link_is_open(api, path, sent, kept):
    api.post(path, {"expiration_date": sent, "password": "", "can_comment": False})
    link = PlaylistShareLink.objects.get()
    assert (link.expiration_date, link.password, link.can_comment) == (kept, None, False)


def test_wrong_links_are_refused(api, path):
    assert api.post(path, {"expiration_date": "x"}).json() == {
        "error": True,
        "message": "x is not a valid ISO 8601 date",
        "data": None,
    }
    for body in ({"can_comment": "x"}, {"password": 3}, {"password": "x" * 201}, {"expiration_date": 3}):
        assert api.post(path, body).json()["message"] == "Validation error."
    assert not PlaylistShareLink.objects.exists()


def test_links_are_listed_and_taken_back(api, path):
    first, second = (api.post(path, {"expiration_date": "2020-01-01"}).json() for _ in range(2))
    assert api.get(path).json() == [first, second]
    answer = api.delete(f"{path}/{first['token']}")
    assert (answer.status_code, answer.json()["is_active"]) == (200, False)
    assert [row["id"] for row in api.get(path).json()] == [second["id"]]
    assert api.delete(f"{path}/{first['token']}").status_code == 200
    other = Playlist.objects.create(name="Other", project_id=Playlist.objects.get().project_id)
    assert api.delete(f"/data/playlists/{other.pk}/share/{second['token']}").status_code == 404
    assert api.delete(f"{path}/nothing").status_code == 404
    assert not ApiEvent.objects.exists()


def test_who_shares(api, cast, path):
    link = api.post(path, {}).json()
    for role in ("supervisor", "user", "client", "vendor", "outsider"):
        somebody = api.by(cast.of(role))
        statuses = {
            somebody.get(path).status_code,
            somebody.post(path, {}).status_code,
            somebody.delete(f"{path}/{link['token']}").status_code,
            somebody.post(f"{path}/{link['token']}/invite", {}).status_code,
        }
        assert statuses == {403}, role
    manager_elsewhere, manager_here_alone = make_person(role="manager"), make_person(role="user")
    join_team(make_project(), manager_elsewhere)
    join_team(cast.project, manager_here_alone, role="manager")
    assert api.by(manager_elsewhere).get(path).status_code == 403
    assert api.by(manager_here_alone).get(path).status_code == 403
    assert api.by(cast.manager).get(path).status_code == 200
    assert api.by(None).get(path).status_code == 401
    assert api.get(f"/data/playlists/{MISSING}/share").status_code == 404


def test_people_are_invited(api, cast, path, settings, mailoutbox):
    settings.MAIL_ENABLED = True
    cast.user.locale = "fr_FR"
    cast.user.save()
    token = api.post(path, {"password": "secret"}).json()["token"]
    body = {
        "emails": ["A@Studio.com", "a@studio.COM", "Guest@Client.example"],
        "person_ids": [str(cast.user.pk), MISSING],
        "message": "Look <b>here</b>\nplease",
    }
    answer = api.by(cast.manager).post(f"{path}/{token}/invite", body)
    assert (answer.status_code, answer.json()) == (*(200, {"sent": ["A@studio.com", "Guest@client.example", cast.user.email]}),)
    assert [mail.to for mail in mailoutbox] == [["A@studio.com"], ["Guest@client.example"], [cast.user.email]]
    mail = mailoutbox[0]
    assert f"http://localhost:8000/playlists/shared/{token}" in mail.body
    assert "Dailies & more" in mail.subject and "Look <b>here</b>" in mail.body
    html = mail.alternatives[0][0]
    assert "Look &lt;b&gt;here&lt;/b&gt;<br>please" in html and "Dailies &amp; more" in html
    assert "secret" not in mail.body
    assert "vous invite" in mailoutbox[2].body
    assert not Person.objects.filter(email__iexact="a@studio.com").exists()


def test_nothing_is_sent_when_one_address_is_none(api, path, settings, mailoutbox):
    settings.MAIL_ENABLED = True
    token = api.post(path, {}).json()["token"]
    answer = api.post(f"{path}/{token}/invite", {"emails": ["a@studio.com", "nope"]})
    assert (answer.status_code, answer.json()) == (400, {"error": "An email address must have an @-sign."})
    assert api.post(f"{path}/{token}/invite", {"emails": ["a@studio.com\nBcc: b@studio.com"]}).status_code == 400
    assert api.post(f"{path}/{token}/invite", {"emails": "nope", "person_ids": ["x"]}).json()["message"] == "Validation error."
    assert api.post(f"{path}/{token}/invite", {}).json() == {"sent": []}
    assert mailoutbox == []


def test_nobody_is_invited_by_a_link_that_was_taken_back(api, path, settings, mailoutbox):
    settings.MAIL_ENABLED = True
    link = api.post(path, {}).json()
    api.delete(f"{path}/{link['token']}")
    assert api.post(f"{path}/{link['token']}/invite", {"emails": ["a@studio.com"]}).status_code == 404
    assert jobs.send_invitation.call(link["id"], "a@studio.com", "", MISSING) == "There is nothing to send."
    assert mailoutbox == []


def test_an_invitation_that_is_not_taken_is_tried_again(api, path, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    settings.MAIL_ENABLED = True
    link = api.post(path, {}).json()

    def refuse(self):
        raise OSError("mailbox full")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    said = jobs.send_invitation.call(link["id"], "a@studio.com", "", MISSING)
    assert said.startswith("OSError: mailbox full. Tried again after")
    with pytest.raises(OSError, match="mailbox full"):
        jobs.send_invitation.call(link["id"], "a@studio.com", "", MISSING, 4)
