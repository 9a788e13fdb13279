"""What rooms tell each other without knowing each other."""

from django.dispatch import Signal

# A generic route stored, changed or deleted a row: event (a name such as "task-type:new"), payload, project_id, by (a person).
row_written = Signal()
# A row is about to be deleted by a rule, inside its transaction: instance, by. Higher rooms take along what is theirs.
row_leaving = Signal()
# A rule stored entities, inside its transaction: entities (rows of one production), by. The tasks room gives them what they need.
entities_created = Signal()
# Castings changed, inside the transaction: shot_ids (ids of shots whose live cast, or whose assets' readiness, changed), by.
# The tasks room recomputes how many assets are ready for each task of those shots.
casting_changed = Signal()
# An entity is deleted with all that hangs on it, inside the transaction: entity, by. Higher rooms delete what is theirs: tasks with
# their comments, previews, time spents, news, notifications and subscriptions; playlists of an episode; working and output files.
entity_leaving = Signal()
