"""Days on which people are away."""

from django.db import models

from core.models import BaseModel


class DayOff(BaseModel):
    """A period in which a person is away, both days included. Periods of one person do not overlap."""

    date = models.DateField()
    end_date = models.DateField()
    description = models.TextField(null=True, blank=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="day_offs")

    class Meta(BaseModel.Meta):
        db_table = "day_off"
        constraints = [
            models.UniqueConstraint(fields=["person", "date"], name="day_off_unique"),
            models.CheckConstraint(condition=models.Q(end_date__gte=models.F("date")), name="day_off_ends_after_start"),
        ]
