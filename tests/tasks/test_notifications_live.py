"""Notifications over the sockets of a running server: each reaches its person, and nobody else."""

import requests

from tests.live import Listener, live_server

LAY_OUT = (
    "from tests.makers import *; from production.models import *; from people.models import *\n"
    "project = Project.objects.get(name='The Lantern')\n"
    "person = Person.objects.get(email='user@studio.example')\n"
    "task = make_task(project, task_status=make_task_status(is_default=True), assignees=[person])\n"
    "answer({'task': task.pk, 'wip': make_task_status(is_wip=True).pk})"
)


def test_a_notification_reaches_its_person_alone(tmp_path):
    with live_server(tmp_path) as server:
        people, ids = server.gather(), server.run(LAY_OUT)
        artist, manager = Listener(server.base, people["user"]), Listener(server.base, people["manager"])
        headers = {"Authorization": f"Bearer {people['admin']}"}
        path, body = f"{server.base}/actions/tasks/{ids['task']}/comment", {"task_status_id": ids["wip"]}
        assert requests.post(path, json=body, headers=headers, timeout=20).status_code == 201
        told = artist.wait_for("notification:new")
        assert told["person_id"] == people["user_id"] and told["project_id"] == people["project_id"]
        own = {"Authorization": f"Bearer {people['user']}"}
        path = f"{server.base}/data/user/notifications/{told['notification_id']}"
        assert requests.get(path, headers=own, timeout=20).json()["task_id"] == ids["task"]
        assert requests.put(path, json={"read": True}, headers=own, timeout=20).status_code == 200
        assert artist.wait_for("notification:read")["notification_id"] == told["notification_id"]
        manager.wait_for("news:new")
        assert not [name for name in manager.names() if name.startswith("notification:")]
        for listener in (artist, manager):
            listener.close()
