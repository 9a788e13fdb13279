"""Persons, departments, the studio, signing in and permissions."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People"
