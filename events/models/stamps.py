"""How far each production's rows have moved."""

from uuid import uuid4

from django.db import models


class ProductionStamp(models.Model):
    """Another value after every step that wrote something of a production. It outlives the production, so it is no foreign key."""

    project_id = models.UUIDField(primary_key=True)
    value = models.UUIDField(default=uuid4)

    class Meta:
        db_table = "production_stamp"
        ordering = ["project_id"]

    def __str__(self) -> str:
        return str(self.project_id)
