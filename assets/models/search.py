"""What the search finds its way by."""

from django.db import models


class SearchDocument(models.Model):
    """The words of an entity or a person, written by the database itself whenever they change.

    `title` has the name with the names around it, `text` the description as well, `body` the metadata too: words between single
    or several spaces, also before the first and after the last.
    """

    entity_id = models.UUIDField(null=True, unique=True)
    person_id = models.UUIDField(null=True, unique=True)
    name = models.TextField()
    title = models.TextField()
    text = models.TextField()
    body = models.TextField()

    class Meta:
        db_table = "search_document"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
