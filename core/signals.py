"""What rooms tell each other without knowing each other."""

from typing import Any

from django.dispatch import Signal


class HighestFirst(Signal):
    """Asks the rooms from the highest down, since what is theirs refers to what lies below: who connects last is called first."""

    def connect(self, *args: Any, **kwargs: Any) -> None:
        """Connects a receiver before all others."""
        known = len(self.receivers)
        super().connect(*args, **kwargs)
        if len(self.receivers) > known:
            self.receivers.insert(0, self.receivers.pop())


# A generic route stored, changed or deleted a row: event (a name such as "task-type:new"), payload, project_id, heard_in (the
# production whose people hear of it though the event does not name it), by (a person).
row_written = Signal()
# A row is about to be deleted by a rule, inside its transaction: instance, by. Higher rooms take along what is theirs.
row_leaving = HighestFirst()
# The cast of shots, or the readiness of what is cast in them, changed, inside the transaction: shot_ids, by. The tasks room counts
# anew how many assets are ready for each of their tasks.
casting_changed = Signal()
# Files came with a comment, or with a reply to it, inside the transaction: comment, reply_id (None for the comment itself), uploads
# (uploaded files), by. The files room stores them as attachments.
files_attached = Signal()
# Files came with a comment as previews of its task, inside the transaction: comment, task, uploads, by. The files room stores them
# as one further revision, and leaves out those of unknown kinds.
previews_attached = Signal()
# An automation's comment reuses the last revision of the task that set it off, inside the transaction: task, comment, target (the
# comment's task), by. The files room copies its previews.
revision_reused = Signal()
# A reply is removed from a comment, inside the transaction: comment, reply_id, by. The files room deletes its attachments.
reply_leaving = Signal()
# A worker looks after work that was cut off, once a minute; no arguments. Rooms take up what they find waiting without a job.
worker_looks_around = Signal()
# A job was given up, since it took several workers along: path (of its function), arguments (a list). The room that asked for it
# lets what waits for it end.
job_given_up = Signal()
# A failed job is put back into its queue, inside the transaction: path, arguments. The room that asked for it lets it find what it
# waits for.
job_retried = Signal()
# Somebody asks how much the files of productions weigh: project_ids. The files room answers with bytes by production, kind by kind.
files_weighed = Signal()
