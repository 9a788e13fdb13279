"""Back-office pages of people, the studio's tables, and what the server keeps about logins."""

import django.contrib.auth.admin  # noqa: F401 registers groups, which mean nothing here: rights follow from roles
from django.contrib import admin
from django.contrib.auth.models import Group

from people.admin import logins, persons, studio

admin.site.unregister(Group)

__all__ = ["logins", "persons", "studio"]
