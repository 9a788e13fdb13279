"""Every entity of a production: assets, shots, sequences, episodes, scenes, edits, concepts."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "assets"
    verbose_name = "Entities"
