"""Django's admin with the studio's own site, and the plugins, which are loaded once all rooms are there."""

from django.contrib.admin.apps import AdminConfig


class BackOffice(AdminConfig):
    default_site = "config.admin.StudioSite"

    def ready(self) -> None:
        """Finds the rooms' pages, then loads the plugins."""
        super().ready()
        self.load_plugins()

    @staticmethod
    def load_plugins() -> None:
        """Loads the plugins, and lets their handlers hear of events."""
        from events.handlers import listen
        from production.plugins.loading import load_plugins, loaded

        load_plugins()
        for plugin in loaded.values():
            for name, function in plugin.handlers.items():
                listen(name, function)
