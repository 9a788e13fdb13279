"""The back-office page of background jobs: what ran, what failed and why, and trying again."""

from typing import Any

import django_tasks_db.admin  # noqa: F401 registers a page of its own, which this one replaces
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django_tasks_db.models import DBTaskResult, get_date_max

from core.admin.base import ReadOnlyAdmin
from core.json import dumps
from core.signals import job_retried

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobAdmin(ReadOnlyAdmin):
    """Background jobs."""

    called = ("job", "jobs")
    deletable = True
    list_display = ("task_name", "status", "queue_name", "enqueued_at", "started_at", "finished_at", "failure")
    list_filter = ("status", "queue_name", "enqueued_at")
    search_fields = ("task_path", "exception_class_path")
    ordering = ("-enqueued_at",)
    actions = ("retry",)
    hidden = ("args_kwargs", "worker_ids", "return_value", "traceback", "run_after", "id", "backend_name", "task_path")
    readonly_fields = ("task_name", "arguments", "trace", "answer")
    sections = (
        (None, ("task_name", "status", "arguments", "queue_name", "priority")),
        ("Times", ("enqueued_at", "started_at", "finished_at")),
        ("Outcome", ("answer", "exception_class_path", "trace")),
    )

    def describe(self, row: DBTaskResult) -> str:
        """The job's name."""
        return row.task_name

    @admin.display(description="failure", ordering="exception_class_path")
    def failure(self, job: DBTaskResult) -> str:
        """What kind of failure ended it."""
        return job.exception_class_path or self.empty_value_display

    @admin.display(description="arguments")
    def arguments(self, job: DBTaskResult) -> str:
        """What it was called with."""
        return format_html('<code class="json">{}</code>', dumps(job.args_kwargs).decode())

    @admin.display(description="answer")
    def answer(self, job: DBTaskResult) -> str:
        """What it gave back."""
        return format_html('<code class="json">{}</code>', dumps(job.return_value).decode())

    @admin.display(description="trace")
    def trace(self, job: DBTaskResult) -> str:
        """Where it failed."""
        return format_html('<pre class="trace">{}</pre>', job.traceback) if job.traceback else self.empty_value_display

    @admin.action(description="Retry the chosen jobs that failed")
    def retry(self, request: HttpRequest, queryset: Any) -> None:
        """Puts failed jobs back into their queue; whatever else was chosen stays as it is."""
        count = retry_failed(queryset)
        messages.success(request, f"{count} jobs wait for another run.")


def retry_failed(jobs: "models.QuerySet[DBTaskResult]") -> int:
    """Put failed jobs back into their queue, each once however many ask at the same time; tells how many."""
    fresh: dict[str, Any] = {
        "status": "READY",
        "started_at": None,
        "finished_at": None,
        "exception_class_path": "",
        "traceback": "",
        "worker_ids": [],
    }
    count = 0
    for job in jobs.filter(status="FAILED"):
        with transaction.atomic():
            if DBTaskResult.objects.filter(pk=job.pk, status="FAILED").update(**fresh, run_after=get_date_max()):
                job_retried.send(DBTaskResult, path=job.task_path, arguments=list(job.args_kwargs["args"]))
                count += 1
    return count
