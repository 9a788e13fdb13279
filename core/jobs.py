"""Jobs: what the server does later, in a worker. Any app declares them with `@task` and calls them by `.enqueue(…)`."""

import logging
import os
import socket
import threading
import time
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from core.signals import job_given_up, worker_looks_around

log = logging.getLogger("callboard.jobs")
ALL_QUEUES = ["*"]
MOST_ATTEMPTS = 3
POLL_SECONDS = 1.0
LOOK_SECONDS = 60.0


class LostJob(Exception):
    """The worker that ran the job is gone."""


def worker_name() -> str:
    """A name that tells later whether this worker still lives: machine, process, and one word that is never used again."""
    return f"{socket.gethostname()[:20]}/{os.getpid()}/{uuid4().hex[:12]}"


def is_gone(name: str, own: str) -> bool:
    """A worker of this machine whose process has ended. Workers of other machines can't be judged from here."""
    host, _, rest = name.partition("/")
    pid = rest.partition("/")[0]
    if host != own.partition("/")[0] or not pid.isdigit() or name == own:
        return False
    if pid == own.split("/")[1]:
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def recover_lost_jobs(own: str) -> int:
    """Puts back jobs whose worker is gone or has taken JOB_QUEUE_TIMEOUT; gives up on one that took several workers along.

    `own` is the name of the worker that asks. Returns how many were put back.
    """
    latest = timezone.now() - timedelta(seconds=settings.JOB_QUEUE_TIMEOUT)
    recovered = 0
    for job in DBTaskResult.objects.running():
        if not job.worker_ids or not (is_gone(job.worker_ids[-1], own) or (job.started_at and job.started_at < latest)):
            continue
        if len(job.worker_ids) >= MOST_ATTEMPTS:
            job.set_failed(LostJob(f"{len(job.worker_ids)} workers ended while they ran it"))
            job_given_up.send_robust(DBTaskResult, path=job.task_path, arguments=list(job.args_kwargs["args"]))
        else:
            recovered += DBTaskResult.objects.running().filter(pk=job.pk).update(status=TaskResultStatus.READY, started_at=None)
    return recovered


class JobThread(threading.Thread):
    """Runs the jobs of the database's queue beside the server, until `stop`."""

    def __init__(self) -> None:
        super().__init__(name="jobs", daemon=True)
        self.ending = threading.Event()
        self.worker = Worker(
            queue_names=ALL_QUEUES,
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_name(),
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Looks for jobs every second; an idle look is one read."""
        waited = 0.0
        while not self.ending.is_set():
            try:
                if waited <= 0:
                    recover_lost_jobs(self.worker.worker_id)
                    worker_looks_around.send_robust(JobThread)
                    waited = LOOK_SECONDS
                if DBTaskResult.objects.ready().exists():
                    self.worker.run()
            except DatabaseError:
                log.warning("The jobs can't be read from the database", exc_info=True)
            close_old_connections()
            self.ending.wait(POLL_SECONDS)
            waited -= POLL_SECONDS

    def stop(self, patience: float) -> None:
        """Takes no further job, and waits for the one under way for `patience` seconds at most."""
        self.worker.running = False
        self.ending.set()
        self.join(patience)


class Lookout(threading.Thread):
    """Looks after work that was cut off, where the jobs themselves are in Redis."""

    def __init__(self) -> None:
        super().__init__(name="lookout", daemon=True)

    def run(self) -> None:
        """Once a minute, as long as the process lives."""
        while True:
            worker_looks_around.send_robust(Lookout)
            close_old_connections()
            time.sleep(LOOK_SECONDS)
