"""Every entity of a production: assets, shots, sequences, episodes, scenes, edits, concepts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AssetsConfig(AppConfig):
    name = "assets"
    verbose_name = "Entities"

    def ready(self) -> None:
        from assets.rules.deletion import forget_production
        from assets.search.index import after_migrations
        from core.signals import row_leaving
        from production.models import Project

        post_migrate.connect(after_migrations, sender=self, dispatch_uid="assets.after_migrations")
        row_leaving.connect(forget_production, sender=Project, dispatch_uid="assets.forget_production")
