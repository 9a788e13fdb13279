"""Chats about entities."""

import pytest

from chat.models import Chat, ChatMessage
from core.signals import row_leaving
from events.models import ApiEvent
from files.models import AttachmentFile
from people.models import Person
from tests.files.studio import png, sent
from tests.makers import make_shot


@pytest.fixture
def shot(cast):
    return make_shot(cast.project)


def path(shot, tail=""):
    return f"/data/entities/{shot.pk}/chat{tail}"


def join(api, shot):
    return api.post(f"/actions/user/chats/{shot.pk}/join")


def test_a_chat_is_made_when_somebody_asks_for_it(api, cast, shot):
    row = api.by(cast.user).get(path(shot)).json()
    assert (row["object_id"], row["object_type"], row["participants"], row["messages"], row["last_message"]) == (
        *(str(shot.pk), "entity", [], []),
        None,
    )
    assert api.get(path(shot)).json()["id"] == row["id"]
    assert Chat.objects.count() == 1


def test_participants_talk(api, cast, shot, django_assert_num_queries):
    artist = api.by(cast.user)
    stranger = artist.post(path(shot, "/messages"), {"message": "Hello"})
    assert (stranger.status_code, stranger.json()["message"]) == (400, "You are not a participant of this chat")
    joined = join(artist, shot)
    assert (joined.status_code, joined.json()["type"], "participants" in joined.json()) == (200, "Chat", False)
    answer = artist.post(path(shot, "/messages"), {"message": "Who has the lamp?"})
    assert (answer.status_code, answer.json()["text"], "attachment_files" in answer.json()) == (201, "Who has the lamp?", False)
    client = api.by(cast.client)
    with django_assert_num_queries(6):
        rows = client.get(path(shot, "/messages")).json()
    assert [(row["text"], row["person_id"], row["attachment_files"]) for row in rows] == [
        ("Who has the lamp?", str(cast.user.pk), [])
    ]
    chats = artist.get("/data/user/chats").json()
    assert [(row["object_id"], row["entity_name"]) for row in chats] == [(str(shot.pk), f"{shot.parent.name} / {shot.name}")]
    assert chats[0]["last_message"] is not None
    assert api.get(path(shot)).json()["messages"] == rows
    assert not ApiEvent.objects.filter(name__startswith="chat:").exists()


def test_messages_carry_files_with_thumbnails(api, cast, shot, django_capture_on_commit_callbacks):
    artist = api.by(cast.user)
    join(artist, shot)
    with django_capture_on_commit_callbacks(execute=True):
        answer = artist.upload(path(shot, "/messages"), message="Look", file=sent("lamp.png", png(), "image/png"))
    assert answer.status_code == 201
    file = answer.json()["attachment_files"][0]
    assert (file["name"], file["extension"], file["size"]) == ("lamp.png", "png", len(png()))
    listed = artist.get(path(shot, "/messages")).json()[0]["attachment_files"]
    assert listed == [{"id": file["id"], "name": "lamp.png", "extension": "png"}]
    assert api.by(cast.client).get(f"/pictures/thumbnails/attachment-files/{file['id']}.png").status_code == 200
    assert api.by(cast.vendor).get(f"/data/attachment-files/{file['id']}/file/lamp.png").status_code == 403
    pk = answer.json()["id"]
    assert artist.delete(path(shot, f"/messages/{pk}")).status_code == 204
    assert not AttachmentFile.objects.exists()


def test_only_authors_and_admins_take_messages_back(api, cast, shot):
    artist = api.by(cast.user)
    join(artist, shot)
    first, second = (artist.post(path(shot, "/messages"), {"message": word}).json()["id"] for word in ("a", "b"))
    assert api.by(cast.manager).delete(path(shot, f"/messages/{first}")).status_code == 403
    assert artist.delete(path(shot, f"/messages/{first}")).status_code == 204
    assert api.delete(path(shot, f"/messages/{second}")).status_code == 204
    assert ChatMessage.objects.count() == 0


def test_messages_are_read_in_their_own_chat(api, cast, shot):
    join(api, shot)
    pk = api.post(path(shot, "/messages"), {"message": "a"}).json()["id"]
    assert api.get(path(shot, f"/messages/{pk}")).json()["text"] == "a"
    assert api.get(path(make_shot(cast.project), f"/messages/{pk}")).status_code == 403
    assert api.get(path(shot, "/messages/aaaaaaaa-0000-4000-8000-000000000000")).status_code == 404


def test_who_may_not_open_the_entity_does_not_chat(api, cast, shot):
    for role in ("vendor", "outsider"):
        stranger = api.by(cast.of(role))
        assert stranger.get(path(shot)).status_code == 403
        assert join(stranger, shot).status_code == 403
    assert api.get("/data/entities/aaaaaaaa-0000-4000-8000-000000000000/chat").status_code == 404
    assert Chat.objects.count() == 0


@pytest.mark.parametrize("body", [{}, {"message": None}, {"message": 3}, b"[]"])
def test_a_message_needs_words(api, shot, body):
    join(api, shot)
    assert api.post(path(shot, "/messages"), body).status_code == 400


def test_leaving(api, cast, shot):
    artist = api.by(cast.user)
    join(artist, shot)
    assert artist.delete(f"/actions/user/chats/{shot.pk}/join").status_code == 204
    assert artist.get("/data/user/chats").json() == []
    assert artist.post(path(shot, "/messages"), {"message": "a"}).status_code == 400


def test_the_generic_routes_are_the_studio_managers(api, cast, shot, django_assert_num_queries):
    join(api, shot)
    api.post(path(shot, "/messages"), {"message": "a"})
    for plural in ("chats", "chat-messages"):
        assert api.by(cast.manager).get(f"/data/{plural}").status_code == 403
        with django_assert_num_queries(2):
            row = api.get(f"/data/{plural}").json()[0]
        assert api.get(f"/data/{plural}/{row['id']}").status_code == 200
    assert api.delete(f"/data/chats/{Chat.objects.get().pk}").status_code == 204
    assert not ChatMessage.objects.exists()


def test_a_person_takes_their_messages_along(api, cast, shot):
    artist = api.by(cast.user)
    join(artist, shot)
    artist.upload(path(shot, "/messages"), message="Look", file=sent("a.txt", b"a"))
    row_leaving.send(Person, instance=cast.user, by=cast.admin)
    assert (ChatMessage.objects.count(), AttachmentFile.objects.count()) == (0, 0)
