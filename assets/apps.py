"""Every entity of a production: assets, shots, sequences, episodes, scenes, edits, concepts."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "assets"
    verbose_name = "Entities"

    def ready(self) -> None:
        from assets.rules.deletion import forget_production
        from core.signals import row_leaving
        from production.models import Project

        row_leaving.connect(forget_production, sender=Project, dispatch_uid="assets.forget_production")
