"""Jobs survive the workers that run them."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from core.jobs import JobThread, is_gone, recover_lost_jobs, worker_name


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "studio")
    return worker_name()


def running(*workers, minutes=1):
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": ["main:test", {}], "kwargs": {}},
        priority=0,
        task_path="events.handlers.handle_event",
        queue_name="default",
        backend_name="default",
        run_after=get_date_max(),
        started_at=timezone.now() - timedelta(minutes=minutes),
        worker_ids=list(workers),
        exception_class_path="",
        traceback="",
    )


def test_a_worker_is_gone_when_its_process_is(here):
    assert not is_gone(here, here)
    assert not is_gone(f"studio/{os.getppid()}/x", here)
    assert is_gone("studio/999999999/x", here)
    assert is_gone(f"studio/{os.getpid()}/former", here), "a process number is used again"
    assert not is_gone("elsewhere/999999999/x", here), "another machine's processes can't be seen"


def test_a_job_whose_worker_is_gone_is_put_back(db, here):
    lost, alive = running("studio/999999999/x"), running(here)
    assert recover_lost_jobs(here) == 1
    assert DBTaskResult.objects.get(pk=lost.pk).status == TaskResultStatus.READY
    assert DBTaskResult.objects.get(pk=alive.pk).status == TaskResultStatus.RUNNING


def test_a_job_that_takes_too_long_anywhere_is_put_back(db, here, settings):
    settings.JOB_QUEUE_TIMEOUT = 3600
    running("elsewhere/1/x", minutes=59)
    assert recover_lost_jobs(here) == 0
    running("elsewhere/1/x", minutes=61)
    assert recover_lost_jobs(here) == 1


def test_a_job_that_took_three_workers_along_fails(db, here):
    job = running("studio/999999997/x", "studio/999999998/x", "studio/999999999/x")
    assert recover_lost_jobs(here) == 0
    job.refresh_from_db()
    assert (job.status, job.exception_class_path) == (TaskResultStatus.FAILED, "core.jobs.LostJob")


def test_a_thread_works_off_what_was_asked_for(transactional_db, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    from events.handlers import handle_event

    job = handle_event.using(backend="default").enqueue("main:test", {})
    thread = JobThread()
    thread.worker.run()
    assert DBTaskResult.objects.get(pk=job.id).status == TaskResultStatus.SUCCESSFUL
    thread.worker.running = True
    thread.ending.set()
    thread.start()
    thread.stop(5)
    assert not thread.is_alive()
