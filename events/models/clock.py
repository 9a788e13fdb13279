"""The clock of the event log."""

from django.db import models


class EventClock(models.Model):
    """The one row that says when the newest event was logged, in microseconds since 1970. Whoever logs events moves it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.BigIntegerField()

    class Meta:
        db_table = "event_clock"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.at)
