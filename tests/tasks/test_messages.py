"""Notifications that leave the server: mails over SMTP and messages to chat programs over HTTP, by jobs."""

import json
import threading
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.admin.jobs import retry_failed
from core.jobs import JobThread
from people.models import Person
from people.rules.organisation import current_organisation
from playlists.models import Playlist
from tasks.jobs import send_message, send_messages, spread_messages
from tasks.letters import CLOSING, COUNT, LETTERS
from tasks.messages import as_mail, message_of
from tasks.models import Comment, FailedMessage, Notification
from tests.live import free_port
from tests.makers import make_entity, make_shot

HERE = "http://localhost:8000/productions"


class Postbox:
    """Keeps the mails that a mail server takes, or refuses them."""

    def __init__(self):
        self.mails, self.refusal = [], None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 the name is the protocol's
        if self.refusal:
            return self.refusal
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def postbox(settings):
    """A mail server on this machine, which the studio uses."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.MAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield box
    controller.stop()


class Sink(ThreadingHTTPServer):
    """Plays Slack, Mattermost and Discord; keeps what was sent to them as (path, authorization, body)."""

    answers = {
        "/slack/chat.postMessage": {"ok": True},
        "/discord/users/@me/guilds": [{"id": "g1"}],
        "/discord/guilds/g1/members/search?query=keeper&limit=1000": [
            {"user": {"id": "u0", "username": "keepers", "discriminator": "1"}},
            {"user": {"id": "u1", "username": "keeper", "discriminator": "0042"}},
        ],
        "/discord/users/@me/channels": {"id": "c1"},
        "/discord/channels/c1/messages": {},
        "/hook": {},
    }

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.heard = []
        self.base = f"http://127.0.0.1:{self.server_port}"

    def bodies(self, path):
        return [body for heard, _, body in self.heard if heard == path]


class Answering(BaseHTTPRequestHandler):
    """Answers as the sink knows."""

    def do_GET(self):  # noqa: N802
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.heard.append((self.path, self.headers.get("Authorization"), body))
        answer = self.server.answers.get(self.path)
        content = json.dumps(answer).encode()
        self.send_response(200 if answer is not None else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def sink(settings, db):
    """The chat programs, which the studio uses."""
    server = Sink()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.SLACK_API_URL, settings.DISCORD_API_URL = f"{server.base}/slack", f"{server.base}/discord"
    studio = current_organisation()
    studio.chat_token_slack, studio.chat_token_discord = "slack-token", "discord-token"
    studio.chat_webhook_mattermost = f"{server.base}/hook"
    studio.save()
    yield server
    server.shutdown()
    server.server_close()


def wants(person, *ways, **more):
    flags = {"notifications_enabled" if way == "mail" else f"notifications_{way}_enabled": True for way in ways}
    users = {f"notifications_{way}_userid": "keeper" for way in ways if way != "mail"}
    Person.objects.filter(pk=person.pk).update(**{**flags, **users, **more})


@pytest.fixture
def say(api, stage, cast):
    def post(text="", role="admin", status=None, **more):
        body = {"task_status_id": str((status or stage.wip).pk), "comment": text, **more}
        answer = api.by(cast.of(role)).post(stage.comment_path, body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return post


def parts(mail):
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


def test_a_comment_comes_by_mail_over_smtp(stage, cast, say, postbox):
    wants(cast.user, "mail", locale="fr_CA")
    say("Look <b>here</b>\nand there")
    (mail,) = postbox.mails
    path = "The Lantern / SQ01 / SH01 / Animation"
    assert mail["to"] == cast.user.email and mail["from"].startswith("Kitsu Bot <")
    assert mail["subject"].strip() == f"[Kitsu] WIP - {cast.admin.first_name} a commenté {path}"
    text, html = parts(mail)
    url = f"{HERE}/{stage.project.pk}/shots/tasks/{stage.task.pk}"
    assert f"<strong>{cast.admin.full_name}</strong>" in html and "<strong>WIP</strong>" in html
    assert f'<a href="{url}">{path}</a>' in html and '<html lang="fr">' in html
    assert "<em>Look &lt;b&gt;here&lt;/b&gt;<br>and there</em>" in html
    assert f"{path} ({url})" in text and "Look <b>here</b>" in text and "Nouveau commentaire" in text
    assert "Bien à vous," in text and current_organisation().name in text


def test_each_kind_of_notification_has_its_mail(api, stage, cast, say, postbox):
    wants(cast.user, "mail")
    path = "The Lantern / SQ01 / SH01 / Animation"
    comment = say(f"Hey @{cast.user.full_name}")
    api.post(f"/data/tasks/{stage.task.pk}/comments/{comment['id']}/reply", {"text": f"Yes @{cast.user.full_name}"})
    api.put(f"/actions/tasks/{stage.task.pk}/assign", {"person_id": str(cast.user.pk)})
    say(status=stage.wfa)
    assert sorted(mail["subject"] for mail in postbox.mails) == sorted(
        [
            f"[Kitsu] WIP - Admin commented on {path}",
            f"[Kitsu] Admin mentioned you on {path}",
            f"[Kitsu] Admin replied on {path}",
            f"[Kitsu] Admin mentioned you on {path}",
            f"[Kitsu] You were assigned to {path}",
            f"[Kitsu] WFA - Admin changed the status of {path}",
        ]
    )
    texts = {mail["subject"]: parts(mail)[0] for mail in postbox.mails}
    assert f"Yes @{cast.user.full_name}" in texts[f"[Kitsu] Admin replied on {path}"]
    assert "<em>" not in parts(postbox.mails[-1])[1]


def test_nobody_is_written_to_who_does_not_want_it(stage, cast, say, postbox, sink):
    say("quiet")
    wants(cast.user, "mail", active=False)
    say("gone")
    wants(cast.user, "mail", active=True, email=None)
    say("without an address")
    assert (postbox.mails, sink.heard) == ([], [])
    assert Notification.objects.filter(person=cast.user).count() == 3


def test_without_mail_the_chat_programs_still_hear(stage, cast, say, settings, mailoutbox, sink):
    settings.MAIL_ENABLED = False
    wants(cast.user, "mail", "mattermost")
    say("hello")
    assert (mailoutbox, len(sink.bodies("/hook"))) == ([], 1)


def test_the_words_of_a_client_are_kept_from_artists(stage, cast, say, mailoutbox, settings):
    settings.MAIL_ENABLED = True
    wants(cast.user, "mail")
    say("between us", role="client")
    assert "between us" not in mailoutbox[0].body and "WIP" in mailoutbox[0].body


def test_slack_mattermost_and_discord_are_told(stage, cast, say, sink):
    wants(cast.user, "slack", "mattermost", "discord", notifications_discord_userid="keeper#0042")
    say("Nice")
    path, url = "The Lantern / SQ01 / SH01 / Animation", f"{HERE}/{stage.project.pk}/shots/tasks/{stage.task.pk}"
    text = f"*Admin {cast.admin.last_name}* wrote a comment on <{url}|{path}> and set the status to *WIP*.\n\n_Nice_"
    ((_, token, slack),) = [heard for heard in sink.heard if heard[0] == "/slack/chat.postMessage"]
    assert (token, slack["channel"], slack["blocks"][0]["text"]) == (
        "Bearer slack-token",
        "@keeper",
        {"type": "mrkdwn", "text": text},
    )
    (body,) = sink.bodies("/hook")
    icon = "http://localhost:8000/img/kitsu.b07d6464.png"
    assert body == {"text": text, "channel": "@keeper", "username": "Kitsu - The Lantern", "icon_url": icon}
    assert sink.bodies("/discord/users/@me/channels") == [{"recipient_id": "u1"}]
    assert sink.bodies("/discord/channels/c1/messages") == [
        {"embeds": [{"description": text.replace(f"<{url}|{path}>", f"[{path}]({url})")}]}
    ]
    assert {token for heard, token, _ in sink.heard if heard.startswith("/discord")} == {"Bot discord-token"}


def test_a_program_that_is_not_set_up_is_passed_over_with_a_warning(stage, cast, say, sink, caplog):
    wants(cast.user, "slack", notifications_slack_userid="")
    caplog.set_level("WARNING", "callboard.messages")
    comment = say("Nice")
    told = Notification.objects.get(comment_id=comment["id"])
    assert send_message.call(str(told.pk), "slack") == "Not set up."
    assert sink.heard == []
    assert f"{cast.user.full_name} is not set up for slack" in caplog.text


def test_a_playlist_that_is_ready_is_told_by_mail_to_all_who_want_to_be_told_at_all(stage, cast, postbox, sink):
    wants(cast.client, "slack")
    wants(cast.user)
    episode = make_entity("Episode", stage.project, name="E01")
    stage.project.production_type = "tvshow"
    stage.project.save()
    shots = [{"entity_id": str(make_shot(stage.project).pk)} for _ in range(2)]
    playlist = Playlist.objects.create(name="Dailies", project=stage.project, episode=episode, shots=shots)
    told = [
        Notification.objects.create(notification_type="playlist-ready", person=person, author=cast.admin, playlist=playlist)
        for person in (cast.client, cast.user)
    ]
    spread_messages.enqueue([str(row.pk) for row in told])
    (mail,) = postbox.mails
    text, html = parts(mail)
    assert (mail["to"], mail["subject"]) == (cast.client.email, "[Kitsu] The playlist Dailies of The Lantern is ready for review")
    url = f"{HERE}/{stage.project.pk}/episodes/{episode.pk}/playlists/{playlist.pk}"
    assert f'<a href="{url}">Dailies</a>' in html and "The Lantern / E01" in text and "2 elements" in text
    assert len(sink.heard) == 1


@pytest.mark.parametrize(
    ("kind", "production_type", "expected"),
    [
        ("Shot", "short", "/shots"),
        ("Shot", "tvshow", "/episodes/main/shots"),
        ("Edit", "short", "/edits"),
        ("Asset", "", "/assets"),
    ],
)
def test_a_task_is_shown_where_the_web_client_has_it(stage, cast, kind, production_type, expected):
    stage.project.production_type, stage.animation.for_entity = production_type, kind
    stage.project.save()
    stage.animation.save()
    told = Notification.objects.create(notification_type="assignation", person=cast.user, author=cast.admin, task=stage.task)
    assert message_of(told.pk).url == f"{HERE}/{stage.project.pk}{expected}/tasks/{stage.task.pk}"


def test_every_language_has_every_word(stage, cast):
    told = Notification.objects.create(notification_type="assignation", person=cast.user, author=cast.admin, task=stage.task)
    assert LETTERS.keys() == CLOSING.keys() == COUNT.keys() and len(LETTERS) == 8
    for language, words in LETTERS.items():
        assert words.keys() == LETTERS["en"].keys(), language
        for kind, (title, subject, sentence) in words.items():
            assert title and subject.startswith("[Kitsu] "), (language, kind)
            wanted = ("{playlist}", "{place}") if kind == "playlist-ready" else ("{task}",)
            assert all(name in sentence for name in ("{author}", *wanted)), (language, kind)
        Person.objects.filter(pk=cast.user.pk).update(locale=f"{language}_XX")
        mail = as_mail(message_of(told.pk))
        assert mail.extra_headers == {"Content-Language": language} and CLOSING[language] in mail.body


def test_a_notification_that_was_taken_back_is_not_sent(api, stage, cast, say, postbox):
    comment = say("Wrong shot")
    told = str(Notification.objects.get(comment_id=comment["id"]).pk)
    api.delete(f"/data/comments/{comment['id']}")
    assert send_message.call(told, "mail") == "The notification is gone."
    assert postbox.mails == []


def work():
    worker = JobThread().worker
    worker.run()


def names_of_jobs(**filters):
    return [job.task_path.rpartition(".")[2] for job in DBTaskResult.objects.filter(**filters).order_by("enqueued_at")]


@pytest.mark.django_db(transaction=True)
def test_the_request_waits_for_no_mail_server(stage, cast, say, postbox, queue):
    wants(cast.user, "mail")
    say("Later")
    assert (postbox.mails, names_of_jobs(status="READY")) == ([], ["spread_messages"])
    work()
    assert len(postbox.mails) == 1
    assert names_of_jobs(status="SUCCESSFUL") == ["spread_messages", "send_message"]


@pytest.mark.django_db(transaction=True)
def test_a_step_that_fails_leaves_no_message_behind(api, stage, cast, queue):
    wants(cast.user, "mail")
    entry = {"task_id": str(stage.task.pk), "task_status_id": str(stage.retake.pk), "text": "no"}
    stage.project.max_retakes = 1
    stage.project.save()
    other = {**entry, "task_status_id": str(stage.wip.pk)}
    assert api.post("/actions/tasks/batch-comment", {"comments": [entry, other, entry]}).status_code == 400
    assert (Comment.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_refused_is_tried_again_and_stays_visible_in_the_end(stage, cast, say, postbox, queue):
    wants(cast.user, "mail")
    postbox.refusal = "451 Not now"
    say("Later")
    work()
    for attempt in (2, 3, 4):
        (waiting,) = DBTaskResult.objects.filter(status="READY")
        assert waiting.args_kwargs["args"][1:] == ["mail", attempt]
        assert waiting.run_after > timezone.now() + timedelta(seconds=50)
        DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=timezone.now())
        work()
    failed = DBTaskResult.objects.get(status="FAILED")
    assert "Not now" in failed.traceback and not DBTaskResult.objects.filter(status="READY").exists()
    postbox.refusal = None
    assert retry_failed(DBTaskResult.objects.all()) == 1
    work()
    assert len(postbox.mails) == 1
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_message_that_was_never_taken_is_sent_again_whatever_queue_it_was_in(stage, cast, say, postbox):
    office = Client()
    office.force_login(cast.admin)
    wants(cast.user, "mail")
    postbox.refusal = "550 No such mailbox"
    say("Later")
    row = FailedMessage.objects.get()
    assert (row.notification.person, row.way) == (cast.user, "mail") and "No such mailbox" in row.reason
    page = office.get("/admin/tasks/failedmessage/").content.decode()
    assert "No such mailbox" in page and cast.user.full_name in page
    chosen = {"action": "send", "_selected_action": [row.pk]}
    office.post("/admin/tasks/failedmessage/", chosen)
    assert FailedMessage.objects.get().updated_at > row.updated_at
    postbox.refusal = None
    office.post("/admin/tasks/failedmessage/", chosen)
    assert len(postbox.mails) == 1 and not FailedMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_chat_program_that_refuses_keeps_no_mail_back(stage, cast, say, postbox, sink, queue):
    sink.answers = {**sink.answers, "/slack/chat.postMessage": {"ok": False, "error": "invalid_auth"}, "/hook": None}
    wants(cast.user, "mail", "slack", "mattermost", "discord", notifications_discord_userid="nobody")
    say("Later")
    work()
    assert len(postbox.mails) == 1
    reasons = [job.return_value for job in DBTaskResult.objects.filter(status="SUCCESSFUL", task_path__endswith="send_message")]
    assert sum("invalid_auth" in reason for reason in reasons) == 1
    assert sum("503" in reason for reason in reasons) == 2
    assert DBTaskResult.objects.filter(status="READY").count() == 3


def test_people_who_want_nothing_cost_one_statement(stage, cast, django_assert_num_queries):
    rows = [Notification(notification_type="mention", person=cast.user, author=cast.admin, task=stage.task) for _ in range(5)]
    with django_assert_num_queries(1):
        send_messages(rows)
