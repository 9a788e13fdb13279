"""What rooms tell each other without knowing each other."""

from django.dispatch import Signal

# A generic route stored, changed or deleted a row: event (a name such as "task-type:new"), payload, project_id, by (a person).
row_written = Signal()
# A row is about to be deleted by a rule, inside its transaction: instance, by. Higher rooms take along what is theirs.
row_leaving = Signal()
# The cast of shots, or the readiness of what is cast in them, changed, inside the transaction: shot_ids, by. The tasks room counts
# anew how many assets are ready for each of their tasks.
casting_changed = Signal()
