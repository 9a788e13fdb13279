"""Django's admin with the studio's own site."""

from django.contrib.admin.apps import AdminConfig


class BackOffice(AdminConfig):
    default_site = "config.admin.StudioSite"
