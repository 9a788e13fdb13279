"""Tasks, comments, time spents, news, notifications, subscriptions."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "Tasks"

    def ready(self) -> None:
        from core.signals import casting_changed, row_leaving
        from tasks import counted_news, listening

        post_migrate.connect(counted_news.after_migrations, sender=self, dispatch_uid="tasks.after_migrations")
        casting_changed.connect(listening.count_ready_assets, dispatch_uid="tasks.count_ready_assets")
        row_leaving.connect(listening.take_along, dispatch_uid="tasks.take_along")
