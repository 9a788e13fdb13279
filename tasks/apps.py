"""Tasks, comments, time spents, news, notifications, subscriptions."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "Tasks"
