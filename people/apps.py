"""Persons, departments, the studio, signing in and permissions."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from people import checks  # noqa: F401 the system checks are known once they are imported
