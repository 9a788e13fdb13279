"""Working and output files, previews, attachments."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = "Files"

    def ready(self) -> None:
        from files.receivers import connect

        connect()
