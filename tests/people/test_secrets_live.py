"""After a busy day on a real server, no secret is found where it should not be: log, events, sockets, lists, errors."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import pyotp
import requests

from tests.live import ADMIN, Listener, live_server

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SALARY = 987654


class Day:
    """What everybody did, which secrets came of it, and all that was shown to people whom they do not concern."""

    def __init__(self, base):
        self.base, self.secrets, self.shown = base, {}, []

    def ask(self, method, path, body=None, *, token=None, status=None, shown=True):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(method, self.base + path, json=body, headers=headers, timeout=30)
        assert status is None or answer.status_code == status, (path, answer.status_code, answer.text)
        if shown:
            self.shown.append((f"{method} {path}", answer.text))
        return answer.json() if answer.text else None

    def keep(self, name, secret):
        """A secret; whatever is shown from now on and has been shown before must not hold it."""
        assert len(str(secret)) >= 6, name
        self.secrets[name] = str(secret)
        return secret

    def sign_in(self, email, password, **more):
        answer = self.ask("POST", "/auth/login", {"email": email, "password": password, **more}, status=200, shown=False)
        self.keep(f"access token of {email}", answer["access_token"])
        self.keep(f"refresh token of {email}", answer["refresh_token"])
        return answer["access_token"]


def work_through(day, people):
    """Signing in and failing to, second factors, tokens, salaries, shares."""
    for secret in ("wrong-password-of-ada", "mysecretpassword"):
        day.keep(f"password {secret}", secret)
    day.ask("POST", "/auth/login", {"email": "user@studio.example", "password": "wrong-password-of-ada"}, status=400)
    day.ask("POST", "/auth/login", {"email": ["user@studio.example"], "password": "wrong-password-of-ada"}, status=400)
    boss = day.sign_in(ADMIN["email"], ADMIN["password"])
    artist = day.sign_in("user@studio.example", "mysecretpassword")

    new = day.keep("new password", "a-new-password-of-ada")
    body = {"old_password": "mysecretpassword", "password": new, "password_2": new}
    day.ask("POST", "/auth/change-password", body | {"password_2": "something else"}, token=artist, status=400)
    day.ask("POST", "/auth/change-password", body, token=artist, status=200)

    secret = day.ask("PUT", "/auth/totp", token=artist, status=200, shown=False)["otp_secret"]
    day.keep("secret of the app", secret)
    code = pyotp.TOTP(secret).now()
    set_up = day.ask("POST", "/auth/totp", {"totp": code}, token=artist, status=200, shown=False)
    for number, recovery_code in enumerate(set_up["otp_recovery_codes"]):
        day.keep(f"recovery code {number}", recovery_code)
    day.ask("POST", "/auth/login", {"email": "user@studio.example", "password": new, "totp": "no code"}, status=400)
    day.sign_in("user@studio.example", new, recovery_code=set_up["otp_recovery_codes"][0])
    day.ask("DELETE", "/auth/totp", {"recovery_code": "AAAAAAAAAA"}, token=artist, status=400)

    artist_id = people["user_id"]
    script = day.ask("PUT", f"/data/persons/{artist_id}", {"expiration_date": None}, token=artist, status=200, shown=False)
    day.keep("token of a script", script["access_token"])
    day.ask("PUT", f"/data/persons/{artist_id}", {"daily_salary": day.keep("salary", SALARY)}, token=boss, status=200, shown=False)
    bot = {"first_name": "Bot", "last_name": "", "is_bot": True, "role": "user"}
    day.keep("token of a bot", day.ask("POST", "/data/persons", bot, token=boss, status=201, shown=False)["access_token"])
    link = day.ask("POST", f"/actions/persons/{people['vendor_id']}/reset-password-link", {}, token=boss, status=200, shown=False)
    day.keep("reset token", link["reset_password_link"].split("token=")[1])
    reset = {"email": "vendor@studio.example", "token": "W" * 64, "password": new, "password2": new}
    day.ask("PUT", "/auth/reset-password", reset, status=400)
    code = day.ask("POST", "/auth/app-login/code", {"code_challenge": CHALLENGE}, token=artist, status=201, shown=False)["code"]
    day.keep("code of an application", code)
    day.ask(
        "POST", "/auth/app-login/token", {"code": code, "code_verifier": day.keep("verifier", VERIFIER)}, status=200, shown=False
    )

    playlist = {"name": "Dailies", "project_id": people["project_id"]}
    playlist = day.ask("POST", "/data/playlists", playlist, token=boss, status=201)
    share = {"password": day.keep("password of a share", "the-password-of-a-share")}
    path = f"/data/playlists/{playlist['id']}/share"
    token = day.ask("POST", path, share, token=boss, status=201, shown=False)["token"]
    day.keep("token of a share", token)
    day.ask("GET", f"/shared/playlists/{token}?password=the-password-of-a-share", shown=False)
    day.ask("GET", f"/shared/playlists/{token}")
    day.ask("POST", "/auth/login", "no object", status=400)
    day.ask("GET", "/auth/authenticated", token=set_up["access_token"][:-3] + "AAA", status=422)
    return boss


def look_around(day, people, boss):
    """What people read who have no right to any of it; a production manager may read the pay of their people."""
    person, team = f"/data/persons/{people['user_id']}", f"/data/projects/{people['project_id']}/team"
    everybodys = ("/data/persons", "/data/persons?relations=true", f"/data/persons?daily_salary={SALARY}", "/data/playlists")
    for role in ("manager", "supervisor", "client", "outsider"):
        own = () if role == "manager" else (person, team, "/data/user/context")
        for path in (*everybodys, "/data/events/last", *own):
            day.ask("GET", path, token=people[role])
    for path in ("/data/events/last", "/data/events/login-logs/last"):
        day.ask("GET", path, token=boss)
    context = day.ask("GET", "/data/user/context", token=boss, shown=False)
    day.shown.append(("an administrator's context but for pay", json.dumps(context).replace(str(SALARY), "")))


def test_no_secret_is_found_where_it_should_not_be(tmp_path):
    with live_server(tmp_path, LOGLEVEL="DEBUG") as server:
        people = server.gather()
        day = Day(server.base)
        listener = Listener(server.base, server.login())
        boss = work_through(day, people)
        look_around(day, people, boss)
        listener.wait_for("person:update")
        rows = server.run("from events.models import ApiEvent; answer(list(ApiEvent.objects.values()))")
        stored = server.run(
            "from django.apps import apps\nfrom people.models import Session, OneTimeToken, AppLoginCode, LoginLog, Attempts\n"
            "answer([list(m.objects.values()) for m in (Session, OneTimeToken, AppLoginCode, LoginLog, Attempts)])"
        )
        listener.close()
        places = [*day.shown, ("events", json.dumps(rows)), ("rows", json.dumps(stored)), ("sockets", json.dumps(listener.heard))]
        places.append(("the log", server.log.read_text()))
    assert len(day.secrets) > 25
    assert len(rows) > 3
    assert len(places[-1][1]) > 100, "the log says something at all"
    found = [(place, name) for place, text in places for name, secret in day.secrets.items() if secret in text]
    assert found == []
