"""Productions and the studio configuration that they are made of."""

from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = "Productions"
