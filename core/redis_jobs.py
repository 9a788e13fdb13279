"""The queue of jobs in Redis, for workers on any machine."""

import logging
from typing import Any

import redis
from django.db import transaction
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id
from django_tasks_rq import RQBackend

log = logging.getLogger("callboard.jobs")


class QueueAfterCommit(RQBackend):
    """Queues a job once the transaction that asks for it is committed, so that no worker is there before its rows are."""

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Queues now, or at the commit of the transaction under way; the answer then has an id that leads nowhere."""
        if not transaction.get_connection().in_atomic_block:
            return super().enqueue(task, args, kwargs)
        self.validate_task(task)
        transaction.on_commit(lambda: self.enqueue_safely(task, args, kwargs))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

    def enqueue_safely(self, task: Task[Any, Any], args: Any, kwargs: Any) -> None:
        """Queues; what was committed stays answered with success though Redis is away."""
        try:
            super().enqueue(task, args, kwargs)
        except redis.RedisError:
            log.exception("The job %s could not be queued", task.name)
