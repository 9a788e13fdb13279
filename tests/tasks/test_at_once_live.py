"""Thirty people and more writing at the same instant to a server as it starts by default: one SQLite file."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.live import live_server

LAY_OUT = (
    "from tests.makers import *; from production.models import *\n"
    "project = Project.objects.get(name='The Lantern')\n"
    "task = make_task(project, task_status=make_task_status(is_default=True))\n"
    "wip, wfa = make_task_status(is_wip=True), make_task_status(is_feedback_request=True)\n"
    "answer({'task': task.pk, 'wip': wip.pk, 'wfa': wfa.pk})"
)
COUNT = (
    "from collections import Counter; from events.models import ApiEvent; from tasks.models import *\n"
    "task = Task.objects.get(pk={task!r})\n"
    "newest = Comment.objects.order_by('-created_at', '-id').first()\n"
    "answer({{'comments': Comment.objects.count(), 'news': News.objects.count(), 'data': task.data,"
    " 'events': Counter(ApiEvent.objects.values_list('name', flat=True)),"
    " 'followed': task.last_comment_date.replace(microsecond=0) == newest.created_at.replace(microsecond=0)}})"
)


def test_fifty_comments_and_keys_at_once_on_the_embedded_database(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with live_server(tmp_path) as server:
        people, ids = server.gather(), server.run(LAY_OUT)
        headers = {"Authorization": f"Bearer {people['admin']}"}

        def post(number):
            status = ids["wip"] if number % 2 else ids["wfa"]
            body = {"task_status_id": status, "comment": str(number)}
            said = requests.post(f"{server.base}/actions/tasks/{ids['task']}/comment", json=body, headers=headers, timeout=60)
            body = {"data": {f"key{number}": number}}
            kept = requests.put(f"{server.base}/data/tasks/{ids['task']}", json=body, headers=headers, timeout=60)
            return said.status_code, kept.status_code

        with ThreadPoolExecutor(50) as pool:
            answers = Counter(pool.map(post, range(50)))
        assert answers == {(201, 200): 50}
        found = server.run(COUNT.format(**ids))
        assert (found["comments"], found["news"], found["events"]["comment:new"]) == (50, 50, 50)
        assert found["data"] == {f"key{number}": number for number in range(50)}
        assert found["followed"]
        assert "database is locked" not in server.log.read_text()
