"""The base of every row of the studio."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone


class BaseModel(models.Model):
    """A row with a random id and its two dates, naive UTC. Saving moves `updated_at`, also when nothing changed.

    `held_by` names the foreign key to the row that says which production this one belongs to, where it has no such column itself.
    """

    held_by: ClassVar[str] = ""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["created_at", "id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row; a new one has equal dates, a stored one is dated now."""
        if self._state.adding:
            self.updated_at = self.created_at
        else:
            self.updated_at = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
        super().save(*args, **kwargs)

    @property
    def production_id(self) -> Any:
        """The production that the row belongs to, or None where it is the whole studio's; this may cost a statement."""
        if not self.held_by:
            return getattr(self, "project_id", None)
        holder = getattr(self, self.held_by)
        return None if holder is None else holder.production_id

    def __str__(self) -> str:
        return str(getattr(self, "name", None) or f"{self._meta.verbose_name} of {self.created_at:%Y-%m-%d %H:%M}")


def now() -> datetime:
    """The present moment as naive UTC."""
    return timezone.now()
