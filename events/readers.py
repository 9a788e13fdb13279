"""What clients see of the event log."""

from core.projection import Projection
from events.models import ApiEvent

API_EVENT = Projection(ApiEvent)
# The fields of an event in the studio's history.
HISTORY = {"id", "created_at", "name", "user_id", "project_id", "data"}
